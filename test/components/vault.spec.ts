import * as assert from "node:assert/strict";
import { EcsService, Vault, type VaultArgs } from "../../components";
import { runProgram } from "../support/run-program";
import { build, cluster, itRefuses, itTakes, network, refusal } from "./support";
import { vaultSettings } from "../../components/vault/settings";

const happy = (): VaultArgs => ({ serviceName: "nginx", port: 80, accountId: "123456789012" });

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const KEY = "aws:kms/key:Key";
const ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:nginx-AbCdEf";

describe("Vault", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await build(() => new Vault("nginx", happy()));
    assert.equal(component.type, "ecs-platform:index:Vault");
    assert.deepEqual(children, [`${SECRET} nginx-vault`, `${VERSION} nginx-vault-version`]);
  });

  it("previews what it creates", async () => {
    const make = () => new Vault("nginx", { ...happy(), kms: true });
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("is named exactly like its service", async () => {
    const run = await build(() => new Vault("nginx", happy()));
    assert.deepEqual(run.one(SECRET).inputs, {
      name: "nginx",
      description: "Values for nginx, entered by people",
      recoveryWindowInDays: 30,
    });
    assert.equal(run.one(SECRET).deleteBeforeReplace, true);
  });

  it("has a prefix before its name where that is wanted", async () => {
    const run = await build(() => new Vault("nginx", { ...happy(), namePrefix: "shop/prod/" }));
    assert.equal(run.one(SECRET).input("name"), "shop/prod/nginx");
  });

  it("is made with the port of its service, and nothing else", async () => {
    const run = await build(() => new Vault("nginx", happy()));
    const version = run.one(VERSION);
    assert.equal(version.input("secretId"), "nginx-vault-id");
    assert.deepEqual(version.jsonInput("secretString"), { PORT: "80" });
  });

  it("never writes over what people enter", async () => {
    const run = await build(() => new Vault("nginx", happy()));
    const version = run.one(VERSION);
    assert.deepEqual(version.ignoreChanges, ["secretString", "versionStages"]);
    // The label of its own is why Secrets Manager keeps the first value; see local/test/vault-checks.ts.
    assert.deepEqual(version.input("versionStages"), ["AWSCURRENT", "PLATFORM-PLACEHOLDER"]);
  });

  for (const [title, args, days] of [
    ["30 days by default", {}, 30],
    ["not at all in an unprotected stack", { deletionProtection: false }, 0],
    ["the days of the settings", { deletionProtection: false, recoveryWindowDays: 7 }, 7],
  ] as const) {
    it(`can be had back: ${title}`, async () => {
      const run = await build(() => new Vault("nginx", { ...happy(), ...args }));
      assert.equal(run.one(SECRET).input("recoveryWindowInDays"), days);
    });
  }

  it("has a key of its own where that is wanted, that only Secrets Manager uses", async () => {
    const run = await build(() => new Vault("nginx", { ...happy(), kms: true }));
    const key = run.one(KEY);
    assert.equal(
      run.one(SECRET).input("kmsKeyId"),
      "arn:aws:kms:us-east-1:123456789012:key/nginx-key-id",
    );
    assert.equal(key.input("enableKeyRotation"), true);
    assert.equal(key.input("deletionWindowInDays"), 30);
    assert.equal(key.protect, true);
    assert.deepEqual(key.jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { AWS: "123456789012" }, Action: ["kms:*"], Resource: ["*"] },
        {
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*"],
          Resource: ["*"],
          Condition: {
            StringEquals: { "kms:CallerAccount": "123456789012" },
            StringLike: { "kms:ViaService": "secretsmanager.*.amazonaws.com" },
          },
        },
      ],
    });
    const open = await build(
      () => new Vault("nginx", { ...happy(), kms: true, deletionProtection: false }),
    );
    assert.equal(open.one(KEY).input("deletionWindowInDays"), 7);
    assert.equal(open.one(KEY).protect, false);
  });

  it("registers what others need, and no value", async () => {
    const { component } = await build(() => new Vault("nginx", happy()));
    assert.deepEqual(component.outputs, { secretName: "nginx", secretArn: ARN });
  });

  it("lists every problem and registers nothing", async () => {
    const wrong = { ...happy(), recoveryWindowDays: 5, prefix: "" } as VaultArgs;
    const error = await refusal(() => new Vault("nginx", wrong));
    assert.match(error.message, /^Vault "nginx": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["recoveryWindowDays", "prefix"],
    );
  });
});

describe("Vault, of a service", () => {
  it("gives it PORT and the keys that it names, read by its execution role alone", async () => {
    const run = await runProgram(() => {
      const service = { cluster, network, image: "nginx:1.29", desiredCount: 1 };
      const vault = new Vault("nginx", happy());
      new EcsService("nginx", { ...service, port: 80, vault, vaultKeys: ["API_TOKEN"] });
      const other = new Vault("api", { ...happy(), serviceName: "api" });
      new EcsService("api", { ...service, vault: other });
    });
    const [nginx] = run
      .all("aws:ecs/taskDefinition:TaskDefinition")
      .filter(({ name }) => name === "nginx-task")
      .map((task) => task.jsonInput("containerDefinitions") as { secrets: unknown }[]);
    assert.deepEqual(nginx?.[0]?.secrets, [
      { name: "API_TOKEN", valueFrom: `${ARN}:API_TOKEN::` },
      { name: "PORT", valueFrom: `${ARN}:PORT::` },
    ]);
    const readers = run
      .all("aws:iam/rolePolicy:RolePolicy")
      .filter((policy) => JSON.stringify(policy.jsonInput("policy")).includes(ARN));
    assert.deepEqual(
      readers.map(({ name }) => name),
      ["nginx-execution-policy"],
    );
  });
});

const noPrefix = (namePrefix: string) => ({
  change: { namePrefix },
  problem: {
    key: "namePrefix",
    value: namePrefix,
    rule: "must be the beginning of a secret's name",
    allowed: "letters, digits and /_+=.@-, at most 200, or nothing",
    fix: 'write it like "shop/prod/"',
  },
});

const noWindow = (recoveryWindowDays: number) => ({
  change: { recoveryWindowDays },
  problem: {
    key: "recoveryWindowDays",
    value: recoveryWindowDays,
    rule: "is a time that Secrets Manager does not offer",
    allowed: "0, or a whole number from 7 to 30",
    fix: "set 30 where values matter, 0 where the stack is made and destroyed at will",
  },
});

describe("Vault settings", () => {
  it("have these defaults", () => {
    assert.deepEqual(vaultSettings.parse({}), { kms: false });
  });

  itTakes(
    vaultSettings,
    {},
    {
      "no prefix": { namePrefix: "" },
      "every character of a prefix": { namePrefix: "A9/_+=.@-" },
      "the longest prefix": { namePrefix: "x".repeat(200) },
      "no window": { recoveryWindowDays: 0 },
      "the shortest window": { recoveryWindowDays: 7 },
      "the longest window": { recoveryWindowDays: 30 },
    },
  );

  itRefuses(
    vaultSettings,
    {},
    {
      "a prefix with a blank": noPrefix("shop prod/"),
      "a prefix that is too long": noPrefix("x".repeat(201)),
      "a window of a day": noWindow(1),
      "a window of 6 days": noWindow(6),
      "a window of 31 days": noWindow(31),
      "a window below none": noWindow(-1),
    },
  );
});
