import * as assert from "node:assert/strict";
import { StateBackend } from "../../components/state-backend/state-backend";
import type { Run } from "../support/run";
import { runProgram } from "../support/run-program";
import {
  type PolicyStatement,
  containerOf,
  environmentOf,
  rulesInto,
  secretsOf,
  textOf,
} from "./reading";
import { runExample } from "./support";

const EXAMPLE = "fargate-reference";
const BUCKET = "aws:s3/bucket:Bucket";
const ENCRYPTION =
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const ALGORITHM = "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm";

/** What `bootstrap/` makes, with the ledger. */
function runBootstrap(): Promise<Run> {
  return runProgram(() => {
    new StateBackend("state", { ledger: {} });
    return {};
  });
}

function bucketsOf(run: Run): string[] {
  return run.all(BUCKET).map(({ name }) => name);
}

/** The rest of a bucket, by the bucket that it is for. */
function partsOf(run: Run, type: string) {
  return new Map(run.all(type).map((part) => [textOf(part, "bucket").replace(/-id$/, ""), part]));
}

describe("seed 002, data of the reference architecture on Fargate", () => {
  let run: Run;
  let bootstrap: Run;
  let withStores: Run;
  before(async () => {
    run = await runExample(EXAMPLE);
    bootstrap = await runBootstrap();
    withStores = await runExample(EXAMPLE, {
      databases: {
        orders: {
          engineVersion: "17",
          instanceClass: "db.t4g.micro",
          multiAz: true,
          password: "generated",
          replicas: { reader: {} },
        },
        legacy: {
          engine: "mysql",
          engineVersion: "8.4",
          instanceClass: "db.t4g.micro",
          multiAz: true,
        },
      },
      caches: { sessions: { engineVersion: "8.0", serverless: {} } },
      tables: { carts: { partitionKey: { name: "id" } } },
      "services.app.databases": ["orders", "legacy"],
      "services.app.caches": ["sessions"],
    });
  });

  it("S002-132, S002-133, S002-134: a bucket for the state, encrypted by a key of its own, with every version", () => {
    assert.deepEqual(bucketsOf(bootstrap), ["state-bucket"]);
    assert.equal(bootstrap.one(ENCRYPTION).input(ALGORITHM), "aws:kms");
    assert.equal(
      bootstrap
        .one("aws:s3/bucketVersioning:BucketVersioning")
        .input("versioningConfiguration.status"),
      "Enabled",
    );
  });

  it("S002-135, S002-136, S002-201: a bucket for access logs, which move to Glacier and are deleted in the end", () => {
    const loadBalancer = run.one("aws:lb/loadBalancer:LoadBalancer");
    assert.deepEqual(loadBalancer.input("accessLogs"), {
      bucket: "load-balancer-access-logs-id",
      enabled: true,
    });
    const lifecycle = partsOf(run, LIFECYCLE).get("load-balancer-access-logs");
    assert.equal(lifecycle?.input("rules.0.status"), "Enabled");
    assert.deepEqual(lifecycle.input("rules.0.transitions"), [
      { days: 90, storageClass: "GLACIER_IR" },
    ]);
    assert.equal(lifecycle.input("rules.0.expiration.days"), 365);
  });

  it("S002-137, S002-138: a bucket for backups, in Intelligent-Tiering from the first day", () => {
    const [backups, ...others] = bucketsOf(run).filter((name) => !name.includes("access-logs"));
    assert.equal(backups, "backups-bucket");
    assert.deepEqual(others, []);
    const rules = partsOf(run, LIFECYCLE).get("backups-bucket")?.input("rules") as unknown as {
      status: string;
      transitions?: unknown;
    }[];
    const moving = rules.filter(({ transitions }) => transitions !== undefined);
    assert.deepEqual(
      moving.map(({ status, transitions }) => ({ status, transitions })),
      [{ status: "Enabled", transitions: [{ days: 0, storageClass: "INTELLIGENT_TIERING" }] }],
    );
  });

  it("S002-140: every table is paid by request", () => {
    for (const each of [bootstrap, withStores]) {
      assert.equal(each.one("aws:dynamodb/table:Table").input("billingMode"), "PAY_PER_REQUEST");
    }
  });

  it("S002-179: every bucket is encrypted, that of access logs with the keys of S3, as AWS demands", () => {
    const encryption = partsOf(run, ENCRYPTION);
    assert.deepEqual([...encryption.keys()].sort(), bucketsOf(run));
    assert.equal(encryption.get("load-balancer-access-logs")?.input(ALGORITHM), "AES256");
    assert.equal(encryption.get("backups-bucket")?.input(ALGORITHM), "AES256");
  });

  it("S002-180: disks of hosts and bastion are encrypted", async () => {
    const withHosts = await runExample(EXAMPLE, {
      bastion: {},
      "cluster.ec2": { instanceTypes: ["m6i.large"], minSize: 2, maxSize: 4 },
    });
    const templates = withHosts.all("aws:ec2/launchTemplate:LaunchTemplate");
    assert.deepEqual(
      templates.map((template) => [
        template.name,
        template.input("blockDeviceMappings.0.ebs.encrypted"),
      ]),
      [
        ["bastion-template", "true"],
        ["platform-hosts-template", "true"],
      ],
    );
    const bastion = withHosts.one("aws:ec2/instance:Instance");
    assert.equal(bastion.input("launchTemplate.id"), "bastion-template-id");
  });

  it("S002-181: databases and their replicas are encrypted", () => {
    const instances = withStores.all("aws:rds/instance:Instance");
    assert.equal(instances.length, 3);
    for (const instance of instances) assert.equal(instance.input("storageEncrypted"), true);
  });

  it("S002-182: TLS 1.2 or newer at the listener, and nothing but TLS at buckets and databases", () => {
    const https = withStores.one("aws:lb/listener:Listener", "load-balancer-https");
    assert.match(textOf(https, "sslPolicy"), /^ELBSecurityPolicy-TLS13-1-2-/);
    const http = withStores.one("aws:lb/listener:Listener", "load-balancer-http");
    assert.equal(http.input("defaultActions.0.redirect.protocol"), "HTTPS");

    const policies = partsOf(withStores, "aws:s3/bucketPolicy:BucketPolicy");
    assert.deepEqual([...policies.keys()].sort(), bucketsOf(withStores));
    for (const policy of policies.values()) {
      const { Statement } = policy.jsonInput("policy") as unknown as {
        Statement: readonly PolicyStatement[];
      };
      const denied = Statement.find(
        ({ Effect, Condition }) =>
          Effect === "Deny" && Condition?.["Bool"]?.["aws:SecureTransport"] === "false",
      );
      assert.deepEqual(denied?.Action, ["s3:*"]);
    }

    const forced = withStores.all("aws:rds/parameterGroup:ParameterGroup").map((group) => {
      const parameters = group.input("parameters") as { name: string; value: string }[];
      const tls = parameters.filter(({ name }) => /force_ssl|secure_transport/.test(name));
      return tls.map(({ name, value }) => `${name} = ${value}`).join();
    });
    assert.deepEqual(forced, ["require_secure_transport = 1", "rds.force_ssl = 1"]);
  });

  it("S002-208: a cache, which AWS encrypts both ways, admits the service's group alone", () => {
    const cache = withStores.one("aws:elasticache/serverlessCache:ServerlessCache");
    assert.equal(cache.input("engine"), "valkey");
    const [group = ""] = cache.input("securityGroupIds") as string[];
    assert.deepEqual(
      [...new Set(rulesInto(withStores, group.replace(/-id$/, "")))].map((rule) =>
        rule.replace(/^tcp \S+ /, ""),
      ),
      ["from app-security-group"],
    );
    assert.deepEqual(run.all("aws:elasticache/serverlessCache:ServerlessCache"), []);
  });

  it("S002-209: a replica is one more instance that copies the first", () => {
    const replicas = withStores
      .all("aws:rds/instance:Instance")
      .filter((instance) => instance.input("replicateSourceDb") !== undefined);
    assert.equal(replicas.length, 1);
    const [source = ""] = replicas[0]?.propertyDependencies["replicateSourceDb"] ?? [];
    assert.match(withStores.byUrn(source).name, /^orders-/);
  });

  it("S002-210: a service with two databases gets two addresses and two secrets", () => {
    const primaries = withStores
      .all("aws:rds/instance:Instance")
      .filter((instance) => instance.input("replicateSourceDb") === undefined);
    assert.equal(primaries.length, 2);
    const app = containerOf(withStores, "app");
    const environment = environmentOf(app);
    assert.ok(environment["ORDERS_HOST"] && environment["LEGACY_HOST"]);
    assert.notEqual(environment["ORDERS_HOST"], environment["LEGACY_HOST"]);
    const { ORDERS_PASSWORD: orders, LEGACY_PASSWORD: legacy } = secretsOf(app);
    assert.ok(orders && legacy);
    assert.notEqual(orders, legacy);
  });
});
