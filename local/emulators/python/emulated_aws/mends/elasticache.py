"""ElastiCache (ministack): no containers, moto's subnets, users, and nodes that follow their cache."""

import copy
from typing import Any
from xml.sax.saxutils import escape

from ministack.core.responses import get_region
from ministack.services import elasticache
from moto.ec2.exceptions import InvalidSubnetIdError
from moto.ec2.models import ec2_backends

from ..settings import ACCOUNT
from .patching import around

Parameters = dict[str, Any]

FOLLOWED = ("CacheNodeType", "EngineVersion", "SnapshotRetentionLimit", "SnapshotWindow")
"""What a node has of its cache, and ministack sets at creation alone."""


@around(elasticache, "_get_docker")
def no_docker(_original: Any) -> None:
    """Where there is Docker, ministack would start a server for every node."""


@around(elasticache, "_resolve_subnets")
def find_subnets(_original: Any, parameters: Parameters) -> Any:
    """Subnets are moto's, and ministack looks for them among its own."""
    names = elasticache._extract_configs(parameters, "SubnetIds", ("SubnetIdentifier", "member"))
    try:
        subnets = [ec2_backends[ACCOUNT][get_region()].get_subnet(name) for name in names]
    except InvalidSubnetIdError:
        return None
    vpcs = {subnet.vpc_id for subnet in subnets}
    if len(vpcs) != 1:
        return None
    return [
        {
            "SubnetIdentifier": subnet.id,
            "SubnetAvailabilityZone": {"Name": subnet.availability_zone},
        }
        for subnet in subnets
    ], vpcs.pop()


@around(elasticache, "_describe_cache_parameters")
def tell_whose(original: Any, parameters: Parameters) -> Any:
    """ministack names all parameters, also where it is asked for those that the user has set."""
    source = elasticache._p(parameters, "Source")
    name = elasticache._p(parameters, "CacheParameterGroupName")
    every = elasticache._param_group_params.get(name, {})
    if not source:
        return original(parameters)
    elasticache._param_group_params[name] = {
        key: value for key, value in every.items() if value["Source"] == source
    }
    try:
        return original(parameters)
    finally:
        elasticache._param_group_params[name] = every


@around(elasticache, "_user_xml")
def escape_access(original: Any, user: dict[str, Any]) -> Any:
    """Access strings have ampersands."""
    return original({**user, "AccessString": escape(user["AccessString"])})


@around(elasticache, "_create_user")
def authenticate_at_creation(original: Any, parameters: Parameters) -> Any:
    """A new user."""
    answer = original(parameters)
    keep_authentication(parameters)
    return answer


@around(elasticache, "_modify_user")
def authenticate_at_update(original: Any, parameters: Parameters) -> Any:
    """A user that exists."""
    answer = original(parameters)
    keep_authentication(parameters)
    return answer


def keep_authentication(parameters: Parameters) -> None:
    """ministack reads passwords only where they were before there were modes of authentication."""
    kind = elasticache._p(parameters, "AuthenticationMode.Type")
    user = elasticache._users.get(elasticache._p(parameters, "UserId"))
    if not kind or user is None:
        return
    passwords = elasticache._extract_configs(
        parameters, "AuthenticationMode.Passwords", ("member",)
    )
    # what a request calls "no-password-required" is "no-password" in an answer
    user["Authentication"] = {
        "Type": kind.removesuffix("-required"),
        "PasswordCount": len(passwords),
    }


@around(elasticache, "_create_replication_group")
def name_endpoints(original: Any, parameters: Parameters) -> Any:
    """ministack gives every node the address of the one server that it expects."""
    answer = original(parameters)
    cache = cache_of(parameters)
    for group in cache["NodeGroups"]:
        group["PrimaryEndpoint"] = endpoint("master", cache)
        group["ReaderEndpoint"] = endpoint("replica", cache)
    return answer


def endpoint(role: str, cache: dict[str, Any]) -> dict[str, Any]:
    """As AWS names them."""
    return {
        "Address": f"{role}.{cache['ReplicationGroupId']}.abc123.use1.cache.amazonaws.com",
        "Port": elasticache.REDIS_DEFAULT_PORT,
    }


@around(elasticache, "_cluster_xml_inner")
def tell_upgrades(original: Any, cluster: dict[str, Any]) -> Any:
    """The provider asks a node whether its cache takes minor versions by itself."""
    upgrades = str(cluster["AutoMinorVersionUpgrade"]).lower()
    return f"{original(cluster)}<AutoMinorVersionUpgrade>{upgrades}</AutoMinorVersionUpgrade>"


@around(elasticache, "_modify_replication_group")
def keep_at_update(original: Any, parameters: Parameters) -> Any:
    """ministack drops some changes, and keeps the others from the nodes."""
    answer = original(parameters)
    cache = cache_of(parameters)
    if window := elasticache._p(parameters, "PreferredMaintenanceWindow"):
        cache["PreferredMaintenanceWindow"] = window
    for cluster in nodes_of(cache):
        cluster.update({name: cache[name] for name in (*FOLLOWED, "PreferredMaintenanceWindow")})
        cluster["CacheParameterGroup"]["CacheParameterGroupName"] = cache["CacheParameterGroupName"]
    return answer


@around(elasticache, "_increase_replica_count")
def add_nodes(original: Any, parameters: Parameters) -> Any:
    """ministack forgets the nodes behind new replicas."""
    answer = original(parameters)
    follow_members(cache_of(parameters))
    return answer


@around(elasticache, "_decrease_replica_count")
def remove_nodes(original: Any, parameters: Parameters) -> Any:
    """ministack keeps the nodes behind replicas that are gone."""
    answer = original(parameters)
    follow_members(cache_of(parameters))
    return answer


def follow_members(cache: dict[str, Any]) -> None:
    """Makes a cache's nodes those of its node groups."""
    members = [
        member["CacheClusterId"]
        for group in cache["NodeGroups"]
        for member in group["NodeGroupMembers"]
    ]
    first, *_ = nodes_of(cache)
    for name in set(cache["MemberClusters"]) - set(members):
        elasticache._tags.pop(elasticache._clusters.pop(name)["CacheClusterArn"], None)
    for name in set(members) - set(cache["MemberClusters"]):
        arn = elasticache._arn_cluster(name)
        node = {**copy.deepcopy(first), "CacheClusterId": name, "CacheClusterArn": arn}
        elasticache._clusters[name] = node
        elasticache._tags[arn] = list(elasticache._tags.get(cache["ARN"], []))
    cache["MemberClusters"] = members


def nodes_of(cache: dict[str, Any]) -> list[dict[str, Any]]:
    """A cache's nodes."""
    return [elasticache._clusters[name] for name in cache["MemberClusters"]]


def cache_of(parameters: Parameters) -> dict[str, Any]:
    """The cache that a request is about."""
    return elasticache._replication_groups[elasticache._p(parameters, "ReplicationGroupId")]
