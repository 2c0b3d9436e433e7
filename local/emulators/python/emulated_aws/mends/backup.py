"""AWS Backup (ministack): policies and locks of vaults, and restore tests."""

import uuid
from collections.abc import Callable
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, get_region
from ministack.services import backup

from ..settings import ACCOUNT
from .patching import around

Answer = Any
Body = dict[str, Any]

# In the module of ministack, where what is saved is looked for.
backup._policies = AccountRegionScopedDict()
backup._restore_plans = AccountRegionScopedDict()
backup._restore_selections = AccountRegionScopedDict()


@around(backup, "handle_request")
async def answer_more(
    original: Any, method: str, path: str, headers: Any, body: bytes, query: Any
) -> Answer:
    """What ministack has no routes for, or for reading alone."""
    match path.strip("/").split("/"):
        case ["backup-vaults", vault, "access-policy"]:
            return POLICY[method](vault, parse(body))
        case ["backup-vaults", vault, "vault-lock"]:
            return LOCK[method](vault, parse(body))
        case ["restore-testing", "plans"] if method == "PUT":
            return create_plan(parse(body))
        case ["restore-testing", "plans", name] if name:
            return PLAN[method](name, parse(body))
        case ["restore-testing", "plans", name, "selections"] if method == "PUT":
            return create_selection(name, parse(body))
        case ["restore-testing", "plans", name, "selections", selection]:
            return SELECTION[method](f"{name}/{selection}", parse(body))
    return await original(method, path, headers, body, query)


def parse(body: bytes) -> Body:
    """The JSON of a request that may have none."""
    return backup.json.loads(body) if body else {}


def put_policy(vault: str, body: Body) -> Answer:
    """Who may do what with a vault."""
    backup._policies[vault] = body["Policy"]
    return backup._no_content()


def get_policy(vault: str, _body: Body) -> Answer:
    """The same, as it was given."""
    if vault not in backup._policies:
        return backup._not_found(f"vault {vault} has no policy")
    arn = backup._vault_arn(vault)
    return backup._ok(
        {"BackupVaultName": vault, "BackupVaultArn": arn, "Policy": backup._policies[vault]}
    )


def delete_policy(vault: str, _body: Body) -> Answer:
    """Removes it."""
    backup._policies.pop(vault, None)
    return backup._no_content()


def put_lock(vault: str, body: Body) -> Answer:
    """Locks a vault. Here a lock never becomes final."""
    days = {
        f"{bound}RetentionDays": body[f"{bound}RetentionDays"]
        for bound in ("Min", "Max")
        if f"{bound}RetentionDays" in body
    }
    backup._vaults[vault].update({"Locked": True, **days})
    return backup._no_content()


def delete_lock(vault: str, _body: Body) -> Answer:
    """Takes the lock off."""
    backup._vaults[vault]["Locked"] = False
    for bound in ("Min", "Max"):
        backup._vaults[vault].pop(f"{bound}RetentionDays", None)
    return backup._no_content()


def create_plan(body: Body) -> Answer:
    """When backups are restored to see that they can be."""
    given = body["RestoreTestingPlan"]
    name = given["RestoreTestingPlanName"]
    arn = f"arn:aws:backup:{get_region()}:{ACCOUNT}:restore-testing-plan:{name}-{uuid.uuid4()}"
    backup._restore_plans[name] = {
        "plan": {
            "ScheduleExpressionTimezone": "Etc/UTC",
            "StartWindowHours": 24,
            **given,
            "RestoreTestingPlanArn": arn,
            "CreationTime": backup._epoch(),
        },
        "tags": body.get("Tags", {}),
    }
    return backup._ok(told_of_plan(name))


def told_of_plan(name: str) -> Body:
    """What AWS says of a plan that it has made or changed."""
    plan = backup._restore_plans[name]["plan"]
    names = ("RestoreTestingPlanArn", "RestoreTestingPlanName", "CreationTime")
    return {key: plan[key] for key in names}


def get_plan(name: str, _body: Body) -> Answer:
    """All there is to know of it."""
    if name not in backup._restore_plans:
        return backup._not_found(f"no restore testing plan {name}")
    return backup._ok({"RestoreTestingPlan": backup._restore_plans[name]["plan"]})


def update_plan(name: str, body: Body) -> Answer:
    """Takes over what is given, and keeps the rest."""
    backup._restore_plans[name]["plan"].update(body["RestoreTestingPlan"])
    return backup._ok({**told_of_plan(name), "UpdateTime": backup._epoch()})


def delete_plan(name: str, _body: Body) -> Answer:
    """AWS does so only when its selections are gone."""
    if any(key.startswith(f"{name}/") for key in backup._restore_selections):
        return backup._err("InvalidRequestException", f"plan {name} has selections")
    backup._restore_plans.pop(name, None)
    return backup._no_content()


def create_selection(plan: str, body: Body) -> Answer:
    """What is restored, and how."""
    given = body["RestoreTestingSelection"]
    name = given["RestoreTestingSelectionName"]
    conditions = given.get("ProtectedResourceConditions") or {}
    backup._restore_selections[f"{plan}/{name}"] = {
        "ProtectedResourceArns": [],
        "RestoreMetadataOverrides": {},
        "ValidationWindowHours": 0,
        **given,
        "ProtectedResourceConditions": {"StringEquals": [], "StringNotEquals": [], **conditions},
        "RestoreTestingPlanName": plan,
        "CreationTime": backup._epoch(),
    }
    return backup._ok(told_of_selection(f"{plan}/{name}"))


def told_of_selection(key: str) -> Body:
    """What AWS says of a selection that it has made or changed."""
    selection = backup._restore_selections[key]
    plan = backup._restore_plans[selection["RestoreTestingPlanName"]]["plan"]
    return {
        "CreationTime": selection["CreationTime"],
        "RestoreTestingPlanArn": plan["RestoreTestingPlanArn"],
        "RestoreTestingPlanName": selection["RestoreTestingPlanName"],
        "RestoreTestingSelectionName": selection["RestoreTestingSelectionName"],
    }


def get_selection(key: str, _body: Body) -> Answer:
    """All there is to know of it."""
    if key not in backup._restore_selections:
        return backup._not_found(f"no restore testing selection {key}")
    return backup._ok({"RestoreTestingSelection": backup._restore_selections[key]})


def update_selection(key: str, body: Body) -> Answer:
    """Takes over what is given, and keeps the rest."""
    backup._restore_selections[key].update(body["RestoreTestingSelection"])
    return backup._ok({**told_of_selection(key), "UpdateTime": backup._epoch()})


def delete_selection(key: str, _body: Body) -> Answer:
    """Removes it at once."""
    backup._restore_selections.pop(key, None)
    return backup._no_content()


@around(backup, "_resolve_resource")
def find_tags(original: Any, arn: str) -> Any:
    """Tags of a plan for restore tests, which ministack does not look for."""
    for plan in backup._restore_plans.values():
        if plan["plan"]["RestoreTestingPlanArn"] == arn:
            return plan["tags"]
    return original(arn)


Routes = dict[str, Callable[[str, Body], Answer]]
POLICY: Routes = {"PUT": put_policy, "GET": get_policy, "DELETE": delete_policy}
LOCK: Routes = {"PUT": put_lock, "DELETE": delete_lock}
PLAN: Routes = {"PUT": update_plan, "GET": get_plan, "DELETE": delete_plan}
SELECTION: Routes = {"PUT": update_selection, "GET": get_selection, "DELETE": delete_selection}
