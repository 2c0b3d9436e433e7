import { bakeMinutes, sharesOf } from "./deployment";
import { gateMinutes } from "./gate-times";
import { fewestTasks } from "./scaling";
import { firstTasks } from "./settings";
import { shiftsTraffic } from "./strategy";
import {
  type RolloutSettings,
  type Span,
  drainTime,
  healthTime,
  startTime,
  stopTime,
} from "./task-times";

export type { RolloutSettings } from "./task-times";

/** One part of a rollout, with the keys of the settings that make it longer or shorter. */
export interface RolloutPart extends Span {
  readonly what: string;
  readonly keys: readonly string[];
}

export interface RolloutTime {
  readonly shortestMinutes: number;
  readonly longestMinutes: number;
  /** As they follow one another; their sum is the whole. Some of them may take no time. */
  readonly parts: readonly RolloutPart[];
}

/** `up` waits for ECS at least that long: some failures need several attempts to become one. */
const SHORTEST_WAIT_MINUTES = 20;

/** Until every node of the load balancer goes by a changed rule, which AWS says is not at once. */
const SHIFT: Span = { shortest: 5, longest: 60 };

/**
 * How long a rollout takes that succeeds, from the new task definition until `up` returns. The shortest is the best that
 * the settings allow: the fewest tasks that scaling leaves, healthy at their first check, obeying when they are stopped. The
 * longest is the worst they allow, with the most tasks. Building an image and the work of init containers come on top.
 */
export function rolloutTime(settings: RolloutSettings): RolloutTime {
  const parts = [...releaseParts(settings), ...deploymentParts(settings)];
  return {
    shortestMinutes: sum(parts, "shortest") / 60,
    longestMinutes: sum(parts, "longest") / 60,
    parts,
  };
}

/**
 * Minutes that `up` waits for the deployment of the service, whole ones: long enough for one that takes the longest and is
 * then rolled back. The release step has its own time limit, and is over by then.
 */
export function waitMinutes(settings: RolloutSettings): number {
  const seconds = sum(deploymentParts(settings), "longest") + rollbackSeconds(settings);
  return Math.max(SHORTEST_WAIT_MINUTES, Math.ceil(seconds / 60));
}

/** Rolling back a rolling deployment is one more; the others still have the old tasks, and move the requests back. */
function rollbackSeconds(settings: RolloutSettings): number {
  if (settings.deployment.noRollbackBecause !== undefined) return 0;
  return shiftsTraffic(settings.deployment)
    ? SHIFT.longest + sum(leavingParts(settings), "longest")
    : sum(rollingParts(settings), "longest");
}

function deploymentParts(settings: RolloutSettings): RolloutPart[] {
  return shiftsTraffic(settings.deployment)
    ? [...arrivingParts(settings), ...shiftingParts(settings), ...leavingParts(settings)]
    : [gatesPart(settings), ...rollingParts(settings), bakePart(settings)];
}

function releaseParts({ release }: RolloutSettings): RolloutPart[] {
  return release === undefined
    ? []
    : [
        {
          what: "the release step, when the image is a new one",
          keys: ["release.timeoutMinutes"],
          shortest: 0,
          longest: release.timeoutMinutes * 60,
        },
      ];
}

/** New tasks take the place of old ones, in waves as large as the percentages allow. */
function rollingParts(settings: RolloutSettings): RolloutPart[] {
  const fewest = wavesOf(fewestOf(settings), settings);
  const most = wavesOf(mostOf(settings), settings);
  return [
    ...arrivingParts(settings).map((part) => times(part, fewest.arrivals, most.arrivals)),
    ...leavingParts(settings).map((part) => times(part, fewest.departures, most.departures)),
  ].map((part) => ({ ...part, keys: [...part.keys, ...ROLLING_KEYS] }));
}

const ROLLING_KEYS = ["deployment.minimumHealthyPercent", "deployment.maximumPercent"];

/** How often new tasks arrive, and how often something has to wait until old ones have left. */
function wavesOf(
  tasks: number,
  { deployment }: RolloutSettings,
): { arrivals: number; departures: number } {
  const { minimumHealthyPercent, maximumPercent } = sharesOf(deployment);
  // As ECS rounds them.
  const most = Math.floor((tasks * maximumPercent) / 100);
  const least = Math.ceil((tasks * minimumHealthyPercent) / 100);
  let [old, fresh, arrivals, departures] = [tasks, 0, 0, 0];
  while (fresh < tasks) {
    const hasRoom = most - old - fresh >= tasks - fresh;
    const leaving = Math.min(old, old + fresh - least);
    old -= leaving;
    // At least one: where percentages leave so few tasks no room, ECS waits for scaling to bring more.
    fresh += Math.max(1, Math.min(tasks - fresh, most - old - fresh));
    arrivals += 1;
    // The last of them leave after the last arrival, which is counted below.
    if (leaving > 0 && !hasRoom) departures += 1;
  }
  return { arrivals, departures: departures + (old > 0 ? 1 : 0) };
}

/** The same part, as often as there are waves. */
function times(part: RolloutPart, fewest: number, most: number): RolloutPart {
  return { ...part, shortest: part.shortest * fewest, longest: part.longest * most };
}

/** From the order to start tasks until they may get requests. */
function arrivingParts(settings: RolloutSettings): RolloutPart[] {
  return [
    { what: "new tasks start", keys: ["capacity"], ...startTime(settings) },
    {
      what: "new tasks become healthy",
      keys: ["healthCheck", "containerHealthCheck"],
      ...healthTime(settings),
    },
  ];
}

/** From the last request to old tasks until they are gone. */
function leavingParts(settings: RolloutSettings): RolloutPart[] {
  return [
    {
      what: "old tasks finish their requests",
      keys: ["deregistrationDelaySeconds"],
      ...drainTime(settings),
    },
    { what: "old tasks stop", keys: ["stopTimeoutSeconds"], ...stopTime(settings) },
  ];
}

/** What the strategies other than ROLLING do while both old and new tasks run. */
function shiftingParts(settings: RolloutSettings): RolloutPart[] {
  const { canary, linear } = settings.deployment;
  const steps = linear === undefined ? 1 : Math.ceil(100 / linear.stepPercent);
  const moves = canary === undefined ? steps : 2;
  return [
    { what: "test requests move to the new tasks", keys: [], ...SHIFT },
    gatesPart(settings, moves),
    {
      what: "requests move to the new tasks",
      keys: ["deployment.strategy", "deployment.linear.stepPercent"],
      ...repeated(SHIFT, moves),
    },
    fixed("the canary bakes", "deployment.canary.bakeTimeMinutes", canary?.bakeTimeMinutes ?? 0),
    // Not after the last step, which has the bake time of all strategies.
    fixed(
      "each step bakes",
      "deployment.linear.stepBakeTimeMinutes",
      (linear?.stepBakeTimeMinutes ?? 0) * (steps - 1),
    ),
    bakePart(settings),
  ];
}

/** At whatever stage they stand; `moves` is how often requests move. */
function gatesPart({ deployment }: RolloutSettings, moves?: number): RolloutPart {
  const { least, most } = gateMinutes(deployment.gates ?? {}, moves);
  return { what: "gates", keys: ["deployment.gates"], shortest: least * 60, longest: most * 60 };
}

function bakePart({ deployment }: RolloutSettings): RolloutPart {
  return fixed("all requests bake", "deployment.bakeTimeMinutes", bakeMinutes(deployment));
}

function fixed(what: string, key: string, minutes: number): RolloutPart {
  return { what, keys: [key], shortest: minutes * 60, longest: minutes * 60 };
}

function repeated({ shortest, longest }: Span, count: number): Span {
  return { shortest: shortest * count, longest: longest * count };
}

function fewestOf(settings: RolloutSettings): number {
  return settings.scaling === undefined ? firstTasks(settings) : fewestTasks(settings.scaling);
}

function mostOf({ scaling, ...settings }: RolloutSettings): number {
  return scaling === undefined
    ? firstTasks(settings)
    : Math.max(scaling.max, ...Object.values(scaling.schedules).map(({ max }) => max));
}

function sum(parts: readonly Span[], bound: keyof Span): number {
  return parts.reduce((total, part) => total + part[bound], 0);
}
