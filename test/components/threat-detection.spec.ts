import * as assert from "node:assert/strict";
import { ThreatDetection, type ThreatDetectionArgs } from "../../components";
import { threatDetectionSettings } from "../../components/threat-detection/settings";
import { type Built, build, dependsOn, itRefuses, itTakes, noReason } from "./support";

const DETECTOR = "aws:guardduty/detector:Detector";
const FEATURE = "aws:guardduty/detectorFeature:DetectorFeature";

const threats = (args: ThreatDetectionArgs = {}) =>
  build(() => new ThreatDetection("threats", args));

/** What is on, and what of watching programs is. */
function on(run: Built): string[] {
  return run.all(FEATURE).flatMap((feature) => {
    const additions = (feature.input("additionalConfigurations") ?? []) as {
      name: string;
      status: string;
    }[];
    return [feature.inputs as { name: string; status: string }, ...additions]
      .filter(({ status }) => status === "ENABLED")
      .map(({ name }) => name);
  });
}

describe("ThreatDetection", () => {
  it("creates this and nothing else", async () => {
    const { children } = await threats();
    assert.deepEqual(children, [
      `${DETECTOR} threats-detector`,
      `${FEATURE} threats-ebs-malware-protection`,
      `${FEATURE} threats-eks-audit-logs`,
      `${FEATURE} threats-lambda-network-logs`,
      `${FEATURE} threats-rds-login-events`,
      `${FEATURE} threats-runtime-monitoring`,
      `${FEATURE} threats-s3-data-events`,
    ]);
  });

  it("looks for attackers, and tells within a quarter of an hour", async () => {
    const run = await threats();
    assert.deepEqual(run.one(DETECTOR).inputs, {
      enable: true,
      findingPublishingFrequency: "FIFTEEN_MINUTES",
    });
    for (const feature of run.all(FEATURE)) {
      assert.equal(feature.input("detectorId"), "threats-detector-id");
    }
  });

  it("watches programs on Fargate and on hosts, logins to databases and reads of objects", async () => {
    assert.deepEqual(on(await threats()), [
      "RDS_LOGIN_EVENTS",
      "RUNTIME_MONITORING",
      "EC2_AGENT_MANAGEMENT",
      "ECS_FARGATE_AGENT_MANAGEMENT",
      "S3_DATA_EVENTS",
    ]);
  });

  it("says of every feature whether it is on, so that AWS's own defaults decide nothing", async () => {
    const run = await threats({
      bucketReads: false,
      databaseLogins: false,
      functionTraffic: true,
      malwareScans: true,
      eksAuditLogs: true,
      runtime: { fargate: false, hosts: false, eks: true },
    });
    assert.deepEqual(on(run), [
      "EBS_MALWARE_PROTECTION",
      "EKS_AUDIT_LOGS",
      "LAMBDA_NETWORK_LOGS",
      "RUNTIME_MONITORING",
      "EKS_ADDON_MANAGEMENT",
    ]);
    assert.deepEqual(run.one(FEATURE, "threats-s3-data-events").inputs, {
      detectorId: "threats-detector-id",
      name: "S3_DATA_EVENTS",
      status: "DISABLED",
    });
    const off = await threats({ runtime: { offBecause: "another agent watches the hosts" } });
    assert.deepEqual(on(off), ["RDS_LOGIN_EVENTS", "S3_DATA_EVENTS"]);
    assert.deepEqual(
      off.one(FEATURE, "threats-runtime-monitoring").input("additionalConfigurations"),
      [
        { name: "EC2_AGENT_MANAGEMENT", status: "DISABLED" },
        { name: "ECS_FARGATE_AGENT_MANAGEMENT", status: "DISABLED" },
        { name: "EKS_ADDON_MANAGEMENT", status: "DISABLED" },
      ],
    );
  });

  it("changes the detector by one feature after the other", async () => {
    const run = await threats();
    const features = run.all(FEATURE);
    assert.deepEqual(
      features.slice(1).map((feature) => dependsOn(run, feature)),
      features.slice(0, -1).map(({ name }) => [`${FEATURE} ${name}`]),
    );
  });

  describe("settings", () => {
    itTakes(
      threatDetectionSettings,
      {},
      {
        "no watching of programs, with the reason": {
          "runtime.offBecause": "another agent watches the hosts",
        },
      },
    );
    itRefuses(
      threatDetectionSettings,
      {},
      {
        "no watching of programs without a reason": {
          change: { "runtime.offBecause": "dear" },
          problem: noReason("runtime.offBecause", "dear"),
        },
      },
    );
  });
});
