import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import type { ChangedResource } from "../operation-events";
import { labelOf } from "../resources";
import type { Summary } from "../summary";
import type { Checks } from "./checks";
import { checkEnd } from "./deployment-checks";
import { changed, counts, describeChange, expectOnly } from "./expectations";
import { freshStack, ROOT, successfulRun } from "./local-run";

type Sections = Record<string, Record<string, Record<string, unknown>>>;

const STACK = "dev";
const SERVICES = "ecs-platform:services";
const DATABASES = "ecs-platform:databases";
const BASTION = "ecs-platform:bastion";

/** Sorts between two services that are there already. */
const ADDED_SERVICE = "middle";
/** Sorts before the database that is there already. */
const ADDED_DATABASE = "archive";

/** Adds to a stack file, reorders it and removes from it, and sees that nothing else changes. */
export async function checkChanges({ check }: Checks): Promise<void> {
  const test = await freshStack(STACK, "changes-test");
  const run = async (file: string, sections: Sections) => {
    const path = join(test.stateFolder, `${file}.yaml`);
    writeFileSync(path, stringify({ config: sections }, { lineWidth: 0 }));
    return successfulRun(test, "--config-file", path);
  };

  const base = twoServices();
  const more = withOneMore(base);
  const isDeployed = await check("two services, a database and a bastion deploy", async () => {
    const summary = await run("base", base);
    expectOnly(summary, "created");
    return counts(summary);
  });
  if (isDeployed) {
    await check("a stack file in another order changes nothing", async () => {
      const summary = await run("reordered", reversed(base) as Sections);
      expectOnly(summary);
      return counts(summary);
    });
    await check("a service and a database in the middle change nothing else", async () => {
      const summary = await run("more", more);
      expectAlone(summary, "created", [ADDED_SERVICE, ADDED_DATABASE]);
      return counts(summary);
    });
    await check("without them and the bastion, nothing else goes", async () => {
      const { [BASTION]: _, ...rest } = base;
      const summary = await run("less", rest);
      expectAlone(summary, "deleted", [ADDED_SERVICE, ADDED_DATABASE, "bastion"]);
      return counts(summary);
    });
  }
  await checkEnd("the changed stack", test, { check });
}

/** The shipped stack with a second service. */
function twoServices(): Sections {
  const file = readFileSync(join(ROOT, `Pulumi.${STACK}.yaml`), "utf8");
  const { config } = parse(file) as { config: Sections };
  const { api } = config[SERVICES] ?? {};
  return {
    ...config,
    [SERVICES]: { api: { ...api }, web: { ...api, ...answering("/web*", 300) } },
  };
}

function withOneMore(sections: Sections): Sections {
  const { [SERVICES]: services = {}, [DATABASES]: databases = {} } = sections;
  const added = { ...services["api"], ...answering("/middle*", 200), databases: [ADDED_DATABASE] };
  return {
    ...sections,
    [SERVICES]: { ...services, [ADDED_SERVICE]: added },
    [DATABASES]: { ...databases, [ADDED_DATABASE]: { ...databases["database"] } },
  };
}

function answering(path: string, priority: number): object {
  return { route: { priority, paths: [path] } };
}

/** The same with the keys of every map the other way round. */
function reversed(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, reversed(inner)] as const);
  return Object.fromEntries(entries.reverse());
}

/** What knows all services and databases: the dashboard and saved queries show them, and functions have lists of them. */
const KNOWS_ALL = [
  "Dashboard monitoring-dashboard",
  "Function off-hours-function",
  "Function redeployment-function",
  "Function spot-fallback-function",
  "QueryDefinition monitoring-query-errors-over-time",
  "QueryDefinition monitoring-query-newest-errors",
  "QueryDefinition monitoring-query-one-request",
  "QueryDefinition monitoring-query-slowest-requests",
  "RolePolicy off-hours-policy",
  "RolePolicy redeployment-policy",
  "RolePolicy spot-fallback-policy",
];

/** Fails unless all that changes belongs to what was added or removed. */
function expectAlone(summary: Summary, change: "created" | "deleted", names: readonly string[]) {
  const belongs = ({ component, urn }: ChangedResource) =>
    names.some((name) => component.endsWith(` ${name}`) || labelOf(urn).includes(name));
  const others = changed(summary).filter(
    (resource) =>
      !(resource.change === change && belongs(resource)) &&
      !(resource.change === "updated" && KNOWS_ALL.includes(labelOf(resource.urn))),
  );
  assert.ok(others.length === 0, others.map(describeChange).join(", "));
  for (const name of names) {
    assert.ok(
      changed(summary).some(({ component }) => component.endsWith(` ${name}`)),
      `nothing of ${name} was ${change}`,
    );
  }
}
