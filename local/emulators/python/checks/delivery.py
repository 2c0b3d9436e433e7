"""The way from code to a service: a connection, a project that changes, a pipeline."""

from collections.abc import Iterator
from typing import Any

from .common import TAGS, client

PIPELINE = "delivery"
PROJECT = "delivery-build"


def create_delivery(role: str) -> None:
    """One of each; a connection that is gone is gone."""
    connections = client("codeconnections")
    connection = connections.create_connection(
        ProviderType="GitHub", ConnectionName="check", Tags=TAGS
    )["ConnectionArn"]
    other = connections.create_connection(ProviderType="GitLab", ConnectionName="other")
    connections.delete_connection(ConnectionArn=other["ConnectionArn"])
    try:
        connections.get_connection(ConnectionArn=other["ConnectionArn"])
        raise AssertionError("a connection outlives its deletion")
    except connections.exceptions.ResourceNotFoundException:
        pass
    connections.tag_resource(ResourceArn=connection, Tags=[{"Key": "Stage", "Value": "check"}])
    connections.untag_resource(ResourceArn=connection, TagKeys=["Name"])
    create_project(role)
    create_pipeline(connection)


def create_project(role: str) -> None:
    """One of CodePipeline, whose machine grows; what a change does not name stays."""
    machine = {
        "type": "ARM_CONTAINER",
        "image": "aws/codebuild/amazonlinux-aarch64-standard:3.0",
        "computeType": "BUILD_GENERAL1_SMALL",
    }
    codebuild = client("codebuild")
    codebuild.create_project(
        name=PROJECT,
        source={"type": "CODEPIPELINE", "buildspec": "{}"},
        artifacts={"type": "CODEPIPELINE"},
        environment={**machine, "dockerServer": {"computeType": "BUILD_GENERAL1_SMALL"}},
        serviceRole=role,
        encryptionKey="arn:aws:kms:eu-central-1:123456789012:key/check",
    )
    larger = {**machine, "dockerServer": {"computeType": "BUILD_GENERAL1_XLARGE"}}
    codebuild.update_project(name=PROJECT, environment=larger, timeoutInMinutes=45)
    (project,) = codebuild.batch_get_projects(names=[PROJECT])["projects"]
    assert project["encryptionKey"].endswith("key/check"), project
    assert project["environment"]["dockerServer"]["computeType"].endswith("XLARGE"), project


def create_pipeline(connection: str) -> None:
    """From the connection to the project, by a role that CodePipeline may take."""
    trust = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",'
        ' "Principal": {"Service": "codepipeline.amazonaws.com"}}]}'
    )
    role = client("iam").create_role(RoleName="pipeline", AssumeRolePolicyDocument=trust)["Role"]
    client("codepipeline").create_pipeline(
        pipeline={
            "name": PIPELINE,
            "roleArn": role["Arn"],
            "pipelineType": "V2",
            "artifactStore": {"type": "S3", "location": "check"},
            "stages": [
                stage("Source", "CodeStarSourceConnection", {"ConnectionArn": connection}),
                stage("Build", "CodeBuild", {"ProjectName": PROJECT}),
            ],
        }
    )


def stage(category: str, provider: str, configuration: dict[str, str]) -> dict[str, Any]:
    """One with a single action."""
    kind = {"category": category, "owner": "AWS", "provider": provider, "version": "1"}
    action = {"name": category, "actionTypeId": kind, "configuration": configuration}
    return {"name": category, "actions": [action]}


def read_delivery() -> Iterator[tuple[str, Any]]:
    """Everything, by the question asked."""
    connections = client("codeconnections")
    (connection,) = connections.list_connections()["Connections"]
    yield "codeconnections get_connection", connection
    arn = connection["ConnectionArn"]
    yield (
        "codeconnections list_tags_for_resource",
        connections.list_tags_for_resource(ResourceArn=arn)["Tags"],
    )
    projects = client("codebuild").batch_get_projects(names=[PROJECT])["projects"]
    yield "codebuild batch_get_projects", projects
    pipeline = client("codepipeline").get_pipeline(name=PIPELINE)
    yield "codepipeline get_pipeline", [pipeline["pipeline"], pipeline["metadata"]]
