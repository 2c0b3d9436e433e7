"""A network, an instance and a load balancer in it."""

from typing import Any

from .common import REGION, TAGS, client

CERTIFICATE = f"arn:aws:acm:{REGION}:123456789012:certificate/00000000-0000-4000-8000-000000000000"


def create_network() -> dict[str, Any]:
    """A network with everything in it."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(
        CidrBlock="10.0.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": TAGS}]
    )["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=f"{REGION}{zone}"
        )["Subnet"]["SubnetId"]
        for index, zone in enumerate("ab")
    ]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnets[0])
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.create_nat_gateway(SubnetId=subnets[0], AllocationId=address)
    create_dual_stack()
    ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName=f"com.amazonaws.{REGION}.s3", RouteTableIds=[table]
    )
    groups = [
        ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        for name in ("one", "other")
    ]
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName=f"com.amazonaws.{REGION}.logs",
        VpcEndpointType="Interface",
        SubnetIds=subnets,
        SecurityGroupIds=groups[:1],
        PrivateDnsEnabled=True,
    )
    ec2.authorize_security_group_ingress(
        GroupId=groups[0],
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "UserIdGroupPairs": [{"GroupId": groups[1], "Description": "from the other"}],
            }
        ],
    )
    ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="cloud-watch-logs",
        LogGroupName="flow",
        DeliverLogsPermissionArn="arn:aws:iam::123456789012:role/flow",
        MaxAggregationInterval=60,
    )
    return {"vpc": vpc, "subnets": subnets, "groups": groups}


def create_dual_stack() -> None:
    """A network with IPv6, its subnet found by its block, and a gateway for the whole of it."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    block = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"]
    subnet = ec2.create_subnet(
        VpcId=vpc["VpcId"], CidrBlock="10.1.0.0/24", Ipv6CidrBlock=block.replace("/56", "/64")
    )["Subnet"]
    association = subnet["Ipv6CidrBlockAssociationSet"][0]
    assert association["Ipv6CidrBlockState"] == {"State": "associated"}, association
    by_block = {
        "Name": "ipv6-cidr-block-association.association-id",
        "Values": [association["AssociationId"]],
    }
    assert len(ec2.describe_subnets(Filters=[by_block])["Subnets"]) == 1
    gateway = ec2.create_egress_only_internet_gateway(VpcId=vpc["VpcId"])
    ec2.create_route(
        RouteTableId=ec2.create_route_table(VpcId=vpc["VpcId"])["RouteTable"]["RouteTableId"],
        DestinationIpv6CidrBlock="::/0",
        EgressOnlyInternetGatewayId=gateway["EgressOnlyInternetGateway"][
            "EgressOnlyInternetGatewayId"
        ],
    )
    regional = ec2.create_nat_gateway(VpcId=vpc["VpcId"], AvailabilityMode="regional")["NatGateway"]
    assert regional["AvailabilityMode"] == "regional", regional


def create_instance(network: dict[str, Any]) -> None:
    """An instance from a launch template."""
    ec2 = client("ec2")
    template = ec2.create_launch_template(
        LaunchTemplateName="bastion",
        LaunchTemplateData={
            "ImageId": "resolve:ssm:/aws/service/ami-amazon-linux-latest"
            "/al2023-ami-kernel-default-arm64",
            "InstanceType": "t4g.nano",
            "MetadataOptions": {"HttpTokens": "required"},
            "SecurityGroupIds": network["groups"][:1],
            "BlockDeviceMappings": [
                {"DeviceName": "/dev/xvda", "Ebs": {"Encrypted": True, "VolumeType": "gp3"}}
            ],
        },
    )["LaunchTemplate"]["LaunchTemplateId"]
    instance = ec2.run_instances(
        LaunchTemplate={"LaunchTemplateId": template},
        SubnetId=network["subnets"][1],
        MinCount=1,
        MaxCount=1,
    )["Instances"][0]["InstanceId"]
    ec2.modify_instance_maintenance_options(InstanceId=instance, AutoRecovery="disabled")


def create_load_balancer(network: dict[str, Any]) -> str:
    """A load balancer with listeners and a rule."""
    elb = client("elbv2")
    balancer = elb.create_load_balancer(
        Name="check", Subnets=network["subnets"], SecurityGroups=network["groups"][:1], Tags=TAGS
    )["LoadBalancers"][0]["LoadBalancerArn"]
    group = elb.create_target_group(
        Name="check",
        Protocol="HTTP",
        Port=8080,
        VpcId=network["vpc"],
        TargetType="ip",
        HealthCheckPath="/health",
    )["TargetGroups"][0]["TargetGroupArn"]
    listener = elb.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTPS",
        Port=443,
        Certificates=[{"CertificateArn": CERTIFICATE}],
        DefaultActions=[
            {
                "Type": "fixed-response",
                "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/plain"},
            }
        ],
    )["Listeners"][0]["ListenerArn"]
    further = CERTIFICATE.replace("0000-4000", "0000-4001")
    elb.add_listener_certificates(
        ListenerArn=listener, Certificates=[{"CertificateArn": further}]
    )
    elb.modify_listener(
        ListenerArn=listener,
        Certificates=[{"CertificateArn": CERTIFICATE.replace("0000-4000", "0000-4002")}],
    )
    certificates = elb.describe_listener_certificates(ListenerArn=listener)["Certificates"]
    assert further in [one["CertificateArn"] for one in certificates], certificates
    elb.create_rule(
        ListenerArn=listener,
        Priority=10,
        Conditions=[
            {"Field": "host-header", "HostHeaderConfig": {"Values": ["api.example.com"]}},
            {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/v1/*"]}},
        ],
        Actions=[{"Type": "forward", "TargetGroupArn": group}],
    )
    return group
