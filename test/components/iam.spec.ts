import * as assert from "node:assert/strict";
import {
  accountOf,
  allLogGroupsBeside,
  managedPolicyArn,
  policyDocument,
  regionOf,
  serviceTrust,
} from "../../components/support/iam";
import { runProgram } from "../support/run-program";

const LOG_GROUP = "arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/ecs/api";

async function valueOf(make: () => unknown): Promise<unknown> {
  const { outputs } = await runProgram(() => ({ value: make() }));
  return outputs["value"];
}

describe("Policies", () => {
  it("hold what a statement says, and nothing that it does not say", async () => {
    const text = await valueOf(() =>
      policyDocument([
        { actions: ["s3:GetObject"], resources: ["arn:aws:s3:::bucket/*"] },
        {
          effect: "Deny",
          principal: { AWS: "*" },
          actions: ["s3:*"],
          resources: ["*"],
          conditions: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]),
    );
    assert.deepEqual(JSON.parse(text as string), {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::bucket/*"] },
        {
          Effect: "Deny",
          Principal: { AWS: "*" },
          Action: ["s3:*"],
          Resource: ["*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });

  it("trust a service for one account", async () => {
    const text = await valueOf(() => serviceTrust("ecs-tasks.amazonaws.com", "123456789012"));
    assert.deepEqual(JSON.parse(text as string), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "ecs-tasks.amazonaws.com" },
          Action: ["sts:AssumeRole"],
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ],
    });
  });

  it("trust a service that knows no such condition", async () => {
    const text = await valueOf(() => serviceTrust("ec2.amazonaws.com"));
    assert.deepEqual(JSON.parse(text as string), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "ec2.amazonaws.com" },
          Action: ["sts:AssumeRole"],
        },
      ],
    });
  });
});

describe("ARNs", () => {
  it("tell the account", async () => {
    assert.equal(await valueOf(() => accountOf(LOG_GROUP)), "123456789012");
  });

  it("tell the region", async () => {
    assert.equal(await valueOf(() => regionOf(LOG_GROUP)), "cn-north-1");
  });

  it("tell nothing where they are none", async () => {
    assert.equal(await valueOf(() => accountOf("api")), "");
  });

  it("lead to all log groups of the account and region", async () => {
    assert.equal(
      await valueOf(() => allLogGroupsBeside(LOG_GROUP)),
      "arn:aws-cn:logs:cn-north-1:123456789012:log-group:*",
    );
  });

  it("lead to AWS's own policies, in the same partition", async () => {
    assert.equal(
      await valueOf(() => managedPolicyArn("arn:aws-cn:iam::123456789012:role/x", "ReadOnly")),
      "arn:aws-cn:iam::aws:policy/ReadOnly",
    );
  });
});
