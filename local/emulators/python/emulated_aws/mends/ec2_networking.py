"""EC2: IPv6 blocks of subnets, and NAT gateways for a whole region."""

from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models.nat_gateways import NatGateway
from moto.ec2.models.subnets import Subnet
from moto.ec2.responses.nat_gateways import NatGateways
from moto.ec2.utils import (
    add_tag_specification,
    random_eip_allocation_id,
    random_eip_association_id,
    random_ip,
    random_nat_gateway_id,
    random_route_table_id,
)

from .patching import around

ASSOCIATION_ID = "ipv6-cidr-block-association.association-id"


@around(Subnet, "get_filter_value")
def filter_by_association(
    original: Any, subnet: Subnet, name: str, method_name: str | None = None
) -> Any:
    """moto cannot find a subnet by what ties an IPv6 block to it."""
    if name == ASSOCIATION_ID:
        return [one["associationId"] for one in subnet.ipv6_cidr_block_association_set]
    return original(subnet, name, method_name)


def associations(subnet: Subnet) -> list[dict[str, Any]]:
    """moto wraps the state of an association in another."""
    return [
        one
        for one in subnet.ipv6_cidr_block_associations.values()
        if one["ipv6CidrBlockState"]["State"] == "associated"
    ]


Subnet.ipv6_cidr_block_association_set = property(associations)


class RegionalNatGateway(NatGateway):
    """A gateway of a whole VPC, which takes its addresses by itself. It has one, in the first zone."""

    availability_mode = "regional"
    auto_provision_zones = "enabled"
    auto_scaling_ips = "enabled"

    def __init__(self, backend: Any, vpc_id: str, tags: dict[str, str]):
        self.id = random_nat_gateway_id()
        self.ec2_backend = backend
        self.vpc_id = vpc_id
        self.subnet_id = None
        self.state = "available"
        self.connectivity_type = "public"
        self.route_table_id = random_route_table_id()
        self._created_at = utcnow()
        zone = backend.describe_availability_zones()[0]
        self.address_set = [
            {
                "AllocationId": random_eip_allocation_id(),
                "AssociationId": random_eip_association_id(),
                "PublicIp": random_ip(),
                "AvailabilityZone": zone.name,
                "AvailabilityZoneId": zone.zone_id,
                "Status": "succeeded",
            }
        ]
        self.add_tags(tags)


NatGateway.availability_mode = "zonal"


@around(NatGateways, "create_nat_gateway")
def create_regional(original: Any, response: NatGateways) -> ActionResult:
    """moto knows only gateways that stand in one subnet."""
    if response._get_param("AvailabilityMode") != "regional":
        return original(response)
    backend = response.ec2_backend
    vpc = backend.get_vpc(response._get_param("VpcId"))
    tags = add_tag_specification(response._get_param("TagSpecifications", []))
    gateway = RegionalNatGateway(backend, vpc.id, tags)
    backend.nat_gateways[gateway.id] = gateway
    return ActionResult({"NatGateway": gateway})
