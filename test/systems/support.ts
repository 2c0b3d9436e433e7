import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { type Problem, SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import { type StackConfig, runPlatform, sourceOf } from "../stacks/support";
import type { Run } from "../support/run";

/** The five systems of the seed documents, by number of the seed. */
export const EXAMPLES = [
  "java-and-dotnet",
  "https-cloudflare",
  "fargate-reference",
  "go-server",
  "ec2-production",
] as const;

export type Example = (typeof EXAMPLES)[number];

/**
 * Changes to an example's stack file, by key below `ecs-platform:`, dotted: `{"services.api.scaling.max": 5}`.
 * A key with another namespace is written in full (`"aws:region"`); undefined removes a key. A name that has dots of its
 * own cannot be reached: change the map that holds it.
 */
export type Changes = Readonly<Record<string, unknown>>;

const runs = new Map<Example, Promise<Run>>();

/** Builds an example under mocks: as it is shipped, once for all tests; with changes, each time anew. */
export function runExample(name: Example, changes?: Changes): Promise<Run> {
  if (changes !== undefined) return runPlatform(exampleConfig(name, changes), name);
  const run = runs.get(name) ?? runPlatform(exampleConfig(name), name);
  runs.set(name, run);
  return run;
}

/** What an example's stack file is told with these changes; fails where it is taken. */
export function problemsOf(name: Example, changes: Changes): readonly Problem[] {
  try {
    loadConfig(sourceOf(exampleConfig(name, changes), name));
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return assert.fail(`${name} is taken with ${JSON.stringify(changes)}`);
}

/** The configuration of an example, with changes. */
export function exampleConfig(name: Example, changes: Changes = {}): StackConfig {
  const file = path.join(exampleFolder(name), `Pulumi.${name}.yaml`);
  const { config } = parse(readFileSync(file, "utf8")) as { config: StackConfig };
  return Object.entries(changes).reduce(
    (current, [key, value]) => withValue(current, stepsOf(key), value, key),
    config,
  );
}

/** Text of a file of an example, by its path below the example's folder. */
export function exampleFile(name: Example, file: string): string {
  return readFileSync(path.join(exampleFolder(name), file), "utf8");
}

/** Text of a file of this repository. */
export function repositoryFile(file: string): string {
  return readFileSync(path.join(ROOT, file), "utf8");
}

const ROOT = path.join(__dirname, "..", "..");

function exampleFolder(name: Example): string {
  return path.join(ROOT, "examples", name);
}

/** "services.api" is ["ecs-platform:services", "api"]. */
function stepsOf(key: string): string[] {
  return (key.includes(":") ? key : `ecs-platform:${key}`).split(".");
}

function withValue(
  map: Readonly<Record<string, unknown>>,
  [first = "", ...rest]: readonly string[],
  value: unknown,
  key: string,
): Record<string, unknown> {
  const { [first]: former, ...others } = map;
  const next =
    rest.length === 0 ? value : withValue((former ?? {}) as StackConfig, rest, value, key);
  // A misspelt key would remove nothing, and the test would see the example as it was.
  assert.ok(next !== undefined || former !== undefined, `there is no ${key} to remove`);
  return next === undefined ? others : { ...map, [first]: next };
}

/** What a change of configuration makes of a stack: "type name" of what appears, goes, and gets other inputs. */
export function difference(
  before: Run,
  after: Run,
): {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
} {
  const [former, present] = [byUrn(before), byUrn(after)];
  const label = (urn: string) =>
    `${urn.split("::").at(-2)?.split("$").at(-1) ?? ""} ${nameOf(urn)}`;
  const changed = [...present].filter(([urn, inputs]) => {
    const earlier = former.get(urn);
    return earlier !== undefined && earlier !== inputs;
  });
  const only = (one: Map<string, string>, other: Map<string, string>) =>
    [...one.keys()].filter((urn) => !other.has(urn)).map(label);
  return {
    added: only(present, former).sort(),
    removed: only(former, present).sort(),
    changed: changed.map(([urn]) => label(urn)).sort(),
  };
}

function byUrn(run: Run): Map<string, string> {
  return new Map(run.resources.map(({ urn, inputs }) => [urn, JSON.stringify(inputs)]));
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}
