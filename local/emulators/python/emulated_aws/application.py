"""Both emulators behind one WSGI application, which answers one request at a time."""

import io
import re
import threading
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qs

from moto.server import DomainDispatcherApplication, create_backend_app

from . import ministack_services
from .errors import error_response
from .settings import log

Environ = dict[str, Any]

DOMAIN = "aws.emulator"
CREDENTIAL = re.compile(r"Credential=[^/]+/\d+/([^/]*)/([^/]+)/aws4_request")
READ = re.compile(r"(Describe|Get|List|Head)[A-Z]|GET |HEAD ")


class EmulatedAws:
    """Routes by the service that a request is signed for.

    One request at a time: neither emulator promises more, and whoever holds the lock (to save the
    state) sees no half done request.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.changed_at: float | None = None
        self._moto = DomainDispatcherApplication(create_service)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        body = read_body(environ)
        credential = CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
        region, service = credential.groups() if credential else ("", "")
        action = action_of(environ, body)

        def respond(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            log.info("%s %s: %s", service, action, status)
            return start_response(status, headers, *rest)

        with self.lock:
            try:
                if service in ministack_services.MODULES:
                    return ministack_services.answer(service, region, environ, body, respond)
                environ["HTTP_HOST"] = aws_host(environ["HTTP_HOST"], service, region)
                return whole(self._moto(environ, respond))
            except Exception as error:  # else the caller sees only a lost connection
                log.exception("%s %s failed", service, action)
                return error_response(environ, respond, service, action, error)
            finally:
                if not READ.match(action):
                    self.changed_at = time.monotonic()


def create_service(name: Any) -> Any:
    """One of moto's services. moto looks for one that it lacks under no name."""
    if name is None:
        raise NotImplementedError("the whole service")
    return create_backend_app(name)


def aws_host(host: str, service: str, region: str) -> str:
    """The name that AWS gives an endpoint. moto reads S3's buckets and regions off it."""
    return f"{host.removesuffix(DOMAIN)}{service}.{region}.amazonaws.com"


def read_body(environ: Environ) -> bytes:
    """Takes the body off the line, and leaves it where the next reader looks for it."""
    stream = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):
        body = stream.read()
        environ["CONTENT_LENGTH"] = str(len(body))
    else:
        body = stream.read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def action_of(environ: Environ, body: bytes) -> str:
    """The API action, such as CreateVpc, in whichever way the service's protocol says it."""
    path = environ["PATH_INFO"]
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return target.rpartition(".")[2]
    if "/operation/" in path:
        return path.rpartition("/")[2]
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return parse_qs(body.decode()).get("Action", [""])[0]
    return f"{environ['REQUEST_METHOD']} {path}"


def whole(response: Iterable[bytes]) -> list[bytes]:
    """The answer in full, since moto may still work on it while it is read."""
    try:
        return [b"".join(response)]
    finally:
        if hasattr(response, "close"):
            response.close()
