import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EcsService } from "../../components";
import { removeGates } from "../../components/ecs-service/gate-removal";
import { withFakeAws } from "../support/fake-aws";
import { build, cluster, network } from "./support";

const hook = { hookTargetArn: "arn:aws:lambda:us-east-1:123456789012:function:check" };
const service = (deploymentConfiguration: object | undefined) => ({
  cluster: cluster.arn,
  name: "api-service-1a2b3c4",
  deploymentConfiguration,
});
const gated = service({ strategy: "BLUE_GREEN", lifecycleHooks: [hook] });

/** What ECS is asked to change before the provider changes a service. */
async function changes(oldOutputs: object | undefined, newInputs: object): Promise<unknown[]> {
  return withFakeAws({ UpdateService: [{ service: {} }] }, async (clients, fake) => {
    await removeGates(clients, { oldOutputs, newInputs });
    return fake.inputsOf("UpdateService");
  });
}

describe("EcsService, removal of all gates", () => {
  const removal = {
    cluster: cluster.arn,
    service: "api-service-1a2b3c4",
    deploymentConfiguration: { lifecycleHooks: [] },
  };
  for (const [title, deploymentConfiguration] of [
    ["with the same strategy", { strategy: "BLUE_GREEN" }],
    ["with another strategy", { strategy: "ROLLING", bakeTimeInMinutes: "0" }],
    ["with an empty list", { strategy: "BLUE_GREEN", lifecycleHooks: [] }],
    ["with nothing", undefined],
  ] as const) {
    it(`takes them from ECS, which keeps them otherwise, ${title}`, async () => {
      assert.deepEqual(await changes(gated, service(deploymentConfiguration)), [removal]);
    });
  }

  it("leaves gates to the provider that change, come or were never there", async () => {
    const without = service({ strategy: "BLUE_GREEN" });
    assert.deepEqual(await changes(gated, gated), []);
    assert.deepEqual(await changes(without, gated), []);
    assert.deepEqual(await changes(without, without), []);
    assert.deepEqual(await changes(undefined, without), []);
  });

  it("happens before the provider changes the service", async () => {
    const unused = () => Promise.reject(new Error("asked ECS"));
    const awsClients = { region: "us-east-1", ecs: unused, logs: unused };
    const args = { cluster, network, image: "api:1", awsClients };
    const run = await build(() => new EcsService("api", args));
    const [name = ""] = run.one("aws:ecs/service:Service").hooks.beforeUpdate ?? [];
    const called = run.hooks.get(name);
    assert.ok(pulumi.ResourceHook.isInstance(called));
    const update = { urn: "", id: "", name: "", type: "", oldOutputs: gated };
    // Another task definition: nothing but the gates makes a hook ask ECS.
    const newInputs = { ...service({ strategy: "BLUE_GREEN" }), taskDefinition: "another" };
    await assert.rejects(async () => called.callback({ ...update, newInputs }), /asked ECS/);
  });
});
