"""Application Auto Scaling: ECS is another emulator's, and targets have tags."""

import json
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import ecs
from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.models import ApplicationAutoscalingBackend
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from .patching import added, around


@around(ApplicationAutoscalingBackend, "_ecs_service_exists_for_target")
def look_up_in_ministack(_: Any, backend: ApplicationAutoscalingBackend, resource_id: str) -> bool:
    """moto would look into its own ECS."""
    with request_scope(backend.account_id, backend.region_name):
        if resource_id.removeprefix("service/") in ecs._services:
            return True
    raise AWSValidationException(f"ECS service doesn't exist: {resource_id}")


@around(ApplicationAutoScalingResponse, "register_scalable_target")
def keep_tags(original: Any, response: ApplicationAutoScalingResponse) -> str:
    """moto drops them."""
    answer = original(response)
    if tags := response._get_param("Tags"):
        target_of(response, json.loads(answer)["ScalableTargetARN"]).tags = tags
    return answer


@added(ApplicationAutoScalingResponse)
def list_tags_for_resource(response: ApplicationAutoScalingResponse) -> str:
    """Of a scalable target; nothing else has tags."""
    target = target_of(response, response._get_param("ResourceARN"))
    return json.dumps({"Tags": tags_of(target)})


@added(ApplicationAutoScalingResponse)
def tag_resource(response: ApplicationAutoScalingResponse) -> str:
    """Adds to the tags of a scalable target."""
    target = target_of(response, response._get_param("ResourceARN"))
    target.tags = tags_of(target) | response._get_param("Tags")
    return "{}"


@added(ApplicationAutoScalingResponse)
def untag_resource(response: ApplicationAutoScalingResponse) -> str:
    """Takes from the tags of a scalable target."""
    target = target_of(response, response._get_param("ResourceARN"))
    removed = response._get_param("TagKeys")
    target.tags = {key: value for key, value in tags_of(target).items() if key not in removed}
    return "{}"


def target_of(response: ApplicationAutoScalingResponse, arn: str) -> Any:
    """The scalable target with an ARN."""
    for targets in response.applicationautoscaling_backend.targets.values():
        for target in targets.values():
            if target.arn == arn:
                return target
    raise AWSValidationException(f"No scalable target found: {arn}")


def tags_of(target: Any) -> dict[str, str]:
    """None until it gets some."""
    return getattr(target, "tags", {})
