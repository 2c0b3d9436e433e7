import * as assert from "node:assert/strict";
import { SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import { type StackConfig, runPlatform, smallConfig, sourceOf } from "./support";

type Sections = Record<string, Record<string, Record<string, unknown>>>;

/** The small configuration with one of each kind of store, and a vault for each service. */
function fullConfig(): StackConfig {
  const config = smallConfig() as StackConfig & Sections;
  const { api } = config["ecs-platform:services"] as { api: Record<string, unknown> };
  Object.assign(api, {
    caches: ["sessions"],
    buckets: { uploads: "read-write", assets: "read" },
    tables: { carts: "read" },
  });
  return {
    ...config,
    "ecs-platform:caches": {
      sessions: { engineVersion: "8.1", nodes: { type: "cache.t4g.micro" } },
    },
    "ecs-platform:buckets": { uploads: {}, assets: {}, other: {} },
    "ecs-platform:tables": { carts: { partitionKey: { name: "id" } } },
    "ecs-platform:vaults": {},
  };
}

/** What is said about the full configuration after one change to it. */
function problemsOf(change: (config: Sections) => void) {
  const config = fullConfig() as Sections;
  change(config);
  try {
    loadConfig(sourceOf(config));
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.problems;
  }
  return [];
}

const api = (config: Sections) => config["ecs-platform:services"]?.["api"] ?? {};

/** What the service "api" may do in its own name. */
async function apiOf(config: StackConfig) {
  const run = await runPlatform(config, "test");
  const policy = run
    .all("aws:iam/rolePolicy:RolePolicy")
    .find(({ name }) => name === "api-task-policy");
  const [container] = run
    .one("aws:ecs/taskDefinition:TaskDefinition")
    .jsonInput("containerDefinitions") as {
    environment: { name: string }[];
    secrets: { name: string; valueFrom: string }[];
  }[];
  return { run, policy, container };
}

describe("what services are connected to", () => {
  it("gives them variables of each kind", async () => {
    const { container } = await apiOf(fullConfig());
    assert.deepEqual(
      container?.environment.map(({ name }) => name),
      [
        "ASSETS_NAME",
        "ASSETS_REGION",
        "CARTS_NAME",
        "ORDERS_DB_HOST",
        "ORDERS_DB_NAME",
        "ORDERS_DB_PORT",
        "SESSIONS_HOST",
        "SESSIONS_PORT",
        "SESSIONS_READER_HOST",
        "SESSIONS_URL",
        "UPLOADS_NAME",
        "UPLOADS_REGION",
      ],
    );
    assert.deepEqual(
      container?.secrets.map(({ name }) => name),
      [
        "ORDERS_DB_PASSWORD",
        "ORDERS_DB_USERNAME",
        "PORT",
        "SESSIONS_PASSWORD",
        "SESSIONS_USERNAME",
      ],
    );
  });

  it("gives them rights by what they ask for, to what they name and nothing else", async () => {
    const { policy } = await apiOf(fullConfig());
    const { Statement: statements } = policy?.jsonInput("policy") as {
      Statement: { Action: string[]; Resource: string[] }[];
    };
    const resources = (action: string) =>
      statements
        .filter(({ Action }) => Action.includes(action))
        .flatMap(({ Resource }) => Resource);
    assert.deepEqual(resources("s3:PutObject"), ["arn:aws:s3:::uploads-bucket-1a2b3c4/*"]);
    assert.deepEqual(resources("s3:GetObject"), [
      "arn:aws:s3:::assets-bucket-1a2b3c4/*",
      "arn:aws:s3:::uploads-bucket-1a2b3c4/*",
    ]);
    assert.deepEqual(resources("dynamodb:GetItem"), [
      "arn:aws:dynamodb:us-east-1:123456789012:table/carts-table-1a2b3c4",
    ]);
    assert.deepEqual(resources("dynamodb:PutItem"), []);
  });

  it("is the same in whatever order the stack file names it", async () => {
    const reordered = fullConfig() as Sections;
    api(reordered)["buckets"] = { assets: "read", uploads: "read-write" };
    reordered["ecs-platform:buckets"] = { other: {}, assets: {}, uploads: {} };
    const [one, other] = [await apiOf(fullConfig()), await apiOf(reordered)];
    assert.deepEqual(other.policy?.inputs, one.policy?.inputs);
    assert.deepEqual(other.container, one.container);
  });

  it("opens caches to the bastion, too", async () => {
    const { run } = await apiOf({ ...fullConfig(), "ecs-platform:bastion": {} });
    const rules = run.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    const passage = rules.find(({ name }) => name === "bastion-to-sessions-in");
    assert.equal(passage?.input("fromPort"), 6379);
    const { tunnels } = run.outputs["commands"] as { tunnels: Record<string, string> };
    assert.match(tunnels["sessions"] ?? "", /portNumber=6379/);
  });

  it("tells other stacks what there is", async () => {
    const { run } = await apiOf(fullConfig());
    const ids = run.outputs["ids"] as Record<string, unknown>;
    assert.deepEqual(ids["bucketNames"], {
      assets: "assets-bucket-1a2b3c4",
      other: "other-bucket-1a2b3c4",
      uploads: "uploads-bucket-1a2b3c4",
    });
    assert.deepEqual(ids["tableNames"], { carts: "carts-table-1a2b3c4" });
    assert.deepEqual(ids["cacheSecurityGroupIds"], { sessions: "sessions-security-group-id" });
    assert.deepEqual(ids["cacheSecretArns"], {
      sessions:
        "arn:aws:secretsmanager:us-east-1:123456789012:secret:sessions-secret-1a2b3c4-AbCdEf",
    });
  });

  it("can be deleted where the stack may be", async () => {
    const { run } = await apiOf({
      ...fullConfig(),
      "ecs-platform:unprotectedBecause": "it is made and destroyed at will",
    });
    for (const type of [
      "aws:s3/bucket:Bucket",
      "aws:dynamodb/table:Table",
      "aws:elasticache/replicationGroup:ReplicationGroup",
    ]) {
      assert.deepEqual(
        run.all(type).filter(({ protect }) => protect),
        [],
      );
    }
    assert.equal(
      run.one("aws:secretsmanager/secret:Secret", "api-vault").input("recoveryWindowInDays"),
      0,
    );
  });
});

describe("vaults", () => {
  it("are there for every service, without further configuration", async () => {
    const config = fullConfig() as Sections;
    const services = config["ecs-platform:services"] ?? {};
    services["worker"] = { image: "nginx:1.29", port: 9000, desiredCount: 1 };
    const run = await runPlatform(config, "prod");
    const names = run
      .all("aws:secretsmanager/secret:Secret")
      .flatMap(({ inputs }) => inputs["name"] ?? []);
    assert.deepEqual(names, ["ecs-platform/prod/api", "ecs-platform/prod/worker"]);
    const values = run
      .all("aws:secretsmanager/secretVersion:SecretVersion")
      .filter(({ name }) => name.endsWith("-vault-version"))
      .map((version) => version.jsonInput("secretString"));
    assert.deepEqual(values, [{ PORT: "3000" }, { PORT: "9000" }]);
  });

  it("are named exactly like their services where there is no prefix", async () => {
    const config = { ...fullConfig(), "ecs-platform:vaults": { namePrefix: "" } };
    const { run } = await apiOf(config);
    const names = run
      .all("aws:secretsmanager/secret:Secret")
      .flatMap(({ inputs }) => inputs["name"] ?? []);
    assert.deepEqual(names, ["api"]);
  });

  it("are not there without their section", async () => {
    const { "ecs-platform:vaults": _, ...config } = fullConfig();
    const { run, container } = await apiOf(config);
    assert.deepEqual(
      run.all("aws:secretsmanager/secret:Secret").map(({ name }) => name),
      ["sessions-secret"],
    );
    assert.equal(
      container?.secrets.some(({ name }) => name === "PORT"),
      false,
    );
  });
});

const service = "ecs-platform:services.api";

describe("connections of a stack file", () => {
  it("are taken", () => {
    assert.deepEqual(
      problemsOf(() => undefined),
      [],
    );
  });

  for (const [kind, key, change, known] of [
    ["database", "databases[0]", { databases: ["order-db"] }, "orders-db"],
    ["cache", "caches[0]", { caches: ["session"] }, "sessions"],
    ["bucket", "buckets.upload", { buckets: { upload: "read" } }, "assets, other, uploads"],
    ["table", "tables.cart", { tables: { cart: "read" } }, "carts"],
  ] as const) {
    it(`refuse a ${kind} that does not exist, and name the nearest`, () => {
      const value = key.includes("[") ? Object.values(change).flat()[0] : key.split(".")[1];
      const nearest = known.split(", ").at(-1) ?? "";
      assert.deepEqual(
        problemsOf((config) => Object.assign(api(config), change)),
        [
          {
            key: `${service}.${key}`,
            value,
            rule: `names no ${kind} of this stack`,
            allowed: known,
            fix: `did you mean "${nearest}"?`,
          },
        ],
      );
    });
  }

  it("refuse the name of anything where there is nothing", () => {
    const problems = problemsOf((config) => {
      delete config["ecs-platform:tables"];
    });
    assert.deepEqual(problems, [
      {
        key: `${service}.tables.carts`,
        value: "carts",
        rule: "names no table of this stack",
        allowed: "none: tables is empty",
        fix: "add it under ecs-platform:tables, or remove it here",
      },
    ]);
  });

  it("refuse a right that there is not", () => {
    assert.deepEqual(
      problemsOf((config) => (api(config)["tables"] = { carts: "write" })),
      [
        {
          key: `${service}.tables.carts`,
          value: "write",
          rule: "must be one of the allowed values",
          allowed: "read, read-write",
          fix: "set one of read, read-write",
        },
      ],
    );
  });

  it("refuse a cache twice", () => {
    assert.deepEqual(
      problemsOf((config) => (api(config)["caches"] = ["sessions", "sessions"])),
      [
        {
          key: `${service}.caches`,
          value: ["sessions", "sessions"],
          rule: "has an entry twice",
          allowed: "different caches",
          fix: "remove the repeated entry",
        },
      ],
    );
  });

  it("refuse two of different kinds with one name", () => {
    const problems = problemsOf((config) => {
      config["ecs-platform:tables"] = {
        carts: { partitionKey: { name: "id" } },
        uploads: { partitionKey: { name: "id" } },
      };
    });
    assert.deepEqual(problems, [
      {
        key: "ecs-platform:tables.uploads",
        value: "uploads",
        rule: "is the name of a bucket, too",
        allowed: "a name of its own for every database, cache, bucket and table",
        fix: "rename one of the two",
      },
    ]);
  });

  it("refuse names that give the same variable", () => {
    const problems = problemsOf((config) => {
      config["ecs-platform:caches"] = {
        sessions: { engineVersion: "8.1", serverless: {} },
        "sessions-reader": { engineVersion: "8.1", serverless: {} },
      };
      api(config)["caches"] = ["sessions", "sessions-reader"];
    });
    assert.deepEqual(problems, [
      {
        key: service,
        value: "SESSIONS_READER_HOST",
        rule: 'is a variable that "sessions" and "sessions-reader" would both give',
        allowed: "names of which none is another one's variable",
        fix: 'rename "sessions" or "sessions-reader"',
      },
    ]);
  });

  for (const [variable, key, allowed] of [
    [
      "SESSIONS_URL",
      "sessions",
      "SESSIONS_HOST, SESSIONS_READER_HOST, SESSIONS_PORT, SESSIONS_URL, SESSIONS_USERNAME, SESSIONS_PASSWORD",
    ],
    ["UPLOADS_REGION", "uploads", "UPLOADS_NAME, UPLOADS_REGION"],
    ["CARTS_NAME", "carts", "CARTS_NAME"],
  ] as const) {
    it(`refuse the variable ${variable}, which they give`, () => {
      const problems = problemsOf((config) => (api(config)["environment"] = { [variable]: "x" }));
      assert.deepEqual(problems, [
        {
          key: `${service}.environment.${variable}`,
          value: "x",
          rule: `is a variable that the connection to "${key}" gives`,
          allowed: `any other name than ${allowed}`,
          fix: "remove it, or rename it",
        },
      ]);
    });
  }

  it("refuse the variable that the vault gives", () => {
    const problems = problemsOf((config) => (api(config)["environment"] = { PORT: "80" }));
    assert.deepEqual(
      problems.map(({ key, rule }) => ({ key, rule })),
      [{ key: `${service}.environment.PORT`, rule: "is a variable that the vault gives" }],
    );
  });

  it("refuse keys of a vault that is not there", () => {
    const problems = problemsOf((config) => {
      delete config["ecs-platform:vaults"];
      api(config)["vaultKeys"] = ["API_TOKEN"];
    });
    assert.deepEqual(
      problems.map(({ key, rule }) => ({ key, rule })),
      [{ key: `${service}.vaultKeys`, rule: "needs a vault" }],
    );
  });

  it("need a way to Secrets Manager for a cache or a vault", () => {
    for (const sections of [
      { caches: ["sessions"], vaults: undefined },
      { caches: [], vaults: {} },
    ]) {
      const problems = problemsOf((config) => {
        const network = config["ecs-platform:network"] as Record<string, unknown>;
        network["nat"] = "none";
        network["interfaceEndpoints"] = ["ecr.api", "ecr.dkr", "logs"];
        Object.assign(api(config), {
          image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:1",
          databases: [],
          caches: sections.caches,
        });
        if (sections.vaults === undefined) delete config["ecs-platform:vaults"];
      });
      assert.match(problems[0]?.rule ?? "", /^lacks secretsmanager, /);
    }
  });
});
