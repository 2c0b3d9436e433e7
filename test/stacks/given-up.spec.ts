import * as assert from "node:assert/strict";
import { whyGivenUp } from "../../stacks/given-up";
import { type Script, withFakeAws } from "../support/fake-aws";

const service = {
  name: "api",
  cluster: "arn:aws:ecs:us-east-1:123456789012:cluster/platform",
  serviceName: "api-1a2b",
  logGroupName: "api-logs",
};

/** ECS with one deployment that ended so. */
function script(status: string): Script {
  const deployment = { serviceDeploymentArn: "the-only-one", createdAt: 1, status };
  return {
    ListServiceDeployments: [{ serviceDeployments: [deployment] }],
    DescribeServiceDeployments: [
      { serviceDeployments: [{ ...deployment, statusReason: "No tasks got healthy." }] },
    ],
    DescribeServices: [{ services: [{ serviceName: service.serviceName }] }],
    ListTasks: [{ taskArns: [] }],
  };
}

const answerTo = (answers: Script) =>
  withFakeAws(answers, (clients) => whyGivenUp(clients, service));

describe("A service at the end of an `up`", () => {
  for (const status of ["STOPPED", "ROLLBACK_FAILED"]) {
    it(`fails it where ECS gave the newest deployment up as ${status}`, async () => {
      const why = (await answerTo(script(status))) ?? "";
      assert.match(why, /^The deployment of api failed\.\n/);
      assert.match(why, new RegExp(`ECS: ${status}, No tasks got healthy\\.`));
    });
  }

  for (const status of ["SUCCESSFUL", "IN_PROGRESS", "ROLLBACK_SUCCESSFUL"]) {
    it(`is let be where the newest deployment is ${status}`, async () => {
      assert.equal(await answerTo(script(status)), undefined);
    });
  }

  it("is let be where ECS knows of no deployment", async () => {
    const answers = { ListServiceDeployments: [{ serviceDeployments: [] }] };
    assert.equal(await answerTo(answers), undefined);
  });
});
