"""What guards data and money: a locked vault, a restore test, a budget, a look for odd costs."""

import json
from collections.abc import Iterator
from typing import Any

from .common import TAGS, client

ROLE = "arn:aws:iam::123456789012:role/check"
VAULT = {"BackupVaultName": "check"}
TEST = {"RestoreTestingPlanName": "check"}


def create_safeguards() -> None:
    """One of each; what is changed has the change, and keeps the rest."""
    create_vault()
    create_restore_test()
    create_budget()
    create_monitor()


def create_vault() -> None:
    """Locked, and with a policy of its own; another's lock and policy are gone again."""
    backup = client("backup")
    for name in ("check", "other"):
        backup.create_backup_vault(BackupVaultName=name)
        backup.put_backup_vault_access_policy(BackupVaultName=name, Policy=json.dumps({"Id": name}))
        backup.put_backup_vault_lock_configuration(
            BackupVaultName=name, MinRetentionDays=7, MaxRetentionDays=30
        )
    backup.delete_backup_vault_lock_configuration(BackupVaultName="other")
    assert "MinRetentionDays" not in backup.describe_backup_vault(BackupVaultName="other")
    backup.delete_backup_vault_access_policy(BackupVaultName="other")
    try:
        backup.get_backup_vault_access_policy(BackupVaultName="other")
        raise AssertionError("a policy outlives its deletion")
    except backup.exceptions.ResourceNotFoundException:
        pass


def create_restore_test() -> None:
    """A plan is deleted only after its selections."""
    backup = client("backup")
    plan = {
        **TEST,
        "ScheduleExpression": "cron(0 9 ? * SUN *)",
        "RecoveryPointSelection": {
            "Algorithm": "LATEST_WITHIN_WINDOW",
            "IncludeVaults": ["*"],
            "RecoveryPointTypes": ["SNAPSHOT"],
        },
    }
    arn = backup.create_restore_testing_plan(RestoreTestingPlan=plan)["RestoreTestingPlanArn"]
    backup.update_restore_testing_plan(**TEST, RestoreTestingPlan={"StartWindowHours": 2})
    backup.tag_resource(ResourceArn=arn, Tags={"Stage": "check"})
    backup.create_restore_testing_selection(
        **TEST,
        RestoreTestingSelection={
            "RestoreTestingSelectionName": "tables",
            "ProtectedResourceType": "DynamoDB",
            "IamRoleArn": ROLE,
        },
    )
    backup.update_restore_testing_selection(
        **TEST,
        RestoreTestingSelectionName="tables",
        RestoreTestingSelection={"ValidationWindowHours": 4},
    )
    try:
        backup.delete_restore_testing_plan(**TEST)
        raise AssertionError("a plan was deleted before its selection")
    except backup.exceptions.InvalidRequestException:
        pass


def create_budget() -> None:
    """It tells of its filter."""
    account = {"AccountId": client("sts").get_caller_identity()["Account"]}
    budgets = client("budgets")
    budgets.create_budget(
        **account,
        Budget={
            "BudgetName": "check",
            "BudgetType": "COST",
            "TimeUnit": "MONTHLY",
            "BudgetLimit": {"Amount": "100", "Unit": "USD"},
            "CostFilters": {"TagKeyValue": ["user:Project$check"]},
        },
    )
    told = budgets.describe_budget(**account, BudgetName="check")["Budget"]
    assert told["CostFilters"] == {"TagKeyValue": ["user:Project$check"]}


def create_monitor() -> None:
    """Costs are watched by a tag, which bills know."""
    costs = client("ce")
    specification = {"Tags": {"Key": "Project", "Values": ["check"]}}
    monitors = [
        costs.create_anomaly_monitor(
            AnomalyMonitor={
                "MonitorName": name,
                "MonitorType": "CUSTOM",
                "MonitorSpecification": specification,
            },
            ResourceTags=TAGS,
        )["MonitorArn"]
        for name in ("check", "other")
    ]
    costs.delete_anomaly_monitor(MonitorArn=monitors[1])
    try:
        costs.get_anomaly_monitors(MonitorArnList=monitors[1:])
        raise AssertionError("a monitor outlives its deletion")
    except costs.exceptions.UnknownMonitorException:
        pass
    subscription = costs.create_anomaly_subscription(
        AnomalySubscription={
            "SubscriptionName": "check",
            "MonitorArnList": monitors[:1],
            "Subscribers": [{"Type": "EMAIL", "Address": "team@example.com"}],
            "Frequency": "DAILY",
        }
    )["SubscriptionArn"]
    costs.update_anomaly_subscription(SubscriptionArn=subscription, Frequency="WEEKLY")
    costs.update_cost_allocation_tags_status(
        CostAllocationTagsStatus=[{"TagKey": "Project", "Status": "Active"}]
    )


def read_safeguards() -> Iterator[tuple[str, Any]]:
    """All that AWS tells of them."""
    backup, costs = client("backup"), client("ce")
    yield "backup vaults", backup.list_backup_vaults()["BackupVaultList"]
    yield "backup policy", backup.get_backup_vault_access_policy(**VAULT)["Policy"]
    plan = backup.get_restore_testing_plan(**TEST)["RestoreTestingPlan"]
    yield "backup restore test", plan
    tags = backup.list_tags(ResourceArn=plan["RestoreTestingPlanArn"])["Tags"]
    yield "backup restore test tags", tags
    yield (
        "backup restore test selection",
        backup.get_restore_testing_selection(**TEST, RestoreTestingSelectionName="tables")[
            "RestoreTestingSelection"
        ],
    )
    yield "cost monitors", costs.get_anomaly_monitors()["AnomalyMonitors"]
    yield "cost subscriptions", costs.get_anomaly_subscriptions()["AnomalySubscriptions"]
    yield "cost tags", costs.list_cost_allocation_tags()["CostAllocationTags"]
