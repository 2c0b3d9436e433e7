"""How the mends get into the emulators."""

import functools
from collections.abc import Callable
from types import ModuleType
from typing import Any

Function = Callable[..., Any]


def around(owner: type | ModuleType, name: str) -> Callable[[Function], Function]:
    """Puts the function below in the place of another, which it gets as its first argument."""

    def decorate(replacement: Function) -> Function:
        setattr(owner, name, wrapped(getattr(owner, name), replacement))
        return replacement

    return decorate


def around_item(owner: dict[str, Function], key: str) -> Callable[[Function], Function]:
    """The same for a function in a dictionary."""

    def decorate(replacement: Function) -> Function:
        owner[key] = wrapped(owner[key], replacement)
        return replacement

    return decorate


def added(owner: type) -> Callable[[Function], Function]:
    """Gives a class the method below, which it lacks."""

    def decorate(method: Function) -> Function:
        name = method.__name__
        if hasattr(owner, name):
            raise TypeError(f"{owner.__name__} has {name} by now: remove the mend")
        setattr(owner, name, method)
        return method

    return decorate


def wrapped(original: Function, replacement: Function) -> Function:
    """The replacement in the guise of the original."""

    @functools.wraps(original)
    def patched(*args: Any, **kwargs: Any) -> Any:
        return replacement(original, *args, **kwargs)

    return patched
