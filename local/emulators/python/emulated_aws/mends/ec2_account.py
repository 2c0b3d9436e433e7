"""EC2: what a region holds every new instance, snapshot and image to."""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend
from moto.ec2.responses.settings import Settings

from .patching import added

METADATA = ("HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "InstanceMetadataTags")
UNSET = ("no-preference", "-1")


def held_to(response: Settings) -> dict[str, Any]:
    """The region's settings, kept with everything else of it."""
    backend: EC2Backend = response.ec2_backend
    return backend.__dict__.setdefault("account_settings", {})


@added(Settings)
def modify_instance_metadata_defaults(self: Settings) -> ActionResult:
    """What is not named stays as it is."""
    metadata = held_to(self).setdefault("metadata", {})
    for name in METADATA:
        value = self._get_param(name)
        if value is not None:
            metadata[name] = value
    held_to(self)["metadata"] = {
        name: value for name, value in metadata.items() if str(value) not in UNSET
    }
    return ActionResult({"Return": True})


@added(Settings)
def get_instance_metadata_defaults(self: Settings) -> ActionResult:
    """Only what somebody set."""
    return ActionResult({"AccountLevel": held_to(self).get("metadata", {})})


@added(Settings)
def enable_snapshot_block_public_access(self: Settings) -> ActionResult:
    """From now on."""
    held_to(self)["snapshots"] = state = self._get_param("State")
    return ActionResult({"State": state})


@added(Settings)
def disable_snapshot_block_public_access(self: Settings) -> ActionResult:
    """As an account begins."""
    held_to(self).pop("snapshots", None)
    return ActionResult({"State": "unblocked"})


@added(Settings)
def get_snapshot_block_public_access_state(self: Settings) -> ActionResult:
    """How it stands."""
    return ActionResult({"State": held_to(self).get("snapshots", "unblocked")})


@added(Settings)
def enable_image_block_public_access(self: Settings) -> ActionResult:
    """AWS takes up to ten minutes."""
    held_to(self)["images"] = state = self._get_param("ImageBlockPublicAccessState")
    return ActionResult({"ImageBlockPublicAccessState": state})


@added(Settings)
def disable_image_block_public_access(self: Settings) -> ActionResult:
    """As old accounts begin."""
    held_to(self).pop("images", None)
    return ActionResult({"ImageBlockPublicAccessState": "unblocked"})


@added(Settings)
def get_image_block_public_access_state(self: Settings) -> ActionResult:
    """How it stands."""
    return ActionResult({"ImageBlockPublicAccessState": held_to(self).get("images", "unblocked")})
