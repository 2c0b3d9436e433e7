"""A role, a cluster, a service that scales."""

import json
from typing import Any

from .common import client

ROLE_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)
ALLOW_ALL = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}],
    }
)


def create_identity_and_logs() -> str:
    """A role with policies, a key, a log group."""
    iam = client("iam")
    role = iam.create_role(RoleName="task", AssumeRolePolicyDocument=ROLE_TRUST)["Role"]["Arn"]
    iam.put_role_policy(RoleName="task", PolicyName="inline", PolicyDocument=ALLOW_ALL)
    iam.attach_role_policy(
        RoleName="task",
        PolicyArn="arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    )
    kms = client("kms")
    key = kms.create_key(Description="check")["KeyMetadata"]["KeyId"]
    kms.enable_key_rotation(KeyId=key)
    kms.create_alias(AliasName="alias/check", TargetKeyId=key)
    logs = client("logs")
    logs.create_log_group(logGroupName="/check/api", tags={"Name": "check"})
    logs.put_retention_policy(logGroupName="/check/api", retentionInDays=14)
    logs.put_query_definition(
        name="check/errors", queryString="limit 1", logGroupNames=["/check/api"]
    )
    return role


def create_service(network: dict[str, Any], role: str, target_group: str) -> None:
    """A cluster with a scaled service."""
    ecs = client("ecs")
    ecs.create_cluster(
        clusterName="check",
        settings=[{"name": "containerInsights", "value": "enhanced"}],
        configuration={"executeCommandConfiguration": {"logging": "DEFAULT"}},
        tags=[{"key": "Name", "value": "check"}],
    )
    ecs.put_cluster_capacity_providers(
        cluster="check",
        capacityProviders=["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}],
    )
    task = ecs.register_task_definition(
        family="check",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        executionRoleArn=role,
        containerDefinitions=[
            {"name": "api", "image": "nginx", "portMappings": [{"containerPort": 8080}]}
        ],
    )["taskDefinition"]["taskDefinitionArn"]
    ecs.create_service(
        cluster="check",
        serviceName="api",
        taskDefinition=task,
        desiredCount=2,
        capacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}],
        availabilityZoneRebalancing="ENABLED",
        networkConfiguration={"awsvpcConfiguration": {"subnets": network["subnets"]}},
        loadBalancers=[
            {"targetGroupArn": target_group, "containerName": "api", "containerPort": 8080}
        ],
        tags=[{"key": "Name", "value": "check"}],
    )
    target = {
        "ServiceNamespace": "ecs",
        "ResourceId": "service/check/api",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    scaling = client("application-autoscaling")
    scaling.register_scalable_target(**target, MinCapacity=2, MaxCapacity=6, Tags={"Name": "check"})
    scaling.put_scaling_policy(
        **target,
        PolicyName="cpu",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 60,
            "PredefinedMetricSpecification": {
                "PredefinedMetricType": "ECSServiceAverageCPUUtilization"
            },
        },
    )
