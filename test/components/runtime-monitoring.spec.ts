import * as assert from "node:assert/strict";
import { EcsCluster, EcsService } from "../../components";
import { runProgram } from "../support/run-program";
import { build, cluster, network } from "./support";

const AGENT = "arn:aws:ecr:us-east-1:*:repository/aws-guardduty-agent-fargate";
const PRIVATE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:1";

/** What the agent of ECS may do with images, for a service with one container. */
async function imageRights(image: string, runtimeMonitoring: boolean | undefined) {
  const run = await build(
    () =>
      new EcsService("api", {
        cluster: { ...cluster, ...(runtimeMonitoring !== undefined && { runtimeMonitoring }) },
        network,
        image,
        desiredCount: 1,
      }),
  );
  const policy = run.one("aws:iam/rolePolicy:RolePolicy", "api-execution-policy");
  const { Statement } = policy.jsonInput("policy") as {
    Statement: { Action: string[]; Resource: string[] }[];
  };
  return Statement.filter(({ Action }) => Action.some((action) => action.startsWith("ecr:"))).map(
    ({ Action, Resource }) => ({ Action, Resource }),
  );
}

const pull = (...Resource: string[]) => [
  {
    Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    Resource,
  },
  { Action: ["ecr:GetAuthorizationToken"], Resource: ["*"] },
];

describe("the agent of GuardDuty", () => {
  it("may be pulled where the cluster says so, beside the images of the task", async () => {
    assert.deepEqual(await imageRights("nginx:1.29", true), pull(AGENT));
    assert.deepEqual(
      await imageRights(PRIVATE, true),
      pull(AGENT, "arn:aws:ecr:us-east-1:123456789012:repository/shop"),
    );
  });

  it("may not be pulled where the cluster says nothing", async () => {
    const own = pull("arn:aws:ecr:us-east-1:123456789012:repository/shop");
    assert.deepEqual(await imageRights(PRIVATE, false), own);
    assert.deepEqual(await imageRights(PRIVATE, undefined), own);
    assert.deepEqual(await imageRights("nginx:1.29", undefined), []);
  });

  it("is what cluster.runtimeMonitoring asks for, and no default", async () => {
    const seen: boolean[] = [];
    await runProgram(() => {
      seen.push(new EcsCluster("plain", {}).runtimeMonitoring);
      seen.push(new EcsCluster("watched", { runtimeMonitoring: true }).runtimeMonitoring);
    });
    assert.deepEqual(seen, [false, true]);
  });
});
