"""Some services of ministack, called without its own server and its other services, and one more."""

import asyncio
from collections.abc import Iterable
from http import HTTPStatus
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs

from ministack.core.responses import request_scope
from ministack.services import backup, budgets, cloudwatch, ecs, elasticache

from . import accessanalyzer, chatbot, codeconnections, costexplorer, dataexports, securityhub
from .settings import ACCOUNT

MODULES: dict[str, ModuleType] = {
    "access-analyzer": accessanalyzer,
    "backup": backup,
    "bcm-data-exports": dataexports,
    "budgets": budgets,
    "ce": costexplorer,
    "chatbot": chatbot,
    "codeconnections": codeconnections,
    "ecs": ecs,
    "elasticache": elasticache,
    "monitoring": cloudwatch,
    "securityhub": securityhub,
}
"""By the name that requests are signed for."""


def answer(
    service: str, region: str, environ: dict[str, Any], body: bytes, start_response: Any
) -> Iterable[bytes]:
    """Hands a WSGI request to a service of ministack."""
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_") or name == "CONTENT_TYPE"
    }
    query = parse_qs(environ["QUERY_STRING"], keep_blank_values=True)
    with request_scope(ACCOUNT, region):
        status, headers, content = asyncio.run(
            MODULES[service].handle_request(
                environ["REQUEST_METHOD"], environ["PATH_INFO"], headers, body, query
            )
        )
    start_response(f"{status} {HTTPStatus(status).phrase}", list(headers.items()))
    return [content.encode() if isinstance(content, str) else content]
