"""ECS (ministack): tasks that end, and deployments that fail of it. Without Docker every task of ministack's runs for ever.

What a container does is read off its image or its command: an image whose tag begins with exits-1 ends with exit code 1,
and so does a command that ends with "exit 1". A service's tasks end once somebody has looked at their deployment: its
circuit breaker sees them fail, as on AWS some minutes later. A task that is run by itself ends once somebody has looked at
it, with exit code 0 where nothing says otherwise.
"""

import re
import time
from typing import Any

from ministack.core.responses import get_region
from ministack.services import ecs
from moto.logs.models import logs_backends

from ..settings import ACCOUNT
from .ecs_deployments import FAILED
from .patching import around, around_item

TAG = re.compile(r":exits-(\d+)")
COMMAND = re.compile(r"\bexit (\d+)$")
REASON = "Essential container in task exited"
ROLLED_BACK = "Service deployment rolled back because the circuit breaker threshold was exceeded."
NOT_ROLLED_BACK = "Service deployment failed because the circuit breaker threshold was exceeded."
MOST_TRIES = 20
"""More than a circuit breaker lets a small service try."""


@around_item(ecs._ACTION_MAP, "CreateService")
def begin(original: Any, request: dict[str, Any]) -> Any:
    """ministack takes the first deployment of a service for done at once."""
    answer = original(request)
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    service = ecs._services.get(f"{cluster}/{request['serviceName']}")
    if service and fails(service["taskDefinition"]):
        service["deployments"][0].update(rolloutState="IN_PROGRESS", rolloutStateReason="")
    return answer


@around(ecs, "_complete_service_deployment")
def complete(original: Any, cluster: str, key: str, *args: Any, **named: Any) -> Any:
    """Not where tasks will end."""
    service = ecs._services.get(key)
    if service and service["desiredCount"] > 0 and fails(service["taskDefinition"]):
        return None
    return original(cluster, key, *args, **named)


@around_item(ecs._ACTION_MAP, "DescribeServiceDeployments")
def fail_after_a_look(original: Any, request: dict[str, Any]) -> Any:
    """The first who asks sees a deployment under way, the next one how it ended."""
    answer = original(request)
    identifiers = [arn.split("/")[-1] for arn in request["serviceDeploymentArns"]]
    for service in list(ecs._services.values()):
        deployment = ecs._primary_deployment(service)
        if (
            service["status"] == "ACTIVE"
            and deployment
            and deployment["id"].split("/")[-1] in identifiers
            and deployment["rolloutState"] == "IN_PROGRESS"
            and fails(deployment["taskDefinition"])
        ):
            fail(service, deployment)
    return answer


@around(ecs, "_run_task")
def start(original: Any, request: dict[str, Any]) -> Any:
    """A service's tasks, which on AWS know the deployment that started them."""
    if deployment := request.get("_deploymentId"):
        request = {**request, "startedBy": deployment}
    return original(request)


@around_item(ecs._ACTION_MAP, "DescribeTasks")
def end_after_a_look(original: Any, request: dict[str, Any]) -> Any:
    """Tasks that no service keeps running."""
    answer = original(request)
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    for reference in request["tasks"]:
        task = ecs._resolve_task(reference, cluster)
        if task and task["lastStatus"] == "RUNNING" and not task["group"].startswith("service:"):
            end(task)
    return answer


def fails(reference: str) -> bool:
    """Whether a container ends that the task cannot do without."""
    definition = ecs._task_defs.get(ecs._resolve_td_key(reference), {})
    return any(
        exit_code(container) is not None and container.get("essential", True)
        for container in definition.get("containerDefinitions", [])
    )


def exit_code(container: dict[str, Any], override: dict[str, Any] | None = None) -> int | None:
    """What a container ends with; nothing for one that keeps running."""
    command = (override or {}).get("command") or container.get("command") or []
    found = COMMAND.search(" ".join(command)) or TAG.search(container.get("image", ""))
    return int(found[1]) if found else None


def fail(service: dict[str, Any], deployment: dict[str, Any]) -> None:
    """Ends task after task, each of which ministack replaces until its circuit breaker has seen enough."""
    for _ in range(MOST_TRIES):
        running = [
            task
            for task in list(ecs._tasks.values())
            if task.get("_deployment_id") == deployment["id"] and task["lastStatus"] == "RUNNING"
        ]
        if not running:
            break
        end(running[0])
    if deployment["rolloutState"] != "FAILED":
        return
    primary = ecs._primary_deployment(service)
    word_events_as_aws(service, deployment, primary)
    if primary is deployment:
        deployment.update(_status="ROLLBACK_FAILED", _statusReason=NOT_ROLLED_BACK)
        return
    deployment.update(
        _status="ROLLBACK_SUCCESSFUL",
        _statusReason=ROLLED_BACK,
        _rollback={"reason": ROLLED_BACK, "startedAt": deployment["updatedAt"]},
    )
    # A service shows deployments that have tasks.
    service["deployments"] = [each for each in service["deployments"] if each is not deployment]
    service[FAILED] = [deployment, *service.get(FAILED, [])]


def word_events_as_aws(
    service: dict[str, Any], deployment: dict[str, Any], primary: dict[str, Any]
) -> None:
    """What people look for in the events of a service."""
    name = f"(service {service['serviceName']})"
    words = {
        "deployment circuit breaker was triggered.": (
            f"{name} (deployment {deployment['id']}) deployment failed: tasks failed to start."
        ),
        "rolled back to the last completed deployment.": (
            f"{name} rolling back to deployment {primary['id']}."
        ),
    }
    for event in service["events"]:
        for end_of_message, message in words.items():
            if event["message"].endswith(end_of_message):
                event["message"] = message


def end(task: dict[str, Any]) -> None:
    """As if its containers had ended by themselves."""
    definition = ecs._task_defs[ecs._resolve_td_key(task["taskDefinitionArn"])]
    overrides = {
        override.get("name"): override
        for override in task["overrides"].get("containerOverrides", [])
    }
    for container, shown in zip(
        definition["containerDefinitions"], task["containers"], strict=True
    ):
        code = exit_code(container, overrides.get(container["name"]))
        shown["exitCode"] = code or 0
        if code is not None:
            write_log(task, container, code)
    ecs._mark_task_stopped(task["taskArn"], task, REASON, "EssentialContainerExited", exit_code=0)


def write_log(task: dict[str, Any], container: dict[str, Any], code: int) -> None:
    """The last that a container has to say."""
    options = container.get("logConfiguration", {}).get("options", {})
    group = options.get("awslogs-group")
    backend = logs_backends[ACCOUNT][get_region()]
    if group not in backend.groups:
        return
    identifier = task["taskArn"].split("/")[-1]
    stream = f"{options['awslogs-stream-prefix']}/{container['name']}/{identifier}"
    backend.ensure_log_stream(group, stream)
    now = int(time.time() * 1000)
    lines = ["Starting.", f"Cannot go on: this container ends with exit code {code}."]
    backend.put_log_events(
        group, stream, [{"timestamp": now + row, "message": line} for row, line in enumerate(lines)]
    )
