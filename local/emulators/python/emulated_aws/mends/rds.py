"""RDS: identity and version of an instance, its replicas, clusters, parameters of a group."""

import re
import uuid
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBParameterGroupNotFoundError, InvalidParameterCombination
from moto.rds.models import DBCluster, DBInstance, DBParameterGroup, RDSBackend
from moto.rds.responses import RDSResponse

from .patching import added, around

MINOR_VERSION = "6"
"""AWS completes a major version with its newest minor one; here any will do."""


@around(DBInstance, "__init__")
def complete(original: Any, instance: DBInstance, *args: Any, **kwargs: Any) -> None:
    """moto gives every instance the same resource id, by which the provider looks it up."""
    original(instance, *args, **kwargs)
    instance.dbi_resource_id = new_resource_id()
    keep_dropped(instance, kwargs)


@around(DBCluster, "__init__")
def complete_cluster(original: Any, cluster: DBCluster, *args: Any, **kwargs: Any) -> None:
    """Of Aurora."""
    original(cluster, *args, **kwargs)
    keep_dropped(cluster, kwargs)


def keep_dropped(resource: DBInstance | DBCluster, given: dict[str, Any]) -> None:
    """moto drops what it does not know, such as whether Performance Insights are on."""
    for name in given.keys() - vars(resource).keys() - set(dir(type(resource))):
        setattr(resource, name, given[name])


SCALING = DBCluster.scaling_configuration_info


def scaling_of_first_serverless(cluster: DBCluster) -> dict[str, Any] | None:
    """Every cluster has it with moto; on AWS those of the first Aurora Serverless alone."""
    return SCALING.fget(cluster) if cluster.scaling_configuration else None


DBCluster.scaling_configuration_info = property(scaling_of_first_serverless)


def new_resource_id() -> str:
    """As the provider tells it from a name."""
    return f"db-{uuid.uuid4().hex[:26].upper()}"


@around(RDSBackend, "create_db_instance_read_replica")
def separate_replica(original: Any, backend: RDSBackend, db_kwargs: dict[str, Any]) -> DBInstance:
    """moto's replica shares identity, tags and lists with its source, whatever its password."""
    source = backend.find_db_from_id(db_kwargs["source_db_instance_identifier"])
    if source.manage_master_user_password:
        raise InvalidParameterCombination(
            f"no replica of {source.db_instance_identifier}, whose password RDS manages"
        )
    replica = original(backend, db_kwargs)
    replica.dbi_resource_id = new_resource_id()
    replica.tags = list(db_kwargs.get("tags") or [])
    replica.enabled_cloudwatch_logs_exports = list(
        db_kwargs.get("enable_cloudwatch_logs_exports") or []
    )
    replica.deletion_protection = bool(db_kwargs.get("deletion_protection"))
    replica.multi_az = bool(db_kwargs.get("multi_az"))
    replica.backup_retention_period = 0
    return replica


def performance_insights_enabled(instance: DBInstance) -> bool:
    """Answers call it otherwise than requests do."""
    return getattr(instance, "enable_performance_insights", False)


DBInstance.performance_insights_enabled = property(performance_insights_enabled)


def set_full_version(instance: DBInstance, version: str) -> None:
    """PostgreSQL 17 becomes 17.6, as AWS answers."""
    is_major = instance.engine == "postgres" and re.fullmatch(r"\d+", version)
    instance._engine_version = f"{version}.{MINOR_VERSION}" if is_major else version


DBInstance.engine_version = DBInstance.engine_version.setter(set_full_version)


@around(DBParameterGroup, "update_parameters")
def mark_as_set_by_user(original: Any, group: DBParameterGroup, parameters: Any) -> None:
    """AWS says of each parameter who set it, and the provider heeds only the user's."""
    original(group, [{**parameter, "Source": "user"} for parameter in parameters])


@added(RDSResponse)
def reset_db_parameter_group(response: RDSResponse) -> ActionResult:
    """Gives parameters their default values back, which moto does not know: it forgets them."""
    name = response.params["DBParameterGroupName"]
    group = response.backend.db_parameter_groups.get(name)
    if group is None:
        raise DBParameterGroupNotFoundError(name)
    for parameter in response.params.get("Parameters", list(group.parameters.values())):
        group.parameters.pop(parameter["ParameterName"], None)
    return ActionResult({"DBParameterGroupName": name})
