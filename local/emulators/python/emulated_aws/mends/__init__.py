"""Puts right what the emulators get wrong for a real AWS provider: one module for each service.

Importing a module applies it.
"""

from . import (
    application_autoscaling,
    autoscaling,
    awslambda,
    cloudfront,
    cloudwatch,
    codebuild,
    codepipeline,
    ec2_instances,
    ec2_networking,
    ec2_security_groups,
    ecs,
    ecs_capacity_providers,
    ecs_deployments,
    ecs_failures,
    efs,
    elasticache,
    elbv2,
    logs,
    rds,
    rds_proxies,
    route53,
    s3,
    s3_lifecycle,
    s3_policies,
    s3_tiering,
    secretsmanager,
    sqs,
)  # noqa: F401
