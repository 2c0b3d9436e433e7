"""Route 53: zones made outside the stack, and the deletion of one record among several of a set.

A stack file names the id of a zone that exists, which the emulated AWS never saw.
"""

from typing import Any

from moto.route53 import models

from .patching import around


@around(models.Route53Backend, "get_hosted_zone")
def take_foreign_zones(original: Any, backend: models.Route53Backend, id_: str) -> models.FakeZone:
    """A zone that was never here exists elsewhere, with a name that takes any record."""
    zone_id = id_.removeprefix("/hostedzone/")
    if zone_id not in backend.zones and zone_id not in deleted_zones(backend):
        zone = models.FakeZone(".", zone_id, private_zone=False, caller_reference="made elsewhere")
        backend.zones[zone_id] = zone
    return original(backend, id_)


@around(models.Route53Backend, "delete_hosted_zone")
def remember_deleted_zone(original: Any, backend: models.Route53Backend, id_: str) -> Any:
    """Else it would be there again as soon as somebody asks whether it is gone."""
    zone = original(backend, id_)
    deleted_zones(backend).add(id_.removeprefix("/hostedzone/"))
    return zone


@around(models.Route53Backend, "change_resource_record_sets")
def delete_one_of_a_set(
    original: Any, backend: models.Route53Backend, zoneid: str, change_list: list[dict[str, Any]]
) -> None:
    """moto deletes all records of the same identifier, whatever their names and types."""
    zone = backend.get_hosted_zone(zoneid)
    before = list(zone.rrsets)
    deletions = [
        change["ResourceRecordSet"] for change in change_list if change["Action"] == "DELETE"
    ]
    deleted = [
        (one["Name"].rstrip("."), one["Type"], one["SetIdentifier"])
        for one in deletions
        if "SetIdentifier" in one
    ]
    original(backend, zoneid, change_list)
    identifiers = [identifier for _, _, identifier in deleted]
    zone.rrsets += [
        record
        for record in before
        if record.set_identifier in identifiers
        and record not in zone.rrsets
        and (record.name.rstrip("."), record.type, record.set_identifier) not in deleted
    ]


def deleted_zones(backend: models.Route53Backend) -> set[str]:
    """Their ids. They lie with the backend, and so in its saved state."""
    return vars(backend).setdefault("deleted_zones", set())
