"""What a caller is told when an emulator lacks an action or fails at it."""

import json
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape

from werkzeug.exceptions import HTTPException

XML_SERVICES = ("s3", "route53", "cloudfront")
"""Those that speak XML without a form."""


def error_response(
    environ: dict[str, Any], start_response: Any, service: str, action: str, error: Exception
) -> Iterable[bytes]:
    """An error in the caller's protocol, with a status that no SDK tries again."""
    lacking = isinstance(error, (NotImplementedError, HTTPException))
    code = "NotEmulated" if lacking else "EmulatorFailed"
    said = f"{type(error).__name__}: {error}".rstrip(": ")
    message = f"the emulated AWS {'lacks' if lacking else 'failed at'} {service} {action} ({said})"
    is_form = "form" in environ.get("CONTENT_TYPE", "")
    is_xml = is_form or service in XML_SERVICES
    start_response(
        "501 Not Implemented",
        [
            ("Content-Type", "text/xml" if is_xml else "application/json"),
            ("x-amzn-ErrorType", code),
        ],
    )
    return [as_xml(code, message) if is_xml else as_json(code, message)]


def as_json(code: str, message: str) -> bytes:
    """The JSON protocols agree on an error's form."""
    return json.dumps({"__type": code, "message": message}).encode()


def as_xml(code: str, message: str) -> bytes:
    """The XML ones do not: S3 reads the outermost, EC2 that in Errors, others that in Error."""
    error = f"<Code>{code}</Code><Message>{escape(message)}</Message>"
    return (
        f"<ErrorResponse>{error}<Error>{error}</Error>"
        f"<Errors><Error>{error}</Error></Errors></ErrorResponse>"
    ).encode()
