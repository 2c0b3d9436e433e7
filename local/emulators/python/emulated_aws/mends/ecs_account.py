"""ECS (ministack): settings of the account that it does not list."""

import json
from typing import Any

from ministack.core.responses import json_response
from ministack.services import ecs

from .patching import around_item


@around_item(ecs._ACTION_MAP, "ListAccountSettings")
def list_all_settings(original: Any, request: dict[str, Any]) -> Any:
    """ministack lists those that it knows; a newer one that was put is there all the same."""
    _, _, content = original(request)
    settings = json.loads(content)["settings"]
    name = request.get("name", "")
    if not settings and name in ecs._account_settings:
        settings = [
            {
                "name": name,
                "value": ecs._account_settings[name],
                "principalArn": f"arn:aws:iam::{ecs.get_account_id()}:root",
                "type": "user",
            }
        ]
    return json_response({"settings": settings})
