import { z } from "zod";
import { backupsSettings } from "../components/backups/settings";
import { bastionSettings } from "../components/bastion/settings";
import { bucketSettings } from "../components/bucket/settings";
import { budgetSettings } from "../components/budget/settings";
import { cacheSettings } from "../components/cache/settings";
import { cdnSettings } from "../components/cdn/settings";
import { databaseSettings } from "../components/database/settings";
import { domainSettings } from "../components/domain/settings";
import { ecsClusterSettings } from "../components/ecs-cluster/settings";
import { ecsServiceSettings } from "../components/ecs-service/settings";
import { grafanaSettings } from "../components/grafana/settings";
import { ecsTaskSettings } from "../components/ecs-task/settings";
import { fileSystemSettings } from "../components/file-system/settings";
import { imageRepositorySettings } from "../components/image/repository-settings";
import { followedTag, followedTagOfService, imageSource } from "../components/image/image-source";
import { loadBalancerSettings } from "../components/load-balancer/settings";
import { logSearchSettings } from "../components/log-search/settings";
import { monitoringSettings } from "../components/monitoring/settings";
import { networkSettings } from "../components/network/settings";
import { redeploymentSettings } from "../components/redeployment/settings";
import { sourceConnectionSettings } from "../components/source-connection/settings";
import { tableSettings } from "../components/table/settings";
import { vaultSettings } from "../components/vault/settings";
import { schemaAt, unwrap } from "../components/support/describe-schema";
import { parseSettings, unknownKey } from "../components/support/parse-settings";
import { type Problem, SettingsError } from "../components/support/problem";
import { different, isMap, nameKey, reason, rule } from "../components/support/rules";
import { type ConfigSource, namespace, pulumiSource, withoutSecrets } from "./config-source";
import { connected } from "./connected";
import { contradictions } from "./contradictions";
import { controlsSettings } from "./controls-settings";
import { offHoursConfig } from "./off-hours-settings";
import { pipelineConfig } from "./pipeline-settings";
import { waf } from "./firewall-settings";
import { awsSettings } from "./provider";
import { secondRegionSettings } from "./second-region-settings";
import { spotFallbackConfig } from "./spot-fallback-settings";

/** A service in a stack file: the component's own settings, and what it talks to. */
export const serviceConfig = imageSource(ecsServiceSettings, followedTagOfService).safeExtend({
  ...connected,
  calls: different(z.array(z.string()), "services")
    .default([])
    .describe(
      'Services with connect that it calls, by key. "orders" gives it ORDERS_HOST, _PORT and _URL.',
    ),
});

/** A task in a stack file, likewise. */
export const taskConfig = imageSource(ecsTaskSettings, followedTag).safeExtend(connected);

/** Load balancer and CloudFront in a stack file, likewise with a firewall. */
const loadBalancerConfig = loadBalancerSettings.extend({ waf });
const cdnConfig = cdnSettings.extend({ waf });

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
  loadBalancer: loadBalancerConfig.prefault({}).describe("The load balancer all services share."),
  domains: z
    .record(nameKey, domainSettings)
    .default({})
    .describe("The names it answers, with their certificates and DNS records."),
  cdn: cdnConfig
    .optional()
    .describe(
      "CloudFront in front of the load balancer, which must then be internal. Without it: none.",
    ),
  services: z.record(nameKey, serviceConfig).default({}).describe("The services, by name."),
  tasks: z
    .record(nameKey, taskConfig)
    .default({})
    .describe("What runs once and ends, by the clock or by hand, by name."),
  repositories: z
    .record(nameKey, imageRepositorySettings)
    .default({})
    .describe("Repositories for images that somebody else builds and pushes, by name."),
  sourceConnections: z
    .record(nameKey, sourceConnectionSettings)
    .default({})
    .describe("Ways of pipelines to the code, by name."),
  pipelines: z
    .record(nameKey, pipelineConfig)
    .default({})
    .describe("From a push of code to the services that run it, by name."),
  redeployment: redeploymentSettings
    .prefault({})
    .describe("How services are rolled for a pushed image or a changed secret."),
  databases: z.record(nameKey, databaseSettings).default({}).describe("The databases, by name."),
  caches: z.record(nameKey, cacheSettings).default({}).describe("The caches, by name."),
  buckets: z.record(nameKey, bucketSettings).default({}).describe("The buckets, by name."),
  tables: z.record(nameKey, tableSettings).default({}).describe("The tables, by name."),
  vaults: vaultSettings
    .optional()
    .describe("A vault in Secrets Manager for each service. {} is enough. Without it: none."),
  fileSystems: z
    .record(nameKey, fileSystemSettings)
    .default({})
    .describe("File systems that tasks share and that outlive them, by name."),
  backups: backupsSettings
    .optional()
    .describe(
      "Daily backups of databases, tables, buckets and file systems, kept apart from them. {} is enough. Without it: what these keep themselves.",
    ),
  bastion: bastionSettings
    .optional()
    .describe("A way to databases and hosts for people. Without it: none."),
  monitoring: monitoringSettings.prefault({}).describe("Alarms and dashboard."),
  budget: budgetSettings
    .optional()
    .describe(
      "What the stack may cost in a month, and who hears when it costs more. Without it: nobody.",
    ),
  grafana: grafanaSettings
    .optional()
    .describe("Grafana, showing the metrics of everything in the stack. Without it: none."),
  logSearch: logSearchSettings
    .optional()
    .describe("Ways to search the logs of all services. Without it: CloudWatch's own alone."),
  secondRegion: secondRegionSettings
    .optional()
    .describe("The same platform once more, in another region. Without it: none."),
  spotFallback: spotFallbackConfig
    .optional()
    .describe(
      "What is on Spot capacity moves to on-demand capacity when Spot is short, and returns. {} is enough. Without it: it waits.",
    ),
  offHours: offHoursConfig
    .optional()
    .describe("When the environment sleeps, for nobody uses it. Without it: never."),
  tags: tags
    .default({})
    .describe("Tags for everything, beside Project, Environment and ManagedBy."),
  controls: controlsSettings
    .prefault({})
    .describe("What the policies of docs/controls.md hold the stack to."),
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
  if (problems.length > 0) {
    throw new SettingsError(`Pulumi.${source.stack}.yaml`, withoutSecrets(source, problems));
  }
  return {
    ...(sections.parsed as z.output<typeof platformConfig>),
    aws: provider.value as z.output<typeof awsSettings>,
    project: source.project,
    stack: source.stack,
  };
}

type Sections = z.output<typeof platformConfig>;

/** Sections and their members as far as each of their values is right by itself. */
export type SoundSections = {
  readonly [Key in keyof Sections]?: Sound<NonNullable<Sections[Key]>>;
};

type Sound<Section> = string extends keyof Section
  ? Readonly<Record<string, Partial<Section[string & keyof Section]>>>
  : Partial<Section>;

/**
 * Parses section by section, and the members of a map (services, databases) one by one, so that a mistake in one hides
 * none in another.
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
    const { members, rest } = splitMembers(schema, values[key]);
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
  schema: z.ZodType,
  value: unknown,
): { members: Readonly<Record<string, unknown>>; rest: unknown } {
  const hasMembers = unwrap(schemaAt(schema, [ANY_NAME])) instanceof z.ZodObject;
  return hasMembers && unwrap(schema) instanceof z.ZodRecord && isMap(value)
    ? { members: value, rest: {} }
    : { members: {}, rest: value };
}

function byName([left]: [string, unknown], [right]: [string, unknown]): number {
  return left < right ? -1 : 1;
}
