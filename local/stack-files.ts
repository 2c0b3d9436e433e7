import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { Toolchain } from "./toolchain/toolchain";

/** Configuration by full key (`namespace:key`). */
export type Config = Readonly<Record<string, unknown>>;

interface StackFile {
  readonly config?: Config;
  readonly encryptionsalt?: string;
}

interface ProjectFile {
  readonly name: string;
  readonly [setting: string]: unknown;
}

/** In place of values that are encrypted for people with the key, which a run on this machine does without. */
const MADE_UP_SECRET = "emulated-secret";

/** The same of settings that take no other text, by the last part of their key. */
const MADE_UP_BY_KEY: Readonly<Record<string, string>> = {
  integrationUrl: "https://events.pagerduty.com/integration/emulated/enqueue",
};

/** The project's name, from the Pulumi.yaml in `root`. */
export function projectName(root: string): string {
  return readProject(root).name;
}

/** The configuration in a stack file, and the keys of which a secret could not be read. */
export function readConfig(
  stackFile: string,
  project: string,
): { config: Config; madeUp: readonly string[] } {
  const { config = {} } = (parse(readFileSync(stackFile, "utf8")) ?? {}) as StackFile;
  const madeUp: string[] = [];
  const entries = Object.entries(config).map(([key, value]) => {
    const fullKey = key.includes(":") ? key : `${project}:${key}`;
    return [fullKey, withoutSecrets(key, value, () => madeUp.push(fullKey))] as const;
  });
  return { config: Object.fromEntries(entries), madeUp: [...new Set(madeUp)] };
}

/**
 * Writes the project as the engine shall see it to `folder`, away from the files in the repository, which stay as they
 * are: with the plugins of the toolchain, and for the stack with the configuration given.
 */
export function writeWorkspace(
  folder: string,
  options: {
    root: string;
    stack: string;
    plugins: Toolchain["plugins"];
    analyzers: Toolchain["analyzers"];
    config: Config;
  },
): void {
  mkdirSync(folder, { recursive: true });
  const stackFile = join(folder, `Pulumi.${options.stack}.yaml`);
  const { encryptionsalt } = existsSync(stackFile)
    ? ((parse(readFileSync(stackFile, "utf8")) ?? {}) as StackFile)
    : {};
  const plugins = Object.entries({
    providers: options.plugins,
    analyzers: options.analyzers,
  }).filter(([, folders]) => folders.length > 0);
  writeYaml(join(folder, "Pulumi.yaml"), {
    ...readProject(options.root),
    ...(plugins.length > 0 && { plugins: Object.fromEntries(plugins) }),
  });
  // The engine keeps its salt in this file, and with another could not read the state's secrets.
  writeYaml(stackFile, { ...(encryptionsalt && { encryptionsalt }), config: options.config });
}

function readProject(root: string): ProjectFile {
  return parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")) as ProjectFile;
}

/**
 * Whole at once: a run may be killed at any moment. No line is folded: the engine unfolds text with indented lines otherwise
 * than this library folds it.
 */
function writeYaml(file: string, content: object): void {
  writeFileSync(`${file}.new`, stringify(content, { lineWidth: 0 }));
  renameSync(`${file}.new`, file);
}

function withoutSecrets(key: string, value: unknown, onSecret: () => void): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(key, item, onSecret));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === "secure") {
    onSecret();
    return MADE_UP_BY_KEY[key] ?? MADE_UP_SECRET;
  }
  return Object.fromEntries(
    entries.map(([part, nested]) => [part, withoutSecrets(part, nested, onSecret)]),
  );
}
