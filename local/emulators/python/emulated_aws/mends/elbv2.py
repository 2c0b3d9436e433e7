"""Elastic Load Balancing: what it must accept, and what it must refuse.

A stack file names a certificate made outside the stack, which the emulated AWS never saw.
"""

from typing import Any

from moto.elbv2 import models
from moto.elbv2.exceptions import DuplicateListenerError, ELBClientError

from .patching import around


@around(models, "register_certificate")
def only_if_known(original: Any, **kwargs: str) -> None:
    """Marks a certificate as in use."""
    if kwargs["arn_certificate"] in known_certificates(kwargs["account_id"], kwargs["region"]):
        original(**kwargs)


@around(models.ELBv2Backend, "_certificate_exists")
def believe(_: Any, backend: models.ELBv2Backend, certificate_arn: str) -> bool:
    """When a listener changes its certificate."""
    return certificate_arn.startswith(f"arn:{backend.partition}:")


@around(models.ELBv2Backend, "modify_listener")
def keep_further_certificates(
    original: Any, backend: models.ELBv2Backend, arn: str, *args: Any, **kwargs: Any
) -> models.FakeListener:
    """Another default certificate leaves the others, which moto forgets."""
    [listener] = backend.describe_listeners(load_balancer_arn=None, listener_arns=[arn])
    further = listener.certificates[1:]
    original(backend, arn, *args, **kwargs)
    first = listener.certificates[:1]
    listener.certificates = first + [one for one in further if one not in first]
    return listener


def known_certificates(account: str, region: str) -> Any:
    """By ARN."""
    from moto.acm.models import acm_backends

    return acm_backends[account][region]._certificates


@around(models.ELBv2Backend, "create_listener")
def refuse_taken_port(
    original: Any, backend: models.ELBv2Backend, load_balancer_arn: str, *args: Any, **kwargs: Any
) -> Any:
    """moto looks for the port among the listeners' ARNs."""
    port = kwargs["port"] if "port" in kwargs else args[1]
    balancer = backend.load_balancers.get(load_balancer_arn)
    if balancer and port in [listener.port for listener in balancer.listeners.values()]:
        raise DuplicateListenerError()
    return original(backend, load_balancer_arn, *args, **kwargs)


@around(models.ELBv2Backend, "delete_load_balancer")
def refuse_if_protected(original: Any, backend: models.ELBv2Backend, arn: str) -> None:
    """moto deletes it all the same."""
    balancer = backend.load_balancers.get(arn)
    if balancer and balancer.attrs["deletion_protection.enabled"] == "true":
        raise ELBClientError("OperationNotPermitted", "deletion protection is enabled")
    original(backend, arn)
