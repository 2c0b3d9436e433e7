"""What keeps data, and what watches over it."""

from typing import Any

from .common import REGION, TAGS, client
from .service import ALLOW_ALL


def create_database(network: dict[str, Any]) -> None:
    """An instance with a managed password, a snapshot of it."""
    rds = client("rds")
    rds.create_db_subnet_group(
        DBSubnetGroupName="check",
        DBSubnetGroupDescription="check",
        SubnetIds=network["subnets"],
    )
    rds.create_db_parameter_group(
        DBParameterGroupName="check", DBParameterGroupFamily="postgres17", Description="check"
    )
    rds.modify_db_parameter_group(
        DBParameterGroupName="check",
        Parameters=[
            {
                "ParameterName": "rds.force_ssl",
                "ParameterValue": "1",
                "ApplyMethod": "immediate",
            }
        ],
    )
    rds.create_db_instance(
        DBInstanceIdentifier="orders",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        EngineVersion="17",
        AllocatedStorage=20,
        MasterUsername="postgres",
        ManageMasterUserPassword=True,
        DBSubnetGroupName="check",
        DBParameterGroupName="check",
        EnablePerformanceInsights=True,
        EngineLifecycleSupport="open-source-rds-extended-support-disabled",
        EnableCloudwatchLogsExports=["postgresql"],
        DeletionProtection=True,
        Tags=TAGS,
    )
    rds.create_db_snapshot(DBInstanceIdentifier="orders", DBSnapshotIdentifier="final")


def create_cluster(network: dict[str, Any]) -> None:
    """An instance with a replica, a cluster, and a proxy before it with an address for reading."""
    rds = client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier="copied",
        DBInstanceClass="db.t4g.micro",
        Engine="mysql",
        EngineVersion="8.4",
        AllocatedStorage=20,
        MasterUsername="check",
        MasterUserPassword="of-no-use",
        DBSubnetGroupName="check",
    )
    rds.create_db_instance_read_replica(
        DBInstanceIdentifier="copy", SourceDBInstanceIdentifier="copied", Tags=TAGS
    )
    rds.create_db_cluster(
        DBClusterIdentifier="events",
        Engine="aurora-postgresql",
        EngineVersion="17",
        MasterUsername="check",
        ManageMasterUserPassword=True,
        DBSubnetGroupName="check",
        EngineLifecycleSupport="open-source-rds-extended-support-disabled",
        ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 4},
    )
    rds.create_db_instance(
        DBInstanceIdentifier="events-instance",
        DBInstanceClass="db.serverless",
        Engine="aurora-postgresql",
        DBClusterIdentifier="events",
    )
    rds.create_db_proxy(
        DBProxyName="events",
        EngineFamily="POSTGRESQL",
        Auth=[{"AuthScheme": "SECRETS", "IAMAuth": "DISABLED"}],
        RoleArn="arn:aws:iam::123456789012:role/check",
        VpcSubnetIds=network["subnets"],
    )
    rds.create_db_proxy_endpoint(
        DBProxyName="events",
        DBProxyEndpointName="events-reader",
        TargetRole="READ_ONLY",
        VpcSubnetIds=network["subnets"],
        Tags=TAGS,
    )


def create_bucket() -> None:
    """A bucket with everything on it, and an object in it."""
    s3 = client("s3")
    s3.create_bucket(
        Bucket="check",
        CreateBucketConfiguration={"LocationConstraint": REGION, "Tags": TAGS},
        ObjectOwnership="BucketOwnerEnforced",
    )
    s3.put_public_access_block(
        Bucket="check",
        PublicAccessBlockConfiguration={"BlockPublicAcls": True, "RestrictPublicBuckets": True},
    )
    s3.put_bucket_versioning(Bucket="check", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_encryption(
        Bucket="check",
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    )
    s3.put_bucket_lifecycle_configuration(
        Bucket="check",
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "expire",
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "Expiration": {"Days": 90},
                }
            ]
        },
    )
    s3.put_bucket_policy(Bucket="check", Policy=ALLOW_ALL)
    s3.put_object(Bucket="check", Key="a/b", Body=b"content")


def create_monitoring() -> None:
    """A topic with a subscription, alarms, a dashboard, a secret, a certificate."""
    sns = client("sns")
    topic = sns.create_topic(Name="alarms", Attributes={"KmsMasterKeyId": "alias/check"})
    sns.subscribe(TopicArn=topic["TopicArn"], Protocol="email", Endpoint="ops@example.com")
    cloudwatch = client("cloudwatch")
    alarm = {"EvaluationPeriods": 2, "Threshold": 5, "ComparisonOperator": "GreaterThanThreshold"}
    metric = {"Namespace": "AWS/ApplicationELB", "MetricName": "RequestCount"}
    cloudwatch.put_metric_alarm(
        AlarmName="plain", **alarm, **metric, Period=60, Statistic="Sum", Tags=TAGS
    )
    cloudwatch.put_metric_alarm(
        AlarmName="math",
        **alarm,
        Metrics=[
            {"Id": "rate", "Expression": "100*requests"},
            {
                "Id": "requests",
                "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"},
                "ReturnData": False,
            },
        ],
    )
    cloudwatch.put_dashboard(DashboardName="check", DashboardBody='{"widgets":[]}')
    client("secretsmanager").create_secret(Name="check", SecretString="content")
    client("acm").request_certificate(DomainName="example.com")
