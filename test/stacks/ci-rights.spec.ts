import * as assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { CiRoles } from "../../components";
import { runProgram } from "../support/run-program";
import type { RecordedResource } from "../support/recorded-resource";
import { exampleConfig, runPlatform, shippedConfig, type StackConfig } from "./support";

const ROOT = join(__dirname, "..", "..");
/** Made by `bootstrap/` and `examples/account-baseline`, which a person deploys. */
const NOT_DEPLOYED_BY_CI = [
  "components/account-defaults",
  "components/account-notices",
  "components/audit-trail",
  "components/ci-roles",
  "components/configuration-recorder",
  "components/cost-report",
  "components/resource-scan",
  "components/security-hub",
  "components/state-backend",
  "components/threat-detection",
];
/** Stack files as they are shipped. */
const SHIPPED = ["dev", "staging", "prod"];
/** Programs of their own, without a stack file that the platform reads. */
const OWN_PROGRAMS = ["in-code", "account-baseline"];

/** What IAM calls the service that a module of @pulumi/aws is about, where it is another name. */
const IAM_NAMES: Readonly<Record<string, string>> = {
  appautoscaling: "application-autoscaling",
  costexplorer: "ce",
  efs: "elasticfilesystem",
  lb: "elasticloadbalancing",
  opensearch: "es",
  vpc: "ec2",
};

/** The service, as IAM calls it, that a resource of @pulumi/aws lies in. */
function serviceOf(module: string, resource: string): string {
  // CloudWatch's module has the resources of three services.
  if (module === "cloudwatch" && resource.startsWith("Event")) return "events";
  if (module === "cloudwatch" && /^(Log|QueryDefinition)/.test(resource)) return "logs";
  return IAM_NAMES[module] ?? module;
}

/** The sources that a platform is made by. */
function sources(): string[] {
  const files = ["components", "stacks"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return files
    .filter((file) => !NOT_DEPLOYED_BY_CI.some((part) => relative(ROOT, file).startsWith(part)))
    .map((file) => readFileSync(file, "utf8"));
}

/** All that a pattern's first groups match in the sources. */
function found(pattern: RegExp): string[][] {
  return sources().flatMap((text) => [...text.matchAll(pattern)].map(([, ...groups]) => groups));
}

const sorted = (values: Iterable<string>) => [...new Set(values)].sort();

const usedServices = () =>
  sorted(
    found(/new aws\.(\w+)\.(\w+)/g).map(([module = "", name = ""]) => serviceOf(module, name)),
  );

interface Statement {
  readonly Action: readonly string[];
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, readonly string[]>> };
}

/** The statements of a policy: one that deployments share, or that of whoever looks for drift. */
async function rights(of: "services" | "identities" | "drift"): Promise<readonly Statement[]> {
  const state = {
    bucketArn: "arn:aws:s3:::states",
    bucketKeyArn: "arn:aws:kms:us-east-1:123456789012:key/bucket",
    secretsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/secrets",
  };
  const [deploy, driftFrom] = [{ dev: { branch: "main" } }, { branch: "main" }];
  const github = { repository: "example/shop", deploy, driftFrom };
  const run = await runProgram(() => new CiRoles("ci", { state, github }));
  const holder =
    of === "drift"
      ? run.one("aws:iam/rolePolicy:RolePolicy", "ci-dev-drift-state")
      : run.one("aws:iam/policy:Policy", `ci-${of}`);
  return (holder.jsonInput("policy") as { Statement: unknown }).Statement as Statement[];
}

const servicesIn = (statements: readonly Statement[]) =>
  sorted(statements.flatMap(({ Action }) => Action.map((action) => action.replace(/:.*/, ""))));

/** All that the shipped stacks and the examples register. */
async function registered(): Promise<RecordedResource[]> {
  const examples = readdirSync(join(ROOT, "examples")).filter(
    (name) => !OWN_PROGRAMS.includes(name),
  );
  const configs: [string, StackConfig][] = [
    ...SHIPPED.map((name): [string, StackConfig] => [name, shippedConfig(name)]),
    ...examples.map((name): [string, StackConfig] => [name, exampleConfig(name)]),
  ];
  const runs = [];
  for (const [name, config] of configs) runs.push(await runPlatform(config, name));
  return runs.flatMap(({ resources }) => resources);
}

describe("the rights of a pipeline that deploys", () => {
  it("are in every service that the sources have resources of, and in no other", async () => {
    const granted = servicesIn([...(await rights("services")), ...(await rights("identities"))]);
    // EC2 reads the names of images there as whoever starts the host: no resource of the platform.
    const resolvedByEc2 = "ssm";
    // The former name of codeconnections, which the ARNs of older connections have.
    const formerName = "codestar-connections";
    // What a vault of AWS Backup lies in, without resources of its own.
    const storage = "backup-storage";
    assert.deepEqual(granted, sorted([...usedServices(), resolvedByEc2, formerName, storage]));
  });

  it("are in every service that the shipped stacks and the examples register resources of", async () => {
    const granted = servicesIn([...(await rights("services")), ...(await rights("identities"))]);
    const types = sorted((await registered()).map(({ type }) => type)).flatMap((type) => {
      const [, module, name] = /^aws:(\w+)\/\w+:(\w+)$/.exec(type) ?? [];
      return module === undefined || name === undefined ? [] : [serviceOf(module, name)];
    });
    assert.ok(types.length > 50, "they register next to nothing");
    assert.deepEqual(
      sorted(types).filter((service) => !granted.includes(service)),
      [],
    );
  });

  it("hand roles to the services that roles of the platform trust, and to no other", async () => {
    const trusted = found(/serviceTrust\(\s*"([^"]+)"/g).flat();
    const passing = (await rights("identities")).find(({ Action }) =>
      Action.includes("iam:PassRole"),
    );
    assert.deepEqual(passing?.Condition?.StringEquals["iam:PassedToService"], sorted(trusted));
    const registeredTrust = (await registered())
      .filter(({ type }) => type === "aws:iam/role:Role")
      .flatMap(
        (role) =>
          JSON.stringify(role.jsonInput("assumeRolePolicy")).match(/[\w.-]+\.amazonaws\.com/g) ??
          [],
      );
    assert.deepEqual(
      sorted(registeredTrust).filter((service) => !trusted.includes(service)),
      [],
    );
  });

  it("are to identities of the kinds that the platform makes", () => {
    const kinds = found(/new aws\.iam\.(\w+)/g).flat();
    assert.deepEqual(sorted(kinds), [
      "InstanceProfile",
      "Policy",
      "Role",
      "RolePolicy",
      "RolePolicyAttachment",
      "ServiceLinkedRole",
    ]);
  });

  it("include reading the same services, for whoever looks for drift", async () => {
    const deploying = servicesIn(await rights("services")).filter(
      (service) => !["ssm", "codestar-connections", "backup-storage"].includes(service),
    );
    const reading = servicesIn(await rights("drift"));
    assert.deepEqual(reading, sorted([...deploying, "iam"]));
  });
});
