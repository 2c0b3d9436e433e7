import * as assert from "node:assert/strict";
import { Monitoring, type MonitoringArgs } from "../../components";
import { monitoringSettings } from "../../components/monitoring/settings";
import type { Run } from "../support/run";
import { build, inputsByName, itRefuses, itTakes, noReason, outOfBounds, refusal } from "./support";

const happy = (): MonitoringArgs => ({
  accountId: "123456789012",
  dashboardName: "shop-dev",
  cluster: { clusterName: "platform", countsRunningTasks: true },
  loadBalancer: { arnSuffix: "app/lb/1" },
  services: {},
  databases: {},
});

const topicOf = (severity: string) =>
  `arn:aws:sns:us-east-1:123456789012:monitoring-${severity}-1a2b3c4`;
const SEVERITIES = ["critical", "info", "warning"];
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";

function statementsOf(run: Run, type: string, name: string) {
  const { Statement } = run.one(type, name).jsonInput("policy") as unknown as {
    Statement: Record<string, unknown>[];
  };
  return Statement;
}

describe("Monitoring", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await build(() => new Monitoring("monitoring", happy()));
    assert.equal(component.type, "ecs-platform:index:Monitoring");
    assert.deepEqual(children, [
      "aws:cloudwatch/dashboard:Dashboard monitoring-dashboard",
      "aws:cloudwatch/metricAlarm:MetricAlarm monitoring-load-balancer-errors",
      "aws:kms/key:Key monitoring-alarms-key",
      "aws:sns/topic:Topic monitoring-critical",
      "aws:sns/topic:Topic monitoring-info",
      "aws:sns/topic:Topic monitoring-warning",
      "aws:sns/topicPolicy:TopicPolicy monitoring-critical-policy",
      "aws:sns/topicPolicy:TopicPolicy monitoring-info-policy",
      "aws:sns/topicPolicy:TopicPolicy monitoring-warning-policy",
    ]);
  });

  it("previews what it creates", async () => {
    const services = {
      api: { serviceName: "api-1", targetGroupArnSuffix: "targetgroup/api/1", minimumTasks: 1 },
    };
    const make = () => new Monitoring("monitoring", { ...happy(), services });
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("encrypts what it tells", async () => {
    const run = await build(() => new Monitoring("monitoring", happy()));
    const inputs = { kmsMasterKeyId: run.one("aws:kms/key:Key").outputs["arn"] };
    assert.deepEqual(
      inputsByName(run, "aws:sns/topic:Topic"),
      Object.fromEntries(SEVERITIES.map((severity) => [`monitoring-${severity}`, inputs])),
    );
  });

  it("has a key that rotates, and that only the account and its alarms use", async () => {
    const run = await build(() => new Monitoring("monitoring", happy()));
    const key = run.one("aws:kms/key:Key");
    const { policy: _, ...inputs } = key.inputs;
    assert.deepEqual(inputs, {
      description: "Encrypts alarm notifications",
      enableKeyRotation: true,
      deletionWindowInDays: 7,
    });
    assert.deepEqual(key.jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: "123456789012" },
          Action: ["kms:*"],
          Resource: ["*"],
        },
        {
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: ["*"],
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ],
    });
  });

  for (const severity of SEVERITIES) {
    it(`lets only alarms of its own account publish what is ${severity}, and nobody in plain text`, async () => {
      const run = await build(() => new Monitoring("monitoring", happy()));
      const policy = run.one("aws:sns/topicPolicy:TopicPolicy", `monitoring-${severity}-policy`);
      assert.equal(policy.input("arn"), topicOf(severity));
      assert.deepEqual(policy.jsonInput("policy"), {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: ["sns:Publish"],
            Resource: [topicOf(severity)],
            Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
          },
          {
            Effect: "Deny",
            Principal: { AWS: "*" },
            Action: ["sns:Publish"],
            Resource: [topicOf(severity)],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
        ],
      });
    });
  }

  it("lets others publish where that is asked for, and use the key", async () => {
    const publishers = ["budgets.amazonaws.com"] as const;
    const run = await build(() => new Monitoring("monitoring", { ...happy(), publishers }));
    const Condition = { StringEquals: { "aws:SourceAccount": "123456789012" } };
    const Principal = { Service: "budgets.amazonaws.com" };
    const [, ofKey] = statementsOf(run, "aws:kms/key:Key", "monitoring-alarms-key").slice(1);
    assert.deepEqual(ofKey, {
      Effect: "Allow",
      Principal,
      Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
      Resource: ["*"],
      Condition,
    });
    for (const severity of SEVERITIES) {
      const [, ofTopic] = statementsOf(
        run,
        "aws:sns/topicPolicy:TopicPolicy",
        `monitoring-${severity}-policy`,
      );
      const Resource = [topicOf(severity)];
      const Action = ["sns:Publish"];
      assert.deepEqual(ofTopic, { Effect: "Allow", Principal, Action, Resource, Condition });
    }
  });

  it("says nothing of accounts or encryption where EventBridge publishes, which could not then", async () => {
    const publishers = ["events.amazonaws.com"] as const;
    const run = await build(() => new Monitoring("monitoring", { ...happy(), publishers }));
    const [, , ofKey] = statementsOf(run, "aws:kms/key:Key", "monitoring-alarms-key");
    assert.deepEqual(ofKey?.["Condition"], {
      ArnLike: { "kms:EncryptionContext:aws:sns:topicArn": "arn:*:sns:*:123456789012:*" },
    });
    const ofTopic = statementsOf(run, "aws:sns/topicPolicy:TopicPolicy", "monitoring-info-policy");
    assert.deepEqual(
      ofTopic.map(({ Effect, Principal, Condition }) => [Effect, Principal, Condition]),
      [
        [
          "Allow",
          { Service: "cloudwatch.amazonaws.com" },
          { StringEquals: { "aws:SourceAccount": "123456789012" } },
        ],
        ["Allow", { Service: "events.amazonaws.com" }, undefined],
      ],
    );
  });

  it("knows the critical topic by its former name, so that an existing one stays", async () => {
    const { component, resources } = await build(() => new Monitoring("monitoring", happy()));
    const renamed = resources.filter(({ aliases }) => aliases.length > 0);
    assert.deepEqual(
      renamed.map(({ name, aliases }) => [name, aliases]),
      [
        ["monitoring-critical", [{ name: "monitoring-alarms", parent: component.urn }]],
        [
          "monitoring-critical-policy",
          [{ name: "monitoring-alarms-policy", parent: component.urn }],
        ],
      ],
    );
  });

  it("tells nobody by mail by default", async () => {
    const run = await build(() => new Monitoring("monitoring", happy()));
    assert.deepEqual(run.all(SUBSCRIPTION), []);
  });

  it("tells everybody whose address is given everything, by their names", async () => {
    const emails = { team: "team@example.com", "on-call": "on-call@example.com" };
    const run = await build(() => new Monitoring("monitoring", { ...happy(), emails }));
    const mail = (severity: string, endpoint: string) => ({
      topic: topicOf(severity),
      protocol: "email",
      endpoint,
    });
    assert.deepEqual(inputsByName(run, SUBSCRIPTION), {
      "monitoring-email-on-call": mail("critical", "on-call@example.com"),
      "monitoring-email-team": mail("critical", "team@example.com"),
      "monitoring-info-everybody-on-call": mail("info", "on-call@example.com"),
      "monitoring-info-everybody-team": mail("info", "team@example.com"),
      "monitoring-warning-everybody-on-call": mail("warning", "on-call@example.com"),
      "monitoring-warning-everybody-team": mail("warning", "team@example.com"),
    });
  });

  it("registers what others need", async () => {
    const { component } = await build(() => new Monitoring("monitoring", happy()));
    assert.deepEqual(component.outputs, {
      topicArn: topicOf("critical"),
      topicArns: {
        critical: topicOf("critical"),
        warning: topicOf("warning"),
        info: topicOf("info"),
      },
      dashboardUrl:
        "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/shop-dev",
    });
  });

  it("lists every problem and registers nothing", async () => {
    const wrong = { ...happy(), thresholds: { latencySeconds: 0, latency: 1 } } as MonitoringArgs;
    const error = await refusal(() => new Monitoring("monitoring", wrong));
    assert.match(error.message, /^Monitoring "monitoring": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["thresholds.latencySeconds", "thresholds.latency"],
    );
  });
});

describe("Monitoring settings", () => {
  const noAddress = (address: string) => ({
    change: { emails: { team: address } },
    problem: {
      key: "emails.team",
      value: address,
      rule: "must be an email address",
      allowed: "NAME@DOMAIN",
      fix: "correct the address",
    },
  });

  const percentages = [
    "thresholds.serviceCpuPercent",
    "thresholds.serviceMemoryPercent",
    "thresholds.databaseCpuPercent",
  ];
  for (const key of percentages) {
    itTakes(
      monitoringSettings,
      {},
      {
        [`${key} of 1`]: { [key]: 1 },
        [`${key} of 99.5`]: { [key]: 99.5 },
        [`${key} of 100`]: { [key]: 100 },
      },
    );
    itRefuses(
      monitoringSettings,
      {},
      {
        [`${key} of 0.9`]: {
          change: { [key]: 0.9 },
          problem: outOfBounds(key, 0.9, "a number from 1 to 100"),
        },
        [`${key} of 101`]: {
          change: { [key]: 101 },
          problem: outOfBounds(key, 101, "a number from 1 to 100"),
        },
      },
    );
  }

  const least: [key: string, least: number, below: number, allowed: string][] = [
    ["thresholds.errorsPerMinute", 0, -1, "a number, at least 0"],
    ["thresholds.latencySeconds", 0.001, 0, "a number from 0.001 to 4000"],
    ["thresholds.databaseFreeStorageGiB", 0.1, 0, "a number, at least 0.1"],
    ["thresholds.databaseFreeMemoryMiB", 1, 0, "a number, at least 1"],
    ["thresholds.databaseConnections", 1, 0, "a whole number, at least 1"],
    ["thresholds.replicaLagSeconds", 0.1, 0, "a number, at least 0.1"],
  ];
  for (const [key, value, below, allowed] of least) {
    itTakes(monitoringSettings, {}, { [`${key} of ${value}`]: { [key]: value } });
    itRefuses(
      monitoringSettings,
      {},
      {
        [`${key} of ${below}`]: {
          change: { [key]: below },
          problem: outOfBounds(key, below, allowed),
        },
      },
    );
  }

  itTakes(
    monitoringSettings,
    {},
    {
      "latency of 4000": { "thresholds.latencySeconds": 4000 },
      "silence for a reason": { silencedBecause: "0123456789" },
    },
  );

  itRefuses(
    monitoringSettings,
    {},
    {
      "latency beyond what a load balancer waits": {
        change: { "thresholds.latencySeconds": 4001 },
        problem: outOfBounds("thresholds.latencySeconds", 4001, "a number from 0.001 to 4000"),
      },
      "an address without domain": noAddress("team"),
      "an address without dot": noAddress("team@localhost"),
      "two addresses in one": noAddress("a@example.com b@example.com"),
      "a name that cannot be part of a resource's": {
        change: { emails: { "The Team": "team@example.com" } },
        problem: {
          key: "emails.The Team",
          value: "The Team",
          rule: "is not a usable name",
          allowed:
            'lower-case letters, digits and single hyphens, starting with a letter, at most 20 characters, not starting with "sg-"',
          fix: "rename it",
        },
      },
      "silence without a reason": {
        change: { silencedBecause: "noise" },
        problem: noReason("silencedBecause", "noise"),
      },
    },
  );
});
