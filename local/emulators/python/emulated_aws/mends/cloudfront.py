"""CloudFront: origins inside a VPC, which moto does not know, and what it makes up in an answer."""

from typing import Any

from moto.cloudfront import models, urls
from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult
from moto.core.utils import utcnow

from .patching import added, around

for path in ("vpc-origin$", "vpc-origin/(?P<origin_id>[^/]+)$"):
    urls.url_paths[f"{{0}}/2020-05-31/{path}"] = CloudFrontResponse.dispatch


@added(CloudFrontResponse)
def create_vpc_origin(response: CloudFrontResponse) -> ActionResult:
    """It is deployed at once; AWS takes some minutes."""
    backend = response.backend
    origin_id = f"vo_{models.random_id(length=22)}"
    origin = {
        "Id": origin_id,
        "Arn": f"arn:{backend.partition}:cloudfront::{backend.account_id}:vpcorigin/{origin_id}",
        "AccountId": backend.account_id,
        "Status": "Deployed",
        "CreatedTime": utcnow(),
    }
    vpc_origins(backend)[origin_id] = origin
    backend.tagger.tag_resource(origin["Arn"], response._get_param("Tags.Items", []) or [])
    return take_settings(response, origin)


@added(CloudFrontResponse)
def get_vpc_origin(response: CloudFrontResponse) -> ActionResult:
    """One of them."""
    return answer(origin_asked_for(response))


@added(CloudFrontResponse)
def update_vpc_origin(response: CloudFrontResponse) -> ActionResult:
    """All its settings at once."""
    return take_settings(response, origin_asked_for(response))


@added(CloudFrontResponse)
def delete_vpc_origin(response: CloudFrontResponse) -> ActionResult:
    """Refused while a distribution has it."""
    origin = origin_asked_for(response)
    used = [
        getattr(one, "vpc_origin_config", {}).get("VpcOriginId")
        for distribution in response.backend.distributions.values()
        for one in distribution.distribution_config.Origins["Items"]
    ]
    if origin["Id"] in used:
        raise CloudFrontException("CannotDeleteEntityWhileInUse", "A distribution uses it.")
    return answer(vpc_origins(response.backend).pop(origin["Id"]))


@around(models.Origin, "__init__")
def keep_vpc_origin(original: Any, origin: models.Origin, settings: dict[str, Any]) -> None:
    """moto reads no other kind than S3 and custom ones."""
    original(origin, settings)
    if config := settings.get("VpcOriginConfig"):
        origin.vpc_origin_config = config


@around(models.DefaultCacheBehaviour, "__init__")
def leave_to_policy(
    original: Any, behavior: models.DefaultCacheBehaviour, settings: dict[str, Any]
) -> None:
    """A cache policy takes the place of older settings, which moto answers with all the same."""
    original(behavior, settings)
    if settings.get("CachePolicyId"):
        behavior.forwarded_values = None
        behavior.min_ttl = behavior.default_ttl = behavior.max_ttl = None


@around(models.ViewerCertificate, "__init__")
def either_own_or_default(
    original: Any, certificate: models.ViewerCertificate, settings: dict[str, Any]
) -> None:
    """moto says of every certificate that it is CloudFront's own."""
    original(certificate, settings)
    if settings.get("ACMCertificateArn"):
        certificate.cloud_front_default_certificate = False


def vpc_origins(backend: models.CloudFrontBackend) -> dict[str, Any]:
    """By id. They lie with the backend, and so in its saved state."""
    return vars(backend).setdefault("vpc_origins", {})


def origin_asked_for(response: CloudFrontResponse) -> dict[str, Any]:
    """By the id in the path."""
    origin = vpc_origins(response.backend).get(response._get_param("Id"))
    if origin is None:
        raise CloudFrontException("EntityNotFound", "The VPC origin does not exist.")
    return origin


def take_settings(response: CloudFrontResponse, origin: dict[str, Any]) -> ActionResult:
    """The settings of a request, and a new mark of the version."""
    origin["VpcOriginEndpointConfig"] = response._get_param("VpcOriginEndpointConfig")
    origin["LastModifiedTime"] = utcnow()
    origin["ETag"] = models.random_id(length=14)
    return answer(origin)


def answer(origin: dict[str, Any]) -> ActionResult:
    """With the version in a header."""
    return ActionResult({"VpcOrigin": origin, "ETag": origin["ETag"]})
