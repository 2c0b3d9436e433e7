import * as assert from "node:assert/strict";
import { type Problem, SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import type { Run } from "../support/run";
import { type StackConfig, runPlatform, smallConfig, sourceOf } from "./support";

const SELECTION = "aws:backup/selection:Selection";
const VAULT = "aws:backup/vault:Vault";

/** A stack with one thing of each kind that holds data, and one that keeps nothing of it. */
function withBackups(backups: object = {}, others: StackConfig = {}): StackConfig {
  return {
    ...smallConfig(),
    "ecs-platform:tables": {
      orders: { partitionKey: { name: "id" } },
      "orders-copy": {
        partitionKey: { name: "id" },
        noRecoveryBecause: "a copy of another table",
      },
    },
    "ecs-platform:buckets": {
      uploads: {},
      thumbnails: { unversionedBecause: "they are made again from the uploads" },
    },
    "ecs-platform:fileSystems": {
      media: {},
      scratch: { noBackupsBecause: "nothing in it lives for a day" },
    },
    "ecs-platform:backups": backups,
    ...others,
  };
}

function problemsOf(config: StackConfig): readonly Problem[] {
  try {
    loadConfig(sourceOf(config));
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

/** Name and tag of everything that is to be backed up. */
function tagged(run: Run): string[] {
  return run.resources
    .filter(({ inputs }) => (inputs["tags"] as { Backup?: string } | undefined)?.Backup)
    .map(({ name, inputs }) => `${name} ${(inputs["tags"] as { Backup: string }).Backup}`)
    .sort();
}

const networkThere = {
  cidr: "10.5.0.0/16",
  availabilityZones: ["us-west-2a", "us-west-2b"],
  nat: "single",
};

describe("backups of a stack", () => {
  it("are of all that holds data but what says why it keeps nothing of it", async () => {
    const run = await runPlatform(withBackups());
    assert.deepEqual(tagged(run), [
      "media-files ecs-platform-test",
      "orders-db-instance ecs-platform-test",
      "orders-table ecs-platform-test",
      "uploads-bucket ecs-platform-test",
    ]);
    assert.deepEqual(run.one(SELECTION).input("selectionTags"), [
      { type: "STRINGEQUALS", key: "Backup", value: "ecs-platform-test" },
    ]);
  });

  it("are of what holds the data of a database: no replica, and no instance of Aurora's", async () => {
    const replicas = { reports: {} };
    const run = await runPlatform({
      ...withBackups(),
      "ecs-platform:databases": {
        "orders-db": {
          engineVersion: "17",
          instanceClass: "db.t4g.micro",
          multiAz: false,
          password: "generated",
          replicas,
        },
        events: {
          engine: "aurora-postgresql",
          engineVersion: "17",
          serverless: { minAcu: 0.5, maxAcu: 2 },
          replicas,
        },
      },
    });
    assert.deepEqual(
      tagged(run).filter((text) => /^(orders-db|events)/.test(text)),
      ["events-cluster ecs-platform-test", "orders-db-instance ecs-platform-test"],
    );
  });

  it("take the place of the file system's own", async () => {
    const status = (run: Run) =>
      Object.fromEntries(
        run
          .all("aws:efs/backupPolicy:BackupPolicy")
          .map(({ name, inputs }) => [name, inputs["backupPolicy"]]),
      );
    const { "ecs-platform:backups": _, ...without } = withBackups();
    assert.deepEqual(status(await runPlatform(without)), {
      "media-backups": { status: "ENABLED" },
      "scratch-backups": { status: "DISABLED" },
    });
    assert.deepEqual(status(await runPlatform(withBackups())), {
      "media-backups": { status: "DISABLED" },
      "scratch-backups": { status: "DISABLED" },
    });
  });

  it("are not there without the section, nor any tag", async () => {
    const { "ecs-platform:backups": _, ...without } = withBackups();
    const run = await runPlatform(without);
    assert.deepEqual(tagged(run), []);
    assert.deepEqual(run.all(VAULT), []);
  });

  it("go with an unprotected stack, and stay with a protected one", async () => {
    const unprotectedBecause = "made and destroyed at will";
    const open = await runPlatform(
      withBackups({}, { "ecs-platform:unprotectedBecause": unprotectedBecause }),
    );
    assert.equal(open.one(VAULT).input("forceDestroy"), true);
    const closed = await runPlatform(withBackups());
    assert.equal(closed.one(VAULT).input("forceDestroy"), false);
    assert.equal(closed.one(VAULT).protect, true);
  });

  it("tell their vaults", async () => {
    const { ids } = (await runPlatform(withBackups({ copyTo: { region: "eu-west-1" } })))
      .outputs as unknown as { ids: Record<string, unknown> };
    assert.equal(ids["backupVaultName"], "backups-vault-1a2b3c4");
    assert.match(String(ids["backupVaultArn"]), /^arn:aws:backup:us-east-1:/);
    assert.match(String(ids["backupCopiesVaultArn"]), /^arn:aws:backup:eu-west-1:/);
  });

  it("are copied from each region to the other where there are two", async () => {
    const secondRegion = { region: "us-west-2", network: networkThere };
    const run = await runPlatform(withBackups({}, { "ecs-platform:secondRegion": secondRegion }));
    const copies = run.all(VAULT).filter(({ name }) => name === "backups-copies-vault");
    assert.deepEqual(
      copies.map(({ urn, inputs }) => [urn.includes("SecondRegion"), inputs["region"]]).sort(),
      [
        [false, "us-west-2"],
        [true, "us-east-1"],
      ],
    );
    assert.deepEqual(
      [...new Set(tagged(run).map((text) => text.split(" ")[1]))],
      ["ecs-platform-test", "ecs-platform-test-us-west-2"],
    );
  });

  const schedule = "cron(30 3 * * ? *)";
  const refused: readonly [title: string, config: StackConfig, problem: Problem][] = [
    [
      "where there is nothing to back up",
      { ...smallConfig(), "ecs-platform:databases": {}, "ecs-platform:backups": {} },
      {
        key: "ecs-platform:backups",
        value: undefined,
        rule: "have nothing to back up",
        allowed:
          "a database, table, bucket or file system that does not say why it keeps nothing, or otherResources",
        fix: "remove the section, or the reason",
      },
    ],
    [
      "with copies beside the originals",
      withBackups({ copyTo: { region: "us-east-1" } }),
      {
        key: "ecs-platform:backups.copyTo.region",
        value: "us-east-1",
        rule: "is the region of the originals, which aws:region names",
        allowed: "another region",
        fix: "name another region, or remove copyTo",
      },
    ],
    [
      "locked for ever in a stack that may be deleted",
      withBackups(
        { lock: { changeableForDays: 3 } },
        { "ecs-platform:unprotectedBecause": "made and destroyed at will" },
      ),
      {
        key: "ecs-platform:backups.lock.changeableForDays",
        value: 3,
        rule: "locks for ever what unprotectedBecause lets be deleted: `pulumi destroy` would fail at the vault",
        allowed: "nothing with unprotectedBecause",
        fix: "remove it, or protect the stack",
      },
    ],
    [
      "while a database makes its own",
      withBackups({ schedule }),
      {
        key: "ecs-platform:databases.orders-db.backupWindow",
        value: "03:00-04:00",
        rule: `falls on the backups of ${schedule}, which RDS would refuse`,
        allowed: "a span outside 03:30-05:30 UTC",
        fix: "move it, or backups.schedule",
      },
    ],
    [
      "in the hour before a database is maintained",
      withBackups(
        { schedule: "cron(0 10 ? * MON-FRI *)" },
        {
          "ecs-platform:databases": {
            "orders-db": {
              engineVersion: "17",
              instanceClass: "db.t4g.micro",
              multiAz: false,
              maintenanceWindow: "tue:11:30-tue:12:00",
            },
          },
        },
      ),
      {
        key: "ecs-platform:databases.orders-db.maintenanceWindow",
        value: "tue:11:30-tue:12:00",
        rule: "falls on the backups of cron(0 10 ? * MON-FRI *), which RDS would refuse",
        allowed: "a span outside 10:00-12:00 UTC",
        fix: "move it, or backups.schedule",
      },
    ],
  ];
  for (const [title, config, problem] of refused) {
    it(`are refused ${title}`, () => {
      const [first] = problemsOf(config);
      assert.deepEqual(first, problem);
    });
  }

  const taken: readonly [title: string, config: StackConfig][] = [
    ["locked for ever in a protected stack", withBackups({ lock: { changeableForDays: 3 } })],
    ["in another region", withBackups({ copyTo: { region: "us-east-2" } })],
    [
      "of somebody else's alone",
      {
        ...smallConfig(),
        "ecs-platform:databases": {},
        "ecs-platform:services": {},
        "ecs-platform:backups": {
          otherResources: ["arn:aws:ec2:us-east-1:123456789012:volume/vol-1"],
        },
      },
    ],
    [
      "right after a database made its own",
      withBackups(
        { schedule: "cron(0 4 ? * MON *)" },
        {
          "ecs-platform:databases": {
            "orders-db": {
              engineVersion: "17",
              instanceClass: "db.t4g.micro",
              multiAz: false,
              backupWindow: "03:00-04:00",
              maintenanceWindow: "sun:06:00-sun:07:00",
            },
          },
        },
      ),
    ],
    [
      "while Aurora makes its own, which goes on beside them",
      withBackups(
        { schedule },
        {
          "ecs-platform:databases": {
            "orders-db": {
              engine: "aurora-postgresql",
              engineVersion: "17",
              serverless: { minAcu: 0.5, maxAcu: 2 },
            },
          },
        },
      ),
    ],
    ["at hours that no clock names singly", withBackups({ schedule: "cron(0 0/12 * * ? *)" })],
  ];
  for (const [title, config] of taken) {
    it(`are made ${title}`, () => {
      assert.deepEqual(problemsOf(config), []);
    });
  }
});

describe("the budget of a stack", () => {
  const BUDGET = "aws:budgets/budget:Budget";
  const budget = { "ecs-platform:budget": { monthlyUsd: 100, anomalyAboveUsd: 10 } };

  it("counts what bears the stack's tag Environment, in both regions", async () => {
    const secondRegion = { region: "us-west-2", network: networkThere };
    const run = await runPlatform({
      ...smallConfig(),
      ...budget,
      "ecs-platform:secondRegion": secondRegion,
    });
    assert.deepEqual(run.one(BUDGET).input("costFilters"), [
      { name: "TagKeyValue", values: ["user:Environment$test"] },
    ]);
    for (const name of ["aws", "aws-second-region"]) {
      const { tags } = run.one("pulumi:providers:aws", name).jsonInput("defaultTags") as {
        tags: Record<string, string>;
      };
      assert.equal(tags["Environment"], "test");
    }
  });

  it("may tell the topics of the alarms, which nobody else but CloudWatch may without it", async () => {
    const principals = (run: Run) =>
      new Set(
        run.all("aws:sns/topicPolicy:TopicPolicy").flatMap((policy) => {
          const { Statement } = policy.jsonInput("policy") as unknown as {
            Statement: { Effect: string; Principal: { Service?: string } }[];
          };
          return Statement.filter(({ Effect }) => Effect === "Allow").map(
            ({ Principal }) => Principal.Service,
          );
        }),
      );
    assert.deepEqual(
      principals(await runPlatform(smallConfig())),
      new Set(["cloudwatch.amazonaws.com"]),
    );
    assert.deepEqual(
      principals(await runPlatform({ ...smallConfig(), ...budget })),
      new Set(["cloudwatch.amazonaws.com", "budgets.amazonaws.com", "costalerts.amazonaws.com"]),
    );
  });

  it("is not there without the section", async () => {
    assert.deepEqual((await runPlatform(smallConfig())).all(BUDGET), []);
  });
});
