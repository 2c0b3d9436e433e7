"""S3: tags given when a bucket is created, the end of delete markers."""

from typing import Any

import xmltodict
from moto.s3.models import FakeDeleteMarker
from moto.s3.responses import S3Response

from .patching import added, around


@around(S3Response, "_bucket_response_put")
def tag_at_creation(
    original: Any, response: S3Response, request: Any, bucket_name: str, query: dict[str, Any]
) -> Any:
    """moto reads no more than the region out of a request for a bucket."""
    answer = original(response, request, bucket_name, query)
    if not query and response.body:
        wanted = xmltodict.parse(response.body, force_list=("Tag",))["CreateBucketConfiguration"]
        if wanted and wanted.get("Tags"):
            tags = {tag["Key"]: tag["Value"] or "" for tag in wanted["Tags"]["Tag"]}
            response.backend.put_bucket_tagging(bucket_name, tags)
    return answer


@added(FakeDeleteMarker)
def dispose(marker: FakeDeleteMarker, garbage: bool = False) -> None:
    """What moto asks of every version that it deletes. A marker has no content to let go of."""
