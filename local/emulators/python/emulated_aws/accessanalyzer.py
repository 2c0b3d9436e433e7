"""IAM Access Analyzer, which neither emulator has: analyzers that find nothing."""

from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_region

from . import rest_json
from .rest_json import Refusal, Request
from .settings import ACCOUNT

_analyzers: AccountRegionScopedDict = AccountRegionScopedDict()
"""By name, as AWS tells of them."""


async def handle_request(
    method: str, path: str, _headers: dict[str, str], body: bytes, query: dict[str, Any]
) -> rest_json.Answer:
    """Answers in JSON."""
    return rest_json.answer(ROUTES, method, path, body, query)


def create(request: Request) -> Request:
    """AWS takes a name once."""
    name = request["analyzerName"]
    if name in _analyzers:
        raise Refusal("ConflictException", 409)
    arn = f"arn:aws:access-analyzer:{get_region()}:{ACCOUNT}:analyzer/{name}"
    _analyzers[name] = {
        "arn": arn,
        "name": name,
        "type": request["type"],
        "createdAt": "2026-01-01T00:00:00Z",
        "status": "ACTIVE",
        "tags": request.get("tags", {}),
    }
    return {"arn": arn}


def get(_request: Request, name: str) -> Request:
    """What there is to know of one."""
    if name not in _analyzers:
        raise Refusal("ResourceNotFoundException", 404)
    return {"analyzer": _analyzers[name]}


def delete(request: Request, name: str) -> Request:
    """Removes it at once."""
    get(request, name)
    del _analyzers[name]
    return {}


def tags_of(arn: str) -> dict[str, str]:
    """Tags of the analyzer with an ARN."""
    return get({}, arn.rpartition("/")[2])["analyzer"]["tags"]


def list_tags(_request: Request, arn: str) -> Request:
    """Tags of one."""
    return {"tags": tags_of(arn)}


def tag(request: Request, arn: str) -> Request:
    """Adds tags, or changes them."""
    tags_of(arn).update(request["tags"])
    return {}


def untag(request: Request, arn: str) -> Request:
    """Removes tags."""
    for key in request["tagKeys"]:
        tags_of(arn).pop(key, None)
    return {}


ROUTES: rest_json.Routes = {
    ("PUT", "/analyzer"): create,
    ("GET", "/analyzer/([^/]+)"): get,
    ("DELETE", "/analyzer/([^/]+)"): delete,
    ("GET", "/tags/(.+)"): list_tags,
    ("POST", "/tags/(.+)"): tag,
    ("DELETE", "/tags/(.+)"): untag,
}
