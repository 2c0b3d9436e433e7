"""Lambda: calls, which moto answers only with a container, and where a function logs to."""

from typing import Any

from moto.awslambda.models import LambdaBackend, LambdaFunction

from .patching import around


@around(LambdaBackend, "invoke")
def answer_nothing(original: Any, backend: LambdaBackend, *call: Any, **named: Any) -> bytes:
    """Every call succeeds and returns an empty object: no code is run."""
    return b"{}"


@around(LambdaFunction, "__init__")
def keep_logging(
    original: Any, function: LambdaFunction, *, spec: dict[str, Any], **named: Any
) -> None:
    """Where it logs to, which moto drops."""
    original(function, spec=spec, **named)
    vars(function)["logging"] = spec.get("LoggingConfig")


@around(LambdaFunction, "update_configuration")
def change_logging(original: Any, function: LambdaFunction, updates: dict[str, Any]) -> Any:
    """The same for a function that exists."""
    if "LoggingConfig" in updates:
        vars(function)["logging"] = updates["LoggingConfig"]
    return original(function, updates)


@around(LambdaFunction, "get_configuration")
def tell_logging(original: Any, function: LambdaFunction, *args: Any, **named: Any) -> Any:
    """What every answer says of a function."""
    configuration = original(function, *args, **named)
    if logging := vars(function).get("logging"):
        configuration["LoggingConfig"] = logging
    return configuration
