import * as assert from "node:assert/strict";
import { type FunctionCall, type Outcome, runFunction } from "../support/run-function";

const SERVICE = (name: string) =>
  `arn:aws:ecs:us-east-1:123456789012:service/platform-1a2b/${name}`;

const plan = {
  services: {
    api: { serviceArn: SERVICE("api"), tasks: 2, scalingTargetArn: "arn:scaling" },
    worker: { serviceArn: SERVICE("worker"), tasks: 1 },
  },
  databases: {
    orders: { identifier: "orders-1a2b", isCluster: false },
    events: { identifier: "events-1a2b", isCluster: true },
  },
  hosts: { groupName: "platform-hosts-1a2b", minSize: 2 },
  instances: { bastion: "i-bastion", nat: "i-nat" },
  alarms: ["monitoring-service-api-tasks-1a2b"],
};

const service = (desiredCount: number, runningCount = desiredCount, status = "ACTIVE") => ({
  services: [{ status, desiredCount, runningCount }],
});
const instance = (DBInstanceStatus: string) => ({ DBInstances: [{ DBInstanceStatus }] });
const cluster = (Status: string) => ({ DBClusters: [{ Status }] });

const ASLEEP = {
  DescribeServices: service(0),
  DescribeDBInstances: [instance("stopped"), instance("starting"), instance("available")],
  DescribeDBClusters: [cluster("stopped"), cluster("available")],
  DescribeAlarms: { MetricAlarms: [] },
};
const AWAKE = {
  DescribeServices: [service(3), service(1), service(0, 2), service(0)],
  DescribeDBInstances: instance("available"),
  DescribeDBClusters: cluster("available"),
};

const call = (turn: string, answers: FunctionCall["answers"], changes: Partial<typeof plan> = {}) =>
  runFunction({
    folder: "off-hours/functions",
    files: { "plan.json": { ...plan, ...changes } },
    event: { turn },
    answers,
  });

const commands = ({ asked }: Outcome) => asked.map(([command]) => command);
const inputsOf = ({ asked }: Outcome, wanted: string) =>
  asked.filter(([command]) => command === wanted).map(([, input]) => input);

/** A plan with this and nothing else. */
const alone = (kept: object) =>
  ({
    services: {},
    databases: {},
    hosts: undefined,
    instances: {},
    alarms: [],
    ...kept,
  }) as unknown as typeof plan;

describe("The function of off-hours, waking", () => {
  it("starts instances and hosts, then databases, then services, and has alarms tell again", () => {
    const outcome = call("wake", ASLEEP);
    assert.deepEqual(outcome.result, { turn: "wake" });
    const order = commands(outcome).filter((name) => !name.startsWith("Describe"));
    assert.deepEqual(order, [
      "StartInstances",
      "StartInstances",
      "UpdateAutoScalingGroup",
      "StartDBInstance",
      "StartDBCluster",
      "UpdateService",
      "RegisterScalableTarget",
      "UpdateService",
      "EnableAlarmActions",
    ]);
    assert.deepEqual(inputsOf(outcome, "StartInstances"), [
      { InstanceIds: ["i-bastion"] },
      { InstanceIds: ["i-nat"] },
    ]);
    assert.deepEqual(inputsOf(outcome, "UpdateAutoScalingGroup"), [
      { AutoScalingGroupName: "platform-hosts-1a2b", MinSize: 2 },
    ]);
    assert.deepEqual(inputsOf(outcome, "StartDBInstance"), [
      { DBInstanceIdentifier: "orders-1a2b" },
    ]);
    assert.deepEqual(inputsOf(outcome, "StartDBCluster"), [{ DBClusterIdentifier: "events-1a2b" }]);
    assert.deepEqual(inputsOf(outcome, "UpdateService"), [
      { cluster: "platform-1a2b", service: SERVICE("api"), desiredCount: 2 },
      { cluster: "platform-1a2b", service: SERVICE("worker"), desiredCount: 1 },
    ]);
    assert.deepEqual(inputsOf(outcome, "RegisterScalableTarget"), [
      {
        ServiceNamespace: "ecs",
        ScalableDimension: "ecs:service:DesiredCount",
        ResourceId: "service/platform-1a2b/api",
        SuspendedState: {
          DynamicScalingInSuspended: false,
          DynamicScalingOutSuspended: false,
          ScheduledScalingSuspended: false,
        },
      },
    ]);
    assert.deepEqual(inputsOf(outcome, "EnableAlarmActions"), [{ AlarmNames: plan.alarms }]);
  });

  it("waits until the databases answer before it starts a service", () => {
    const names = commands(call("wake", ASLEEP));
    const looks = names.filter((name) => name === "DescribeDBInstances").length;
    assert.equal(looks, 3);
    assert.ok(names.lastIndexOf("DescribeDBInstances") < names.indexOf("DescribeServices"));
  });

  it("starts a database as soon as it has stopped, when it is called in the middle of stopping", () => {
    const DescribeDBInstances = ["stopping", "stopped", "available"].map(instance);
    const outcome = call("wake", { ...ASLEEP, DescribeDBInstances });
    assert.equal(inputsOf(outcome, "StartDBInstance").length, 1);
    assert.deepEqual(outcome.result, { turn: "wake" });
  });

  it("leaves what is awake as it is: the tasks that scaling has added, databases that run", () => {
    const outcome = call("wake", {
      DescribeServices: service(5),
      DescribeDBInstances: instance("available"),
      DescribeDBClusters: cluster("available"),
      DescribeAlarms: {},
    });
    assert.deepEqual(inputsOf(outcome, "UpdateService"), []);
    assert.deepEqual(inputsOf(outcome, "StartDBInstance"), []);
    assert.deepEqual(inputsOf(outcome, "StartDBCluster"), []);
  });

  it("starts the services also where a database takes too long, and fails for it", () => {
    const outcome = call("wake", { ...ASLEEP, DescribeDBInstances: instance("starting") });
    assert.equal(outcome.error, "orders: is not awake yet: it is starting");
    assert.equal(inputsOf(outcome, "UpdateService").length, 2);
    // 900 seconds, 300 of which are the services': a look every 15.
    assert.equal(inputsOf(outcome, "DescribeDBInstances").length, 40);
  });

  it("has alarms tell again when they have gone quiet, and fails where one rings on", () => {
    const ringing = { MetricAlarms: [{ AlarmName: "monitoring-service-api-tasks-1a2b" }] };
    const soon = call("wake", { ...ASLEEP, DescribeAlarms: [ringing, ringing, {}] });
    assert.deepEqual(soon.result, { turn: "wake" });
    assert.equal(commands(soon).at(-1), "EnableAlarmActions");
    assert.deepEqual(inputsOf(soon, "DescribeAlarms")[0], {
      AlarmNames: plan.alarms,
      StateValue: "ALARM",
      MaxRecords: 100,
    });
    const never = call("wake", { ...ASLEEP, DescribeAlarms: ringing });
    assert.equal(never.error, "alarms: monitoring-service-api-tasks-1a2b ring after waking");
    assert.equal(commands(never).at(-1), "EnableAlarmActions");
  });

  it("passes over a service and a database that are gone", () => {
    const outcome = call("wake", {
      DescribeServices: [service(0, 0, "INACTIVE"), { services: [] }],
      DescribeDBInstances: { error: "DBInstanceNotFoundFault" },
      DescribeDBClusters: { error: "DBClusterNotFoundFault" },
    });
    assert.deepEqual(outcome.result, { turn: "wake" });
    assert.deepEqual(inputsOf(outcome, "UpdateService"), []);
  });

  it("wakes the rest when one part fails, and says each failure", () => {
    const outcome = call("wake", {
      ...ASLEEP,
      StartInstances: { error: "IncorrectInstanceState" },
      UpdateService: [{ error: "ServerException" }, {}],
    });
    assert.equal(
      outcome.error,
      "bastion: IncorrectInstanceState\nnat: IncorrectInstanceState\napi: ServerException",
    );
    assert.equal(inputsOf(outcome, "UpdateService").length, 2);
    assert.equal(inputsOf(outcome, "StartDBInstance").length, 1);
  });
});

describe("The function of off-hours, putting to sleep", () => {
  it("has alarms tell nobody, then stops services, then databases, hosts and instances", () => {
    const outcome = call("sleep", AWAKE);
    assert.deepEqual(outcome.result, { turn: "sleep" });
    const order = commands(outcome).filter((name) => !name.startsWith("Describe"));
    assert.deepEqual(order, [
      "DisableAlarmActions",
      "RegisterScalableTarget",
      "UpdateService",
      "UpdateService",
      "StopDBInstance",
      "StopDBCluster",
      "UpdateAutoScalingGroup",
      "StopInstances",
      "StopInstances",
    ]);
    assert.deepEqual(inputsOf(outcome, "DisableAlarmActions"), [{ AlarmNames: plan.alarms }]);
    const [target] = inputsOf(outcome, "RegisterScalableTarget");
    assert.deepEqual(target?.["SuspendedState"], {
      DynamicScalingInSuspended: true,
      DynamicScalingOutSuspended: true,
      ScheduledScalingSuspended: true,
    });
    // Minimum and maximum stay what the stack says, or a comparison would show them as changed.
    assert.deepEqual(Object.keys(target ?? {}), [
      "ServiceNamespace",
      "ScalableDimension",
      "ResourceId",
      "SuspendedState",
    ]);
    assert.deepEqual(
      inputsOf(outcome, "UpdateService").map(({ desiredCount }) => desiredCount),
      [0, 0],
    );
    assert.deepEqual(inputsOf(outcome, "UpdateAutoScalingGroup"), [
      { AutoScalingGroupName: "platform-hosts-1a2b", MinSize: 0 },
    ]);
    assert.deepEqual(inputsOf(outcome, "StopInstances"), [
      { InstanceIds: ["i-bastion"] },
      { InstanceIds: ["i-nat"] },
    ]);
  });

  it("waits until no task uses the databases, but not for ever", () => {
    const quick = call("sleep", AWAKE);
    assert.equal(inputsOf(quick, "DescribeServices").length, 5 + 2);
    const stuck = call("sleep", { ...AWAKE, DescribeServices: service(0, 1) });
    assert.deepEqual(stuck.result, { turn: "sleep" });
    // Two looks before, one every 15 of 300 seconds, the last ones at the end, and two at what they want.
    assert.equal(inputsOf(stuck, "DescribeServices").length, 2 + 20 + 1 + 1 + 2);
    assert.equal(inputsOf(stuck, "StopDBInstance").length, 1);
  });

  it("leaves databases, hosts and instances awake where somebody has woken the services meanwhile", () => {
    const woken = [service(1), service(1), service(0, 1), service(1)];
    const outcome = call("sleep", { ...AWAKE, DescribeServices: woken });
    assert.deepEqual(outcome.result, { turn: "sleep" });
    assert.deepEqual(
      commands(outcome).filter((name) => /^(Stop|UpdateAutoScaling)/.test(name)),
      [],
    );
  });

  it("stops the rest where a service cannot be stopped: that one wants its tasks still", () => {
    const outcome = call("sleep", {
      ...AWAKE,
      DescribeServices: [service(1), service(1), service(0)],
      UpdateService: [{ error: "ServerException" }, {}],
    });
    assert.equal(outcome.error, "api: ServerException");
    assert.equal(inputsOf(outcome, "StopDBInstance").length, 1);
    const lookedAt = inputsOf(outcome, "DescribeServices").map(({ services }) => services);
    assert.deepEqual(lookedAt.slice(2), [[SERVICE("worker")], [SERVICE("worker")]]);
  });

  it("stops a database when its backup is done, and fails where that takes too long", () => {
    const backup = alone({ databases: plan.databases });
    const later = { DescribeDBInstances: ["backing-up", "available"].map(instance) };
    const outcome = call("sleep", { ...AWAKE, ...later }, backup);
    assert.equal(inputsOf(outcome, "StopDBInstance").length, 1);
    const never = call("sleep", { ...AWAKE, DescribeDBInstances: instance("backing-up") }, backup);
    assert.equal(never.error, "orders: does not sleep yet: it is backing-up");
  });

  it("does nothing to a database that sleeps or is about to", () => {
    const outcome = call("sleep", {
      ...AWAKE,
      DescribeDBInstances: instance("stopped"),
      DescribeDBClusters: cluster("stopping"),
    });
    assert.deepEqual(inputsOf(outcome, "StopDBInstance"), []);
    assert.deepEqual(inputsOf(outcome, "StopDBCluster"), []);
  });

  it("asks of a hundred alarms at once", () => {
    const alarms = Array.from({ length: 101 }, (_, index) => `alarm-${index}`);
    const outcome = call("sleep", {}, alone({ alarms }));
    const lengths = inputsOf(outcome, "DisableAlarmActions").map(
      ({ AlarmNames }) => (AlarmNames as string[]).length,
    );
    assert.deepEqual(lengths, [100, 1]);
  });

  it("leaves alone what the plan does not have", () => {
    assert.deepEqual(call("sleep", {}, alone({})).asked, []);
    assert.deepEqual(call("wake", {}, alone({})).asked, []);
  });
});

describe("The function of off-hours, called otherwise", () => {
  it("does nothing, and says how it is called", () => {
    assert.deepEqual(call("doze", AWAKE), {
      error: 'call it with {"turn":"wake"} or {"turn":"sleep"}',
      asked: [],
    });
  });
});
