"""GuardDuty: tags, and a change of one feature, which leaves the others as they are."""

import json
from typing import Any
from urllib.parse import unquote

from moto.guardduty import urls
from moto.guardduty.models import Detector
from moto.guardduty.responses import GuardDutyResponse

from .patching import added, around

FEATURES = (
    "CLOUD_TRAIL",
    "DNS_LOGS",
    "FLOW_LOGS",
    "EBS_MALWARE_PROTECTION",
    "EKS_AUDIT_LOGS",
    "LAMBDA_NETWORK_LOGS",
    "RDS_LOGIN_EVENTS",
    "S3_DATA_EVENTS",
)
"""What a new detector has on; moto has nothing on."""


@around(Detector, "__init__")
def begin(original: Any, detector: Detector, *args: Any, **kwargs: Any) -> None:
    """With the features of a new detector."""
    original(detector, *args, **kwargs)
    given = {feature["name"]: feature for feature in detector.features}
    defaults = {name: {"name": name, "status": "ENABLED"} for name in FEATURES}
    detector.features = list({**defaults, **given}.values())


@around(Detector, "update")
def update_feature(
    original: Any, detector: Detector, enable: Any, frequency: Any, sources: Any, features: Any
) -> None:
    """moto forgets all but those that are named."""
    if features is not None:
        former = {feature["name"]: feature for feature in detector.features}
        features = list({**former, **{one["name"]: one for one in features}}.values())
    original(detector, enable, frequency, sources, features)


urls.url_paths["{0}/tags/(?P<arn>.+)$"] = GuardDutyResponse.dispatch


def tags_of(response: GuardDutyResponse) -> dict[str, str]:
    """Tags of the detector that a request is about."""
    detector_id = unquote(response.path).rpartition("/")[2]
    return response.guardduty_backend.get_detector(detector_id).tags


@added(GuardDutyResponse)
def list_tags_for_resource(response: GuardDutyResponse) -> str:
    """Tags of one."""
    return json.dumps({"tags": tags_of(response)})


@added(GuardDutyResponse)
def tag_resource(response: GuardDutyResponse) -> str:
    """Adds tags, or changes them."""
    tags_of(response).update(response._get_param("tags"))
    return "{}"


@added(GuardDutyResponse)
def untag_resource(response: GuardDutyResponse) -> str:
    """Removes tags."""
    for key in response.querystring.get("tagKeys", []):
        tags_of(response).pop(key, None)
    return "{}"
