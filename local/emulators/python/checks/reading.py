"""Reads all that the checks create."""

from collections.abc import Iterator
from typing import Any

from .account import read_account
from .chat import read_channels
from .common import client
from .delivery import read_delivery
from .files import read_file_systems
from .names import read_names
from .safeguards import read_safeguards
from .stores import read_stores

SCALING = {"ServiceNamespace": "ecs"}
BUCKET = {"Bucket": "check"}
SERVICE = {"cluster": "check", "services": ["api"], "include": ["TAGS"]}

READS: list[tuple[str, str, dict[str, Any]]] = [
    *(
        ("ec2", f"describe_{kind}", {})
        for kind in (
            "vpcs subnets route_tables internet_gateways nat_gateways addresses vpc_endpoints "
            "egress_only_internet_gateways "
            "flow_logs security_groups security_group_rules launch_templates instances volumes "
            "network_interfaces iam_instance_profile_associations"
        ).split()
    ),
    ("ec2", "describe_launch_template_versions", {"LaunchTemplateName": "bastion"}),
    ("iam", "get_role", {"RoleName": "task"}),
    ("iam", "get_role_policy", {"RoleName": "task", "PolicyName": "inline"}),
    ("iam", "list_attached_role_policies", {"RoleName": "task"}),
    ("kms", "list_aliases", {}),
    ("kms", "describe_key", {"KeyId": "alias/check"}),
    ("logs", "describe_log_groups", {}),
    ("logs", "describe_query_definitions", {"queryDefinitionNamePrefix": "check/"}),
    ("elbv2", "describe_load_balancers", {}),
    ("elbv2", "describe_target_groups", {}),
    ("ecs", "describe_clusters", {"clusters": ["check"], "include": ["SETTINGS", "TAGS"]}),
    ("ecs", "describe_task_definition", {"taskDefinition": "check"}),
    ("ecs", "describe_services", SERVICE),
    ("ecs", "list_tasks", {"cluster": "check"}),
    ("ecs", "list_service_deployments", {"cluster": "check", "service": "api"}),
    ("application-autoscaling", "describe_scalable_targets", SCALING),
    ("application-autoscaling", "describe_scaling_policies", SCALING),
    ("application-autoscaling", "describe_scheduled_actions", SCALING),
    ("autoscaling", "describe_auto_scaling_groups", {}),
    ("ecs", "describe_capacity_providers", {"include": ["TAGS"]}),
    ("events", "list_rules", {}),
    ("events", "list_targets_by_rule", {"Rule": "spot"}),
    ("rds", "describe_db_subnet_groups", {}),
    ("rds", "describe_db_parameters", {"DBParameterGroupName": "check"}),
    ("rds", "describe_db_instances", {}),
    ("rds", "describe_db_snapshots", {}),
    ("rds", "describe_db_clusters", {}),
    ("rds", "describe_db_proxies", {}),
    ("rds", "describe_db_proxy_endpoints", {}),
    ("s3", "list_buckets", {}),
    *(
        ("s3", f"get_bucket_{kind}", BUCKET)
        for kind in (
            "location tagging versioning encryption lifecycle_configuration policy "
            "ownership_controls"
        ).split()
    ),
    ("s3", "get_public_access_block", BUCKET),
    ("s3", "list_object_versions", BUCKET),
    ("sns", "list_subscriptions", {}),
    ("cloudwatch", "describe_alarms", {}),
    ("cloudwatch", "get_dashboard", {"DashboardName": "check"}),
    ("secretsmanager", "get_secret_value", {"SecretId": "check"}),
    ("acm", "list_certificates", {}),
]


def read() -> Iterator[tuple[str, Any]]:
    """Everything, by the question asked."""
    for service, operation, parameters in READS:
        answer = getattr(client(service), operation)(**parameters)
        answer.pop("ResponseMetadata")
        for database in answer.get("DBInstances", answer.get("DBClusters", [])):
            database.pop("LatestRestorableTime", None)  # the time of the answer
        yield f"{service} {operation}", answer
    elb = client("elbv2")
    for balancer in elb.describe_load_balancers()["LoadBalancers"]:
        of_balancer = {"LoadBalancerArn": balancer["LoadBalancerArn"]}
        for listener in elb.describe_listeners(**of_balancer)["Listeners"]:
            rules = elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
            yield "elbv2 listener", {"listener": listener, "rules": rules}
    yield from read_names()
    yield from read_delivery()
    yield from read_channels()
    yield from read_account()
    yield from read_safeguards()
    yield from read_file_systems()
    yield from read_stores()
