"""CodeBuild (moto): projects of CodePipeline, changes to a project, and what moto drops of one."""

from typing import Any

from moto.codebuild import responses
from moto.codebuild.exceptions import ResourceNotFoundException
from moto.codebuild.responses import CodeBuildResponse
from moto.core.responses import ActionResult

from .patching import added, around

DROPPED = ("encryptionKey", "autoRetryLimit", "concurrentBuildLimit", "secondarySources")
"""What moto does not keep of a request."""


@around(responses, "_validate_required_params_source")
def take_source_of_pipelines(original: Any, source: dict[str, Any]) -> None:
    """CodePipeline says where the source is, and AWS refuses a location beside it."""
    if source["type"] not in ("CODEPIPELINE", "NO_SOURCE"):
        original(source)


@around(responses, "_validate_required_params_artifacts")
def take_artifacts_of_pipelines(original: Any, artifacts: dict[str, Any]) -> None:
    """The same for what a build makes."""
    if artifacts["type"] != "CODEPIPELINE":
        original(artifacts)


@around(responses, "_validate_required_params_environment")
def take_larger_machines(original: Any, environment: dict[str, Any]) -> None:
    """moto knows all sizes but one."""
    if environment["computeType"] != "BUILD_GENERAL1_XLARGE":
        original(environment)


@around(CodeBuildResponse, "create_project")
def keep_at_creation(original: Any, response: CodeBuildResponse) -> ActionResult:
    """What moto drops of a new project."""
    answer = original(response)
    keep(response, response.codebuild_backend.codebuild_projects[response._get_param("name")])
    return answer


@added(CodeBuildResponse)
def update_project(response: CodeBuildResponse) -> ActionResult:
    """Changes what a request names, and leaves the rest."""
    name = response._get_param("name")
    project = response.codebuild_backend.codebuild_projects.get(name)
    if project is None:
        raise ResourceNotFoundException(f"no project {name}")
    metadata = project.project_metadata
    for key in (
        "description",
        "source",
        "artifacts",
        "environment",
        "serviceRole",
        "cache",
        "timeoutInMinutes",
        "queuedTimeoutInMinutes",
        "tags",
        "logsConfig",
        "vpcConfig",
    ):
        if (value := response._get_param(key)) is not None:
            metadata[key] = value
    keep(response, project)
    return ActionResult({"project": metadata})


def keep(response: CodeBuildResponse, project: Any) -> None:
    """Puts into a project what the request says of it and moto drops."""
    for key in DROPPED:
        if (value := response._get_param(key)) is not None:
            project.project_metadata[key] = value
