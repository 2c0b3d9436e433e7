import { readdirSync } from "node:fs";
import * as path from "node:path";
import {
  type RolloutSettings,
  type RolloutTime,
  rolloutTime,
  waitMinutes,
} from "../components/ecs-service/rollout-time";
import { type EcsServiceSettings, ecsServiceSettings } from "../components/ecs-service/settings";
import type { Span } from "../components/ecs-service/task-times";
import { findExamples } from "../local/examples";
import { markdownTable } from "./markdown";
import { readStack } from "./stack-file";

const ROOT = path.join(__dirname, "..");

/** The page with how long rollouts take, and what makes them shorter, between its marks. */
export function withTimes(page: string): string {
  const times = [
    "Two tasks behind a load balancer, with the defaults of everything else:",
    strategiesTable(),
    "The services of the stack files in this repository:",
    servicesTable(),
  ];
  return between("times", times.join("\n\n"), between("trades", tradesTable(), page));
}

function between(mark: string, text: string, page: string): string {
  const place = new RegExp(`(<!-- ${mark} -->\\n)[^]*?(<!-- /${mark} -->)`);
  if (!place.test(page)) throw new Error(`docs/delivery.md lacks <!-- ${mark} --> marks`);
  return page.replace(place, `$1\n${text}\n\n$2`);
}

/** The least that each strategy must be told. */
const STRATEGIES: Readonly<Record<string, EcsServiceSettings["deployment"]>> = {
  ROLLING: {},
  BLUE_GREEN: { strategy: "BLUE_GREEN" },
  "CANARY, 10 %": { strategy: "CANARY", canary: { percent: 10 } },
  "LINEAR, 20 %": { strategy: "LINEAR", linear: { stepPercent: 20 } },
};

/** A row for each part, with the key that changes it, and a column for each strategy. */
function strategiesTable(): string {
  const columns = Object.values(STRATEGIES).map((deployment) =>
    timed(ecsServiceSettings.parse({ image: "any:1", route: { priority: 2 }, deployment })),
  );
  // Every strategy that moves requests knows every part.
  const rows = columns.at(-1)?.time.parts ?? [];
  return markdownTable(
    ["part", "changed by", ...Object.keys(STRATEGIES)],
    [
      ...rows.map(({ what, keys }) => [
        what,
        keys.map(code).join(", "),
        ...columns.map(({ time }) => inWords(time.parts.find((part) => part.what === what))),
      ]),
      ["**all of it**", "", ...columns.map(({ time }) => `**${inWords(wholeOf(time))}**`)],
      ["`up` waits at most", "", ...columns.map(({ wait }) => duration(wait * 60))],
    ],
  );
}

/** What makes a rollout shorter, and what that costs. */
const TRADES: readonly [set: string, change: Partial<EcsServiceSettings>, givenUp: string][] = [
  [
    "healthCheck: { intervalSeconds: 5, timeoutSeconds: 2 }",
    { healthCheck: { intervalSeconds: 5, timeoutSeconds: 2 } },
    "nothing, where the path is cheap to answer: it is asked six times as often",
  ],
  [
    "healthCheck: { gracePeriodSeconds: 10 }",
    { healthCheck: { gracePeriodSeconds: 10 } },
    "tasks that start slowly: bad answers count after 10 seconds",
  ],
  [
    "deregistrationDelaySeconds: 5",
    { deregistrationDelaySeconds: 5 },
    "requests that take longer than 5 seconds: they are cut off",
  ],
  [
    "stopTimeoutSeconds: 5",
    { stopTimeoutSeconds: 5 },
    "programs that need longer to stop: they are killed",
  ],
  [
    "deployment: { bakeTimeMinutes: 0 }",
    { deployment: { ...STRATEGIES["BLUE_GREEN"], bakeTimeMinutes: 0 } },
    "the way back in seconds, and alarms that ring only after a while",
  ],
  [
    "deployment: { strategy: ROLLING }",
    { deployment: {} },
    "test requests, gates and bake time; it no longer takes twice the tasks, either",
  ],
];

function tradesTable(): string {
  const usual = { image: "any:1", route: { priority: 2 }, deployment: STRATEGIES["BLUE_GREEN"] };
  const before = wholeOf(rolloutTime(ecsServiceSettings.parse(usual)));
  return markdownTable(
    ["set", "saves at best", "saves at worst", "and gives up"],
    TRADES.map(([set, change, givenUp]) => {
      const after = wholeOf(rolloutTime(ecsServiceSettings.parse({ ...usual, ...change })));
      const saved = [before.shortest - after.shortest, before.longest - after.longest];
      return [code(set), ...saved.map((seconds) => duration(seconds) || "nothing"), givenUp];
    }),
  );
}

function servicesTable(): string {
  return markdownTable(
    ["stack", "service", "strategy", "all of it", "`up` waits at most"],
    stackFiles().flatMap(([stack, stackFile]) =>
      Object.entries(readStack(stack, stackFile).services).map(([name, settings]) => {
        const { time, wait } = timed(settings);
        const whole = inWords(wholeOf(time));
        return [stack, code(name), code(settings.deployment.strategy), whole, duration(wait * 60)];
      }),
    ),
  );
}

/** By the stack's name: the environments, then the examples of this program. */
function stackFiles(): [stack: string, stackFile: string][] {
  const environments = readdirSync(ROOT)
    .sort()
    .flatMap((file) => {
      const stack = /^Pulumi\.(\w+)\.yaml$/.exec(file)?.[1];
      return stack === undefined ? [] : [[stack, path.join(ROOT, file)] as [string, string]];
    });
  const examples = findExamples(ROOT).filter(({ project }) => project === ROOT);
  return [
    ...environments,
    ...examples.map(({ name, stackFile }): [string, string] => [name, stackFile]),
  ];
}

function timed(settings: RolloutSettings): { time: RolloutTime; wait: number } {
  return { time: rolloutTime(settings), wait: waitMinutes(settings) };
}

function wholeOf({ shortestMinutes, longestMinutes }: RolloutTime): Span {
  return { shortest: shortestMinutes * 60, longest: longestMinutes * 60 };
}

/** As "30 s to 2 min"; nothing for what takes no time. */
function inWords(span: Span | undefined): string {
  if (span === undefined || span.longest === 0) return "";
  if (span.shortest === span.longest) return duration(span.longest);
  return span.shortest === 0
    ? `up to ${duration(span.longest)}`
    : `${duration(span.shortest)} to ${duration(span.longest)}`;
}

function duration(seconds: number): string {
  const units: [number, string][] = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor((seconds % 3600) / 60), "min"],
    [Math.round(seconds % 60), "s"],
  ];
  return units
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}

function code(text: string): string {
  return `\`${text}\``;
}
