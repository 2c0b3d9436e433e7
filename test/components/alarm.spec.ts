import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type Alarm, type Telling, createAlarm } from "../../components/support/alarm";
import { build } from "./support";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

const happy = (): Alarm => ({
  metric: {
    namespace: "AWS/ECS",
    metricName: "CPUUtilization",
    dimensions: { ClusterName: "platform" },
    statistic: "Average",
  },
  above: 80,
  minutes: 5,
  periods: 2,
  silence: "notBreaching",
  severity: "warning",
  runbook: "service-cpu",
  description: "It is short of CPU.",
});

const telling = (): Telling => ({
  topics: { critical: "arn:critical", warning: "arn:warning", info: "arn:info" },
  runbooksUrl: "docs/runbooks",
  silenced: false,
});

class Holder extends pulumi.ComponentResource {
  constructor(alarm: Alarm, given: Telling) {
    super("test:index:Holder", "holder");
    createAlarm("holder-cpu", alarm, given, { parent: this });
    this.registerOutputs({});
  }
}

const make = (alarm: Partial<Alarm> = {}, given: Partial<Telling> = {}) =>
  build(() => new Holder({ ...happy(), ...alarm }, { ...telling(), ...given }));

describe("An alarm", () => {
  it("says what it watches, when it is raised, what to do, and whom it tells", async () => {
    assert.deepEqual((await make()).one(ALARM, "holder-cpu").inputs, {
      alarmDescription: "It is short of CPU. What to do: docs/runbooks/service-cpu.md",
      namespace: "AWS/ECS",
      metricName: "CPUUtilization",
      dimensions: { ClusterName: "platform" },
      statistic: "Average",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 80,
      period: 300,
      evaluationPeriods: 2,
      treatMissingData: "notBreaching",
      alarmActions: ["arn:warning"],
      okActions: ["arn:warning"],
    });
  });

  for (const severity of ["critical", "warning", "info"] as const) {
    it(`that is ${severity} tells the topic of that severity, when it is raised and when it is over`, async () => {
      const alarm = (await make({ severity })).one(ALARM);
      assert.deepEqual(
        [alarm.input("alarmActions"), alarm.input("okActions")],
        [[`arn:${severity}`], [`arn:${severity}`]],
      );
    });
  }

  for (const silence of ["breaching", "notBreaching", "ignore"] as const) {
    it(`may take silence as ${silence}`, async () => {
      assert.equal((await make({ silence })).one(ALARM).input("treatMissingData"), silence);
    });
  }

  it("may be raised below a value, also below nothing", async () => {
    const { above: _, ...alarm } = happy();
    for (const below of [0, 5]) {
      const made = (await build(() => new Holder({ ...alarm, below }, telling()))).one(ALARM);
      assert.deepEqual(
        [made.input("comparisonOperator"), made.input("threshold")],
        ["LessThanThreshold", below],
      );
    }
  });

  it("that is silenced stays, and tells nobody", async () => {
    const alarm = (await make({}, { silenced: true })).one(ALARM);
    assert.deepEqual([alarm.input("alarmActions"), alarm.input("okActions")], [[], []]);
  });

  it("is left out where nobody wants its kind, or any", async () => {
    assert.deepEqual((await make({}, { without: ["service-cpu"] })).all(ALARM), []);
    assert.deepEqual((await make({}, { without: "all" })).all(ALARM), []);
    assert.equal((await make({}, { without: ["service-memory"] })).all(ALARM).length, 1);
  });
});
