import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { bastionSettings } from "../components/bastion/settings";
import { databaseSettings } from "../components/database/settings";
import { ecsClusterSettings } from "../components/ecs-cluster/settings";
import { ecsServiceSettings } from "../components/ecs-service/settings";
import { loadBalancerSettings } from "../components/load-balancer/settings";
import { monitoringSettings } from "../components/monitoring/settings";
import { networkSettings } from "../components/network/settings";
import { schemaAt, unwrap } from "../components/support/describe-schema";
import { parseSettings, unknownKey } from "../components/support/parse-settings";
import { type Problem, SettingsError } from "../components/support/problem";
import { nameKey, reason, rule } from "../components/support/rules";
import { contradictions } from "./contradictions";
import { awsSettings } from "./provider";

/** A service in a stack file: the component's own settings, and the databases it talks to. */
export const serviceConfig = ecsServiceSettings.safeExtend({
  databases: z
    .array(z.string())
    .default([])
    .describe(
      'Databases it talks to, by key. "orders-db" gives it ORDERS_DB_HOST, _PORT, _NAME, _USERNAME and _PASSWORD.',
    ),
});

const tags = rule(
  z.record(z.string().min(1).max(128), z.string().max(256)),
  (given) => Object.keys(given).every((key) => !/^aws:/i.test(key)),
  {
    rule: 'has a key that starts with "aws:", which AWS keeps for itself',
    allowed: "other keys of 1 to 128 characters",
    fix: "rename the tag",
  },
);

/** Everything that a stack file says: the same structure for every environment. */
export const platformConfig = z.strictObject({
  network: networkSettings.describe("The VPC."),
  cluster: ecsClusterSettings.prefault({}).describe("The ECS cluster."),
  loadBalancer: loadBalancerSettings.prefault({}).describe("The load balancer all services share."),
  services: z.record(nameKey, serviceConfig).default({}).describe("The services, by name."),
  databases: z.record(nameKey, databaseSettings).default({}).describe("The databases, by name."),
  bastion: bastionSettings
    .optional()
    .describe("A way to the databases for people. Without it: none."),
  monitoring: monitoringSettings.prefault({}).describe("Alarms and dashboard."),
  tags: tags
    .default({})
    .describe("Tags for everything, beside Project, Environment and ManagedBy."),
  unprotectedBecause: reason
    .optional()
    .describe(
      "Lets `pulumi destroy` delete databases and load balancer, and says why. Without it AWS and Pulumi refuse.",
    ),
});

export type PlatformConfig = z.output<typeof platformConfig> & {
  readonly project: string;
  readonly stack: string;
  readonly aws: z.output<typeof awsSettings>;
};

/** Where the values come from: Pulumi's own configuration, or a test's. */
export interface ConfigSource {
  readonly project: string;
  readonly stack: string;
  /** Values as Pulumi hands them over: text, or JSON where the stack file has a map or a list. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Reads and checks the stack's configuration.
 *
 * @throws SettingsError with every problem at once; nothing has registered by then.
 */
export function loadConfig(source: ConfigSource = pulumiSource()): PlatformConfig {
  const own = namespace(source, source.project);
  const sections = parseSections(`${source.project}:`, own);
  const provider = parseSettings(awsSettings, namespace(source, "aws"), "aws:");

  const problems = [
    ...provider.problems,
    ...sections.problems,
    ...contradictions(`${source.project}:`, provider.value, sections.sound),
  ];
  if (problems.length > 0) throw new SettingsError(`Pulumi.${source.stack}.yaml`, problems);
  return {
    ...(sections.parsed as z.output<typeof platformConfig>),
    aws: provider.value as z.output<typeof awsSettings>,
    project: source.project,
    stack: source.stack,
  };
}

/** Sections and their members as far as each of their values is right by itself. */
export interface SoundSections {
  readonly network?: Partial<z.output<typeof networkSettings>>;
  readonly loadBalancer?: Partial<z.output<typeof loadBalancerSettings>>;
  readonly services?: Readonly<Record<string, Partial<z.output<typeof serviceConfig>>>>;
  readonly databases?: Readonly<Record<string, unknown>>;
  readonly bastion?: unknown;
}

/**
 * Parses section by section, and services and databases one by one, so that a mistake in one hides none in another.
 * `sound` keeps what is right in a wrong section, for the rules between sections.
 */
function parseSections(
  base: string,
  values: Readonly<Record<string, unknown>>,
): { parsed: Record<string, unknown>; sound: SoundSections; problems: Problem[] } {
  const problems: Problem[] = Object.keys(values)
    .filter((key) => !(key in platformConfig.shape))
    .map((key) => unknownKey(base, key, platformConfig, values));
  const parsed: Record<string, unknown> = {};
  const sound: Record<string, unknown> = {};

  for (const [key, schema] of Object.entries(platformConfig.shape)) {
    const { members, rest } = splitMembers(key, values[key]);
    const section = parseSettings(schema, rest, `${base}${key}`);
    problems.push(...section.problems);
    parsed[key] = section.value;
    sound[key] = section.problems.length === 0 ? section.value : soundPart(schema, rest);

    const member = schemaAt(schema, [ANY_NAME]);
    // Sorted, so that the order of the stack file means nothing.
    for (const [name, value] of Object.entries(members).sort(byName)) {
      const result = parseSettings(schema, { [name]: value }, `${base}${key}`);
      problems.push(...result.problems);
      Object.assign((parsed[key] ??= {}), result.value);
      Object.assign(sound[key] as object, result.value ?? { [name]: soundPart(member, value) });
    }
  }
  return { parsed, sound, problems };
}

const ANY_NAME = "any";

/** The values of a map that are right by themselves. */
function soundPart(schema: z.ZodType | undefined, value: unknown): Record<string, unknown> {
  const object = unwrap(schema);
  if (!(object instanceof z.ZodObject) || !isMap(value)) return {};
  return Object.fromEntries(
    Object.entries(object.shape).flatMap(([key, field]) => {
      const result = (field as z.ZodType).safeParse(value[key]);
      return result.success && result.data !== undefined ? [[key, result.data]] : [];
    }),
  );
}

/** The members of a map that are checked one by one, and the section without them. */
function splitMembers(
  key: string,
  value: unknown,
): { members: Readonly<Record<string, unknown>>; rest: unknown } {
  return (key === "services" || key === "databases") && isMap(value)
    ? { members: value, rest: {} }
    : { members: {}, rest: value };
}

function byName([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : 1;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function pulumiSource(): ConfigSource {
  return {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    values: pulumi.runtime.allConfig(),
  };
}

function namespace(source: ConfigSource, name: string): Record<string, unknown> {
  const prefix = `${name}:`;
  return Object.fromEntries(
    Object.entries(source.values)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), decode(value)]),
  );
}

/** Pulumi hands over every value as text: maps, lists, numbers and booleans as JSON. */
function decode(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
