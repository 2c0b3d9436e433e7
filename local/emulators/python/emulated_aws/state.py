"""All that the emulators know, as bytes and back."""

import copyreg
import functools
import io
import pickle
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, get_args
from weakref import WeakValueDictionary

import cloudpickle
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from cryptography.x509 import Certificate, load_der_x509_certificate
from ministack.core.responses import AccountRegionScopedDict, AccountScopedDict
from moto.core.base_backend import BackendDict
from moto.s3.utils import _VersionedKeyStore

from .ministack_services import MODULES

PARTITION = "aws"
"""moto looks ARNs of IAM up in all partitions, which fills them with managed policies: 20 MB."""


def capture() -> bytes:
    """The state as bytes. Only while no request is being answered."""
    registries = [(registry, own_variables(registry)) for registry in BackendDict._instances]
    moto = [
        (registry, account, region, backend)
        for registry in BackendDict._instances
        for account, region, backend in registry.iter_backends()
        if backend.partition == PARTITION
    ]
    ministack = {
        (service, name): store._data for service in MODULES for name, store in stores(service)
    }
    file = io.BytesIO()
    StatePickler(file).dump((registries, moto, ministack))
    return file.getvalue()


def restore(content: bytes) -> None:
    """Takes up a captured state, all of it or nothing. Only before the first request."""
    registries, moto, ministack = pickle.loads(content)
    for registry, variables in registries:
        vars(registry).update(variables)
    for registry, account, region, backend in moto:
        # dict's own, as moto's accepts only the regions that it made itself
        dict.__setitem__(registry[account], region, backend)
    for service in MODULES:
        for name, store in stores(service):
            store._data.update(ministack.get((service, name), {}))


def own_variables(registry: BackendDict[Any]) -> dict[str, Any]:
    """What a registry of backends holds beyond them. S3's has the owners of all buckets."""
    common = vars(BackendDict(registry.backend, registry.service_name))
    return {name: value for name, value in vars(registry).items() if name not in common}


def stores(service: str) -> Iterator[tuple[str, Any]]:
    """The variables in which a service of ministack holds its resources."""
    for name, value in vars(MODULES[service]).items():
        if isinstance(value, (AccountRegionScopedDict, AccountScopedDict)):
            yield name, value


class StatePickler(cloudpickle.Pickler):
    """Says how to make again what pickle cannot copy, and what must stay one."""

    def reducer_override(self, obj: Any) -> Any:
        reduce = reducer_of(type(obj))
        return super().reducer_override(obj) if reduce is None else reduce(obj)


@functools.cache
def reducer_of(kind: type) -> Callable[[Any], Any] | None:
    """What an object of a class is reduced with, unless in the common way."""
    return next((reduce for base, reduce in REDUCERS.items() if issubclass(kind, base)), None)


def reduce_registry(registry: BackendDict[Any]) -> Any:
    """A registry of backends is the same one again: a variable of a module."""
    module = registry.backend.__module__
    for variable, value in vars(sys.modules[module]).items():
        if value is registry:
            return registry_at, (module, variable)
    raise LookupError(f"moto does not keep the backends of {registry.service_name} in {module}")


def registry_at(module: str, variable: str) -> BackendDict[Any]:
    """Undoes reduce_registry."""
    return getattr(import_module(module), variable)


def reduce_defaultdict(items: defaultdict[Any, Any]) -> Any:
    """A subclass's constructor has parameters of its own, with which pickle does not reckon."""
    if type(items) is defaultdict:
        return NotImplemented
    slots = {"default_factory": items.default_factory}
    return copyreg.__newobj__, (type(items),), (vars(items), slots), None, iter(dict.items(items))


def reduce_versions(store: _VersionedKeyStore) -> Any:
    """What S3 keeps of each key: to anybody but itself it shows the newest version alone."""
    return versions, ({key: store.getlist(key) for key in store},)


def versions(lists: dict[str, list[Any]]) -> _VersionedKeyStore:
    """Undoes reduce_versions."""
    store = _VersionedKeyStore()
    dict.update(store, lists)
    return store


def reduce_private_key(key: Any) -> Any:
    """Keys and certificates belong to a library that is not Python's: they go as files do."""
    return private_key, (key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),)


def private_key(content: bytes) -> Any:
    """Undoes reduce_private_key."""
    return load_der_private_key(content, password=None)


def reduce_certificate(certificate: Certificate) -> Any:
    """See reduce_private_key."""
    return certificate_of, (certificate.public_bytes(Encoding.DER),)


def certificate_of(content: bytes) -> Certificate:
    """Undoes reduce_certificate."""
    return load_der_x509_certificate(content)


REDUCERS: dict[Any, Callable[[Any], Any]] = {
    BackendDict: reduce_registry,
    defaultdict: reduce_defaultdict,
    _VersionedKeyStore: reduce_versions,
    type(threading.Lock()): lambda _: (threading.Lock, ()),
    type(threading.RLock()): lambda _: (threading.RLock, ()),
    get_args(PrivateKeyTypes): reduce_private_key,
    Certificate: reduce_certificate,
    WeakValueDictionary: lambda values: (WeakValueDictionary, (dict(values),)),
}
