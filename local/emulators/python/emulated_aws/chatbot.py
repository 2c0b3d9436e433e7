"""Chatbot, which neither emulator has: channels of Slack, in workspaces that count as let in."""

import json
from typing import Any

from ministack.core.responses import AccountScopedDict

from .settings import ACCOUNT

_channels: AccountScopedDict = AccountScopedDict()
"""By ARN, as AWS tells of them. They belong to no region."""

Answer = tuple[int, dict[str, str], str]
Request = dict[str, Any]


class Refusal(Exception):
    """What AWS answers instead: its name, and the HTTP status."""


async def handle_request(
    _method: str, path: str, _headers: dict[str, str], body: bytes, _query: dict[str, Any]
) -> Answer:
    """Answers in JSON; the path says what is asked."""
    action = path.strip("/")
    request = json.loads(body or b"{}")
    if action not in ACTIONS:
        raise NotImplementedError(action)
    try:
        status, content = ACTIONS[action](request)
        # what has no content must have no body
        return status, {"Content-Type": "application/json"}, json.dumps(content) if content else ""
    except Refusal as refusal:
        error, status = refusal.args
        return status, {"x-amzn-ErrorType": error}, json.dumps({"message": f"{error}: {action}"})


def known(request: Request) -> Request:
    """The channel of an ARN, whichever way it is called."""
    arn = request.get("ChatConfigurationArn") or request.get("ResourceARN")
    if arn not in _channels:
        raise Refusal("ResourceNotFoundException", 404)
    return _channels[arn]


def create(request: Request) -> tuple[int, Request]:
    """AWS takes a channel once, and a name."""
    name, channel = request["ConfigurationName"], request["SlackChannelId"]
    for other in _channels.values():
        if name == other["ConfigurationName"] or channel == other["SlackChannelId"]:
            raise Refusal("ConflictException", 409)
    arn = f"arn:aws:chatbot::{ACCOUNT}:chat-configuration/slack-channel/{name}"
    _channels[arn] = {
        "GuardrailPolicyArns": ["arn:aws:iam::aws:policy/AdministratorAccess"],
        "LoggingLevel": "NONE",
        "SlackChannelName": channel.lower(),
        "SlackTeamName": request["SlackTeamId"].lower(),
        "SnsTopicArns": [],
        "State": "ENABLED",
        "Tags": [],
        "UserAuthorizationRequired": False,
        **request,
        "ChatConfigurationArn": arn,
    }
    return 201, {"ChannelConfiguration": _channels[arn]}


def describe(request: Request) -> tuple[int, Request]:
    """One, or all."""
    arn = request.get("ChatConfigurationArn")
    found = [each for key, each in _channels.items() if arn in (None, key)]
    return 200, {"SlackChannelConfigurations": found}


def update(request: Request) -> tuple[int, Request]:
    """What is not named stays."""
    known(request).update(request)
    return 200, {"ChannelConfiguration": known(request)}


def delete(request: Request) -> tuple[int, Request]:
    """Removes it at once."""
    del _channels[known(request)["ChatConfigurationArn"]]
    return 204, {}


def list_tags(request: Request) -> tuple[int, Request]:
    """Tags of one."""
    return 200, {"Tags": known(request)["Tags"]}


def tag(request: Request) -> tuple[int, Request]:
    """Adds tags, or changes them."""
    untag({**request, "TagKeys": [each["TagKey"] for each in request["Tags"]]})
    known(request)["Tags"].extend(request["Tags"])
    return 200, {}


def untag(request: Request) -> tuple[int, Request]:
    """Removes tags."""
    channel = known(request)
    channel["Tags"] = [
        each for each in channel["Tags"] if each["TagKey"] not in request["TagKeys"]
    ]
    return 200, {}


ACTIONS = {
    "create-slack-channel-configuration": create,
    "describe-slack-channel-configurations": describe,
    "update-slack-channel-configuration": update,
    "delete-slack-channel-configuration": delete,
    "list-tags-for-resource": list_tags,
    "tag-resource": tag,
    "untag-resource": untag,
}
