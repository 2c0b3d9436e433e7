"""IAM (moto): what is gone is said to be gone."""

from typing import Any

from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend

from .patching import around


@around(IAMBackend, "remove_role_from_instance_profile")
def remove_role(original: Any, backend: IAMBackend, profile_name: str, role_name: str) -> None:
    """A second try, after a deletion of the profile failed, finds no role in it."""
    profile = backend.get_instance_profile(profile_name)
    if all(role.name != role_name for role in profile.roles):
        raise NotFoundException(f"Role {role_name} is not in instance profile {profile_name}")
    original(backend, profile_name, role_name)
