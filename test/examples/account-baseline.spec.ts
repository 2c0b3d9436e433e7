import * as assert from "node:assert/strict";
import { SettingsError } from "../../components/support/problem";
import { loadBaselineConfig } from "../../examples/account-baseline/config";
import { createBaseline } from "../../examples/account-baseline/program";
import { type StackConfig, sourceOf } from "../stacks/support";
import type { Run } from "../support/run";
import { runProgram } from "../support/run-program";
import { runExample } from "./run-example";

const NAME = "account-baseline";
const BECAUSE = "the organization has it for all accounts";

const load = (config: StackConfig) =>
  loadBaselineConfig({ ...sourceOf(config, NAME), project: NAME });
const run = (config: StackConfig) =>
  runProgram(() => {
    createBaseline(load(config));
  });

/** The smallest stack file: one region, and everything as it is by default. */
const small = (): StackConfig => ({ "aws:region": "eu-west-1" });

const components = (made: Run) =>
  made.resources
    .filter(({ kind }) => kind === "component")
    .map(({ type, name }) => `${type.replace("ecs-platform:index:", "")} ${name}`)
    .sort();

function problemsOf(config: StackConfig) {
  try {
    load(config);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return assert.fail("the configuration is taken");
}

describe("examples/account-baseline", () => {
  it("has in every region what AWS has by the region, and once what it has by the account", async () => {
    const made = await run(small());
    assert.deepEqual(components(made), [
      "AccountDefaults account",
      "AccountNotices notices-eu-west-1",
      "AuditTrail audit",
      "ConfigurationRecorder configuration-eu-west-1",
      "CostReport costs",
      "RegionDefaults defaults-eu-west-1",
      "ResourceScan scan-eu-west-1",
      "SecurityHub security-hub-eu-west-1",
      "ThreatDetection threats-eu-west-1",
    ]);
    const more = await run({ ...small(), "account-baseline:otherRegions": ["us-west-2"] });
    assert.deepEqual(
      components(more).filter((component) => !components(made).includes(component)),
      [
        "AccountNotices notices-us-west-2",
        "ConfigurationRecorder configuration-us-west-2",
        "RegionDefaults defaults-us-west-2",
        "ResourceScan scan-us-west-2",
        "SecurityHub security-hub-us-west-2",
        "ThreatDetection threats-us-west-2",
      ],
    );
  });

  it("makes everything by the provider of its region, and the report of costs in us-east-1", async () => {
    const made = await runExample(NAME);
    const regionOf = (type: string, name: string) => {
      const { provider = "" } = made.one(type, name);
      return made.byUrn(provider).input("region");
    };
    const detector = "aws:guardduty/detector:Detector";
    assert.equal(regionOf(detector, "threats-eu-central-1-detector"), "eu-central-1");
    assert.equal(regionOf(detector, "threats-us-east-1-detector"), "us-east-1");
    assert.equal(regionOf("aws:bcmdata/export:Export", "costs-export"), "us-east-1");
    assert.equal(regionOf("aws:s3/bucket:Bucket", "costs-bucket"), "eu-central-1");
    assert.equal(regionOf("aws:cloudtrail/trail:Trail", "audit-trail"), "eu-central-1");
    // us-east-1 is one of the regions already: one provider does for both.
    assert.deepEqual(
      made.all("pulumi:providers:aws").map(({ name }) => name),
      ["aws", "aws-us-east-1"],
    );
  });

  it("records roles and the like in the home region alone, by one role of Config", async () => {
    const made = await runExample(NAME);
    const globals = made
      .all("aws:cfg/recorder:Recorder")
      .map(({ name, inputs }) => [
        name,
        (inputs["recordingGroup"] as { includeGlobalResourceTypes: boolean })
          .includeGlobalResourceTypes,
      ]);
    assert.deepEqual(globals, [
      ["configuration-eu-central-1-recorder", true],
      ["configuration-us-east-1-recorder", false],
    ]);
    assert.deepEqual(
      made.all("aws:iam/serviceLinkedRole:ServiceLinkedRole").map(({ name }) => name),
      ["configuration-eu-central-1-service-linked-role"],
    );
  });

  for (const [section, gone] of Object.entries({
    auditTrail: "AuditTrail audit",
    threatDetection: "ThreatDetection threats-eu-west-1",
    configuration: "ConfigurationRecorder configuration-eu-west-1",
    securityHub: "SecurityHub security-hub-eu-west-1",
    resourceScan: "ResourceScan scan-eu-west-1",
    accountDefaults: "AccountDefaults account",
    regionDefaults: "RegionDefaults defaults-eu-west-1",
    costReport: "CostReport costs",
  })) {
    it(`leaves alone what the account has already: ${section}`, async () => {
      const all = components(await run(small()));
      const made = await run({
        ...small(),
        [`account-baseline:${section}`]: { offBecause: BECAUSE },
      });
      assert.deepEqual(
        all.filter((component) => !components(made).includes(component)),
        [gone],
      );
      assert.deepEqual(
        problemsOf({ ...small(), [`account-baseline:${section}`]: { offBecause: "no" } }).map(
          ({ key }) => key,
        ),
        [`account-baseline:${section}.offBecause`],
      );
    });
  }

  it("has bills go by tags where that is written, as AWS refuses it on the first day", async () => {
    const without = await run(small());
    const made = await run({ ...small(), "account-baseline:costAllocationTags": {} });
    assert.deepEqual(
      components(made).filter((component) => !components(without).includes(component)),
      ["CostAllocationTags cost-tags"],
    );
    const keysOf = (all: Run) =>
      all
        .all("aws:costexplorer/costAllocationTag:CostAllocationTag")
        .map((tag) => tag.input("tagKey"))
        .sort();
    // What everything in a stack bears, this one among them: TAGS in program.ts, and stacks/tags.ts.
    assert.deepEqual(keysOf(made), ["Environment", "ManagedBy", "Project"]);
    const own = await run({
      ...small(),
      "account-baseline:costAllocationTags": { keys: ["Owner"] },
    });
    assert.deepEqual(keysOf(own), ["Owner"]);
    assert.deepEqual(
      problemsOf({ ...small(), "account-baseline:costAllocationTags": { keys: ["aws:x"] } }).map(
        ({ key }) => key,
      ),
      ["account-baseline:costAllocationTags.keys[0]"],
    );
  });

  it("is kept from deletion unless the stack file says otherwise", async () => {
    const kept = await run(small());
    assert.equal(kept.one("aws:cloudtrail/trail:Trail").protect, true);
    const buckets = (made: Run) =>
      made.all("aws:s3/bucket:Bucket").map((bucket) => bucket.input("forceDestroy"));
    assert.deepEqual(buckets(kept), [false, false, false]);
    const open = await run({ ...small(), "account-baseline:unprotectedBecause": BECAUSE });
    assert.notEqual(open.one("aws:cloudtrail/trail:Trail").protect, true);
    assert.deepEqual(buckets(open), [true, true, true]);
  });

  it("lists every problem at once", () => {
    const problems = problemsOf({
      "aws:region": "eu-west-1",
      "account-baseline:otherRegions": ["eu-west-1"],
    });
    assert.deepEqual(problems, [
      {
        key: "account-baseline:otherRegions",
        value: ["eu-west-1"],
        rule: "names aws:region, which has everything already",
        allowed: "other regions",
        fix: "remove it from the list",
      },
    ]);
    assert.deepEqual(
      problemsOf({
        "aws:region": "Frankfurt",
        "account-baseline:auditTrail": { retentionDays: 1 },
        "account-baseline:securityHub": { standards: { pci: true } },
      }).map(({ key }) => key),
      [
        "aws:region",
        "account-baseline:auditTrail.retentionDays",
        "account-baseline:securityHub.standards.pci",
      ],
    );
  });

  it("exports what people and other programs look for", async () => {
    const { outputs } = await runExample(NAME);
    assert.deepEqual(Object.keys(outputs).sort(), [
      "auditBucketName",
      "auditLogGroupName",
      "costBucketName",
      "detectorId",
      "topicArns",
    ]);
    assert.deepEqual(Object.keys(outputs["topicArns"] as object), ["home", "us-east-1"]);
  });
});
