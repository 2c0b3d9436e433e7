"""EC2: security group rules that refer to another group."""

from typing import Any

from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule

from .patching import around


def description(rule: SecurityGroupRule) -> str | None:
    """moto forgets to look at the other group, where it keeps the description of such a rule."""
    return rule.ip_range.get("Description") or rule.source_group.get("Description")


SecurityGroupRule.description = property(description)


@around(SecurityGroupBackend, "modify_security_group_rules")
def modify_whole_rule(
    original: Any, backend: SecurityGroupBackend, group_id: str, rules: dict[str, dict[str, Any]]
) -> None:
    """moto modifies only what IPv4 rules consist of, and insists on ports for all protocols."""
    for new in rules.values():
        if new.get("IpProtocol") == "-1":
            new.setdefault("FromPort", -1)
            new.setdefault("ToPort", -1)
    original(backend, group_id, rules)
    group = backend.get_security_group_by_name_or_id(group_id)
    for rule_id, new in rules.items():
        rule = group.get_rule(rule_id)
        if new["IpProtocol"] == "-1":
            rule.from_port = rule.to_port = None
        if "CidrIpv6" in new:
            rule.ip_range["CidrIpv6"] = new["CidrIpv6"]
        if "ReferencedGroupId" in new:
            rule.ip_range = {}
            rule.source_group["GroupId"] = new["ReferencedGroupId"]
            rule.source_group["Description"] = new.get("Description")
