import * as assert from "node:assert/strict";
import { SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import { runPlatform, smallConfig, sourceOf, type StackConfig } from "./support";

const SERVICES = "ecs-platform:services";
const CONTEXT = "test/components/image.fixture";

/** The small stack with other keys about the image of its one service. */
function withImage(keys: Record<string, unknown>, more: StackConfig = {}): StackConfig {
  const { [SERVICES]: services, ...rest } = smallConfig();
  const { image: _, ...api } = (services as Record<string, Record<string, unknown>>)["api"] ?? {};
  return { ...rest, [SERVICES]: { api: { ...api, ...keys } }, ...more };
}

function refused(config: StackConfig) {
  try {
    loadConfig(sourceOf(config));
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.problems.map(({ key, rule }) => `${key} ${rule}`);
  }
  return [];
}

describe("the image of a service in a stack file", () => {
  it("is used as it is where it is named", async () => {
    const run = await runPlatform(withImage({ image: "nginx:1.29" }));
    assert.deepEqual(run.all("aws:ecr/repository:Repository"), []);
    assert.deepEqual(run.all("awsx:ecr:Image"), []);
    const [task] = run.all("aws:ecs/taskDefinition:TaskDefinition");
    assert.match(task?.inputs["containerDefinitions"] as string, /"image":"nginx:1\.29"/);
  });

  it("is built for its processor, into a repository that goes only with the stack's protection", async () => {
    const build = { context: CONTEXT, target: "server" };
    const run = await runPlatform(withImage({ architecture: "ARM64", build }));
    const image = run.one("awsx:ecr:Image");
    assert.equal(image.inputs["context"], CONTEXT);
    assert.equal(image.inputs["target"], "server");
    assert.equal(image.inputs["platform"], "linux/arm64");
    assert.equal(run.one("aws:ecr/repository:Repository").inputs["forceDelete"], false);
    const [task] = run.all("aws:ecs/taskDefinition:TaskDefinition");
    const { imageUri } = image.outputs;
    assert.ok(
      (task?.inputs["containerDefinitions"] as string).includes(`"image":"${imageUri as string}"`),
    );

    const unprotected = { "ecs-platform:unprotectedBecause": "it is made and destroyed at will" };
    const free = await runPlatform(withImage({ build }, unprotected));
    assert.equal(free.one("aws:ecr/repository:Repository").inputs["forceDelete"], true);
  });

  it("is refused by key where there is none, or two, or nothing to build it from", () => {
    const key = "ecs-platform:services.api";
    assert.deepEqual(refused(withImage({})), [
      `${key}.image is required where neither build nor repository says what runs`,
    ]);
    assert.deepEqual(refused(withImage({ image: "nginx:1.29", build: { context: CONTEXT } })), [
      `${key}.build contradicts image: exactly one of image, build, repository says what runs`,
    ]);
    assert.deepEqual(refused(withImage({ build: { context: "nowhere" } })), [
      `${key}.build.context is not a folder`,
    ]);
  });

  it("can be built for a network without NAT, whose endpoints reach ECR", () => {
    const network = {
      availabilityZones: ["us-east-1a", "us-east-1b"],
      nat: "none",
      interfaceEndpoints: ["ecr.api", "ecr.dkr", "logs", "secretsmanager"],
    };
    const build = { context: CONTEXT };
    assert.deepEqual(refused(withImage({ build }, { "ecs-platform:network": network })), []);
  });
});
