import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import { pulumiSource } from "../../stacks/config-source";
import { runProgram } from "../support/run-program";
import { type StackConfig, runPlatform, smallConfig, sourceOf } from "./support";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const CERTIFICATE_ARN = "arn:aws:acm:us-east-1:123456789012:certificate/0";

/** The small stack with other sections beside its own, or in their place. */
const withSections = (sections: StackConfig): StackConfig => ({ ...smallConfig(), ...sections });

async function alarmNames(config: StackConfig): Promise<string[]> {
  const run = await runPlatform(config);
  return run.all(ALARM).map(({ name }) => name);
}

describe("the alarms of a stack", () => {
  it("watch its certificates, listed or made, each by its name", async () => {
    const { "ecs-platform:services": services } = smallConfig() as {
      "ecs-platform:services": { api: object };
    };
    const run = await runPlatform(
      withSections({
        "ecs-platform:loadBalancer": {
          certificateArn: CERTIFICATE_ARN,
          additionalCertificateArns: { partner: `${CERTIFICATE_ARN}1` },
        },
        "ecs-platform:domains": { main: { zoneId: "Z0123456789", names: ["app.example.com"] } },
        "ecs-platform:services": {
          api: { ...services.api, route: { priority: 100, hosts: ["app.example.com"] } },
        },
      }),
    );
    const made = run.one("aws:acm/certificateValidation:CertificateValidation");
    assert.deepEqual(
      run
        .all(ALARM)
        .filter(({ name }) => name.includes("certificate"))
        .map((alarm) => [alarm.name, alarm.input("dimensions.CertificateArn")]),
      [
        ["monitoring-certificate-loadBalancer-expiry", CERTIFICATE_ARN],
        ["monitoring-certificate-main-expiry", made.input("certificateArn")],
        ["monitoring-certificate-partner-expiry", `${CERTIFICATE_ARN}1`],
      ],
    );
  });

  it("watch each of its read replicas", async () => {
    const run = await runPlatform(
      withSections({
        "ecs-platform:databases": {
          "orders-db": {
            engineVersion: "17",
            instanceClass: "db.t4g.micro",
            multiAz: false,
            password: "generated",
            replicas: { near: {} },
          },
        },
      }),
    );
    const alarm = run.one(ALARM, "monitoring-database-orders-db-replica-near-lag");
    const replica = run.one("aws:rds/instance:Instance", "orders-db-replica-near");
    assert.equal(alarm.input("dimensions.DBInstanceIdentifier"), replica.outputs["identifier"]);
  });

  it("watch Spot interruptions where a service is on Spot, and nowhere else", async () => {
    const { "ecs-platform:services": services } = smallConfig() as {
      "ecs-platform:services": { api: object };
    };
    const onSpot = { api: { ...services.api, capacity: { FARGATE_SPOT: { weight: 1 } } } };
    const interruptions = "monitoring-spot-interruptions";
    const names = await alarmNames(withSections({ "ecs-platform:services": onSpot }));
    assert.ok(names.includes(interruptions));
    assert.ok(!(await alarmNames(smallConfig())).includes(interruptions));
  });

  it("are none at all with a reason, not of other components either", async () => {
    const noAlarmsBecause = "another tool watches everything";
    assert.ok((await alarmNames(smallConfig())).includes("redeployment-errors"));
    assert.deepEqual(
      await alarmNames(withSections({ "ecs-platform:monitoring": { noAlarmsBecause } })),
      [],
    );
  });

  it("of other components tell nobody while they are silenced", async () => {
    const silencedBecause = "a load test is on";
    const run = await runPlatform(withSections({ "ecs-platform:monitoring": { silencedBecause } }));
    assert.deepEqual(run.one(ALARM, "redeployment-errors").input("alarmActions"), []);
  });
});

describe("a secret in a section of a stack file", () => {
  const canary = "0123canary";
  const pagerDuty = { integrationURL: canary };
  const config = withSections({
    "ecs-platform:monitoring": { notifications: { critical: { pagerDuty } }, natErrors: 1 },
    "ecs-platform:monitor": canary.length,
  });

  function refused(secretKeys?: readonly string[]): SettingsError {
    const source = { ...sourceOf(config), ...(secretKeys && { secretKeys }) };
    try {
      loadConfig(source);
    } catch (error) {
      assert.ok(error instanceof SettingsError);
      return error;
    }
    return assert.fail("taken");
  }

  it("has no value of that section shown, wherever it stands", () => {
    const { problems, message } = refused(["ecs-platform:monitoring"]);
    assert.doesNotMatch(message, /canary/);
    assert.deepEqual(
      problems.map(({ key, value }) => [key.replace("ecs-platform:", ""), value]),
      [
        ["monitor", canary.length],
        ["monitoring.notifications.critical.pagerDuty.integrationUrl", "(hidden)"],
        ["monitoring.notifications.critical.pagerDuty.integrationURL", "(hidden)"],
        ["monitoring.natErrors", "(hidden)"],
      ],
    );
  });

  it("leaves others as they are", () => {
    assert.match(refused().message, /0123canary/);
  });

  it("is known by its key, as Pulumi hands it over", async () => {
    await runProgram(() => {
      const values = { "ecs-platform:monitoring": "{}", "aws:region": "us-east-1" };
      pulumi.runtime.setAllConfig(values, ["ecs-platform:monitoring"]);
      assert.deepEqual(pulumiSource().secretKeys, ["ecs-platform:monitoring"]);
      return {};
    });
  });
});
