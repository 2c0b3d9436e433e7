"""A file system that tasks mount."""

import json
from collections.abc import Iterator
from typing import Any

from .common import TAGS, client

TLS_ONLY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "*"}],
    }
)


def create_file_system(network: dict[str, Any]) -> None:
    """With backups, a policy, a door and an access point."""
    efs = client("efs")
    file_system = efs.create_file_system(CreationToken="check", Encrypted=True, Tags=TAGS)
    of_it = {"FileSystemId": file_system["FileSystemId"]}
    efs.update_file_system(ThroughputMode="elastic", **of_it)
    efs.put_backup_policy(BackupPolicy={"Status": "ENABLED"}, **of_it)
    efs.put_file_system_policy(Policy=TLS_ONLY, **of_it)
    efs.create_mount_target(SubnetId=network["subnets"][0], **of_it)
    efs.create_access_point(ClientToken="check", PosixUser={"Uid": 1000, "Gid": 1000}, **of_it)


def read_file_systems() -> Iterator[tuple[str, Any]]:
    """What became of them."""
    efs = client("efs")
    yield "efs access points", efs.describe_access_points()["AccessPoints"]
    for file_system in efs.describe_file_systems()["FileSystems"]:
        of_it = {"FileSystemId": file_system["FileSystemId"]}
        file_system.pop("SizeInBytes")  # as of the answer
        yield (
            "efs file system",
            {
                "file system": file_system,
                "backups": efs.describe_backup_policy(**of_it)["BackupPolicy"],
                "policy": efs.describe_file_system_policy(**of_it)["Policy"],
                "doors": efs.describe_mount_targets(**of_it)["MountTargets"],
            },
        )
