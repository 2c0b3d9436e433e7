"""RDS: changes to a subscription to events, which moto only makes and deletes."""

from moto.core.responses import ActionResult
from moto.rds.models import EventSubscription
from moto.rds.responses import RDSResponse

from .patching import added

CHANGEABLE = {
    "SnsTopicArn": "sns_topic_arn",
    "SourceType": "source_type",
    "EventCategories": "event_categories",
    "Enabled": "enabled",
}
"""What can be changed, as requests call it and as moto does."""


def asked_for(response: RDSResponse) -> EventSubscription:
    """The subscription that a request names."""
    name = response.params["SubscriptionName"]
    (subscription,) = response.backend.describe_event_subscriptions(name)
    return subscription


@added(RDSResponse)
def modify_event_subscription(response: RDSResponse) -> ActionResult:
    """Changes what the request names."""
    subscription = asked_for(response)
    for parameter, attribute in CHANGEABLE.items():
        if parameter in response.params:
            setattr(subscription, attribute, response.params[parameter])
    return ActionResult({"EventSubscription": subscription})


@added(RDSResponse)
def add_source_identifier_to_subscription(response: RDSResponse) -> ActionResult:
    """Tells of one more database."""
    subscription = asked_for(response)
    subscription.source_ids = [*subscription.source_ids, response.params["SourceIdentifier"]]
    return ActionResult({"EventSubscription": subscription})


@added(RDSResponse)
def remove_source_identifier_from_subscription(response: RDSResponse) -> ActionResult:
    """Tells of one database no more."""
    subscription = asked_for(response)
    gone = response.params["SourceIdentifier"]
    subscription.source_ids = [kept for kept in subscription.source_ids if kept != gone]
    return ActionResult({"EventSubscription": subscription})
