"""S3: how many former versions a lifecycle keeps, which moto drops."""

import re
from typing import Any

from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

from .patching import around

RULE = re.compile(r"<Rule>.*?</Rule>", re.DOTALL)
DAYS = re.compile(r"(<NoncurrentVersionExpiration>\s*<NoncurrentDays>\d+</NoncurrentDays>)")


@around(FakeBucket, "set_lifecycle")
def keep_number(original: Any, bucket: FakeBucket, rules: list[dict[str, Any]]) -> None:
    """As many as the request says, by the order of its rules."""
    original(bucket, rules)
    vars(bucket)["versions_kept"] = [
        (rule.get("NoncurrentVersionExpiration") or {}).get("NewerNoncurrentVersions")
        for rule in rules
    ]


@around(S3Response, "get_bucket_lifecycle")
def tell_number(original: Any, response: S3Response) -> Any:
    """The provider waits until it reads what it has written."""
    status, headers, body = original(response)
    bucket = response.backend.get_bucket(response.bucket_name)
    numbers = iter(vars(bucket).get("versions_kept", []))

    def complete(rule: re.Match[str]) -> str:
        number = next(numbers, None)
        if number is None:
            return rule[0]
        kept = f"<NewerNoncurrentVersions>{number}</NewerNoncurrentVersions>"
        return DAYS.sub(rf"\1{kept}", rule[0])

    return status, headers, RULE.sub(complete, body)
