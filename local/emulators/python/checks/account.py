"""What an account has once: what looks at it, and what it holds new things to."""

from collections.abc import Iterator
from typing import Any

from .common import client

ACCOUNT = "123456789012"
ANALYZER = {"analyzerName": "check"}
STANDARD = "arn:aws:securityhub:eu-central-1::standards/check/v/1.0.0"


def create_account() -> None:
    """One of each; what there is once AWS refuses to make twice."""
    create_analyzer()
    create_hub()
    create_detector()
    create_export()
    inspector = client("inspector2")
    inspector.enable(accountIds=[ACCOUNT], resourceTypes=["ECR"])
    ecs = client("ecs")
    ecs.put_account_setting_default(name="defaultLogDriverMode", value="blocking")
    hold_new_things()


def create_analyzer() -> None:
    """A name is taken once, and free again when it is gone."""
    analyzers = client("accessanalyzer")
    arn = analyzers.create_analyzer(**ANALYZER, type="ACCOUNT", tags={"Name": "check"})["arn"]
    try:
        analyzers.create_analyzer(**ANALYZER, type="ACCOUNT")
        raise AssertionError("two analyzers have one name")
    except analyzers.exceptions.ConflictException:
        pass
    analyzers.create_analyzer(analyzerName="other", type="ACCOUNT")
    analyzers.delete_analyzer(analyzerName="other")
    try:
        analyzers.get_analyzer(analyzerName="other")
        raise AssertionError("an analyzer outlives its deletion")
    except analyzers.exceptions.ResourceNotFoundException:
        pass
    analyzers.tag_resource(resourceArn=arn, tags={"Stage": "check"})
    analyzers.untag_resource(resourceArn=arn, tagKeys=["Name"])


def create_hub() -> None:
    """A region has one, with the standards that it is told."""
    hub = client("securityhub")
    hub.enable_security_hub(EnableDefaultStandards=False)
    try:
        hub.enable_security_hub()
        raise AssertionError("a region has two hubs")
    except hub.exceptions.ResourceConflictException:
        pass
    hub.update_security_hub_configuration(AutoEnableControls=False)
    (made,) = hub.batch_enable_standards(
        StandardsSubscriptionRequests=[{"StandardsArn": STANDARD.replace("check", "other")}]
    )["StandardsSubscriptions"]
    arn = made["StandardsSubscriptionArn"]
    hub.batch_disable_standards(StandardsSubscriptionArns=[arn])
    left = hub.get_enabled_standards(StandardsSubscriptionArns=[arn])
    assert left["StandardsSubscriptions"] == [], "a standard outlives its deletion"
    hub.batch_enable_standards(StandardsSubscriptionRequests=[{"StandardsArn": STANDARD}])


def create_detector() -> None:
    """A change of one feature leaves the others as they are."""
    guardduty = client("guardduty")
    detector = guardduty.create_detector(Enable=True, Tags={"Name": "check"})["DetectorId"]
    for status in ("ENABLED", "DISABLED"):
        guardduty.update_detector(
            DetectorId=detector, Features=[{"Name": "RUNTIME_MONITORING", "Status": status}]
        )
    features = guardduty.get_detector(DetectorId=detector)["Features"]
    told = {feature["Name"]: feature["Status"] for feature in features}
    assert told["RUNTIME_MONITORING"] == "DISABLED", told
    assert told["S3_DATA_EVENTS"] == "ENABLED", told
    arn = f"arn:aws:guardduty:eu-central-1:{ACCOUNT}:detector/{detector}"
    guardduty.tag_resource(ResourceArn=arn, Tags={"Stage": "check"})
    guardduty.untag_resource(ResourceArn=arn, TagKeys=["Name"])
    assert guardduty.list_tags_for_resource(ResourceArn=arn)["Tags"] == {"Stage": "check"}


def create_export() -> None:
    """A report of costs."""
    exports = client("bcm-data-exports")
    export = {
        "Name": "check",
        "DataQuery": {"QueryStatement": "SELECT a FROM COST_AND_USAGE_REPORT"},
        "DestinationConfigurations": {
            "S3Destination": {
                "S3Bucket": "check",
                "S3Prefix": "reports",
                "S3Region": "eu-central-1",
                "S3OutputConfigurations": {
                    "OutputType": "CUSTOM",
                    "Format": "PARQUET",
                    "Compression": "PARQUET",
                    "Overwrite": "OVERWRITE_REPORT",
                },
            }
        },
        "RefreshCadence": {"Frequency": "SYNCHRONOUS"},
    }
    arn = exports.create_export(Export=export, ResourceTags=[{"Key": "Name", "Value": "check"}])[
        "ExportArn"
    ]
    exports.update_export(ExportArn=arn, Export={**export, "Description": "changed"})
    exports.tag_resource(ResourceArn=arn, ResourceTags=[{"Key": "Stage", "Value": "check"}])
    exports.untag_resource(ResourceArn=arn, ResourceTagKeys=["Name"])
    assert exports.get_export(ExportArn=arn)["Export"]["Description"] == "changed"
    tags = exports.list_tags_for_resource(ResourceArn=arn)["ResourceTags"]
    assert tags == [{"Key": "Stage", "Value": "check"}], tags
    exports.delete_export(ExportArn=arn)
    try:
        exports.get_export(ExportArn=arn)
        raise AssertionError("an export outlives its deletion")
    except exports.exceptions.ResourceNotFoundException:
        pass


def hold_new_things() -> None:
    """Settings that EC2 keeps for a region."""
    ec2 = client("ec2")
    ec2.modify_instance_metadata_defaults(HttpTokens="required", HttpPutResponseHopLimit=2)
    ec2.modify_instance_metadata_defaults(HttpPutResponseHopLimit=-1)
    ec2.enable_snapshot_block_public_access(State="block-new-sharing")
    ec2.enable_snapshot_block_public_access(State="block-all-sharing")
    ec2.enable_image_block_public_access(ImageBlockPublicAccessState="block-new-sharing")
    ec2.disable_image_block_public_access()


def read_account() -> Iterator[tuple[str, Any]]:
    """All that is left of it."""
    yield "accessanalyzer", client("accessanalyzer").get_analyzer(**ANALYZER)["analyzer"]
    hub = client("securityhub")
    yield "securityhub", hub.describe_hub()["HubArn"]
    yield "securityhub standards", hub.get_enabled_standards()["StandardsSubscriptions"]
    guardduty = client("guardduty")
    for detector in guardduty.list_detectors()["DetectorIds"]:
        told = guardduty.get_detector(DetectorId=detector)
        yield "guardduty", {key: told[key] for key in ("Features", "Tags", "Status")}
    inspector = client("inspector2")
    yield "inspector2", inspector.batch_get_account_status(accountIds=[ACCOUNT])["accounts"]
    settings = client("ecs").list_account_settings(name="defaultLogDriverMode")["settings"]
    assert [setting["value"] for setting in settings] == ["blocking"], settings
    yield "ecs settings", settings
    ec2 = client("ec2")
    yield "ec2 metadata", ec2.get_instance_metadata_defaults()["AccountLevel"]
    yield "ec2 snapshots", ec2.get_snapshot_block_public_access_state()["State"]
    yield "ec2 images", ec2.get_image_block_public_access_state()["ImageBlockPublicAccessState"]
