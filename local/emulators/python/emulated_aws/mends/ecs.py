"""ECS (ministack): settings of a service that it drops."""

from http import HTTPStatus
from typing import Any

from ministack.services import ecs

from .patching import around_item

KEPT_AT_CREATION = ("availabilityZoneRebalancing", "placementConstraints", "placementStrategy")
KEPT_AT_UPDATE = (*KEPT_AT_CREATION, "enableECSManagedTags", "propagateTags", "serviceRegistries")

DEPLOYMENTS = "deploymentConfiguration"
SERVICE_CONNECT = "serviceConnectConfiguration"
OWN_SERVICE_CONNECT = f"_{SERVICE_CONNECT}"
"""ministack shows nobody what begins with an underscore."""


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
    name, _ = ecs._resolve_service_ref(request["service"])
    answer = original(complete_deployment_configuration(request, name))
    if answer[0] == HTTPStatus.OK:
        keep(request, name, KEPT_AT_UPDATE)
        finish_rollout(request, name)
    return answer


def complete_deployment_configuration(request: dict[str, Any], name: str) -> dict[str, Any]:
    """What a request leaves out of the configuration stays as it is; ministack forgets it."""
    if DEPLOYMENTS not in request:
        return request
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    former = ecs._services.get(f"{cluster}/{name}", {}).get(DEPLOYMENTS, {})
    return {**request, DEPLOYMENTS: {**former, **request[DEPLOYMENTS]}}


def finish_rollout(request: dict[str, Any], name: str) -> None:
    """Tasks that had no room beside the old ones: without Docker, ministack never comes back for them."""
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    service = ecs._services[f"{cluster}/{name}"]
    for _ in range(service["desiredCount"]):
        ecs._reconcile_service_tasks(cluster, f"{cluster}/{name}")


def keep(request: dict[str, Any], name: str, fields: tuple[str, ...]) -> None:
    """Adds fields of a request to the service."""
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    kept = {field: request[field] for field in fields if field in request}
    service = ecs._services[f"{cluster}/{name}"]
    service.update(kept)
    keep_service_connect(service, request)


def keep_service_connect(service: dict[str, Any], request: dict[str, Any]) -> None:
    """Of a deployment, which takes the former one's where the request has none of its own."""
    given = request.get(SERVICE_CONNECT, service.get(OWN_SERVICE_CONNECT))
    if given is not None:
        service[OWN_SERVICE_CONNECT] = service["deployments"][0][SERVICE_CONNECT] = given
