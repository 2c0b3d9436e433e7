import * as assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAwsClients } from "../../stacks/aws-clients";
import type { AwsSettings } from "../../stacks/provider";
import { KEYS, startFakeAws, withEnvironment } from "../support/fake-aws";

const DAY = /^([^/]+)\/\d{8}\/([^/]+)\/([^/]+)$/;

/** Who called AWS, where and what for, with the provider's settings and an environment. */
async function callers(
  settings: Omit<AwsSettings, "region">,
  environment: Readonly<Record<string, string | undefined>> = {},
) {
  const fake = await startFakeAws({ ListTasks: [{}], GetLogEvents: [{}] });
  const endpoints: Record<string, string>[] = [
    { ecs: fake.url, sts: fake.url },
    { cloudwatchlogs: fake.url },
  ];
  try {
    await withEnvironment({ ...KEYS, ...environment }, async () => {
      const clients = createAwsClients({ region: "eu-west-1", endpoints, ...settings });
      await (await clients.ecs()).listTasks({});
      await (await clients.logs()).getLogEvents({ logStreamName: "a" });
    });
  } finally {
    await fake.close();
  }
  return fake.calls.map(({ action, credential }) => [
    action,
    ...(DAY.exec(credential)?.slice(1) ?? []),
  ]);
}

describe("Clients of AWS in hooks", () => {
  it("are the user's own, in the provider's region", async () => {
    assert.deepEqual(await callers({}), [
      ["ListTasks", "KEY", "eu-west-1", "ecs"],
      ["GetLogEvents", "KEY", "eu-west-1", "logs"],
    ]);
  });

  it("log in with the provider's profile", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aws-clients-"));
    const file = join(folder, "credentials");
    writeFileSync(file, "[work]\naws_access_key_id = WORK\naws_secret_access_key = secret\n");
    try {
      const environment = {
        AWS_SHARED_CREDENTIALS_FILE: file,
        AWS_ACCESS_KEY_ID: undefined,
        AWS_SECRET_ACCESS_KEY: undefined,
      };
      assert.deepEqual(await callers({ profile: "work" }, environment), [
        ["ListTasks", "WORK", "eu-west-1", "ecs"],
        ["GetLogEvents", "WORK", "eu-west-1", "logs"],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("take on the provider's roles, one after the other", async () => {
    const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
    const assumeRoles = [
      { roleArn: role("hub"), externalId: "shop" },
      { roleArn: role("deploy"), sessionName: "pulumi" },
    ];
    assert.deepEqual(await callers({ assumeRoles }), [
      ["AssumeRole", "KEY", "eu-west-1", "sts"],
      ["AssumeRole", "KEY-OF-hub", "eu-west-1", "sts"],
      ["ListTasks", "KEY-OF-deploy", "eu-west-1", "ecs"],
      // Each client renews by itself what it got from the last role.
      ["AssumeRole", "KEY-OF-hub", "eu-west-1", "sts"],
      ["GetLogEvents", "KEY-OF-deploy", "eu-west-1", "logs"],
    ]);
  });

  it("go where the environment says, as in local runs", async () => {
    const fake = await startFakeAws({ ListTasks: [{}] });
    try {
      // Local runs empty what a user has set for AWS.
      const emptied = { AWS_PROFILE: "", AWS_SESSION_TOKEN: "", AWS_ENDPOINT_URL_ECS: "" };
      await withEnvironment({ ...KEYS, ...emptied, AWS_ENDPOINT_URL: fake.url }, async () => {
        await (await createAwsClients({ region: "us-east-1" }).ecs()).listTasks({});
      });
    } finally {
      await fake.close();
    }
    assert.deepEqual(fake.inputsOf("ListTasks"), [{}]);
  });

  it("say which region they ask", () => {
    assert.equal(createAwsClients({ region: "eu-west-1" }).region, "eu-west-1");
  });
});
