"""Data Exports of the billing console, which neither emulator has: nothing is ever written."""

import json
import time
import uuid
from typing import Any

from ministack.core.responses import AccountScopedDict

from .settings import ACCOUNT

_exports: AccountScopedDict = AccountScopedDict()
"""By ARN, with their tags beside what AWS tells of them. They belong to no region."""

Answer = tuple[int, dict[str, str], str]
Request = dict[str, Any]


async def handle_request(
    _method: str, _path: str, headers: dict[str, str], body: bytes, _query: dict[str, Any]
) -> Answer:
    """Answers in JSON 1.1."""
    action = headers.get("x-amz-target", "").rpartition(".")[2]
    if action not in ACTIONS:
        raise NotImplementedError(action)
    try:
        return answer(200, ACTIONS[action](json.loads(body or b"{}")))
    except KeyError as missing:
        return answer(
            400, {"__type": "ResourceNotFoundException", "message": f"no export {missing}"}
        )


def answer(status: int, content: Request) -> Answer:
    """As the caller reads it."""
    return status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(content)


def create(request: Request) -> Request:
    """Makes one."""
    name = request["Export"]["Name"]
    arn = f"arn:aws:bcm-data-exports:us-east-1:{ACCOUNT}:export/{name}-{uuid.uuid4()}"
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    _exports[arn] = {
        "export": {**request["Export"], "ExportArn": arn},
        "status": {"StatusCode": "HEALTHY", "CreatedAt": now, "LastUpdatedAt": now},
        "tags": request.get("ResourceTags", []),
    }
    return {"ExportArn": arn}


def get(request: Request) -> Request:
    """What there is to know of one."""
    found = _exports[request["ExportArn"]]
    return {"Export": found["export"], "ExportStatus": found["status"]}


def update(request: Request) -> Request:
    """Puts another in the place of one."""
    arn = request["ExportArn"]
    _exports[arn]["export"] = {**request["Export"], "ExportArn": arn}
    return {"ExportArn": arn}


def delete(request: Request) -> Request:
    """Removes it at once."""
    arn = request["ExportArn"]
    del _exports[arn]
    return {"ExportArn": arn}


def list_tags(request: Request) -> Request:
    """Tags of one."""
    return {"ResourceTags": _exports[request["ResourceArn"]]["tags"]}


def tag(request: Request) -> Request:
    """Adds tags, or changes them."""
    found = _exports[request["ResourceArn"]]
    tags = {one["Key"]: one["Value"] for one in [*found["tags"], *request["ResourceTags"]]}
    found["tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
    return {}


def untag(request: Request) -> Request:
    """Removes tags."""
    found = _exports[request["ResourceArn"]]
    found["tags"] = [one for one in found["tags"] if one["Key"] not in request["ResourceTagKeys"]]
    return {}


ACTIONS = {
    "CreateExport": create,
    "GetExport": get,
    "UpdateExport": update,
    "DeleteExport": delete,
    "ListTagsForResource": list_tags,
    "TagResource": tag,
    "UntagResource": untag,
}
