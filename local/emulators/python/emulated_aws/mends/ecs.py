"""ECS (ministack): settings of a service that it drops."""

from http import HTTPStatus
from typing import Any

from ministack.services import ecs

from .patching import around_item

KEPT_AT_CREATION = ("availabilityZoneRebalancing", "placementConstraints", "placementStrategy")
KEPT_AT_UPDATE = (*KEPT_AT_CREATION, "enableECSManagedTags", "propagateTags", "serviceRegistries")


@around_item(ecs._ACTION_MAP, "CreateService")
def keep_at_creation(original: Any, request: dict[str, Any]) -> Any:
    """A new service."""
    answer = original(request)
    if answer[0] == HTTPStatus.OK:
        keep(request, request["serviceName"], KEPT_AT_CREATION)
    return answer


@around_item(ecs._ACTION_MAP, "UpdateService")
def keep_at_update(original: Any, request: dict[str, Any]) -> Any:
    """A service that exists."""
    answer = original(request)
    if answer[0] == HTTPStatus.OK:
        name, _ = ecs._resolve_service_ref(request["service"])
        keep(request, name, KEPT_AT_UPDATE)
    return answer


def keep(request: dict[str, Any], name: str, fields: tuple[str, ...]) -> None:
    """Adds fields of a request to the service."""
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    kept = {field: request[field] for field in fields if field in request}
    ecs._services[f"{cluster}/{name}"].update(kept)
