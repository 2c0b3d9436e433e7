import * as assert from "node:assert/strict";
import { Monitoring, type MonitoringArgs } from "../../components";
import { monitoringSettings } from "../../components/monitoring/settings";
import { ALARM_KINDS } from "../../components/support/alarm-kinds";
import { CERTIFICATE_ARN, everything } from "./everything-watched";
import { readAlarm } from "./read-alarms";
import { build, itRefuses, itTakes, noReason } from "./support";

const REASON = "there is nobody on call for it";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const RULE = "aws:cloudwatch/eventRule:EventRule";

const monitoring = (changes: Partial<MonitoringArgs> = {}) =>
  build(() => new Monitoring("monitoring", { ...everything(), ...changes }));

/** Severity and runbook of each alarm. */
const ALARMS = {
  "certificate-app-expiry": "critical certificate-expiry",
  "cluster-capacity": "warning cluster-capacity",
  "database-aurora-capacity": "warning database-capacity",
  "database-aurora-connections": "warning database-connections",
  "database-aurora-replica-lag": "warning database-replica-lag",
  "database-orders-connections": "warning database-connections",
  "database-orders-cpu": "warning database-cpu",
  "database-orders-memory": "warning database-memory",
  "database-orders-replica-a-lag": "warning database-replica-lag",
  "database-orders-replica-a-stopped": "warning database-replica-lag",
  "database-orders-storage": "critical database-storage",
  "load-balancer-errors": "critical load-balancer-errors",
  "nat-a-ports": "warning nat-ports",
  "service-api-cpu": "warning service-cpu",
  "service-api-deployment": "warning deployment-failed",
  "service-api-errors": "critical service-errors",
  "service-api-exits": "warning service-exits",
  "service-api-latency": "warning service-latency",
  "service-api-log-errors": "warning service-log-errors",
  "service-api-memory": "warning service-memory",
  "service-api-out-of-memory": "critical service-out-of-memory",
  "service-api-tasks": "critical service-tasks",
  "service-api-unhealthy": "critical service-unhealthy",
  "spot-interruptions": "info spot-interruption",
};

/** Made by other components, from the same `telling`. */
const ELSEWHERE = [
  "redeployment-failed",
  "spot-fallback",
  "spot-fallback-failed",
  "off-hours-failed",
  "backup-failed",
  "backup-missing",
  "restore-test-failed",
  "waf-blocked",
];

describe("All alarms", () => {
  it("are these, each of its severity and with its runbook", async () => {
    const alarms = (await monitoring()).all(ALARM);
    assert.deepEqual(
      Object.fromEntries(
        alarms.map((alarm) => {
          const { severity, runbook } = readAlarm(alarm);
          return [alarm.name.replace("monitoring-", ""), `${severity} ${runbook}`];
        }),
      ),
      ALARMS,
    );
  });

  it("are of all kinds that there are, but for those of other components", () => {
    const made = Object.values(ALARMS).map((text) => text.split(" ")[1]);
    assert.deepEqual([...new Set([...made, ...ELSEWHERE])].sort(), [...ALARM_KINDS].sort());
  });

  it("are none where somebody says why; topics and dashboard stay, and no event is counted", async () => {
    const run = await monitoring({ noAlarmsBecause: REASON });
    assert.deepEqual([run.all(ALARM).length, run.all(RULE).length], [0, 0]);
    assert.deepEqual(run.all("aws:cloudwatch/logGroup:LogGroup"), []);
    assert.equal(run.all("aws:sns/topic:Topic").length, 3);
    assert.equal(run.all("aws:cloudwatch/dashboard:Dashboard").length, 1);
  });

  for (const kind of new Set(Object.values(ALARMS).map((text) => text.split(" ")[1] ?? ""))) {
    it(`are left out by kind: all of ${kind}, and no others`, async () => {
      const run = await monitoring({ without: { [kind]: REASON } });
      const left = Object.entries(ALARMS).filter(([, text]) => !text.endsWith(` ${kind}`));
      assert.deepEqual(
        run.all(ALARM).map(({ name }) => name.replace("monitoring-", "")),
        left.map(([key]) => key),
      );
    });
  }

  it("hand on to other components whom to tell, and what nobody wants", async () => {
    const runbooksUrl = "https://wiki.example.com/runbooks";
    const tellings: unknown[] = [];
    for (const changes of [
      { without: { "backup-missing": REASON }, silencedBecause: REASON },
      { noAlarmsBecause: REASON },
    ]) {
      await build(() => {
        const made = new Monitoring("monitoring", { ...everything(), runbooksUrl, ...changes });
        const { topics, ...telling } = made.telling;
        assert.equal(topics, made.topicArns);
        tellings.push(telling);
        return made;
      });
    }
    assert.deepEqual(tellings, [
      { runbooksUrl, silenced: true, without: ["backup-missing"] },
      { runbooksUrl, silenced: false, without: "all" },
    ]);
  });
});

describe("The alarm on a certificate", () => {
  it("is raised two weeks before it expires, and stays when ACM has stopped counting", async () => {
    const { inputs } = (await monitoring()).one(ALARM, "monitoring-certificate-app-expiry");
    const topic = "arn:aws:sns:us-east-1:123456789012:monitoring-critical-1a2b3c4";
    assert.deepEqual(inputs, {
      alarmDescription:
        "Certificate app expires in less than 14 days, and browsers then refuse to connect. Look at its validation records, or import a new one. What to do: docs/runbooks/certificate-expiry.md",
      namespace: "AWS/CertificateManager",
      metricName: "DaysToExpiry",
      dimensions: { CertificateArn: CERTIFICATE_ARN },
      statistic: "Minimum",
      comparisonOperator: "LessThanThreshold",
      threshold: 14,
      period: 86_400,
      evaluationPeriods: 1,
      treatMissingData: "ignore",
      alarmActions: [topic],
      okActions: [topic],
    });
  });
});

describe("Monitoring settings, alarms that nobody wants", () => {
  const idle = (key: string, value: unknown) => ({
    change: { noAlarmsBecause: REASON, [key]: value },
    problem: {
      key,
      value,
      rule: "is about alarms, and noAlarmsBecause leaves none",
      allowed: "nothing with noAlarmsBecause",
      fix: "remove it, or noAlarmsBecause",
    },
  });
  itTakes(
    monitoringSettings,
    {},
    {
      "no alarms for a reason": { noAlarmsBecause: REASON },
      "alarms without one kind, silenced": {
        without: { "service-cpu": REASON },
        silencedBecause: REASON,
      },
    },
  );
  itRefuses(
    monitoringSettings,
    {},
    {
      "no alarms without a reason": {
        change: { noAlarmsBecause: "noise" },
        problem: noReason("noAlarmsBecause", "noise"),
      },
      "to leave out one kind without a reason": {
        change: { without: { "service-cpu": "noise" } },
        problem: noReason("without.service-cpu", "noise"),
      },
      "to leave out a kind that there is not": {
        change: { without: { "service-api-cpu": REASON } },
        problem: {
          key: "without.service-api-cpu",
          value: "service-api-cpu",
          rule: "is not a kind of alarm",
          allowed: ALARM_KINDS.join(", "),
          fix: "take one of these, or remove it",
        },
      },
      "silence where there are no alarms": idle("silencedBecause", REASON),
      "to leave out one kind of none": idle("without", { "service-cpu": REASON }),
    },
  );
});
