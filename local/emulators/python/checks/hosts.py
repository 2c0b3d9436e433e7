"""Container hosts, scaling by the clock, and a rule that sees Spot hosts go."""

import json
from typing import Any

from .common import client


def create_hosts(network: dict[str, Any]) -> None:
    """A group of hosts as a capacity provider."""
    template = client("ec2").create_launch_template(
        LaunchTemplateName="hosts",
        LaunchTemplateData={
            "ImageId": "resolve:ssm:/aws/service/ecs/optimized-ami"
            "/amazon-linux-2023/recommended/image_id",
            "SecurityGroupIds": network["groups"][:1],
            "MetadataOptions": {"HttpTokens": "required"},
        },
    )["LaunchTemplate"]["LaunchTemplateId"]
    scaling = client("autoscaling")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="hosts",
        MinSize=3,
        MaxSize=5,
        VPCZoneIdentifier=",".join(network["subnets"]),
        CapacityRebalance=True,
        NewInstancesProtectedFromScaleIn=True,
        DefaultInstanceWarmup=300,
        MaxInstanceLifetime=86400,
        MixedInstancesPolicy={
            "LaunchTemplate": {
                "LaunchTemplateSpecification": {"LaunchTemplateId": template, "Version": "1"},
                "Overrides": [{"InstanceType": "t3.medium"}, {"InstanceType": "t3a.medium"}],
            },
            "InstancesDistribution": {
                "OnDemandBaseCapacity": 1,
                "OnDemandPercentageAboveBaseCapacity": 20,
                "SpotAllocationStrategy": "price-capacity-optimized",
            },
        },
    )
    scaling.update_auto_scaling_group(AutoScalingGroupName="hosts", MaxSize=6)
    group = scaling.describe_auto_scaling_groups()["AutoScalingGroups"][0]
    client("ecs").create_capacity_provider(
        name="hosts",
        autoScalingGroupProvider={
            "autoScalingGroupArn": group["AutoScalingGroupARN"],
            "managedScaling": {"status": "ENABLED", "targetCapacity": 100},
            "managedDraining": "DISABLED",
            "managedTerminationProtection": "ENABLED",
        },
    )


def create_schedule() -> None:
    """Other bounds of the scaled service at night, and a rule with a target."""
    client("application-autoscaling").put_scheduled_action(
        ServiceNamespace="ecs",
        ResourceId="service/check/api",
        ScalableDimension="ecs:service:DesiredCount",
        ScheduledActionName="night",
        Schedule="cron(0 20 * * ? *)",
        Timezone="Europe/Berlin",
        ScalableTargetAction={"MinCapacity": 1, "MaxCapacity": 2},
    )
    events = client("events")
    pattern = {"source": ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"]}
    events.put_rule(Name="spot", EventPattern=json.dumps(pattern))
    topic = client("sns").create_topic(Name="spot")["TopicArn"]
    events.put_targets(Rule="spot", Targets=[{"Id": "topic", "Arn": topic}])
