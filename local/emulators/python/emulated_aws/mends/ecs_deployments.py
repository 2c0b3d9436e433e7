"""ECS (ministack): deployments of a service, of which it lists none.

The provider asks for them when the deployment is younger than its own request. ministack's times are whole seconds, so that
happens only now and then, where a second ends between the two; the provider then waited in vain.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ministack.core.responses import json_response
from ministack.services import ecs

from .patching import around_item


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
    for deployment in service["deployments"]:
        identifier = deployment["id"].split("/")[-1]
        arn = service["serviceArn"]
        is_done = deployment.get("rolloutState") == "COMPLETED"
        yield {
            "serviceDeploymentArn": f"{arn.replace(':service/', ':service-deployment/')}/{identifier}",
            "serviceArn": arn,
            "clusterArn": service["clusterArn"],
            "createdAt": deployment["createdAt"],
            "startedAt": deployment["createdAt"],
            "status": "SUCCESSFUL" if is_done else "IN_PROGRESS",
            "targetServiceRevisionArn": f"{arn.replace(':service/', ':service-revision/')}/{identifier}",
        }


def seconds(time: str) -> float:
    """Since 1970. Python reads the Z for UTC from 3.11 on."""
    return datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()
