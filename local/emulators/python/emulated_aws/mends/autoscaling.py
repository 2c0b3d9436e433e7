"""Auto Scaling: groups with a mixture of instances, and settings that moto drops."""

import copy
from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores
from moto.moto_api._internal import mock_random

from .patching import added, around

KEPT = ("DefaultInstanceWarmup", "MaxInstanceLifetime")
"""Numbers of a group that moto does not know."""


@around(FakeAutoScalingGroup, "set_desired_capacity")
def round_up(original: Any, group: FakeAutoScalingGroup, capacity: int | None) -> None:
    """moto cuts off both shares of a mixture, and starts fewer instances than it was told."""
    policy = group.mixed_instances_policy
    if policy:
        group.mixed_instances_policy = copy.deepcopy(policy)
        group.mixed_instances_policy["InstancesDistribution"] = {}
    try:
        original(group, capacity)
    finally:
        group.mixed_instances_policy = policy


@around(AutoScalingBackend, "update_auto_scaling_group")
def keep_unchanged(original: Any, backend: AutoScalingBackend, **changes: Any) -> Any:
    """moto forgets the mixture where a request does not repeat it."""
    group = backend.autoscaling_groups.get(changes["name"])
    if group and group.mixed_instances_policy and not changes["mixed_instances_policy"]:
        policy = copy.deepcopy(group.mixed_instances_policy)
        # moto answers both and takes one of them
        policy["LaunchTemplate"]["LaunchTemplateSpecification"].pop("LaunchTemplateName")
        changes["mixed_instances_policy"] = policy
    return original(backend, **changes)


@around(AutoScalingResponse, "create_auto_scaling_group")
def keep_at_creation(original: Any, response: AutoScalingResponse) -> ActionResult:
    """A new group."""
    answer = original(response)
    keep(response)
    return answer


@around(AutoScalingResponse, "update_auto_scaling_group")
def keep_at_update(original: Any, response: AutoScalingResponse) -> ActionResult:
    """A group that exists."""
    answer = original(response)
    group = keep(response)
    rebalance = response._get_bool_param("CapacityRebalance", None)
    if rebalance is not None:
        group.capacity_rebalance = rebalance
    return answer


def keep(response: AutoScalingResponse) -> Any:
    """Adds what moto drops to the group that a request names."""
    groups = response.autoscaling_backend.autoscaling_groups
    group = groups[response._get_param("AutoScalingGroupName")]
    for name in KEPT:
        if (value := response._get_int_param(name)) is not None:
            setattr(group, camelcase_to_underscores(name), value)
    return group


@around(AutoScalingResponse, "delete_auto_scaling_group")
def delete_protected(original: Any, response: AutoScalingResponse) -> ActionResult:
    """Where it is forced, a deletion takes the instances along that are protected from scaling."""
    groups = response.autoscaling_backend.autoscaling_groups
    group = groups.get(response._get_param("AutoScalingGroupName"))
    if group and response._get_bool_param("ForceDelete", False):
        for state in group.instance_states:
            state.protected_from_scale_in = False
    return original(response)


@added(AutoScalingResponse)
def start_instance_refresh(_response: AutoScalingResponse) -> ActionResult:
    """Done at once: nobody looks at the instances."""
    return ActionResult({"InstanceRefreshId": str(mock_random.uuid4())})
