"""EC2: instances made from a launch template."""

import copy
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance
from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateBackend
from moto.ec2.responses.instances import InstanceResponse
from moto.ec2.responses.monitoring import Monitoring
from moto.ssm.models import ssm_backends

from .patching import added, around

BY_MOTO = ("TagSpecifications", "UserData")
"""What moto itself takes over from a launch template, in its own way."""
IMAGE_GIB = 8
"""The size of Amazon Linux. On AWS it counts where a volume's size is left out."""
RESOLVED = "resolve:ssm:"


@around(InstanceResponse, "run_instances")
def heed_template(original: Any, response: InstanceResponse) -> Any:
    """moto overlooks a template's profile, metadata options, monitoring and encryption."""
    request = response._get_params()
    if reference := request.get("LaunchTemplate"):
        data = response.ec2_backend._get_template_from_args(reference).data
        for name, value in data.items():
            if name not in BY_MOTO:
                request.setdefault(name, copy.deepcopy(value))
    request["ImageId"] = resolved(response, request.get("ImageId"))
    for device in request.get("BlockDeviceMappings", []):
        if "Ebs" in device and "SnapshotId" not in device["Ebs"]:
            device["Ebs"].setdefault("VolumeSize", IMAGE_GIB)
    return original(response)


def resolved(response: InstanceResponse, image: str | None) -> str | None:
    """The image that a parameter of the parameter store names."""
    if image is None or not image.startswith(RESOLVED):
        return image
    parameters = ssm_backends[response.current_account][response.region]
    return parameters.get_parameter(image.removeprefix(RESOLVED)).value


@around(Monitoring, "monitor_instances")
def monitor_instances(_: Any, response: Monitoring) -> ActionResult:
    """Detailed monitoring, which moto can switch on only when an instance starts."""
    return set_monitoring(response, "enabled")


@around(Monitoring, "unmonitor_instances")
def unmonitor_instances(_: Any, response: Monitoring) -> ActionResult:
    """Basic monitoring."""
    return set_monitoring(response, "disabled")


def set_monitoring(response: Monitoring, state: str) -> ActionResult:
    """For the instances that a request names."""
    ids = response._get_param("InstanceIds")
    for instance in response.ec2_backend.get_multi_instances_by_id(ids):
        instance.monitoring_state = state
    monitorings = [{"InstanceId": id, "Monitoring": {"State": state}} for id in ids]
    return ActionResult({"InstanceMonitorings": monitorings})


Instance.maintenance_options = {"AutoRecovery": "default"}


@added(InstanceResponse)
def modify_instance_maintenance_options(self: InstanceResponse) -> ActionResult:
    """Whether EC2 moves an instance to other hardware when its own fails."""
    instance = self.ec2_backend.get_instance(self._get_param("InstanceId"))
    instance.maintenance_options = {"AutoRecovery": self._get_param("AutoRecovery")}
    return ActionResult({"InstanceId": instance.id, **instance.maintenance_options})


def association(interface: NetworkInterface) -> dict[str, Any] | None:
    """Without a public address there is none; moto answers an empty one, which looks like one."""
    return network_interface_association(interface) or None


network_interface_association = NetworkInterface.association.fget
NetworkInterface.association = property(association)


# moto answers the tags of the moment when the template was made
LaunchTemplate.tags = property(LaunchTemplate.get_tags, lambda template, at_creation: None)


@around(LaunchTemplateBackend, "create_launch_template")
def leave_own_tags_out(
    original: Any,
    backend: LaunchTemplateBackend,
    name: str,
    description: str,
    data: dict[str, Any],
    tags: dict[str, dict[str, str]],
) -> Any:
    """moto adds the template's own tags to those that the template is to give to instances."""
    specifications = data.get("TagSpecifications", [])
    specifications[:] = [one for one in specifications if one["ResourceType"] not in tags]
    return original(backend, name, description, data, tags)
