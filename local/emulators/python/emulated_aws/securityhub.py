"""Security Hub with its standards, which moto lacks: it measures nothing."""

from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_region

from . import rest_json
from .rest_json import Refusal, Request
from .settings import ACCOUNT

_hubs: AccountRegionScopedDict = AccountRegionScopedDict()
"""The one hub of a region, under "hub"."""
_standards: AccountRegionScopedDict = AccountRegionScopedDict()
"""Subscriptions by their ARNs."""


async def handle_request(
    method: str, path: str, _headers: dict[str, str], body: bytes, query: dict[str, Any]
) -> rest_json.Answer:
    """Answers in JSON."""
    return rest_json.answer(ROUTES, method, path, body, query)


def enable(request: Request) -> Request:
    """Turns it on, once."""
    if "hub" in _hubs:
        raise Refusal("ResourceConflictException", 409)
    _hubs["hub"] = {
        "HubArn": f"arn:aws:securityhub:{get_region()}:{ACCOUNT}:hub/default",
        "SubscribedAt": "2026-01-01T00:00:00.000Z",
        "AutoEnableControls": True,
        "ControlFindingGenerator": request.get("ControlFindingGenerator", "SECURITY_CONTROL"),
    }
    return {}


def hub() -> Request:
    """The hub, where it is on."""
    if "hub" not in _hubs:
        raise Refusal("ResourceNotFoundException", 404)
    return _hubs["hub"]


def describe(_request: Request) -> Request:
    """What there is to know of it."""
    return hub()


def update(request: Request) -> Request:
    """Changes what is named."""
    hub().update(request)
    return {}


def disable(_request: Request) -> Request:
    """Turns it off, and its standards with it."""
    hub()
    del _hubs["hub"]
    for arn in list(_standards):
        del _standards[arn]
    return {}


def enable_standards(request: Request) -> Request:
    """They are ready at once; AWS takes some minutes."""
    hub()
    subscriptions = []
    for given in request["StandardsSubscriptionRequests"]:
        path = given["StandardsArn"].partition("standards/")[2]
        arn = f"arn:aws:securityhub:{get_region()}:{ACCOUNT}:subscription/{path}"
        _standards[arn] = {
            "StandardsSubscriptionArn": arn,
            "StandardsArn": given["StandardsArn"],
            "StandardsInput": given.get("StandardsInput", {}),
            "StandardsStatus": "READY",
        }
        subscriptions.append(_standards[arn])
    return {"StandardsSubscriptions": subscriptions}


def get_standards(request: Request) -> Request:
    """Those that are asked for, or all."""
    hub()
    asked = request.get("StandardsSubscriptionArns") or list(_standards)
    return {"StandardsSubscriptions": [_standards[arn] for arn in asked if arn in _standards]}


def disable_standards(request: Request) -> Request:
    """They are gone at once."""
    gone = get_standards(request)["StandardsSubscriptions"]
    for subscription in gone:
        del _standards[subscription["StandardsSubscriptionArn"]]
    return {"StandardsSubscriptions": [{**one, "StandardsStatus": "DELETING"} for one in gone]}


ROUTES: rest_json.Routes = {
    ("POST", "/accounts"): enable,
    ("GET", "/accounts"): describe,
    ("PATCH", "/accounts"): update,
    ("DELETE", "/accounts"): disable,
    ("POST", "/standards/register"): enable_standards,
    ("POST", "/standards/get"): get_standards,
    ("POST", "/standards/deregister"): disable_standards,
}
