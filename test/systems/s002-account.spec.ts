import * as assert from "node:assert/strict";
import { runExample } from "../examples/run-example";
import type { Run } from "../support/run";

/** CloudTrail and GuardDuty are the account's, not a platform's: examples/account-baseline makes them. */
describe("seed 002, what an account has once", () => {
  let run: Run;
  before(async () => {
    run = await runExample("account-baseline");
  });

  it("S002-186: CloudTrail records every call, in all regions, with digests that show changes", () => {
    const trail = run.one("aws:cloudtrail/trail:Trail");
    assert.equal(trail.input("enableLogging"), true);
    assert.equal(trail.input("isMultiRegionTrail"), true);
    assert.equal(trail.input("includeGlobalServiceEvents"), true);
    assert.equal(trail.input("enableLogFileValidation"), true);
    assert.equal(trail.input("kmsKeyId"), run.one("aws:kms/key:Key", "audit-key").outputs["arn"]);
  });

  it("S002-187: GuardDuty looks for threats in every region, and tells people of high ones", () => {
    const detectors = run.all("aws:guardduty/detector:Detector");
    assert.deepEqual(
      detectors.map(({ name, inputs }) => [name, inputs["enable"]]),
      [
        ["threats-eu-central-1-detector", true],
        ["threats-us-east-1-detector", true],
      ],
    );
    const told = run
      .all("aws:cloudwatch/eventRule:EventRule")
      .filter(({ name }) => name.endsWith("-guardduty-finding"));
    assert.equal(told.length, detectors.length);
    assert.equal(run.all("aws:sns/topicSubscription:TopicSubscription").length, detectors.length);
  });
});
