import * as assert from "node:assert/strict";
import { type Problem, SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import { type StackConfig, exampleConfig, runPlatform, smallConfig, sourceOf } from "./support";

const CHECK = "arn:aws:lambda:us-east-1:123456789012:function:check";
const GATES = "ecs-platform:services.api.deployment.gates";

const approve = { kind: "approval" };
const smoke = { kind: "smoke-test", requests: { health: {} } };
const own = { kind: "function", stage: "POST_SCALE_UP", functionArn: CHECK };

function withGates(gates: Record<string, object>, changes: StackConfig = {}): StackConfig {
  const config = smallConfig();
  const { api } = config["ecs-platform:services"] as { api: object };
  const deployment = { strategy: "BLUE_GREEN", gates };
  return { ...config, "ecs-platform:services": { api: { ...api, deployment } }, ...changes };
}

function problemsOf(config: StackConfig): readonly Problem[] {
  try {
    loadConfig(sourceOf(config));
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.problems;
  }
  return [];
}

const balancer = (settings: object): StackConfig => ({
  "ecs-platform:loadBalancer": { plainHttpBecause: "a test sends no requests", ...settings },
});

describe("Gates of a stack", () => {
  it("have commands for both answers to an approval", async () => {
    const run = await runPlatform(withGates({ approve }));
    const { approve: yes, reject: no } = run.outputs["commands"] as Record<
      string,
      Record<string, string>
    >;
    const command = (action: string) =>
      "DEPLOYMENT=$(aws ecs list-service-deployments --cluster platform-cluster-1a2b3c4 --service api-service-1a2b3c4" +
      " --status IN_PROGRESS --query 'serviceDeployments[0].serviceDeploymentArn' --output text --region us-east-1);" +
      ' aws ecs continue-service-deployment --service-deployment-arn "$DEPLOYMENT" --hook-id "$(aws ecs' +
      ' describe-service-deployments --service-deployment-arns "$DEPLOYMENT" --query' +
      " \"serviceDeployments[0].lifecycleHookDetails[?status=='AWAITING_ACTION'].hookId | [0]\"" +
      ` --output text --region us-east-1)" --action ${action} --region us-east-1`;
    assert.deepEqual(yes, { api: command("CONTINUE") });
    assert.deepEqual(no, { api: command("ROLLBACK") });
  });

  it("have no such commands without an approval", async () => {
    const run = await runPlatform(withGates({ smoke }));
    const { commands } = run.outputs as { commands: object };
    assert.deepEqual(
      ["approve", "reject"].filter((key) => key in commands),
      [],
    );
  });

  it("test over the load balancer as it is: plain, or inside the VPC", async () => {
    const run = await runPlatform(withGates({ smoke }, balancer({ scheme: "internal" })));
    const lambda = run.one("aws:lambda/function:Function", "api-gate-smoke-function");
    const variables = lambda.input("environment.variables") as Record<string, string>;
    assert.deepEqual([variables["PROTOCOL"], variables["PORT"]], ["http", "80"]);
    assert.notEqual(lambda.input("vpcConfig"), undefined);
  });

  it("test the Go server of the example by HTTPS, under its own name", async () => {
    const run = await runPlatform(exampleConfig("go-server"));
    const lambda = run.one("aws:lambda/function:Function", "server-gate-smoke-function");
    const variables = lambda.input("environment.variables") as Record<string, string>;
    assert.deepEqual(
      [variables["PROTOCOL"], variables["PORT"], variables["HOST"], variables["ENDPOINT"]],
      [
        "https",
        "443",
        "server.example.com",
        run.one("aws:lb/loadBalancer:LoadBalancer").outputs["dnsName"],
      ],
    );
    assert.equal(lambda.input("vpcConfig"), undefined);
  });

  const keptOut = {
    key: `${GATES}.smoke`,
    rule: "calls from an address of AWS that changes, which allowedCidrs or allowedPrefixListIds keep out",
    allowed: "smoke tests where everybody is let in, or where loadBalancer.scheme is internal",
    fix: "take a gate of kind function that runs where it is let in, or lift the restriction",
  };
  const withoutValue = (problems: readonly Problem[]) =>
    problems.map(({ value: _, ...problem }) => problem);

  for (const [title, settings] of [
    ["some addresses", { allowedCidrs: ["203.0.113.0/24"] }],
    ["some lists", { allowedPrefixListIds: ["pl-3b927c52"] }],
  ] as const) {
    it(`refuse a smoke test where the load balancer lets in ${title} only`, () => {
      const problems = problemsOf(withGates({ approve, smoke, own }, balancer(settings)));
      assert.deepEqual(withoutValue(problems), [keptOut]);
    });
  }

  for (const [title, settings] of [
    ["lets everybody in by name", { allowedCidrs: ["203.0.113.0/24", "0.0.0.0/0"] }],
    ["is internal", { scheme: "internal", allowedCidrs: ["203.0.113.0/24"] }],
  ] as const) {
    it(`take a smoke test where the load balancer ${title}`, () => {
      assert.deepEqual(problemsOf(withGates({ smoke }, balancer(settings))), []);
    });
  }

  it("refuse a function in another region", () => {
    assert.deepEqual(problemsOf(withGates({ own }, { "aws:region": "us-east-2" })).slice(-1), [
      {
        key: `${GATES}.own.functionArn`,
        value: CHECK,
        rule: "is in us-east-1, and ECS in us-east-2 calls functions of its own region",
        allowed: "a function in us-east-2; no gates of this kind in a stack of two regions",
        fix: "name one in the same region, or remove the gate",
      },
    ]);
  });

  it("take a function in the same region", () => {
    assert.deepEqual(problemsOf(withGates({ own })), []);
  });
});
