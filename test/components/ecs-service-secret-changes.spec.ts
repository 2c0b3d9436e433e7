import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { EcsService, type EcsServiceArgs } from "../../components";
import { ecsServiceSettings } from "../../components/ecs-service/settings";
import { runProgram } from "../support/run-program";
import { cluster, database, itRefuses, itTakes, network, noReason, refusal } from "./support";

const SMTP = "arn:aws:secretsmanager:us-east-1:123456789012:secret:smtp-AbCdEf";
const AGENT = "arn:aws:ssm:us-east-1:123456789012:parameter/agent";
const VAULT = "arn:aws:secretsmanager:us-east-1:123456789012:secret:vault-AbCdEf";
const IMAGE = "public.ecr.aws/nginx/nginx:1.29";

const happy = (): EcsServiceArgs => ({
  cluster,
  network,
  image: IMAGE,
  secrets: { SMTP_PASSWORD: SMTP },
  sidecars: { agent: { image: IMAGE, secrets: { AGENT_KEY: AGENT } } },
  connections: { orders: database },
});

/** What a service says is to roll it when it changes. */
async function watched(changes: Partial<EcsServiceArgs> = {}): Promise<unknown> {
  const { outputs } = await runProgram(() => {
    const { secretArns } = new EcsService("api", { ...happy(), ...changes });
    return { secretArns: pulumi.all([...secretArns]) };
  });
  return outputs["secretArns"];
}

const REASON = "the mail server takes both for a month";

describe("The secrets that roll a service", () => {
  it("are those of all its containers and connections", async () => {
    const { username, password } = {
      username: database.connection.secrets.USERNAME,
      password: database.connection.secrets.PASSWORD,
    };
    assert.deepEqual(await watched(), [SMTP, username, password, AGENT]);
  });

  it("are not those that are ignored", async () => {
    const ignore = { SMTP_PASSWORD: REASON, AGENT_KEY: REASON, ORDERS_USERNAME: REASON };
    assert.deepEqual(await watched({ secretChanges: { ignore } }), [
      database.connection.secrets.PASSWORD,
    ]);
  });

  it("are none for a service without secrets", async () => {
    const none = { secrets: {}, sidecars: {}, connections: {} };
    assert.deepEqual(await watched(none), []);
  });

  it("are in its vault where it uses more of that than the port, which never changes", async () => {
    const none = { secrets: {}, sidecars: {}, connections: {}, vault: { secretArn: VAULT } };
    assert.deepEqual(await watched(none), []);
    assert.deepEqual(await watched({ ...none, vaultKeys: ["TOKEN"] }), [`${VAULT}:TOKEN::`]);
    const ignore = { TOKEN: REASON };
    assert.deepEqual(
      await watched({ ...none, vaultKeys: ["TOKEN"], secretChanges: { ignore } }),
      [],
    );
  });

  it("are named where an ignored one is none of them", async () => {
    const ignore = { SMTP_PASSWROD: REASON };
    const { problems } = await refusal(
      () => new EcsService("api", { ...happy(), secretChanges: { ignore } }),
    );
    assert.deepEqual(problems, [
      {
        key: "secretChanges.ignore.SMTP_PASSWROD",
        value: "SMTP_PASSWROD",
        rule: "is no variable that gets a secret",
        allowed: "AGENT_KEY, ORDERS_PASSWORD, ORDERS_USERNAME, SMTP_PASSWORD",
        fix: "correct the name, or remove it",
      },
    ]);
    const bare = { cluster, network, image: IMAGE, secretChanges: { ignore: { A: REASON } } };
    const { problems: none } = await refusal(() => new EcsService("api", bare));
    assert.deepEqual(
      none.map(({ allowed }) => allowed),
      ["none: it has no secrets"],
    );
  });

  itTakes(
    ecsServiceSettings,
    { image: IMAGE },
    {
      "an ignored secret with a reason": {
        secrets: { A: SMTP },
        "secretChanges.ignore": { A: REASON },
      },
    },
  );
  itRefuses(
    ecsServiceSettings,
    { image: IMAGE },
    {
      "an ignored secret without a reason": {
        change: { secrets: { A: SMTP }, "secretChanges.ignore": { A: "no" } },
        problem: noReason("secretChanges.ignore.A", "no"),
      },
    },
  );
});

describe("A service", () => {
  it("says its ARN, for what deploys it", async () => {
    const { outputs } = await runProgram(() => {
      const { serviceArn } = new EcsService("api", { cluster, network, image: IMAGE });
      return { serviceArn };
    });
    assert.equal(
      outputs["serviceArn"],
      "arn:aws:ecs:us-east-1:123456789012:service/api-service-1a2b3c4",
    );
  });
});
