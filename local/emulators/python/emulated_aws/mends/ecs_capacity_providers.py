"""ECS (ministack): capacity providers drain their hosts, and are not deleted while a cluster has them."""

from http import HTTPStatus
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import ecs

from .patching import around_item


@around_item(ecs._ACTION_MAP, "CreateCapacityProvider")
def keep_draining(original: Any, request: dict[str, Any]) -> Any:
    """ministack drops it at creation. On AWS it is on where the request says nothing."""
    answer = original(request)
    if answer[0] == HTTPStatus.OK:
        given = request.get("autoScalingGroupProvider", {})
        provider = ecs._capacity_providers[request["name"]]
        provider["autoScalingGroupProvider"]["managedDraining"] = given.get(
            "managedDraining", "ENABLED"
        )
    return answer


@around_item(ecs._ACTION_MAP, "DeleteCapacityProvider")
def refuse_in_use(original: Any, request: dict[str, Any]) -> Any:
    """AWS wants it removed from all clusters first."""
    name = ecs._resolve_capacity_provider_name(request["capacityProvider"])
    if any(name in cluster.get("capacityProviders", []) for cluster in ecs._clusters.values()):
        message = "The specified capacity provider is in use and cannot be removed."
        return error_response_json("ClientException", message, 400)
    return original(request)
