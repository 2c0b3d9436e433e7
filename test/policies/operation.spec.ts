import * as assert from "node:assert/strict";
import type { PolicyResource, ValueMap } from "../../policies/graph";
import { document, findings, resource } from "./fixtures";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const SERVICE = "aws:ecs/service:Service";
const INSTANCE = "aws:rds/instance:Instance";
const TOPIC = "aws:sns/topic:Topic";
const POLICY = "aws:sns/topicPolicy:TopicPolicy";
const EVENTS = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";

const told = {
  alarmActions: ["arn:aws:sns:us-east-1:1:a"],
  okActions: ["arn:aws:sns:us-east-1:1:a"],
};

describe("policies about alarms", () => {
  it("MON-01: reports alarms that tell nobody or mistake silence, but for those that tell machines", () => {
    const alarm = (
      name: string,
      inputs: ValueMap,
      references: Readonly<Record<string, PolicyResource>> = {},
    ) => resource(ALARM, name, { namespace: "AWS/ECS", ...told, ...inputs }, references);
    const none = { alarmActions: [], okActions: [] };
    const counts = { metricName: "RunningTaskCount", comparisonOperator: "LessThanThreshold" };
    const scaling = resource("aws:appautoscaling/policy:Policy", "scaling");
    const rollback = alarm("rollback", none);
    assert.deepEqual(
      findings("MON-01", [
        alarm("good", {}),
        alarm("counted", { ...counts, treatMissingData: "breaching" }),
        alarm("silent", { ...counts, treatMissingData: "notBreaching" }),
        alarm("off", { actionsEnabled: false }),
        alarm("quiet", none),
        alarm("once", { okActions: [] }),
        alarm("counted-lines", { namespace: "shop", okActions: [] }),
        scaling,
        alarm("scales", { okActions: [] }, { alarmActions: scaling }),
        rollback,
        resource(SERVICE, "api", {}, { alarms: rollback }),
      ]),
      [
        "quiet: tells nobody: alarmActions is empty",
        "quiet: tells nobody: okActions is empty",
        "once: tells nobody: okActions is empty",
        "off: tells nobody: its actions are turned off",
        "silent: is quiet when nothing is left to report",
      ],
    );
  });

  it("MON-02: reports what has no alarm, also where one alarm combines several metrics", () => {
    const group = resource("aws:lb/targetGroup:TargetGroup", "api-tg");
    const api = resource(SERVICE, "api", {}, { loadBalancers: group });
    const worker = resource(SERVICE, "worker");
    const orders = resource(INSTANCE, "orders");
    const copy = resource(INSTANCE, "copy", { replicateSourceDb: "orders" });
    const on = (of: PolicyResource, ...metrics: readonly string[]) =>
      metrics.map((metricName) =>
        resource(ALARM, `${of.name}-${metricName}`, { metricName }, { dimensions: of }),
      );
    const combined = resource(
      ALARM,
      "combined",
      { metricQueries: [{ metric: { metricName: "HTTPCode_Target_5XX_Count" } }] },
      { metricQueries: group },
    );
    assert.deepEqual(
      findings("MON-02", [
        group,
        api,
        worker,
        orders,
        copy,
        combined,
        ...on(api, "CPUUtilization", "MemoryUtilization"),
        ...on(group, "UnHealthyHostCount", "TargetResponseTime", "HealthyHostCount"),
        ...on(worker, "CPUUtilization", "RunningTaskCount"),
        ...on(orders, "CPUUtilization", "DatabaseConnections"),
        resource("aws:ec2/natGateway:NatGateway", "nat"),
      ]),
      [
        "worker: has no alarm on MemoryUtilization",
        "orders: has no alarm on FreeStorageSpace",
        "copy: has no alarm on ReplicaLag",
        "nat: has no alarm on ErrorPortAllocation",
      ],
    );
  });

  it("MON-03: reports topics in plain or open, and plain HTTP but where EventBridge publishes", () => {
    const publish = (service: string, Condition?: ValueMap): ValueMap => ({
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sns:Publish",
      Resource: "*",
      Condition,
    });
    const own = { StringEquals: { "aws:SourceAccount": "123456789012" } };
    const deny = {
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: "sns:Publish",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
    const topic = (name: string, statements: readonly ValueMap[], kmsMasterKeyId?: string) => {
      const own = resource(TOPIC, name, { kmsMasterKeyId });
      return [
        own,
        resource(POLICY, `${name}-policy`, { policy: document(...statements) }, { arn: own }),
      ];
    };
    const alarms = publish("cloudwatch.amazonaws.com", own);
    assert.deepEqual(
      findings("MON-03", [
        ...topic("good", [alarms, deny], "key"),
        ...topic("events", [publish("events.amazonaws.com")], "key"),
        ...topic("plain", [alarms, deny]),
        ...topic("by-http", [alarms], "key"),
        ...topic("confused", [publish("cloudwatch.amazonaws.com"), deny], "key"),
        ...topic("open", [{ ...alarms, Principal: "*", Condition: undefined }, deny], "key"),
        resource(TOPIC, "bare", { kmsMasterKeyId: "key" }),
      ]),
      [
        "plain: keeps notices in plain",
        "bare: has the policy of AWS, which lets the whole account publish",
        "by-http-policy: lets notices in by plain HTTP",
        "confused-policy: lets somebody of another account publish",
        "open-policy: lets somebody of another account publish",
      ],
    );
  });

  it("MON-04: reports services and Spot hosts of which nobody hears, and events that go nowhere", () => {
    const pattern = (detailType: string) => ({
      eventPattern: JSON.stringify({ "detail-type": [detailType] }),
    });
    const [api, worker] = [resource(SERVICE, "api"), resource(SERVICE, "worker")];
    const heard = (name: string, detailType: string, of?: PolicyResource) => {
      const rule = resource(EVENTS, name, pattern(detailType), of && { eventPattern: of });
      return [rule, resource(TARGET, name, {}, { rule })];
    };
    const spot = {
      mixedInstancesPolicy: {
        instancesDistribution: { onDemandPercentageAboveBaseCapacity: 20 },
      },
    };
    const all = [
      api,
      worker,
      resource("aws:autoscaling/group:Group", "hosts", spot),
      ...heard("deployments", "ECS Deployment State Change", api),
      ...heard("tasks", "ECS Task State Change", api),
      ...heard("worker-deployments", "ECS Deployment State Change", worker),
      resource(EVENTS, "unheard", pattern("ECS Task State Change"), { eventPattern: worker }),
    ];
    assert.deepEqual(findings("MON-04", all), [
      'hosts: has nobody who hears of "EC2 Spot Instance Interruption Warning"',
      "unheard: is heard by nobody",
    ]);
    assert.deepEqual(
      findings("MON-04", [worker, ...heard("deployments", "ECS Deployment State Change", worker)]),
      ['worker: has nobody who hears of "ECS Task State Change"'],
    );
  });
});

describe("policies about backups", () => {
  const VAULT = "aws:backup/vault:Vault";
  const PLAN = "aws:backup/plan:Plan";
  const daily = { schedule: "cron(0 6 * * ? *)", lifecycle: { deleteAfter: 35 } };
  const plan = (name: string, rule: ValueMap) =>
    resource(PLAN, name, { rules: [{ ...daily, ...rule }] });
  const table = (name: string, tags: ValueMap) =>
    resource("aws:dynamodb/table:Table", name, { tags });

  it("BKP-01: reports tables in no plan, vaults that are open or loose, and plans that are rare or short", () => {
    const locked = resource(VAULT, "locked", { kmsKeyArn: "key" });
    const selectionTags = [{ type: "STRINGEQUALS", key: "Backup", value: "shop" }];
    assert.deepEqual(
      findings("BKP-01", [
        locked,
        resource(
          "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
          "lock",
          {},
          {
            backupVaultName: locked,
          },
        ),
        resource(VAULT, "open", {}),
        plan("good", {}),
        plan("weekly", { schedule: "cron(0 6 ? * SUN *)" }),
        plan("short", { lifecycle: { deleteAfter: 1 } }),
        resource("aws:backup/selection:Selection", "tagged", { selectionTags }),
        table("found", { Backup: "shop" }),
        table("forgotten", {}),
      ]),
      [
        "forgotten: is in no plan of AWS Backup",
        "open: is encrypted with a key that the whole account may use",
        "short: keeps backups for less than a week",
        "weekly: does not back up every day",
        "open: lets whoever gets in delete the backups",
      ],
    );
  });

  it("BKP-02: reports backups of one region, and those that nobody restores", () => {
    const copied = plan("copied", { copyActions: [{ destinationVaultArn: "vault" }] });
    const test = resource("aws:backup/restoreTestingPlan:RestoreTestingPlan", "weekly");
    assert.deepEqual(findings("BKP-02", [copied, test]), []);
    assert.deepEqual(findings("BKP-02", [plan("here", {}), test]), [
      "here: keeps all backups in one region",
    ]);
    assert.deepEqual(findings("BKP-02", [copied]), [
      "copied: has backups that nobody ever restored",
    ]);
    assert.deepEqual(findings("BKP-02", [resource(SERVICE, "stateless")]), []);
  });
});

describe("policies about costs", () => {
  it("COST-01: reports a stack without a budget, and a budget that somebody is told of too late", () => {
    const notice = (notificationType: string, threshold: number, to = "topic"): ValueMap => ({
      notificationType,
      threshold,
      subscriberSnsTopicArns: to === "" ? [] : [to],
    });
    const all = [notice("ACTUAL", 80), notice("ACTUAL", 100), notice("FORECASTED", 100)];
    const budget = (name: string, notifications: readonly ValueMap[]) =>
      resource("aws:budgets/budget:Budget", name, { notifications });
    const provider = resource("pulumi:providers:aws", "aws");
    assert.deepEqual(findings("COST-01", [provider]), ["aws: has no budget"]);
    assert.deepEqual(
      findings("COST-01", [
        provider,
        budget("good", all),
        budget("late", [...all.slice(0, 2), notice("FORECASTED", 120)]),
        budget("mute", [notice("ACTUAL", 80, ""), ...all.slice(1)]),
      ]),
      [
        "late: tells nobody when 100 % are to be expected",
        "mute: tells nobody when 80 % are spent",
      ],
    );
  });
});
