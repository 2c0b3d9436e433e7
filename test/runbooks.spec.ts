/**
 * Somebody is woken by an alarm and opens its runbook: it must be there, be about this alarm, and name nothing that the
 * stack does not have. Whether AWS takes the commands is not tried here.
 */
import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { ALARM_KINDS } from "../components/support/alarm-kinds";
import { findExamples } from "../local/examples";
import {
  exampleConfig,
  runPlatform,
  shippedConfig,
  smallConfig,
  type StackConfig,
} from "./stacks/support";
import type { JsonObject } from "./support/json";
import type { Run } from "./support/run";

const ROOT = join(__dirname, "..");
const FOLDER = join(ROOT, "docs", "runbooks");
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** What AWS itself sends, without an alarm of CloudWatch: its page, and the notices that lead to it. */
const NOTICES = ["account-findings", "budget", "cost-anomaly"];

const SECTIONS = ["First look", "Usual causes", "Mitigate", "Go back", "Afterwards"];

interface Page {
  readonly name: string;
  readonly text: string;
  /** Keys of the alarms that it is about, with NAME, KEY and ZONE for what differs. */
  readonly alarms: readonly string[];
  readonly severity: string;
}

const pages: readonly Page[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".md") && file !== "README.md")
  .map((file) => {
    const text = readFileSync(join(FOLDER, file), "utf8");
    const [, alarms = "", severity = ""] = /^\*\*Alarm\*\* (.*), (\w+)\.$/m.exec(text) ?? [];
    const keys = [...alarms.matchAll(/`([^`]+)`/g)].map(([, key = ""]) => key);
    return { name: file.replace(".md", ""), text, alarms: keys, severity };
  });

/** Pages about what people do when nothing rings. */
const operations = readdirSync(join(FOLDER, "operations")).map((file) => ({
  name: `operations/${file}`,
  text: readFileSync(join(FOLDER, "operations", file), "utf8"),
}));

/** The commands of a page. */
function commandsOf(text: string): string {
  return [...text.matchAll(/^ *```sh\n(.*?)```/gms)].map(([, block = ""]) => block).join("\n");
}

/** Every stack file that is shipped for this program. */
function stacks(): [name: string, config: StackConfig][] {
  const environments = readdirSync(ROOT).flatMap((file) => {
    const stack = /^Pulumi\.(\w+)\.yaml$/.exec(file)?.[1];
    return stack === undefined ? [] : [[stack, shippedConfig(stack)] as [string, StackConfig]];
  });
  const examples = findExamples(ROOT)
    .filter(({ project }) => project === ROOT)
    .map(({ name }): [string, StackConfig] => [name, exampleConfig(name)]);
  return [...environments, ...examples, ["whole", wholeConfig()]];
}

/** What the stack files that are shipped lack, so that its alarms and outputs are looked at, too. */
function wholeConfig(): StackConfig {
  return {
    ...smallConfig(),
    "ecs-platform:tables": { carts: { partitionKey: { name: "id" } } },
    "ecs-platform:buckets": { uploads: {} },
    "ecs-platform:fileSystems": { files: {} },
    // What of its database comes at night by default must come while it is awake.
    "ecs-platform:offHours": { timezone: "Europe/Berlin", except: { databases: ["orders-db"] } },
    "ecs-platform:unprotectedBecause": "only such a stack may sleep",
    "ecs-platform:backups": { copyTo: { region: "us-west-2" }, restoreTest: {} },
  };
}

describe("Runbooks", () => {
  const runs = new Map<string, Run>();
  before(async function () {
    // A dozen whole stacks.
    this.timeout(120_000);
    for (const [name, config] of stacks()) runs.set(name, await runPlatform(config, name));
  });

  /** Alarms that people are told of: not those by which ECS scales and goes back. */
  const alarmsOf = (run: Run) =>
    run
      .all(ALARM)
      .map((alarm) => ({
        key: alarm.name.replace(/^monitoring-/, ""),
        description: alarm.input("alarmDescription") as string,
        actions: (alarm.input("alarmActions") ?? []) as readonly string[],
      }))
      .filter(({ description }) => !description.endsWith("not for people."));

  it("are linked by every alarm of every stack, each by one that is about it", () => {
    const wrong: string[] = [];
    const linked = new Set<string>();
    for (const [stack, run] of runs) {
      for (const { key, description } of alarmsOf(run)) {
        const page = pageOf(description);
        linked.add(page?.name ?? "");
        const about = page?.alarms.some((pattern) => patternOf(pattern).test(key)) ?? false;
        if (!about) wrong.push(`${stack} ${key}: ${description}`);
      }
    }
    assert.deepEqual(wrong, []);
    // The stacks shipped have databases, Spot, hosts, backups and more: that many kinds at least are tried here.
    assert.ok(linked.size > 15, [...linked].join());
  });

  it("name the severity at which the alarm is told", () => {
    const wrong: string[] = [];
    for (const [stack, run] of runs) {
      const { ids, secondRegion } = run.outputs as Record<string, JsonObject>;
      const topics = [ids, secondRegion?.["ids"] as JsonObject | undefined].flatMap((each) =>
        Object.entries((each?.["alarmTopicArns"] ?? {}) as JsonObject),
      );
      for (const { key, description, actions } of alarmsOf(run)) {
        const page = pageOf(description);
        const told = topics.filter(([, arn]) => actions.includes(arn as string));
        if (!told.some(([severity]) => severity === page?.severity)) {
          const severities = told.map(([severity]) => severity).join();
          wrong.push(`${stack} ${key}: told as ${severities}, ${page?.severity ?? "no page"}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
  });

  it("are there for each kind of alarm and each notice, and for nothing else", () => {
    assert.deepEqual(pages.map(({ name }) => name).sort(), [...ALARM_KINDS, ...NOTICES].sort());
  });

  for (const { name, text, alarms, severity } of pages) {
    it(`${name} says what rang, what it means and what to do`, () => {
      if (NOTICES.includes(name)) assert.match(text, /^\*\*Notice\*\* .+\.$/m);
      else {
        assert.notDeepEqual(alarms, []);
        assert.match(severity, /^(critical|warning|info)$/);
      }
      assert.match(text, /^\*\*What it means\.\*\* /m);
      assert.match(text, /^\*\*How urgent\.\*\* /m);
      const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
      assert.deepEqual(
        headings.filter((heading) => SECTIONS.includes(heading ?? "")),
        SECTIONS,
      );
      assert.match(text.split("## Afterwards")[1] ?? "", /README\.md#learn-from-it/);
      assert.match(text.split("## Afterwards")[1] ?? "", /README\.md#tell-people|Nothing to tell/);
      assert.match(commandsOf(text.split("## Usual causes")[0] ?? ""), /\baws |\bpulumi /);
    });
  }

  it("stand in the index once, with their alarms and their severity", () => {
    const index = readFileSync(join(FOLDER, "README.md"), "utf8");
    const rows = [...index.matchAll(/^\| (.*?) +\| (\S+).*\| \[([a-z-]+)\]\(\3\.md\) +\|$/gm)];
    assert.deepEqual(rows.map(([, , , name]) => name).sort(), pages.map(({ name }) => name).sort());
    for (const [, alarms = "", severity, name] of rows) {
      const page = pages.find((each) => each.name === name);
      if (page === undefined || page.alarms.length === 0) continue;
      assert.equal(severity, page.severity, name);
      const listed = [...alarms.matchAll(/`([^`]+)`/g)].map(([, key]) => key);
      assert.deepEqual(listed, page.alarms, name);
    }
  });

  it("use no name but those of names.sh and their own", () => {
    const given = namesIn(readFileSync(join(FOLDER, "names.sh"), "utf8"));
    const unknown = [...pages, ...operations].flatMap(({ name, text }) => {
      const commands = commandsOf(text);
      const own = new Set([...given, ...namesIn(commands)]);
      const used = [...commands.matchAll(/\$\{?([A-Z_]{2,})/g)].map(([, each = ""]) => each);
      // What only names.sh sets, only who reads it has.
      const reads = commands.includes(". docs/runbooks/names.sh");
      const known = reads ? own : new Set(namesIn(commands));
      return used.filter((each) => !known.has(each)).map((each) => `${name}: $${each}`);
    });
    assert.deepEqual([...new Set(unknown)], []);
  });

  it("ask for outputs that a stack has", () => {
    const outputs = [...runs.values()].map((run) => run.outputs);
    const keysBelow = (...path: string[]): Set<string> =>
      new Set(
        outputs
          .map((all) => path.reduce<unknown>((map, key) => (map as JsonObject)?.[key], all))
          .flatMap((map) => Object.keys((map as JsonObject | undefined) ?? {})),
      );
    const known = {
      "": keysBelow(),
      ids: keysBelow("ids"),
      commands: keysBelow("commands"),
      secondRegion: keysBelow("secondRegion"),
    };
    const asked = [...pages, ...operations, { name: "names.sh", text: "" }].flatMap((page) => {
      const commands =
        page.name === "names.sh"
          ? readFileSync(join(FOLDER, "names.sh"), "utf8")
          : commandsOf(page.text);
      return pathsIn(commands).map(([output, key]) => [page.name, output, key] as const);
    });
    assert.ok(asked.length > 30, `${asked.length} outputs`);
    const missing = asked.filter(([, output, key]) => !known[output].has(key));
    assert.deepEqual(
      missing.map(([page, output, key]) => `${page}: ${output}.${key}`),
      [],
    );
  });
});

type Output = "" | "ids" | "commands" | "secondRegion";

/** The outputs that commands read, each with the first key that they take from it. */
function pathsIn(commands: string): [output: Output, key: string][] {
  const found: [Output, string][] = [];
  for (const [, key = ""] of commands.matchAll(/pulumi stack output (?:--json )?([a-zA-Z]+)/g)) {
    found.push(["", key]);
  }
  const piped =
    /stack output --json (ids|commands|secondRegion) \|\s*jq (?:-r )?(?:--arg name "\$NAME" )?'?\.(\w+)/g;
  for (const [, output, key = ""] of commands.matchAll(piped)) {
    found.push([output as Output, key]);
  }
  for (const [, key = ""] of commands.matchAll(/\$\(id(?:_of)? (\w+)\)/g)) found.push(["ids", key]);
  for (const [, key = ""] of commands.matchAll(
    /jq -r (?:--arg name "\$NAME" )?'\.(\w+)[^']*' <<<"\$IDS"/g,
  )) {
    found.push(["ids", key]);
  }
  return found;
}

/** The page that an alarm leads to. */
function pageOf(description: string): Page | undefined {
  const [, name] = / What to do: docs\/runbooks\/([a-z-]+)\.md$/.exec(description) ?? [];
  return pages.find((page) => page.name === name);
}

/** Variables that commands set: by a line, a loop, or `read`. */
function namesIn(commands: string): string[] {
  const set =
    /(?:^|[\s;])(?:export )?([A-Z_]{2,})=|\bfor ([A-Z_]+) in|\bread -r ([A-Z_]+)(?: ([A-Z_]+))?/g;
  return [...commands.matchAll(set)].flatMap(([, ...names]) =>
    (names as (string | undefined)[]).filter((name) => name !== undefined),
  );
}

/** `service-NAME-cpu` stands for `service-api-cpu`. */
function patternOf(key: string): RegExp {
  return new RegExp(`^${key.replace(/NAME|KEY|ZONE/g, "[a-zA-Z0-9-]+")}$`);
}

describe("docs/runbooks/names.sh", () => {
  const outputs = {
    ids: {
      clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/platform-1",
      vpcId: "vpc-1",
      loadBalancerDnsName: "lb.example.com",
      serviceNames: { api: "api-service-1" },
      logGroupNames: { api: "api-logs-1", migrate: "migrate-logs-1" },
      databaseIdentifiers: { "orders-db": "orders-db-1" },
      databaseSecretArns: { "orders-db": "arn:secret" },
    },
    secondRegion: {
      ids: {
        clusterArn: "arn:aws:ecs:us-east-1:123456789012:cluster/platform-2",
        serviceNames: { api: "api-service-2" },
        logGroupNames: { api: "api-logs-2" },
        databaseIdentifiers: {},
      },
    },
  };
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "names-"));
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    writeFileSync(join(folder, "outputs.json"), JSON.stringify(outputs));
    // Pulumi, as far as it is asked.
    writeFileSync(
      join(folder, "pulumi"),
      `#!/bin/sh
case "$*" in
  "stack output --json "*) jq ".$4" "${folder}/outputs.json" ;;
  "config get aws:region") echo eu-west-1 ;;
  "config get --path ecs-platform:secondRegion.region") echo us-east-1 ;;
  "stack --show-name") echo prod ;;
  *) echo "pulumi $*?" >&2; exit 1 ;;
esac
`,
    );
    chmodSync(join(folder, "pulumi"), 0o755);
  });
  after(() => rmSync(folder, { recursive: true }));

  function source(...args: string[]): { names: Record<string, string>; said: string } {
    const wanted = ["NAME", "AWS_REGION", "CLUSTER", "VPC", "HOSTS", "LOAD_BALANCER", "SERVICE"];
    const all = [...wanted, "LOGS", "DATABASE", "SECRET", "SCALING", "PROJECT", "STACK", "EVENTS"];
    const print = all.map((name) => `echo "${name}=$${name}"`).join("; ");
    const script = `. "${join(FOLDER, "names.sh")}" ${args.join(" ")} 2>&1; echo ---; ${print}`;
    const output = execFileSync("bash", ["-eu", "-c", script], {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` },
    });
    const [said = "", values = ""] = output.split("---\n");
    const names = values.trim().split("\n");
    return {
      names: Object.fromEntries(names.map((line) => line.split("=") as [string, string])),
      said: said.trim(),
    };
  }

  it("sets the names of a service", () => {
    const { names, said } = source("api");
    assert.deepEqual(names, {
      NAME: "api",
      AWS_REGION: "eu-west-1",
      CLUSTER: "arn:aws:ecs:eu-west-1:123456789012:cluster/platform-1",
      VPC: "vpc-1",
      HOSTS: "",
      LOAD_BALANCER: "lb.example.com",
      SERVICE: "api-service-1",
      LOGS: "api-logs-1",
      DATABASE: "",
      SECRET: "",
      SCALING: "service/platform-1/api-service-1",
      PROJECT: "shop",
      STACK: "prod",
      EVENTS: "/aws/events/shop-prod-failed-deployments",
    });
    assert.equal(said, "stack prod in eu-west-1, service api-service-1");
  });

  it("sets the names of a database", () => {
    const { names, said } = source("orders-db");
    assert.deepEqual([names["DATABASE"], names["SECRET"]], ["orders-db-1", "arn:secret"]);
    assert.equal(names["SERVICE"], "");
    assert.equal(said, "stack prod in eu-west-1, database orders-db-1");
  });

  it("sets those of the second region", () => {
    const { names } = source("api", "second");
    assert.equal(names["AWS_REGION"], "us-east-1");
    assert.equal(names["SERVICE"], "api-service-2");
    assert.equal(names["SCALING"], "service/platform-2/api-service-2");
    assert.equal(names["EVENTS"], "/aws/events/shop-prod-us-east-1-failed-deployments");
  });

  it("says which names there are where one is wrong, and nothing of it without one", () => {
    assert.match(
      source("apii").said,
      /Nothing is called apii\. There are: api, migrate, orders-db$/,
    );
    assert.equal(source().said, "stack prod in eu-west-1");
  });

  it("is where the runbooks read it", () => {
    assert.ok(existsSync(join(ROOT, "docs/runbooks/names.sh")));
  });
});
