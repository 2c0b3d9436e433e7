"""EFS: backups, and policies that go, which moto lacks."""

import json
from typing import Any

from moto.efs.models import EFSBackend, FileSystem
from moto.efs.responses import TYPE_RESPONSE, EFSResponse

from .patching import added, around

JSON = {"Content-Type": "application/json"}


@added(EFSResponse)
def put_backup_policy(response: EFSResponse) -> TYPE_RESPONSE:
    """Turns backups on or off."""
    policy = response._get_param("BackupPolicy")
    file_system_of(response)._backup = policy["Status"] == "ENABLED"
    return json.dumps({"BackupPolicy": policy}), JSON


@around(EFSBackend, "describe_backup_policy")
def describe_either(_: Any, backend: EFSBackend, file_system_id: str) -> dict[str, str]:
    """AWS also says that backups are off; moto says that nobody knows."""
    is_on = backend.file_systems_by_id[file_system_id]._backup
    return {"Status": "ENABLED" if is_on else "DISABLED"}


@added(EFSResponse)
def delete_file_system_policy(response: EFSResponse) -> TYPE_RESPONSE:
    """Back to the policy that every file system begins with."""
    file_system_of(response).file_system_policy = None
    return "{}", JSON


@added(EFSResponse)
def update_file_system(response: EFSResponse) -> TYPE_RESPONSE:
    """Another throughput."""
    file_system = file_system_of(response)
    file_system.throughput_mode = response._get_param("ThroughputMode")
    return json.dumps(file_system.info_json()), {"status": 202, **JSON}


def file_system_of(response: EFSResponse) -> FileSystem:
    """The file system that a request is about."""
    return response.efs_backend.file_systems_by_id[response._get_param("FileSystemId")]
