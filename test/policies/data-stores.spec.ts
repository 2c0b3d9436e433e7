import * as assert from "node:assert/strict";
import type { ValueMap } from "../../policies/graph";
import { findings, resource } from "./fixtures";

describe("policies about tables and caches", () => {
  it("DDB-01: reports a table that cannot be restored, refuses load or is deleted by one call", () => {
    const good = {
      pointInTimeRecovery: { enabled: true },
      billingMode: "PAY_PER_REQUEST",
      deletionProtectionEnabled: true,
    };
    const table = (name: string, inputs: ValueMap) =>
      resource("aws:dynamodb/table:Table", name, { ...good, ...inputs });
    assert.deepEqual(
      findings("DDB-01", [
        table("good", {}),
        table("lost", { pointInTimeRecovery: { enabled: false } }),
        table("tight", { billingMode: "PROVISIONED" }),
        table("loose", { deletionProtectionEnabled: undefined }),
      ]),
      [
        "lost: cannot be restored",
        "tight: refuses requests beyond a capacity that nothing raises",
        "loose: can be deleted by one call",
      ],
    );
  });

  it("RED-01: reports a cache that is readable, open, alone, without a snapshot or in the default subnets", () => {
    const good = {
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      userGroupIds: ["users"],
      subnetGroupName: "data",
      snapshotRetentionLimit: 1,
    };
    const cache = (name: string, inputs: ValueMap) =>
      resource("aws:elasticache/replicationGroup:ReplicationGroup", name, { ...good, ...inputs });
    const serverless = (name: string, inputs: ValueMap) =>
      resource("aws:elasticache/serverlessCache:ServerlessCache", name, inputs);
    assert.deepEqual(
      findings("RED-01", [
        cache("good", {}),
        cache("by-token", { userGroupIds: [], authToken: "x" }),
        cache("plain-disk", { atRestEncryptionEnabled: false }),
        cache("plain-way", { transitEncryptionEnabled: undefined }),
        cache("manual", { automaticFailoverEnabled: false }),
        cache("one-zone", { multiAzEnabled: false }),
        cache("open", { userGroupIds: [] }),
        cache("somewhere", { subnetGroupName: undefined }),
        cache("forgetful", { snapshotRetentionLimit: 0 }),
        serverless("good-serverless", { userGroupId: "users", snapshotRetentionLimit: 1 }),
        serverless("bad-serverless", {}),
      ]),
      [
        "plain-disk: is readable on the way or on the disk: atRestEncryptionEnabled is off",
        "plain-way: is readable on the way or on the disk: transitEncryptionEnabled is off",
        "manual: has nothing in another zone to take over",
        "one-zone: has nothing in another zone to take over",
        "open: lets in whoever reaches it, without a password",
        "somewhere: stands in the default subnets",
        "bad-serverless: lets in whoever reaches it, without a password",
        "forgetful: has no snapshot to start again from",
        "bad-serverless: has no snapshot to start again from",
      ],
    );
  });
});
