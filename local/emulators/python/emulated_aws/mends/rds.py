"""RDS: identity, version and Performance Insights of an instance, parameters of a group."""

import re
import uuid
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import DBParameterGroupNotFoundError
from moto.rds.models import DBInstance, DBParameterGroup
from moto.rds.responses import RDSResponse

from .patching import added, around

MINOR_VERSION = "6"
"""AWS completes a major version with its newest minor one; here any will do."""


@around(DBInstance, "__init__")
def complete(original: Any, instance: DBInstance, *args: Any, **kwargs: Any) -> None:
    """moto gives every instance the same resource id, by which the provider looks it up."""
    original(instance, *args, **kwargs)
    instance.dbi_resource_id = f"db-{uuid.uuid4().hex[:26].upper()}"
    # moto drops what it does not know, such as whether Performance Insights are on
    dropped = kwargs.keys() - vars(instance).keys()
    for name in dropped - set(dir(DBInstance)):
        setattr(instance, name, kwargs[name])


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
