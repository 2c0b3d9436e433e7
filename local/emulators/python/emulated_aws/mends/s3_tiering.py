"""S3: Intelligent-Tiering of a bucket, which moto takes for requests about the bucket itself."""

from http import HTTPStatus
from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response

from .patching import around

SUBRESOURCE = "intelligent-tiering"


@around(S3Response, "_bucket_response_put")
def put_configuration(
    original: Any, response: S3Response, request: Any, bucket_name: str, query: dict[str, Any]
) -> Any:
    """Keeps what it was sent, under its name."""
    if SUBRESOURCE not in query:
        return original(response, request, bucket_name, query)
    configurations(response, bucket_name)[query["id"][0]] = response.body
    return HTTPStatus.OK, {}, ""


@around(S3Response, "_bucket_response_get")
def get_configuration(
    original: Any, response: S3Response, bucket_name: str, query: dict[str, Any]
) -> Any:
    """Answers with what it was sent."""
    if SUBRESOURCE not in query:
        return original(response, bucket_name, query)
    try:
        body = configurations(response, bucket_name)[query["id"][0]]
    except KeyError:
        raise NoSuchConfiguration from None
    return HTTPStatus.OK, {"Content-Type": "application/xml"}, body


@around(S3Response, "_bucket_response_delete")
def delete_configuration(
    original: Any, response: S3Response, bucket_name: str, query: dict[str, Any]
) -> Any:
    """moto would delete the bucket."""
    if SUBRESOURCE not in query:
        return original(response, bucket_name, query)
    if configurations(response, bucket_name).pop(query["id"][0], None) is None:
        raise NoSuchConfiguration
    return HTTPStatus.NO_CONTENT, {}, ""


class NoSuchConfiguration(S3ClientError):
    """A name that the bucket has no configuration under."""

    code = HTTPStatus.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("NoSuchConfiguration", "The specified configuration does not exist.")


def configurations(response: S3Response, bucket_name: str) -> dict[str, Any]:
    """A bucket's configurations, as they were sent."""
    bucket: FakeBucket = response.backend.get_bucket(bucket_name)
    return vars(bucket).setdefault("tiering_configurations", {})
