"""What services that speak JSON by paths have in common, where neither emulator has them."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

Answer = tuple[int, dict[str, str], str]
Request = dict[str, Any]
Routes = dict[tuple[str, str], Callable[..., Request]]
"""Actions by method and pattern of the path, whose groups they get after the request."""


class Refusal(Exception):
    """What AWS answers instead: its name, and the HTTP status."""


def answer(routes: Routes, method: str, path: str, body: bytes, query: Request) -> Answer:
    """Calls the action that a request means."""
    request = {**query, **json.loads(body or b"{}")}
    for (expected, pattern), action in routes.items():
        match = re.fullmatch(pattern, path)
        if match and expected == method:
            try:
                found = action(request, *map(unquote, match.groups()))
            except Refusal as refusal:
                error, status = refusal.args
                return status, {"x-amzn-ErrorType": error}, json.dumps({"message": error})
            return 200, {"Content-Type": "application/json"}, json.dumps(found)
    raise NotImplementedError(f"{method} {path}")
