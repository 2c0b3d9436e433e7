"""Puts right what the emulators get wrong for a real AWS provider: one module for each service.

Importing a module applies it.
"""

from . import (
    application_autoscaling,
    cloudwatch,
    ec2_instances,
    ec2_security_groups,
    ecs,
    elbv2,
    rds,
    s3,
)  # noqa: F401
