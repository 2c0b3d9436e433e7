"""Names of a domain: zones, records, a certificate, and CloudFront in front of a load balancer."""

from collections.abc import Iterator
from typing import Any

from .common import REGION, TAGS, client

FOREIGN_ZONE = "Z0123456789ABCDEFGHIJ"
"""Of a zone that nobody made here."""


def create_names() -> None:
    """A zone here and one made elsewhere, with records for two regions, a certificate, an edge."""
    route53 = client("route53")
    zone = route53.create_hosted_zone(Name="example.com", CallerReference="check")["HostedZone"]
    route53.create_health_check(
        CallerReference="check",
        HealthCheckConfig={"Type": "HTTPS", "FullyQualifiedDomainName": "app.example.com"},
    )
    for zone_id in (zone["Id"], FOREIGN_ZONE):
        for record_type in ("A", "AAAA"):
            change_record("CREATE", zone_id, record_type)
    change_record("DELETE", FOREIGN_ZONE, "A")
    left = route53.list_resource_record_sets(HostedZoneId=FOREIGN_ZONE)["ResourceRecordSets"]
    assert [record["Type"] for record in left] == ["AAAA"], left
    create_certificate()
    create_edge()


def change_record(action: str, zone_id: str, record_type: str) -> None:
    """One of the records of a name that share an identifier."""
    record = {
        "Name": "app.example.com",
        "Type": record_type,
        "SetIdentifier": REGION,
        "Failover": "PRIMARY",
        "AliasTarget": {
            "HostedZoneId": "Z2FDTNDATAQYW2",
            "DNSName": "check.elb.amazonaws.com",
            "EvaluateTargetHealth": True,
        },
    }
    client("route53").change_resource_record_sets(
        HostedZoneId=zone_id,
        ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]},
    )


def create_certificate() -> None:
    """It is issued at once, and a wildcard is proven by the record of the name below it."""
    acm = client("acm")
    arn = acm.request_certificate(
        DomainName="example.com",
        SubjectAlternativeNames=["*.example.com"],
        ValidationMethod="DNS",
        Tags=TAGS,
    )["CertificateArn"]
    certificate = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    options = certificate["DomainValidationOptions"]
    assert certificate["Status"] == "ISSUED", certificate
    assert len(options) == 2, options
    assert len({option["ResourceRecord"]["Name"] for option in options}) == 1, options


def create_edge() -> None:
    """A distribution whose origin is in a VPC; the origin cannot be deleted before it."""
    cloudfront = client("cloudfront")
    origin = cloudfront.create_vpc_origin(
        VpcOriginEndpointConfig={
            "Name": "check",
            "Arn": f"arn:aws:elasticloadbalancing:{REGION}:123456789012:loadbalancer/app/check/1",
            "HTTPPort": 80,
            "HTTPSPort": 443,
            "OriginProtocolPolicy": "https-only",
            "OriginSslProtocols": {"Quantity": 1, "Items": ["TLSv1.2"]},
        },
        Tags={"Items": TAGS},
    )["VpcOrigin"]
    cloudfront.create_distribution(
        DistributionConfig={
            "CallerReference": "check",
            "Comment": "check",
            "Enabled": True,
            "Origins": {
                "Quantity": 1,
                "Items": [
                    {
                        "Id": "check",
                        "DomainName": "check.elb.amazonaws.com",
                        "VpcOriginConfig": {"VpcOriginId": origin["Id"]},
                    }
                ],
            },
            "DefaultCacheBehavior": {
                "TargetOriginId": "check",
                "ViewerProtocolPolicy": "redirect-to-https",
                "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
            },
        }
    )
    try:
        cloudfront.delete_vpc_origin(Id=origin["Id"], IfMatch="check")
    except cloudfront.exceptions.CannotDeleteEntityWhileInUse:
        return
    raise AssertionError("a VPC origin could be deleted that a distribution uses")


def read_names() -> Iterator[tuple[str, Any]]:
    """All of it, by the question asked."""
    route53, cloudfront = client("route53"), client("cloudfront")
    yield "route53 health checks", route53.list_health_checks()["HealthChecks"]
    for zone in route53.list_hosted_zones()["HostedZones"]:
        records = route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
        yield f"route53 zone {zone['Id']}", {"zone": zone, "records": records}
    for distribution in cloudfront.list_distributions()["DistributionList"]["Items"]:
        distribution.pop("Status")  # it is deployed some answers later
        yield f"cloudfront distribution {distribution['Id']}", distribution
        for one in distribution["Origins"]["Items"]:
            origin_id = one["VpcOriginConfig"]["VpcOriginId"]
            origin = cloudfront.get_vpc_origin(Id=origin_id)["VpcOrigin"]
            tags = cloudfront.list_tags_for_resource(Resource=origin["Arn"])["Tags"]
            yield f"cloudfront origin {origin_id}", {"origin": origin, "tags": tags}
