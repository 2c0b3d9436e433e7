"""Cost Explorer, which neither emulator has: anomalies, which nobody finds, and tags in bills."""

import json
import uuid
from typing import Any

from ministack.core.responses import AccountScopedDict

from .settings import ACCOUNT

_monitors: AccountScopedDict = AccountScopedDict()
_subscriptions: AccountScopedDict = AccountScopedDict()
"""Both by ARN."""
_tags: AccountScopedDict = AccountScopedDict()
"""Tags of both, by ARN."""
_cost_allocation_tags: AccountScopedDict = AccountScopedDict()
"""Whether a key of tags is active."""

Answer = tuple[int, dict[str, str], str]
Request = dict[str, Any]


class UnknownError(Exception):
    """What a request names is not there."""


async def handle_request(
    _method: str, _path: str, headers: dict[str, str], body: bytes, _query: dict[str, Any]
) -> Answer:
    """Answers in JSON 1.1."""
    action = headers.get("x-amz-target", "").rpartition(".")[2]
    if action not in ACTIONS:
        raise NotImplementedError(action)
    try:
        return answer(200, ACTIONS[action](json.loads(body or b"{}")))
    except UnknownError as unknown:
        code, arn = unknown.args
        return answer(400, {"__type": code, "message": f"there is no {arn}"})


def answer(status: int, content: Request) -> Answer:
    """As the caller reads it."""
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(content)


def known(store: AccountScopedDict, arn: str) -> Request:
    """What has an ARN."""
    if arn not in store:
        kind = "Monitor" if store is _monitors else "Subscription"
        raise UnknownError(f"Unknown{kind}Exception", arn)
    return store[arn]


def add(store: AccountScopedDict, kind: str, content: Request, tags: list[Request]) -> Request:
    """Makes a monitor or a subscription."""
    arn = f"arn:aws:ce::{ACCOUNT}:anomaly{kind.lower()}/{uuid.uuid4()}"
    store[arn] = {**content, f"{kind}Arn": arn}
    _tags[arn] = {tag["Key"]: tag["Value"] for tag in tags}
    return {f"{kind}Arn": arn}


def create_monitor(request: Request) -> Request:
    """What learns the usual costs."""
    return add(_monitors, "Monitor", request["AnomalyMonitor"], request.get("ResourceTags", []))


def get_monitors(request: Request) -> Request:
    """Those asked for, or all."""
    arns = request.get("MonitorArnList") or list(_monitors)
    return {"AnomalyMonitors": [known(_monitors, arn) for arn in arns]}


def update_monitor(request: Request) -> Request:
    """Only its name can change."""
    monitor = known(_monitors, request["MonitorArn"])
    monitor["MonitorName"] = request.get("MonitorName", monitor["MonitorName"])
    return {"MonitorArn": request["MonitorArn"]}


def delete_monitor(request: Request) -> Request:
    """Removes it at once."""
    known(_monitors, request["MonitorArn"])
    del _monitors[request["MonitorArn"]]
    return {}


def create_subscription(request: Request) -> Request:
    """Whom an anomaly is told."""
    content = {"AccountId": ACCOUNT, **request["AnomalySubscription"]}
    for subscriber in content["Subscribers"]:
        subscriber.setdefault("Status", "CONFIRMED")
    return add(_subscriptions, "Subscription", content, request.get("ResourceTags", []))


def get_subscriptions(request: Request) -> Request:
    """Those asked for, or all."""
    arns = request.get("SubscriptionArnList") or list(_subscriptions)
    return {"AnomalySubscriptions": [known(_subscriptions, arn) for arn in arns]}


def update_subscription(request: Request) -> Request:
    """Takes over what is given, and keeps the rest."""
    known(_subscriptions, request["SubscriptionArn"]).update(request)
    return {"SubscriptionArn": request["SubscriptionArn"]}


def delete_subscription(request: Request) -> Request:
    """Removes it at once."""
    known(_subscriptions, request["SubscriptionArn"])
    del _subscriptions[request["SubscriptionArn"]]
    return {}


def update_allocation(request: Request) -> Request:
    """AWS refuses a key that no resource has had for a day; here any passes."""
    for entry in request["CostAllocationTagsStatus"]:
        _cost_allocation_tags[entry["TagKey"]] = entry["Status"]
    return {"Errors": []}


def list_allocation(request: Request) -> Request:
    """Those asked for, or all."""
    keys = request.get("TagKeys") or list(_cost_allocation_tags)
    return {
        "CostAllocationTags": [
            {"TagKey": key, "Type": "UserDefined", "Status": _cost_allocation_tags[key]}
            for key in keys
            if key in _cost_allocation_tags
        ]
    }


def list_tags(request: Request) -> Request:
    """Tags of a monitor or a subscription."""
    tags = _tags.get(request["ResourceArn"], {})
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def tag(request: Request) -> Request:
    """Adds tags, or changes them."""
    _tags[request["ResourceArn"]].update(
        {each["Key"]: each["Value"] for each in request["ResourceTags"]}
    )
    return {}


def untag(request: Request) -> Request:
    """Removes tags."""
    for key in request["ResourceTagKeys"]:
        _tags[request["ResourceArn"]].pop(key, None)
    return {}


ACTIONS = {
    "CreateAnomalyMonitor": create_monitor,
    "GetAnomalyMonitors": get_monitors,
    "UpdateAnomalyMonitor": update_monitor,
    "DeleteAnomalyMonitor": delete_monitor,
    "CreateAnomalySubscription": create_subscription,
    "GetAnomalySubscriptions": get_subscriptions,
    "UpdateAnomalySubscription": update_subscription,
    "DeleteAnomalySubscription": delete_subscription,
    "UpdateCostAllocationTagsStatus": update_allocation,
    "ListCostAllocationTags": list_allocation,
    "ListTagsForResource": list_tags,
    "TagResource": tag,
    "UntagResource": untag,
}
