"""Secrets Manager: labels of a secret's versions, and the end of those that have none left."""

from typing import Any

from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend

from .patching import around

OF_AWS = {"AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"}
"""Labels that go from version to version by themselves."""


@around(FakeSecret, "reset_default_version")
def keep_other_labels(
    original: Any, secret: FakeSecret, new_version: dict[str, Any], version_id: str
) -> None:
    """A new current version takes the label AWSCURRENT from the one before; moto takes all."""
    before = secret.versions.get(secret.default_version_id, {"version_stages": []})
    labels = set(before["version_stages"]) - OF_AWS - set(new_version["version_stages"])
    original(secret, new_version, version_id)
    before["version_stages"].extend(sorted(labels))


@around(SecretsManagerBackend, "put_secret_value")
def forget_deprecated(
    original: Any, backend: SecretsManagerBackend, *args: Any, **kwargs: Any
) -> Any:
    """AWS deletes versions without a label when it likes, and moto never.

    Here they go at once, so that nothing can rely on them.
    """
    answer = original(backend, *args, **kwargs)
    for secret in backend.secrets.values():
        versions = getattr(secret, "versions", {})
        for version in [name for name, its in versions.items() if not its["version_stages"]]:
            del versions[version]
    return answer
