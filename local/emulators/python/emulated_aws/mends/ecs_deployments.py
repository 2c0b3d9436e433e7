"""ECS (ministack): deployments of a service, of which it lists none.

The provider asks for them when the deployment is younger than its own request. ministack's times were whole seconds, so that
happened only now and then, where a second ended between the two, and the provider looked at the service instead, which
cannot tell a deployment that was rolled back.
"""

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from ministack.core.responses import json_response
from ministack.services import ecs

from .patching import around, around_item

FAILED = "_failed_deployments"
"""Those that the service itself does not show any more."""


@around(ecs, "_iso")
def now(_: Any) -> str:
    """With a fraction, as AWS has it."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@around(ecs, "_ts_to_epoch")
def keep_fraction(_: Any, value: Any) -> Any:
    """On the wire, too."""
    return seconds(value) if isinstance(value, str) else value


@around_item(ecs._ACTION_MAP, "ListServiceDeployments")
def list_deployments(_: Any, request: dict[str, Any]) -> Any:
    """Those of one service, the youngest first."""
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    name, _ = ecs._resolve_service_ref(request["service"])
    after = request.get("createdAt", {}).get("after", 0)
    found = [
        deployment
        for deployment in deployments_of(ecs._services[f"{cluster}/{name}"])
        if seconds(deployment["createdAt"]) > after
    ]
    return json_response({"serviceDeployments": found})


@around_item(ecs._ACTION_MAP, "DescribeServiceDeployments")
def describe_deployments(_: Any, request: dict[str, Any]) -> Any:
    """Those with the given ARNs."""
    wanted = request["serviceDeploymentArns"]
    found = [
        deployment
        for service in ecs._services.values()
        for deployment in deployments_of(service)
        if deployment["serviceDeploymentArn"] in wanted
    ]
    return json_response({"serviceDeployments": found, "failures": []})


def deployments_of(service: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """As AWS shows them: the revision's name has the identifier of the deployment in the service."""
    for deployment in [*service["deployments"], *service.get(FAILED, [])]:
        identifier = deployment["id"].split("/")[-1]
        arn = service["serviceArn"]
        is_done = deployment.get("rolloutState") == "COMPLETED"
        revision = f"{arn.replace(':service/', ':service-revision/')}/{identifier}"
        ended = {
            field: deployment[f"_{field}"]
            for field in ("status", "statusReason", "rollback")
            if f"_{field}" in deployment
        }
        yield {
            "serviceDeploymentArn": f"{arn.replace(':service/', ':service-deployment/')}/{identifier}",
            "serviceArn": arn,
            "clusterArn": service["clusterArn"],
            "createdAt": deployment["createdAt"],
            "startedAt": deployment["createdAt"],
            "status": "SUCCESSFUL" if is_done else "IN_PROGRESS",
            "targetServiceRevisionArn": revision,
            "targetServiceRevision": {"arn": revision},
            **ended,
        }


def seconds(time: str) -> float:
    """Since 1970. Python reads the Z for UTC from 3.11 on."""
    return datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()
