import * as assert from "node:assert/strict";
import { SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import { createPlatform } from "../../stacks/platform";
import { runProgram } from "../support/run-program";
import { type StackConfig, smallConfig, sourceOf } from "./support";

/** What `loadConfig` says about the small configuration after one change to it. */
function problemsOf(change: (config: Changeable) => void) {
  const config = smallConfig();
  change(config as Changeable);
  try {
    loadConfig(sourceOf(config, "dev"));
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.problems;
  }
  return [];
}

interface Changeable extends StackConfig {
  "ecs-platform:network": Record<string, unknown>;
  "ecs-platform:services": { api: Record<string, unknown> } & Record<string, unknown>;
  "ecs-platform:databases": { "orders-db": Record<string, unknown> };
}

interface Mistake {
  readonly title: string;
  readonly change: (config: Changeable) => void;
  readonly key: string;
  readonly rule: RegExp;
  readonly fix: RegExp;
}

const api = "ecs-platform:services.api";
const database = "ecs-platform:databases.orders-db";

const MISTAKES: readonly Mistake[] = [
  {
    title: "no region",
    change: (config) => delete config["aws:region"],
    key: "aws:region",
    rule: /must be text/,
    fix: /add the key aws:region/,
  },
  {
    title: "a key of the provider that has no effect",
    change: (config) => (config["aws:regoin"] = "us-east-1"),
    key: "aws:regoin",
    rule: /is not a known key/,
    fix: /did you mean "region"\?/,
  },
  {
    title: "an account id without quotes",
    change: (config) => (config["aws:allowedAccountIds"] = [123456789012]),
    key: "aws:allowedAccountIds[0]",
    rule: /must be text/,
    fix: /put the value in quotes: "123456789012"/,
  },
  {
    title: "an unknown section",
    change: (config) => (config["ecs-platform:service"] = {}),
    key: "ecs-platform:service",
    rule: /is not a known key/,
    fix: /did you mean "services"\?/,
  },
  {
    title: "an unknown key in a service",
    change: ({ "ecs-platform:services": { api: service } }) => (service["enviroment"] = {}),
    key: `${api}.enviroment`,
    rule: /is not a known key/,
    fix: /did you mean "environment"\?/,
  },
  {
    title: "no network",
    change: (config) => delete (config as StackConfig)["ecs-platform:network"],
    key: "ecs-platform:network",
    rule: /must be a map with the keys cidr, availabilityZones/,
    fix: /add the key ecs-platform:network/,
  },
  {
    title: "a public block",
    change: ({ "ecs-platform:network": network }) => (network["cidr"] = "8.8.0.0/16"),
    key: "ecs-platform:network.cidr",
    rule: /must be a private block/,
    fix: /10\.0\.0\.0\/16/,
  },
  {
    title: "a block with bits behind the prefix",
    change: ({ "ecs-platform:network": network }) => (network["cidr"] = "10.0.0.1/16"),
    key: "ecs-platform:network.cidr",
    rule: /must be an IPv4 block in CIDR notation/,
    fix: /write it like/,
  },
  {
    title: "one zone",
    change: ({ "ecs-platform:network": network }) =>
      (network["availabilityZones"] = ["us-east-1a"]),
    key: "ecs-platform:network.availabilityZones",
    rule: /is out of bounds/,
    fix: /set a list with at least 2 entries/,
  },
  {
    title: "a zone of another region",
    change: ({ "ecs-platform:network": network }) =>
      (network["availabilityZones"] = ["us-east-1a", "us-west-2b"]),
    key: "ecs-platform:network.availabilityZones[1]",
    rule: /is not in the region that aws:region names, us-east-1/,
    fix: /correct the zone, or aws:region/,
  },
  {
    title: "a mode of NAT that does not exist",
    change: ({ "ecs-platform:network": network }) => (network["nat"] = "one"),
    key: "ecs-platform:network.nat",
    rule: /must be one of the allowed values/,
    fix: /set one of none, instance, single, per-az, regional/,
  },
  {
    title: "no way out and no endpoints",
    change: ({ "ecs-platform:network": network, "ecs-platform:services": { api: service } }) => {
      network["nat"] = "none";
      service["image"] = "123456789012.dkr.ecr.us-east-1.amazonaws.com/api:1.0.0";
    },
    key: "ecs-platform:network.interfaceEndpoints",
    rule: /lacks ecr\.api, ecr\.dkr, logs, secretsmanager/,
    fix: /set network\.nat to single/,
  },
  {
    title: "a public image and no way out",
    change: ({ "ecs-platform:network": network }) => {
      network["nat"] = "none";
      network["interfaceEndpoints"] = ["ecr.api", "ecr.dkr", "logs", "secretsmanager"];
    },
    key: `${api}.image`,
    rule: /cannot be pulled with nat: none/,
    fix: /copy the image to ECR/,
  },
  {
    title: "a CPU size that Fargate does not have",
    change: ({ "ecs-platform:services": { api: service } }) => (service["cpu"] = 300),
    key: `${api}.cpu`,
    rule: /must be one of the allowed values/,
    fix: /256, 512, 1024/,
  },
  {
    title: "memory that does not go with the CPU",
    change: ({ "ecs-platform:services": { api: service } }) => (service["memoryMiB"] = 4096),
    key: `${api}.memoryMiB`,
    rule: /is not offered with this cpu/,
    fix: /choose a pair/,
  },
  {
    title: "a port in quotes",
    change: ({ "ecs-platform:services": { api: service } }) => (service["port"] = "8080"),
    key: `${api}.port`,
    rule: /must be a whole number from 1 to 65535/,
    fix: /remove the quotes: 8080/,
  },
  {
    title: "a secret in plain sight",
    change: ({ "ecs-platform:services": { api: service } }) =>
      (service["environment"] = { STRIPE_API_KEY: "sk_live_1" }),
    key: `${api}.environment.STRIPE_API_KEY`,
    rule: /looks like a secret/,
    fix: /name its ARN under secrets/,
  },
  {
    title: "a secret's value where its ARN belongs",
    change: ({ "ecs-platform:services": { api: service } }) =>
      (service["secrets"] = { STRIPE_API_KEY: "sk_live_1" }),
    key: `${api}.secrets.STRIPE_API_KEY`,
    rule: /must name where the secret is, not the secret/,
    fix: /create-secret/,
  },
  {
    title: "a variable that the database gives too",
    change: ({ "ecs-platform:services": { api: service } }) =>
      (service["environment"] = { ORDERS_DB_HOST: "localhost" }),
    key: `${api}.environment.ORDERS_DB_HOST`,
    rule: /is a variable that the connection to "orders-db" gives/,
    fix: /remove it, or rename it/,
  },
  {
    title: "a number of tasks outside scaling",
    change: ({ "ecs-platform:services": { api: service } }) =>
      (service["scaling"] = { min: 3, max: 4 }),
    key: `${api}.desiredCount`,
    rule: /lies outside scaling/,
    fix: /correct it/,
  },
  {
    title: "a maximum below the minimum",
    change: ({ "ecs-platform:services": { api: service } }) => {
      delete service["desiredCount"];
      service["scaling"] = { min: 4, max: 2 };
    },
    key: `${api}.scaling.max`,
    rule: /must not be below min/,
    fix: /raise it, or lower min/,
  },
  {
    title: "capacity without weight",
    change: ({ "ecs-platform:services": { api: service } }) =>
      (service["capacity"] = { FARGATE: { weight: 0 } }),
    key: `${api}.capacity`,
    rule: /is not a mixture that ECS takes/,
    fix: /FARGATE: \{base: 1, weight: 1\}/,
  },
  {
    title: "a retention that CloudWatch does not offer",
    change: ({ "ecs-platform:services": { api: service } }) => (service["logRetentionDays"] = 10),
    key: `${api}.logRetentionDays`,
    rule: /must be one of the allowed values/,
    fix: /1, 3, 5, 7, 14/,
  },
  {
    title: "a database that does not exist",
    change: ({ "ecs-platform:services": { api: service } }) =>
      (service["databases"] = ["order-db"]),
    key: `${api}.databases[0]`,
    rule: /names no database of this stack/,
    fix: /did you mean "orders-db"\?/,
  },
  {
    title: "a priority twice",
    change: ({ "ecs-platform:services": services }) => (services["web"] = { ...services.api }),
    key: "ecs-platform:services.web.route.priority",
    rule: /is the priority of api too/,
    fix: /give it another number/,
  },
  {
    title: "a name that AWS refuses",
    change: ({ "ecs-platform:services": services }) =>
      (services["Web_App"] = { ...services.api, route: { priority: 200 } }),
    key: "ecs-platform:services.Web_App",
    rule: /is not a usable name/,
    fix: /rename it/,
  },
  {
    title: "a certificate and no host",
    change: (config) =>
      (config["ecs-platform:loadBalancer"] = {
        certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/00000000",
      }),
    key: `${api}.route.hosts`,
    rule: /is required with loadBalancer\.certificateArn/,
    fix: /add hosts: \["api\.example\.com"\]/,
  },
  {
    title: "a version that YAML made a number",
    change: ({ "ecs-platform:databases": { "orders-db": settings } }) =>
      (settings["engineVersion"] = 17),
    key: `${database}.engineVersion`,
    rule: /must be text/,
    fix: /put the value in quotes: "17"/,
  },
  {
    title: "a version that RDS does not offer",
    change: ({ "ecs-platform:databases": { "orders-db": settings } }) =>
      (settings["engineVersion"] = "9.6"),
    key: `${database}.engineVersion`,
    rule: /must be a PostgreSQL version that RDS offers/,
    fix: /"17"/,
  },
  {
    title: "a user that PostgreSQL keeps for itself",
    change: ({ "ecs-platform:databases": { "orders-db": settings } }) =>
      (settings["username"] = "postgres"),
    key: `${database}.username`,
    rule: /must be a user name that can be had/,
    fix: /rename it/,
  },
  {
    title: "TLS turned off",
    change: ({ "ecs-platform:databases": { "orders-db": settings } }) =>
      (settings["parameters"] = { "rds.force_ssl": "0" }),
    key: `${database}.parameters`,
    rule: /must not touch rds\.force_ssl/,
    fix: /remove rds\.force_ssl/,
  },
  {
    title: "maintenance while the backup is made",
    change: ({ "ecs-platform:databases": { "orders-db": settings } }) =>
      (settings["maintenanceWindow"] = "sun:03:30-sun:04:30"),
    key: `${database}.maintenanceWindow`,
    rule: /must not overlap backupWindow/,
    fix: /move one of the two/,
  },
  {
    title: "an opt-out without a reason",
    change: (config) => (config["ecs-platform:unprotectedBecause"] = "no"),
    key: "ecs-platform:unprotectedBecause",
    rule: /must say why the safeguard is off/,
    fix: /write the reason, or remove the key/,
  },
];

describe("configuration", () => {
  it("takes the small configuration and fills in the defaults", () => {
    const config = loadConfig(sourceOf(smallConfig()));
    assert.equal(config.network.cidr, "10.0.0.0/16");
    assert.equal(config.services["api"]?.healthCheck.path, "/health");
    assert.equal(config.databases["orders-db"]?.backupRetentionDays, 7);
    assert.equal(config.cluster.containerInsights, "enabled");
  });

  for (const { title, change, key, rule, fix } of MISTAKES) {
    it(`refuses ${title}, naming ${key} alone`, () => {
      const problems = problemsOf(change);
      assert.deepEqual(
        problems.map((problem) => problem.key),
        [key],
      );
      const [problem] = problems;
      assert.match(problem?.rule ?? "", rule);
      assert.match(problem?.fix ?? "", fix);
      assert.ok((problem?.allowed ?? "").length > 0, "says what is allowed");
    });
  }

  it("shows no value that may be a secret", () => {
    const config = smallConfig() as Changeable;
    config["ecs-platform:services"].api["secrets"] = { STRIPE_KEY: "sk_live_1" };
    config["ecs-platform:services"].api["environment"] = { STRIPE_API_KEY: "sk_live_2" };
    assert.throws(
      () => loadConfig(sourceOf(config)),
      ({ message }: Error) => {
        assert.match(message, /secrets\.STRIPE_KEY/);
        assert.match(message, /environment\.STRIPE_API_KEY/);
        assert.doesNotMatch(message, /sk_live/);
        return true;
      },
    );
  });

  it("lists all problems of all sections in one error", () => {
    const config = smallConfig() as Changeable;
    config["ecs-platform:network"]["nat"] = "one";
    config["ecs-platform:services"].api["cpu"] = 300;
    config["ecs-platform:services"].api["databases"] = ["order-db"];
    config["ecs-platform:services"]["web"] = { ...config["ecs-platform:services"].api, port: 0 };
    config["ecs-platform:databases"]["orders-db"]["backupRetentionDays"] = 0;
    assert.throws(
      () => loadConfig(sourceOf(config, "dev")),
      (error: SettingsError) => {
        assert.deepEqual(error.problems.map(({ key }) => key).sort(), [
          "ecs-platform:databases.orders-db.backupRetentionDays",
          "ecs-platform:network.nat",
          "ecs-platform:services.api.cpu",
          "ecs-platform:services.api.databases[0]",
          "ecs-platform:services.web.cpu",
          "ecs-platform:services.web.databases[0]",
          "ecs-platform:services.web.port",
          "ecs-platform:services.web.route.priority",
        ]);
        return true;
      },
    );
  });

  it("says key, value, rule, allowed values and fix", () => {
    const config = smallConfig() as Changeable;
    config["ecs-platform:services"].api["cpu"] = 300;
    assert.throws(() => loadConfig(sourceOf(config, "dev")), {
      message: [
        "Pulumi.dev.yaml: 1 problem; nothing was created.",
        "",
        "1. ecs-platform:services.api.cpu",
        "   value    300",
        "   rule     must be one of the allowed values",
        "   allowed  256, 512, 1024, 2048, 4096, 8192, 16384, 32768",
        "   fix      set one of 256, 512, 1024, 2048, 4096, 8192, 16384, 32768",
      ].join("\n"),
    });
  });

  for (const { title, change } of MISTAKES) {
    it(`registers nothing with ${title}`, async () => {
      const config = smallConfig() as Changeable;
      change(config);
      const run = await runProgram(() => {
        assert.throws(() => createPlatform(loadConfig(sourceOf(config))), SettingsError);
      });
      assert.deepEqual(run.names(), []);
    });
  }
});
