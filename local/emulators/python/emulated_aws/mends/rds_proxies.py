"""RDS Proxy: endpoints for reading, which moto lacks, and changes to a proxy."""

from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.rds.exceptions import DBProxyNotFoundFault, RDSClientError
from moto.rds.models import DBProxy, RDSBackend, RDSBaseModel
from moto.rds.responses import RDSResponse

from .patching import added, around


class DBProxyEndpoint(RDSBaseModel):
    """A further address of a proxy; the proxy itself keeps it."""

    resource_type = "db-proxy-endpoint"

    def __init__(self, proxy: DBProxy, params: dict[str, Any]) -> None:
        super().__init__(proxy.backend)
        self.db_proxy_name = proxy.db_proxy_name
        self.db_proxy_endpoint_name = params["DBProxyEndpointName"]
        self.target_role = params.get("TargetRole", "READ_WRITE")
        self.vpc_id = proxy.vpc_id
        self.vpc_subnet_ids = params["VpcSubnetIds"]
        self.vpc_security_group_ids = params.get("VpcSecurityGroupIds", [])
        self.tags = params.get("Tags", [])
        self.is_default = False
        self.status = "available"
        self.created_date = utcnow()
        name = f"{self.db_proxy_endpoint_name}.endpoint.proxy-{proxy.url_identifier}"
        self.endpoint = f"{name}.{self.region}.rds.amazonaws.com"

    @property
    def resource_id(self) -> str:
        return self.db_proxy_endpoint_name

    @property
    def db_proxy_endpoint_arn(self) -> str:
        return self.arn


class DBProxyEndpointNotFoundFault(RDSClientError):
    """What the provider takes for "it is gone"."""

    def __init__(self, name: str) -> None:
        super().__init__("DBProxyEndpointNotFoundFault", f"no proxy endpoint {name}")


@added(RDSResponse)
def create_db_proxy_endpoint(response: RDSResponse) -> ActionResult:
    """Makes one."""
    proxy = proxy_named(response.backend, response.params["DBProxyName"])
    endpoint = DBProxyEndpoint(proxy, response.params)
    endpoints_of(proxy)[endpoint.db_proxy_endpoint_name] = endpoint
    return ActionResult({"DBProxyEndpoint": endpoint})


@added(RDSResponse)
def describe_db_proxy_endpoints(response: RDSResponse) -> ActionResult:
    """All of a proxy, or one."""
    name = response.params.get("DBProxyEndpointName")
    found = [
        endpoint
        for endpoint in all_endpoints(response.backend)
        if endpoint.db_proxy_name == response.params.get("DBProxyName", endpoint.db_proxy_name)
        and endpoint.db_proxy_endpoint_name == (name or endpoint.db_proxy_endpoint_name)
    ]
    if name and not found:
        raise DBProxyEndpointNotFoundFault(name)
    return ActionResult({"DBProxyEndpoints": found})


@added(RDSResponse)
def modify_db_proxy_endpoint(response: RDSResponse) -> ActionResult:
    """Puts it into other security groups."""
    endpoint = endpoint_named(response.backend, response.params["DBProxyEndpointName"])
    if groups := response.params.get("VpcSecurityGroupIds"):
        endpoint.vpc_security_group_ids = groups
    return ActionResult({"DBProxyEndpoint": endpoint})


@added(RDSResponse)
def delete_db_proxy_endpoint(response: RDSResponse) -> ActionResult:
    """Removes it at once."""
    endpoint = endpoint_named(response.backend, response.params["DBProxyEndpointName"])
    proxy = response.backend.db_proxies[endpoint.db_proxy_name]
    del endpoints_of(proxy)[endpoint.db_proxy_endpoint_name]
    return ActionResult({"DBProxyEndpoint": endpoint})


@added(RDSResponse)
def modify_db_proxy(response: RDSResponse) -> ActionResult:
    """Changes what may be changed of a proxy, but for its name."""
    params = response.params
    proxy = proxy_named(response.backend, params["DBProxyName"])
    proxy.auth = params.get("Auth", proxy.auth)
    proxy.require_tls = params.get("RequireTLS", proxy.require_tls)
    proxy.idle_client_timeout = params.get("IdleClientTimeout", proxy.idle_client_timeout)
    proxy.debug_logging = params.get("DebugLogging", proxy.debug_logging)
    proxy.role_arn = params.get("RoleArn", proxy.role_arn)
    proxy.vpc_security_group_ids = params.get("SecurityGroups", proxy.vpc_security_group_ids)
    return ActionResult({"DBProxy": proxy})


@around(RDSBackend, "describe_db_proxy_targets")
def refuse_unknown_targets(original: Any, backend: RDSBackend, proxy_name: str) -> Any:
    """moto fails where AWS says that the proxy is gone."""
    return original(backend, proxy_named(backend, proxy_name).db_proxy_name)


@around(RDSBackend, "describe_db_proxy_target_groups")
def refuse_unknown_groups(original: Any, backend: RDSBackend, proxy_name: str) -> Any:
    """The same."""
    return original(backend, proxy_named(backend, proxy_name).db_proxy_name)


@around(RDSBackend, "_get_resource_for_tagging")
def with_endpoints(original: Any, backend: RDSBackend, arn: str) -> Any:
    """Tags of endpoints, too."""
    for endpoint in all_endpoints(backend):
        if endpoint.arn == arn:
            return endpoint
    return original(backend, arn)


def proxy_named(backend: RDSBackend, name: str) -> DBProxy:
    """The proxy, or what the provider takes for its absence."""
    if name not in backend.db_proxies:
        raise DBProxyNotFoundFault(name)
    return backend.db_proxies[name]


def endpoint_named(backend: RDSBackend, name: str) -> DBProxyEndpoint:
    """The names are unique in a region."""
    for endpoint in all_endpoints(backend):
        if endpoint.db_proxy_endpoint_name == name:
            return endpoint
    raise DBProxyEndpointNotFoundFault(name)


def all_endpoints(backend: RDSBackend) -> list[DBProxyEndpoint]:
    """Those of every proxy."""
    proxies = backend.db_proxies.values()
    return [endpoint for proxy in proxies for endpoint in endpoints_of(proxy).values()]


def endpoints_of(proxy: DBProxy) -> dict[str, DBProxyEndpoint]:
    """By name; kept with the proxy, so that they are saved with it."""
    return vars(proxy).setdefault("mended_endpoints", {})
