"""CodeConnections, which neither emulator has: connections that nobody confirms stay PENDING."""

import json
import uuid
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_region

from .settings import ACCOUNT

_connections: AccountRegionScopedDict = AccountRegionScopedDict()
"""By ARN, with their tags beside what AWS tells of them."""

Answer = tuple[int, dict[str, str], str]


async def handle_request(
    _method: str, _path: str, headers: dict[str, str], body: bytes, _query: dict[str, Any]
) -> Answer:
    """Answers in JSON 1.0, as the other services of AWS for code do."""
    action = headers.get("x-amz-target", "").rpartition(".")[2]
    request = json.loads(body or b"{}")
    if action not in ACTIONS:
        raise NotImplementedError(action)
    try:
        return answer(200, ACTIONS[action](request))
    except KeyError as missing:
        return answer(
            400, {"__type": "ResourceNotFoundException", "message": f"no connection {missing}"}
        )


def answer(status: int, content: dict[str, Any]) -> Answer:
    """As the caller reads it."""
    return status, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(content)


def create_connection(request: dict[str, Any]) -> dict[str, Any]:
    """Makes one; a host of one's own runs GitHub or GitLab, and which of them AWS finds out."""
    arn = f"arn:aws:codeconnections:{get_region()}:{ACCOUNT}:connection/{uuid.uuid4()}"
    tags = request.pop("Tags", [])
    told = {"ProviderType": "GitHubEnterpriseServer"} if "HostArn" in request else {}
    _connections[arn] = {
        "connection": {
            **told,
            **request,
            "ConnectionArn": arn,
            "ConnectionStatus": "PENDING",
            "OwnerAccountId": ACCOUNT,
        },
        "tags": {tag["Key"]: tag["Value"] for tag in tags},
    }
    return {"ConnectionArn": arn, "Tags": tags}


def get_connection(request: dict[str, Any]) -> dict[str, Any]:
    """What there is to know of one."""
    return {"Connection": _connections[request["ConnectionArn"]]["connection"]}


def list_connections(_request: dict[str, Any]) -> dict[str, Any]:
    """All of the region."""
    return {"Connections": [each["connection"] for each in _connections.values()]}


def delete_connection(request: dict[str, Any]) -> dict[str, Any]:
    """Removes it at once."""
    del _connections[request["ConnectionArn"]]
    return {}


def list_tags(request: dict[str, Any]) -> dict[str, Any]:
    """Tags of one."""
    tags = _connections[request["ResourceArn"]]["tags"]
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def tag(request: dict[str, Any]) -> dict[str, Any]:
    """Adds tags, or changes them."""
    tags = _connections[request["ResourceArn"]]["tags"]
    tags.update({each["Key"]: each["Value"] for each in request["Tags"]})
    return {}


def untag(request: dict[str, Any]) -> dict[str, Any]:
    """Removes tags."""
    tags = _connections[request["ResourceArn"]]["tags"]
    for key in request["TagKeys"]:
        tags.pop(key, None)
    return {}


ACTIONS = {
    "CreateConnection": create_connection,
    "GetConnection": get_connection,
    "ListConnections": list_connections,
    "DeleteConnection": delete_connection,
    "ListTagsForResource": list_tags,
    "TagResource": tag,
    "UntagResource": untag,
}
