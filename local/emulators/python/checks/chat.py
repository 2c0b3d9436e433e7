"""A channel of Slack that is told of alarms."""

from collections.abc import Iterator
from typing import Any

from .common import client

CHANNEL = {"SlackTeamId": "T0", "SlackChannelId": "C0", "IamRoleArn": "arn:aws:iam::1:role/chat"}
TAGS = [{"TagKey": "Name", "TagValue": "check"}]


def create_channel() -> None:
    """One that changes, and one that is gone; a channel is taken once."""
    chatbot = client("chatbot")
    made = chatbot.create_slack_channel_configuration(
        **CHANNEL, ConfigurationName="check", Tags=TAGS
    )["ChannelConfiguration"]
    arn = made["ChatConfigurationArn"]
    try:
        chatbot.create_slack_channel_configuration(**CHANNEL, ConfigurationName="other")
        raise AssertionError("two configurations have one channel")
    except chatbot.exceptions.ConflictException:
        pass
    other = chatbot.create_slack_channel_configuration(
        **{**CHANNEL, "SlackChannelId": "C1"}, ConfigurationName="other"
    )["ChannelConfiguration"]["ChatConfigurationArn"]
    chatbot.delete_slack_channel_configuration(ChatConfigurationArn=other)
    left = chatbot.describe_slack_channel_configurations(ChatConfigurationArn=other)
    assert left["SlackChannelConfigurations"] == [], "a channel outlives its deletion"
    chatbot.update_slack_channel_configuration(
        ChatConfigurationArn=arn, SlackChannelId="C0", LoggingLevel="ERROR"
    )
    chatbot.tag_resource(ResourceARN=arn, Tags=[{"TagKey": "Stage", "TagValue": "check"}])
    chatbot.untag_resource(ResourceARN=arn, TagKeys=["Name"])


def read_channels() -> Iterator[tuple[str, Any]]:
    """All there are."""
    chatbot = client("chatbot")
    channels = chatbot.describe_slack_channel_configurations()["SlackChannelConfigurations"]
    yield "chatbot describe_slack_channel_configurations", channels
    (channel,) = channels
    arn = channel["ChatConfigurationArn"]
    tags = chatbot.list_tags_for_resource(ResourceARN=arn)["Tags"]
    yield "chatbot list_tags_for_resource", tags
