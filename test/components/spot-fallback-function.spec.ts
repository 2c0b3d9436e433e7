import * as assert from "node:assert/strict";
import { type FunctionCall, type Outcome, runFunction } from "../support/run-function";

const SERVICE = (name: string) =>
  `arn:aws:ecs:us-east-1:123456789012:service/platform-1a2b/${name}`;
const GROUP = "platform-hosts-1a2b";

const NOW = "2026-11-21T12:00:00.000Z";
const LATELY = "2026-11-21T11:00:01.000Z";
const LONG_AGO = "2026-11-21T11:00:00.000Z";

const SPOT = [
  { capacityProvider: "FARGATE", base: 1, weight: 1 },
  { capacityProvider: "FARGATE_SPOT", base: 0, weight: 3 },
];
const ON_DEMAND = [{ capacityProvider: "FARGATE", base: 0, weight: 1 }];

const distribution = {
  onDemandBase: 1,
  onDemandPercentageAboveBase: 20,
  spotAllocationStrategy: "price-capacity-optimized",
};
const api = { api: { serviceArn: SERVICE("api"), strategy: SPOT } };
const hosts = { groupName: GROUP, distribution };

const shortOfTasks = (reason?: string, name = "api", ...providers: string[]) => ({
  source: "aws.ecs",
  resources: [SERVICE(name)],
  detail: {
    eventName: "SERVICE_TASK_PLACEMENT_FAILURE",
    ...(reason && { reason }),
    ...(providers.length > 0 && {
      capacityProviderArns: providers.map(
        (provider) => `arn:aws:ecs:us-east-1:123456789012:capacity-provider/${provider}`,
      ),
    }),
  },
});
const shortOfHosts = (StatusMessage: string, AutoScalingGroupName = GROUP) => ({
  source: "aws.autoscaling",
  resources: [],
  detail: { AutoScalingGroupName, StatusMessage, Cause: "a difference between desired and actual" },
});
const NO_SPOT =
  "Could not launch Spot Instances. InsufficientInstanceCapacity - There is no Spot capacity available that matches your request. Launching EC2 instance failed.";

/** A service that has been where it is since then. */
const service = (
  capacityProviderStrategy: object[],
  createdAt = LONG_AGO,
  rolloutState = "COMPLETED",
) => ({
  services: [
    { status: "ACTIVE", capacityProviderStrategy, deployments: [{ createdAt, rolloutState }] },
  ],
});
const group = (OnDemandPercentageAboveBaseCapacity: number) => ({
  AutoScalingGroups: [
    {
      MixedInstancesPolicy: { InstancesDistribution: { OnDemandPercentageAboveBaseCapacity } },
    },
  ],
});

const call = (
  event: object,
  answers: FunctionCall["answers"],
  users: { services?: object; hosts?: object } = { services: api },
) =>
  runFunction({
    folder: "spot-fallback/functions",
    files: {
      "plan.json": {
        services: {},
        returnAfterMinutes: 60,
        metric: { namespace: "EcsPlatform/SpotFallback", clusterName: "platform-1a2b" },
        ...users,
      },
    },
    event,
    answers,
    now: NOW,
  });

const moves = ({ asked }: Outcome) =>
  asked.filter(([name]) => name.startsWith("Update")).map(([, input]) => input);
const counted = ({ asked }: Outcome) =>
  asked
    .filter(([name]) => name === "PutMetricData")
    .map(([, { MetricData }]) => (MetricData as { Value: number }[])[0]?.Value);

const toStrategy = (strategy: object[], name = "api") => ({
  cluster: "platform-1a2b",
  service: SERVICE(name),
  capacityProviderStrategy: strategy,
  forceNewDeployment: true,
});
const toPercentage = (percentage: number) => ({
  AutoScalingGroupName: GROUP,
  MixedInstancesPolicy: {
    InstancesDistribution: {
      OnDemandAllocationStrategy: "prioritized",
      OnDemandBaseCapacity: 1,
      OnDemandPercentageAboveBaseCapacity: percentage,
      SpotAllocationStrategy: "price-capacity-optimized",
    },
  },
});

describe("The function of a Spot fallback, for services", () => {
  for (const reason of ["RESOURCE:FARGATE", "Capacity is unavailable at this time", undefined]) {
    it(`moves one to on-demand capacity that finds none: ${reason ?? "no reason given"}`, () => {
      const outcome = call(shortOfTasks(reason), { DescribeServices: service(SPOT) });
      assert.deepEqual(outcome.result, { api: "falls back" });
      assert.deepEqual(moves(outcome), [toStrategy(ON_DEMAND)]);
      assert.deepEqual(counted(outcome), [1]);
    });
  }

  it("goes by the capacity that the event names", () => {
    const fate = (...providers: string[]) =>
      call(shortOfTasks("RESOURCE:FARGATE", "api", ...providers), {
        DescribeServices: service(SPOT),
      }).result;
    assert.deepEqual(fate("FARGATE_SPOT"), { api: "falls back" });
    assert.deepEqual(fate("FARGATE", "FARGATE_SPOT"), { api: "falls back" });
    assert.deepEqual(fate("FARGATE"), { api: "is as it shall be" });
  });

  it("knows the strategy in whichever order AWS tells it, and with what AWS leaves out", () => {
    const told = [
      { capacityProvider: "FARGATE_SPOT", weight: 3 },
      { capacityProvider: "FARGATE", base: 1, weight: 1 },
    ];
    const outcome = call(shortOfTasks(), { DescribeServices: service(told) });
    assert.deepEqual(outcome.result, { api: "falls back" });
  });

  it("leaves alone one that lacks something else, or that another event is about", () => {
    for (const event of [
      shortOfTasks("RESOURCE:ENI"),
      shortOfTasks("RESOURCE:FARGATE", "web"),
      { ...shortOfTasks(), source: "aws.other" },
      {},
    ]) {
      const outcome = call(event, { DescribeServices: service(SPOT) });
      assert.deepEqual(outcome.result, { api: "is as it shall be" });
      assert.deepEqual(moves(outcome), []);
      assert.deepEqual(counted(outcome), [0]);
    }
  });

  it("leaves alone one in the middle of a deployment: ECS tells of the lack again", () => {
    const underWay = service(SPOT, LATELY, "IN_PROGRESS");
    const two = {
      services: [
        {
          status: "ACTIVE",
          capacityProviderStrategy: SPOT,
          deployments: [{ createdAt: LATELY }, { createdAt: LONG_AGO, rolloutState: "COMPLETED" }],
        },
      ],
    };
    for (const DescribeServices of [underWay, two]) {
      const outcome = call(shortOfTasks(), { DescribeServices });
      assert.deepEqual(outcome.result, { api: "waits for the deployment under way" });
      assert.deepEqual(moves(outcome), []);
    }
  });

  it("moves one whose deployment has found no capacity for an hour: ECS would try it for ever", () => {
    const late = { DescribeServices: service(SPOT, LONG_AGO, "IN_PROGRESS") };
    const outcome = call(shortOfTasks(), late);
    assert.deepEqual(outcome.result, { api: "falls back" });
    assert.deepEqual(moves(outcome), [toStrategy(ON_DEMAND)]);
    assert.deepEqual(call({}, late).result, { api: "waits for the deployment under way" });
    const onDemand = { DescribeServices: service(ON_DEMAND, LONG_AGO, "IN_PROGRESS") };
    assert.deepEqual(call(shortOfTasks(), onDemand).result, { api: "stays on demand" });
  });

  it("falls back once for an event that comes twice", () => {
    for (const state of ["IN_PROGRESS", "COMPLETED"]) {
      const again = call(shortOfTasks(), { DescribeServices: service(ON_DEMAND, LATELY, state) });
      assert.deepEqual(again.result, { api: "stays on demand" });
      assert.deepEqual(moves(again), []);
      assert.deepEqual(counted(again), [1]);
    }
  });

  it("returns after an hour, and not a second earlier", () => {
    const early = call({}, { DescribeServices: service(ON_DEMAND, LATELY) });
    assert.deepEqual(early.result, { api: "stays on demand" });
    assert.deepEqual(moves(early), []);
    const late = call({}, { DescribeServices: service(ON_DEMAND, LONG_AGO) });
    assert.deepEqual(late.result, { api: "returns to Spot" });
    assert.deepEqual(moves(late), [toStrategy(SPOT)]);
    assert.deepEqual(counted(late), [0]);
  });

  it("stays on demand where on-demand capacity is short, too", () => {
    const outcome = call(shortOfTasks(), { DescribeServices: service(ON_DEMAND, LONG_AGO) });
    assert.deepEqual(outcome.result, { api: "stays on demand" });
  });

  it("leaves alone one that somebody has given another strategy, or removed", () => {
    const own = [{ capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 }];
    const other = call(shortOfTasks(), { DescribeServices: service(own) });
    assert.deepEqual(other.result, { api: "is as it shall be" });
    assert.deepEqual(moves(other), []);
    const gone = call(shortOfTasks(), { DescribeServices: { services: [{ status: "INACTIVE" }] } });
    assert.deepEqual(gone.result, { api: "is not there" });
    assert.deepEqual(moves(gone), []);
  });

  it("moves the one that is short of several, and counts those that are on demand", () => {
    const web = { serviceArn: SERVICE("web"), strategy: SPOT };
    const outcome = call(
      shortOfTasks("RESOURCE:FARGATE", "web"),
      { DescribeServices: [service(ON_DEMAND, LATELY), service(SPOT)] },
      { services: { ...api, web } },
    );
    assert.deepEqual(outcome.result, { api: "stays on demand", web: "falls back" });
    assert.deepEqual(moves(outcome), [toStrategy(ON_DEMAND, "web")]);
    assert.deepEqual(counted(outcome), [2]);
  });

  it("moves the others when one fails, counts, and fails in the end", () => {
    const web = { serviceArn: SERVICE("web"), strategy: SPOT };
    const outcome = call(
      {},
      { DescribeServices: service(ON_DEMAND), UpdateService: [{ error: "Throttled" }, {}] },
      { services: { ...api, web } },
    );
    assert.equal(outcome.error, "api: Throttled");
    assert.deepEqual(moves(outcome).at(-1), toStrategy(SPOT, "web"));
    assert.deepEqual(counted(outcome), [0]);
  });
});

describe("The function of a Spot fallback, for hosts", () => {
  const activities = (StartTime: string, StatusMessage: string) => ({
    Activities: [{ StartTime: LONG_AGO }, { StartTime, StatusMessage }],
  });

  it("has the group start on-demand hosts, and keeps the rest of its mixture", () => {
    const outcome = call(
      shortOfHosts(NO_SPOT),
      { DescribeAutoScalingGroups: group(20) },
      { hosts },
    );
    assert.deepEqual(outcome.result, { hosts: "falls back" });
    assert.deepEqual(moves(outcome), [toPercentage(100)]);
    assert.deepEqual(counted(outcome), [1]);
  });

  it("leaves a group alone that cannot start hosts for another reason, and other groups", () => {
    for (const event of [
      shortOfHosts("You are not authorized to use launch template"),
      shortOfHosts(NO_SPOT, "another-group"),
    ]) {
      const outcome = call(event, { DescribeAutoScalingGroups: group(20) }, { hosts });
      assert.deepEqual(outcome.result, { hosts: "is as it shall be" });
      assert.deepEqual(moves(outcome), []);
    }
  });

  it("returns an hour after the last lack of Spot, and not a second earlier", () => {
    const look = (time: string, event: object = {}) =>
      call(
        event,
        {
          DescribeAutoScalingGroups: group(100),
          DescribeScalingActivities: activities(time, NO_SPOT),
        },
        { hosts },
      );
    assert.deepEqual(look(LATELY).result, { hosts: "stays on demand" });
    assert.deepEqual(counted(look(LATELY)), [1]);
    const late = look(LONG_AGO);
    assert.deepEqual(late.result, { hosts: "returns to Spot" });
    assert.deepEqual(moves(late), [toPercentage(20)]);
    assert.deepEqual(look(LONG_AGO, shortOfHosts(NO_SPOT)).result, { hosts: "stays on demand" });
  });

  it("returns where what went wrong lately was something else", () => {
    const outcome = call(
      {},
      {
        DescribeAutoScalingGroups: group(100),
        DescribeScalingActivities: activities(LATELY, "Instance failed to launch"),
      },
      { hosts },
    );
    assert.deepEqual(outcome.result, { hosts: "returns to Spot" });
  });

  it("passes over a group that is gone", () => {
    const outcome = call({}, { DescribeAutoScalingGroups: { AutoScalingGroups: [] } }, { hosts });
    assert.deepEqual(outcome.result, { hosts: "is not there" });
  });

  it("counts in the metric that the alarm watches", () => {
    const { asked } = call({}, { DescribeAutoScalingGroups: group(20) }, { hosts });
    assert.deepEqual(asked.at(-1), [
      "PutMetricData",
      {
        Namespace: "EcsPlatform/SpotFallback",
        MetricData: [
          {
            MetricName: "OnDemandInPlaceOfSpot",
            Dimensions: [{ Name: "ClusterName", Value: "platform-1a2b" }],
            Value: 0,
            Unit: "Count",
          },
        ],
      },
    ]);
  });
});
