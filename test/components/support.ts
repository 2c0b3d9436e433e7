import * as assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { parseSettings } from "../../components/support/parse-settings";
import { type Problem, SettingsError } from "../../components/support/problem";
import { type RecordedResource, describe as nameOf } from "../support/recorded-resource";
import type { Run } from "../support/run";
import { type RunOptions, runProgram } from "../support/run-program";

/** A run of one component alone. */
export interface Built extends Run {
  readonly component: RecordedResource;
  /** "type name" of everything that the component created, sorted. */
  readonly children: readonly string[];
}

/** Creates one component, and fails where a resource has another parent than the component. */
export async function build(
  make: () => pulumi.ComponentResource,
  options?: RunOptions,
): Promise<Built> {
  const run = await runProgram(make, options);
  const components = run.resources.filter(({ kind }) => kind === "component");
  const [component] = components;
  assert.ok(component !== undefined && components.length === 1, "expected one component");
  const strays = run.resources.filter(
    (resource) => resource !== component && resource.parent !== component.urn,
  );
  assert.deepEqual(strays.map(nameOf), [], "not a child of the component");
  return { ...run, component, children: run.childrenOf(component).map(nameOf) };
}

/** What a constructor throws for wrong arguments; fails where it had registered anything before. */
export async function refusal(make: () => unknown): Promise<SettingsError> {
  let thrown: unknown;
  const run = await runProgram(() => {
    try {
      make();
    } catch (error) {
      thrown = error;
    }
  });
  assert.deepEqual(run.names(), [], "registered before its arguments were checked");
  assert.ok(thrown instanceof SettingsError, `expected a SettingsError, not ${String(thrown)}`);
  return thrown;
}

/** "type name" of what a resource waits for by `dependsOn` alone, none of its inputs saying so. */
export function dependsOn(run: Run, resource: RecordedResource): string[] {
  const fromInputs = Object.values(resource.propertyDependencies).flat();
  return resource.dependencies
    .filter((urn) => !fromInputs.includes(urn))
    .map((urn) => nameOf(run.byUrn(urn)))
    .sort();
}

/** "type name" of what one input of a resource comes from. */
export function sourcesOf(run: Run, resource: RecordedResource, input: string): string[] {
  const urns = resource.propertyDependencies[input] ?? [];
  return urns.map((urn) => nameOf(run.byUrn(urn))).sort();
}

/** The time limits that a component gives to its children, by type; children without any are left out. */
export async function customTimeouts(
  make: (opts: pulumi.ComponentResourceOptions) => pulumi.ComponentResource,
): Promise<Record<string, pulumi.CustomTimeouts>> {
  const seen: Record<string, pulumi.CustomTimeouts> = {};
  // The harness does not record them: they are seen on their way through a transformation.
  const note: pulumi.ResourceTransformation = ({ type, opts }) => {
    Object.assign(seen, opts.customTimeouts && { [type]: opts.customTimeouts });
    return undefined;
  };
  await build(() => make({ transformations: [note] }));
  return seen;
}

/** The inputs of every resource of a type, by logical name. */
export function inputsByName(run: Run, type: string): Record<string, unknown> {
  return Object.fromEntries(run.all(type).map(({ name, inputs }) => [name, inputs]));
}

/** Changes to settings, by dotted key; undefined removes a key. */
export type Change = Readonly<Record<string, unknown>>;

/** One test for each change to right settings that leaves them right. */
export function itTakes(schema: z.ZodType, happy: object, changes: Record<string, Change>): void {
  for (const [title, change] of Object.entries(changes)) {
    it(`takes ${title}`, () => {
      assert.deepEqual(problemsOf(schema, changed(happy, change)), []);
    });
  }
}

/** One test for each change to right settings that has exactly one thing wrong with it. */
export function itRefuses(
  schema: z.ZodType,
  happy: object,
  cases: Record<string, { readonly change: Change; readonly problem: Problem }>,
): void {
  for (const [title, { change, problem }] of Object.entries(cases)) {
    it(`refuses ${title}`, () => {
      assert.deepEqual(problemsOf(schema, changed(happy, change)), [problem]);
    });
  }
}

/** Tests that whole numbers from the first to the second are taken, by key, and no others. */
export function itBounds(
  schema: z.ZodType,
  happy: object,
  bounds: Readonly<Record<string, readonly [least: number, most: number]>>,
): void {
  for (const [key, [least, most]] of Object.entries(bounds)) {
    itTakes(schema, happy, {
      [`${key} of ${least}`]: { [key]: least },
      [`${key} of ${most}`]: { [key]: most },
    });
    const beyond = (value: number) => ({
      change: { [key]: value },
      problem: outOfBounds(key, value, `a whole number from ${least} to ${most}`),
    });
    itRefuses(schema, happy, {
      [`${key} of ${least - 1}`]: beyond(least - 1),
      [`${key} of ${most + 1}`]: beyond(most + 1),
    });
  }
}

/** What a value outside its limits is told. */
export function outOfBounds(key: string, value: unknown, allowed: string): Problem {
  return { key, value, rule: "is out of bounds", allowed, fix: `set ${allowed}` };
}

/** A list as problems describe it. */
export function listWith(bound: string, entry: string): string {
  return `a list with ${bound}; each entry: ${entry}`;
}

/** What a value is told that is not among those to choose from. */
export function noChoice(key: string, value: unknown, choices: readonly unknown[]): Problem {
  const allowed = choices.join(", ");
  return {
    key,
    value,
    rule: "must be one of the allowed values",
    allowed,
    fix: `set one of ${allowed}`,
  };
}

/** What a safeguard's opt-out is told that gives no reason. */
export function noReason(key: string, value: string): Problem {
  return {
    key,
    value,
    rule: "must say why the safeguard is off",
    allowed: "a reason in 10 characters or more",
    fix: "write the reason, or remove the key to keep the safeguard",
  };
}

/** The retention periods of CloudWatch Logs. */
export const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
];

function problemsOf(schema: z.ZodType, settings: unknown): readonly Problem[] {
  return parseSettings(schema, settings, "").problems;
}

function changed(settings: object, change: Change): object {
  return Object.entries(change).reduce(
    (current, [key, value]) => withValue(current, key.split("."), value),
    settings,
  );
}

function withValue(settings: object, [first = "", ...rest]: readonly string[], value: unknown) {
  const { [first]: former, ...others } = settings as Record<string, unknown>;
  const next: unknown = rest.length === 0 ? value : withValue(former ?? {}, rest, value);
  return next === undefined ? others : { ...others, [first]: next };
}

/** An environment's surroundings as plain values: every component also takes such. */
export const network = {
  vpcId: "vpc-1",
  accountId: "123456789012",
  publicSubnetIds: ["subnet-public-a", "subnet-public-b"],
  appSubnetIds: ["subnet-app-a", "subnet-app-b"],
  dataSubnetIds: ["subnet-data-a", "subnet-data-b"],
};

export const cluster = {
  arn: "arn:aws:ecs:us-east-1:123456789012:cluster/platform",
  clusterName: "platform",
  execLogGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:sessions",
};

export const loadBalancer = {
  listenerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/lb/1/2",
  securityGroupId: "sg-load-balancer",
  dnsName: "lb.example.com",
  arnSuffix: "app/lb/50dc6c495c0c9188",
};

const DATABASE_SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-AbCdEf";

export const database = {
  host: "orders.example.com",
  port: 5433,
  databaseName: "orders",
  securityGroupId: "sg-database",
  secretArn: DATABASE_SECRET,
  connection: {
    environment: { HOST: "orders.example.com", PORT: "5433", NAME: "orders" },
    secrets: {
      USERNAME: `${DATABASE_SECRET}:username::`,
      PASSWORD: `${DATABASE_SECRET}:password::`,
    },
    listener: { securityGroupId: "sg-database", port: 5433 },
    permissions: [],
  },
};

export const fileSystem = {
  fileSystemId: "fs-1",
  arn: "arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1",
  accessPointId: "fsap-1",
  accessPointArn: "arn:aws:elasticfilesystem:us-east-1:123456789012:access-point/fsap-1",
  securityGroupId: "sg-files",
  port: 2049,
};
