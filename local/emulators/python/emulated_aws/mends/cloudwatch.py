"""CloudWatch (ministack): alarms on a percentile or on metric math."""

from http import HTTPStatus
from typing import Any

from ministack.services import cloudwatch

from .patching import around

KEPT = ("Metrics", "ThresholdMetricId", "EvaluateLowSampleCountPercentile")
MADE_UP = ("Statistic", "Period")
REQUESTED = "_requested"


@around(cloudwatch, "_put_metric_alarm")
def keep_metrics(original: Any, params: Any, request: dict[str, Any], *protocol: bool) -> Any:
    """Notes what ministack drops of a request, and what it adds that the request does not say."""
    answer = original(params, request, *protocol)
    if answer[0] == HTTPStatus.OK and request:
        cloudwatch._alarms[request["AlarmName"]][REQUESTED] = {
            **{field: request[field] for field in KEPT if field in request},
            **{field: request.get(field) for field in MADE_UP},
        }
    return answer


@around(cloudwatch, "_cbor_alarm")
def show_as_requested(original: Any, alarm: dict[str, Any]) -> dict[str, Any]:
    """The alarm as DescribeAlarms answers it; ministack itself goes on with its additions."""
    shown = {**original(alarm), **alarm.get(REQUESTED, {})}
    return {
        field: value for field, value in shown.items() if field != REQUESTED and value is not None
    }
