"""CloudWatch Logs: saved queries."""

import json
import time
import uuid
from typing import Any

from moto.logs.models import LogsBackend
from moto.logs.responses import LogsResponse

from .patching import added

FIELDS = ("name", "queryString", "logGroupNames", "queryLanguage")


def definitions(backend: LogsBackend) -> dict[str, dict[str, Any]]:
    """The saved queries by their ids, kept with everything else of the region."""
    return backend.__dict__.setdefault("query_definitions", {})


@added(LogsResponse)
def put_query_definition(self: LogsResponse) -> str:
    """Saves a query, in the place of the one with the same id."""
    query_id = self._get_param("queryDefinitionId") or str(uuid.uuid4())
    given = {field: self._get_param(field) for field in FIELDS}
    definitions(self.logs_backend)[query_id] = {
        "queryLanguage": "CWLI",
        **{field: value for field, value in given.items() if value is not None},
        "queryDefinitionId": query_id,
        "lastModified": int(time.time() * 1000),
    }
    return json.dumps({"queryDefinitionId": query_id})


@added(LogsResponse)
def describe_query_definitions(self: LogsResponse) -> str:
    """All saved queries whose names begin as asked, on one page."""
    prefix = self._get_param("queryDefinitionNamePrefix") or ""
    found = [
        definition
        for definition in definitions(self.logs_backend).values()
        if definition["name"].startswith(prefix)
    ]
    return json.dumps({"queryDefinitions": found})


@added(LogsResponse)
def delete_query_definition(self: LogsResponse) -> str:
    """Forgets a query."""
    removed = definitions(self.logs_backend).pop(self._get_param("queryDefinitionId"), None)
    return json.dumps({"success": removed is not None})
