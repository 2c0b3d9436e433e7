"""What keeps data beside databases: caches, a table, a vault, a bucket, and a function."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from .common import TAGS, client

BUCKET = {"Bucket": "stores"}
FUNCTION = {"FunctionName": "ledger"}


def create_stores(network: dict[str, Any], role: str) -> None:
    """One of each kind."""
    create_caches(network)
    client("dynamodb").create_table(
        TableName="orders",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        Tags=TAGS,
    )
    create_vault()
    create_bucket_with_function(role)


def create_caches(network: dict[str, Any]) -> None:
    """Nodes that follow their cache, and a serverless one, for one user."""
    elasticache = client("elasticache")
    elasticache.create_cache_subnet_group(
        CacheSubnetGroupName="check",
        CacheSubnetGroupDescription="check",
        SubnetIds=network["subnets"],
    )
    elasticache.create_cache_parameter_group(
        CacheParameterGroupName="check", CacheParameterGroupFamily="valkey8", Description="check"
    )
    elasticache.modify_cache_parameter_group(
        CacheParameterGroupName="check",
        ParameterNameValues=[
            {"ParameterName": "maxmemory-policy", "ParameterValue": "allkeys-lru"}
        ],
    )
    elasticache.create_user(
        UserId="check",
        UserName="platform",
        Engine="valkey",
        AccessString="on ~* &* +@all",
        AuthenticationMode={"Type": "password", "Passwords": ["0123456789abcdef"]},
    )
    elasticache.create_user_group(UserGroupId="check", Engine="valkey", UserIds=["check"])
    elasticache.create_replication_group(
        ReplicationGroupId="check",
        ReplicationGroupDescription="check",
        Engine="valkey",
        EngineVersion="8.1",
        CacheNodeType="cache.t4g.micro",
        NumCacheClusters=1,
        CacheSubnetGroupName="check",
        CacheParameterGroupName="check",
        UserGroupIds=["check"],
        TransitEncryptionEnabled=True,
        Tags=TAGS,
    )
    elasticache.increase_replica_count(
        ReplicationGroupId="check", NewReplicaCount=2, ApplyImmediately=True
    )
    elasticache.modify_replication_group(
        ReplicationGroupId="check", CacheNodeType="cache.t4g.small", ApplyImmediately=True
    )
    elasticache.create_serverless_cache(
        ServerlessCacheName="check", Engine="valkey", MajorEngineVersion="8", UserGroupId="check"
    )


def create_vault() -> None:
    """A label of its own keeps the first version, when two more have come."""
    secrets = client("secretsmanager")
    secrets.create_secret(Name="vault")
    secrets.put_secret_value(
        SecretId="vault", SecretString="first", VersionStages=["AWSCURRENT", "FIRST"]
    )
    for value in ("second", "third", "fourth"):
        secrets.put_secret_value(SecretId="vault", SecretString=value)


def create_bucket_with_function(role: str) -> None:
    """A bucket with former versions and archives, and a deleted object."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.mjs", "export const handler = () => {};")
    client("lambda").create_function(
        **FUNCTION,
        Runtime="nodejs22.x",
        Role=role,
        Handler="index.handler",
        Code={"ZipFile": content.getvalue()},
        LoggingConfig={"LogFormat": "JSON", "LogGroup": "ledger"},
    )
    s3 = client("s3")
    s3.create_bucket(
        **BUCKET, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name}
    )
    s3.put_bucket_versioning(**BUCKET, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_lifecycle_configuration(
        **BUCKET,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "former-versions",
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "NoncurrentVersionExpiration": {
                        "NoncurrentDays": 90,
                        "NewerNoncurrentVersions": 20,
                    },
                }
            ]
        },
    )
    s3.put_bucket_intelligent_tiering_configuration(
        **BUCKET,
        Id="archive",
        IntelligentTieringConfiguration={
            "Id": "archive",
            "Status": "Enabled",
            "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}],
        },
    )
    s3.put_object(**BUCKET, Key="lock", Body=b"content")
    s3.delete_object(**BUCKET, Key="lock")


def read_stores() -> Iterator[tuple[str, Any]]:
    """Everything, by the question asked."""
    reads: list[tuple[str, str, dict[str, Any]]] = [
        ("elasticache", "describe_cache_subnet_groups", {}),
        (
            "elasticache",
            "describe_cache_parameters",
            {"CacheParameterGroupName": "check", "Source": "user"},
        ),
        ("elasticache", "describe_users", {}),
        ("elasticache", "describe_user_groups", {}),
        ("elasticache", "describe_replication_groups", {}),
        ("elasticache", "describe_cache_clusters", {}),
        ("elasticache", "describe_serverless_caches", {}),
        ("dynamodb", "describe_table", {"TableName": "orders"}),
        ("secretsmanager", "get_secret_value", {"SecretId": "vault", "VersionStage": "FIRST"}),
        ("s3", "get_bucket_lifecycle_configuration", BUCKET),
        ("s3", "get_bucket_intelligent_tiering_configuration", {**BUCKET, "Id": "archive"}),
        ("s3", "list_object_versions", BUCKET),
        ("lambda", "get_function_configuration", FUNCTION),
    ]
    for service, operation, parameters in reads:
        answer = getattr(client(service), operation)(**parameters)
        answer.pop("ResponseMetadata")
        yield f"stores {service} {operation}", answer
