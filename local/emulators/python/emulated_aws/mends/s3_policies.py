"""S3: statements of a bucket's policy that hold under a condition."""

import copy
import json
from typing import Any

from moto.s3.models import FakeBucket

from .patching import around


@around(FakeBucket, "get_permission")
def leave_out_conditions(
    original: Any, bucket: FakeBucket, action: str, resource: str
) -> Any:
    """moto reads no conditions: what is denied without TLS would be denied to everybody."""
    if bucket.policy is None:
        return original(bucket, action, resource)
    policy = json.loads(bucket.policy)
    policy["Statement"] = [
        statement for statement in policy["Statement"] if "Condition" not in statement
    ]
    unconditional = copy.copy(bucket)
    unconditional.policy = json.dumps(policy).encode() if policy["Statement"] else None
    return original(unconditional, action, resource)
