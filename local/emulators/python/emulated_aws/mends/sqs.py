"""SQS (moto): where failed messages go, as AWS writes it."""

import json
from typing import Any

from moto.sqs.models import Queue

from .patching import wrapped


def write_without_blanks(original: Any, queue: Queue) -> dict[str, Any]:
    """The provider compares text, and its own has no blanks and is in the order of the keys, as that of AWS."""
    attributes = original(queue)
    if attributes.get("RedrivePolicy"):
        policy = json.loads(attributes["RedrivePolicy"])
        attributes["RedrivePolicy"] = json.dumps(policy, separators=(",", ":"), sort_keys=True)
    return attributes


Queue.attributes = property(wrapped(Queue.attributes.fget, write_without_blanks))
