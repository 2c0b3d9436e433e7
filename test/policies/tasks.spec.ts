import * as assert from "node:assert/strict";
import { UNKNOWN, type ValueMap } from "../../policies/graph";
import { findings, resource } from "./fixtures";

const task = (container: ValueMap, inputs: ValueMap = {}) =>
  resource("aws:ecs/taskDefinition:TaskDefinition", "task", {
    containerDefinitions: JSON.stringify([{ name: "app", ...container }]),
    ...inputs,
  });
const service = (inputs: ValueMap, references = {}) =>
  resource("aws:ecs/service:Service", "service", inputs, references);

describe("rules about tasks", () => {
  // Checkov takes both for fine: it looks for keys that task definitions do not have.
  it("see privileged containers, and the processes of the host", () => {
    assert.deepEqual(findings("ECS-03", [task({ privileged: true })]), [
      "task: has a container, app, that is as mighty as its host",
    ]);
    assert.deepEqual(findings("ECS-03", [task({ privileged: false })]), []);
    assert.deepEqual(findings("ECS-02", [task({}, { pidMode: "host" })]), [
      "task: sees the processes of its host",
    ]);
    assert.deepEqual(findings("ECS-02", [task({}, { pidMode: "" })]), []);
  });

  it("say nothing about containers that are not known yet", () => {
    const unknown = task({}, { containerDefinitions: UNKNOWN });
    for (const id of ["ECS-03", "ECS-04", "ECS-05", "ECS-06", "ECS-12", "ECS-20"]) {
      assert.deepEqual(findings(id, [unknown]), []);
    }
  });

  it("know a secret by the name of its variable, or by its value", () => {
    const found = (name: string, value = "x") =>
      findings("ECS-05", [task({ environment: [{ name, value }] })]).length;
    for (const name of ["DB_PASSWORD", "TOKEN", "apiKey", "AWS_SECRET_ACCESS_KEY"]) {
      assert.equal(found(name), 1, name);
    }
    for (const name of ["DATABASE_HOST", "PASSENGER_APP_ENV", "TOKENS_PER_MINUTE", "AWS_REGION"]) {
      assert.equal(found(name), 0, name);
    }
    assert.equal(found("SETTING", `AKIA${"B2".repeat(8)}`), 1);
    assert.equal(found("SETTING", "AKIA is a prefix"), 0);
  });

  it("never print the value of a variable", () => {
    const [told = ""] = findings("ECS-05", [
      task({ environment: [{ name: "DB_PASSWORD", value: "canary-7f3a" }] }),
    ]);
    assert.ok(told !== "" && !told.includes("canary"));
  });

  it("want images by digest, or by a tag that is not the latest", () => {
    const found = (image: string) => findings("ECS-20", [task({ image })]).length;
    const right = ["nginx:1.29", `nginx@sha256:${"a".repeat(64)}`, "localhost:5000/nginx:1"];
    const wrong = ["nginx", "nginx:latest", "localhost:5000/nginx"];
    assert.deepEqual(right.map(found), [0, 0, 0]);
    assert.deepEqual(wrong.map(found), [1, 1, 1]);
  });

  it("take any user but root", () => {
    const found = (user: string) => findings("ECS-12", [task({ user })]).length;
    assert.deepEqual(["1000", "nginx", "1000:0", "rooty"].map(found), [0, 0, 0, 0]);
    assert.deepEqual(["root", "0", "0:1000", ""].map(found), [1, 1, 1, 1]);
  });
});

describe("rules about services", () => {
  it("refuse shares by which no task can be replaced, at any level", () => {
    const stuck = service({ deploymentMinimumHealthyPercent: 100, deploymentMaximumPercent: 100 });
    const tight = service({ deploymentMinimumHealthyPercent: 50, deploymentMaximumPercent: 200 });
    const development = { level: "development" } as const;
    assert.deepEqual(findings("ECS-16", [stuck], development), [
      "service: can neither stop an old task nor start a new one",
    ]);
    assert.deepEqual(findings("ECS-16", [tight], development), []);
    assert.deepEqual(findings("ECS-16", [tight]), [
      "service: has fewer tasks than it needs while it is deployed",
    ]);
  });

  it("count a task for each zone, by its scaling where it scales", () => {
    const subnets = ["a", "b", "c"].map((zone) =>
      resource("aws:ec2/subnet:Subnet", zone, { availabilityZone: zone }),
    );
    const api = service({ desiredCount: 1 }, { networkConfiguration: subnets });
    const scaling = (minCapacity: number) =>
      resource(
        "aws:appautoscaling/target:Target",
        "scaling",
        { minCapacity, maxCapacity: 9 },
        {
          resourceId: api,
        },
      );
    const told = "service: runs 1 task where its zones need 3";
    assert.deepEqual(findings("ECS-17", [...subnets, api]), [told]);
    const scaled = service({ desiredCount: 3 }, { networkConfiguration: subnets });
    assert.deepEqual(findings("ECS-17", [...subnets, scaled]), []);
    assert.deepEqual(findings("ECS-17", [...subnets, api, scaling(1)]), [told]);
  });

  it("want a host that is no Spot, as well as a task", () => {
    const hosts = (base: number, share: number) =>
      resource("aws:autoscaling/group:Group", "hosts", {
        mixedInstancesPolicy: {
          instancesDistribution: {
            onDemandBaseCapacity: base,
            onDemandPercentageAboveBaseCapacity: share,
          },
        },
      });
    const on = (group: ReturnType<typeof hosts>) => {
      const provider = resource(
        "aws:ecs/capacityProvider:CapacityProvider",
        "provider",
        {},
        {
          autoScalingGroupProvider: group,
        },
      );
      const strategies = [{ capacityProvider: UNKNOWN, weight: 1 }];
      const api = service(
        { capacityProviderStrategies: strategies },
        { capacityProviderStrategies: provider },
      );
      return findings("ECS-21", [group, provider, api]);
    };
    assert.deepEqual(on(hosts(0, 0)), ["service: runs on hosts that are all Spot"]);
    assert.deepEqual(on(hosts(1, 0)), []);
    assert.deepEqual(on(hosts(0, 100)), []);
  });
});
