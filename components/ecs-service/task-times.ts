import { runsOnEc2 } from "./capacity";
import type { CheckedServiceSettings } from "./settings";

/** Settings of a service, wherever its image comes from. */
export type RolloutSettings = Omit<CheckedServiceSettings, "image">;

/** A time in seconds of which only the bounds are known. */
export interface Span {
  readonly shortest: number;
  readonly longest: number;
}

/**
 * From the order to start a task until its containers run: address, image, start. AWS promises nothing; a small image takes
 * half a minute on Fargate, a large one some minutes. What the program does then is the health check's.
 */
const START: Span = { shortest: 30, longest: 180 };

/** Where no host has room, managed scaling adds one: it looks every minute, and a host boots for some. */
const HOST_SECONDS = 300;

/** Without any check ECS waits 40 seconds after a task's start before it counts it ("DeploymentConfiguration", ECS API). */
const UNCHECKED: Span = { shortest: 40, longest: 40 };

/** What ECS gives a container to stop when its task definition says nothing. */
const STOP_SECONDS = 30;

export function startTime({ capacity }: Pick<RolloutSettings, "capacity">): Span {
  return runsOnEc2(capacity) ? { ...START, longest: START.longest + HOST_SECONDS } : START;
}

/**
 * From a task's start until ECS counts it as healthy: at best at the first check, which is enough for a new target ("Health
 * checks", Elastic Load Balancing); at worst it uses up the time in which bad answers do not count, and then needs as many
 * good ones as one that was unhealthy.
 */
export function healthTime(settings: RolloutSettings): Span {
  const { route, healthCheck, sidecars } = settings;
  const essential = Object.values(sidecars).filter((sidecar) => sidecar.essential);
  const checks = [settings, ...essential].flatMap(({ containerHealthCheck: check }) =>
    check === undefined
      ? []
      : [{ shortest: check.intervalSeconds, longest: longestContainerCheck(check) }],
  );
  if (route !== undefined) {
    checks.push({
      shortest: healthCheck.intervalSeconds,
      longest:
        healthCheck.gracePeriodSeconds + healthCheck.healthyThreshold * healthCheck.intervalSeconds,
    });
  }
  return checks.length === 0 ? UNCHECKED : slowest(checks);
}

/** After that many failures in a row the task would have been replaced. */
function longestContainerCheck({
  startPeriodSeconds,
  retries,
  intervalSeconds,
}: NonNullable<RolloutSettings["containerHealthCheck"]>): number {
  return startPeriodSeconds + retries * intervalSeconds;
}

/** Until a load balancer has let go of a task: at once when no connection is open, or after the whole delay. */
export function drainTime({
  route,
  deregistrationDelaySeconds,
}: Pick<RolloutSettings, "route" | "deregistrationDelaySeconds">): Span {
  return { shortest: 0, longest: route === undefined ? 0 : deregistrationDelaySeconds };
}

/** From SIGTERM to the end: at once when the program obeys, or when the last container is killed. */
export function stopTime(settings: RolloutSettings): Span {
  const containers = [settings, ...Object.values(settings.sidecars)];
  return {
    shortest: 0,
    longest: Math.max(
      ...containers.map(({ stopTimeoutSeconds = STOP_SECONDS }) => stopTimeoutSeconds),
    ),
  };
}

function slowest(spans: readonly Span[]): Span {
  return {
    shortest: Math.max(...spans.map(({ shortest }) => shortest)),
    longest: Math.max(...spans.map(({ longest }) => longest)),
  };
}
