import { z } from "zod";
import { type Finding, reason, ruleWithin } from "../support/rules";
import { gates } from "./gate-settings";
import type { Hook } from "./gates";
import { rollbackAlarms } from "./rollback-alarms";
import { rollingFindings } from "./rolling-findings";
import { STRATEGIES, hasShiftParts, shiftsTraffic } from "./strategy";
import { strategyFindings } from "./strategy-findings";
import type { ShiftSettings } from "./traffic-shift";

/** Shares of a rolling deployment that says nothing of them: no task stops before a new one serves. */
export const DEFAULT_SHARES = { minimumHealthyPercent: 100, maximumPercent: 200 } as const;
/** Minutes that ECS watches new tasks that have all requests, where nothing says otherwise. */
const DEFAULT_BAKE_MINUTES = 5;

const minutes = z.int().min(0).max(1440);

const canary = z.strictObject({
  percent: z
    .number()
    .min(0.1)
    .max(99.9)
    .describe("Share of the requests that the new tasks get first, in per cent."),
  bakeTimeMinutes: minutes
    .default(10)
    .describe("Minutes that they keep that share before they get all."),
});

const linear = z.strictObject({
  stepPercent: z
    .number()
    .min(3)
    .max(50)
    .describe("Share of the requests that moves to the new tasks at a time, in per cent."),
  stepBakeTimeMinutes: minutes.default(6).describe("Minutes between two steps."),
});

const testTraffic = z.strictObject({
  priority: z
    .int()
    .min(1)
    .max(50000)
    .optional()
    .describe(
      "Priority of the rule for test requests, above that of the route, which is to say a lower number. Default: the route's less one.",
    ),
});

export const deployment = ruleWithin(
  z.strictObject({
    strategy: z
      .enum(STRATEGIES)
      .default("ROLLING")
      .describe(
        "ROLLING replaces tasks a few at a time. The others start as many new tasks beside the old ones, which costs both for that time, and move the requests at the load balancer: BLUE_GREEN at once, LINEAR in equal steps, CANARY a few first.",
      ),
    minimumHealthyPercent: z
      .int()
      .min(0)
      .max(100)
      .optional()
      .describe(
        `Tasks that keep running while a rolling deployment replaces them, in per cent. Default: ${DEFAULT_SHARES.minimumHealthyPercent}.`,
      ),
    maximumPercent: z
      .int()
      .min(100)
      .max(200)
      .optional()
      .describe(
        `Old and new tasks that may run at once in a rolling deployment, in per cent. Default: ${DEFAULT_SHARES.maximumPercent}.`,
      ),
    noRollbackBecause: reason
      .optional()
      .describe("Leaves a deployment that does not get healthy as it is, and says why."),
    bakeTimeMinutes: minutes
      .optional()
      .describe(
        `Minutes that ECS watches rollbackAlarms after all requests have moved, and that the old tasks stay, so that a way back takes seconds. With ROLLING they are gone by then, and it needs rollbackAlarms. Default: ${DEFAULT_BAKE_MINUTES}.`,
      ),
    canary: canary.optional().describe("The few requests that move first. Only with CANARY."),
    linear: linear.optional().describe("The steps in which requests move. Only with LINEAR."),
    shiftReady: z
      .boolean()
      .optional()
      .describe(
        "Only with ROLLING: whether the second target group, the rules and the role stand that the other strategies need. AWS asks for one rolling deployment with them before the first of another kind, and after the last.",
      ),
    testTraffic: testTraffic
      .optional()
      .describe(
        "Requests that reach new tasks before anybody else's do, by a header that outsiders cannot guess. Not with ROLLING, always with the others.",
      ),
    rollbackAlarms: rollbackAlarms
      .optional()
      .describe(
        "Alarms that end a deployment and take it back while one of them rings. Without it: only tasks that do not get healthy do.",
      ),
    gates: gates
      .optional()
      .describe(
        "What may stop a deployment on its way: people who approve, a smoke test, a function of yours. With ROLLING, where new tasks get requests as soon as they are healthy, approvals alone, at PRE_SCALE_UP or POST_SCALE_UP.",
      ),
  }),
  (given) => [
    ...strategyFindings(given),
    ...uselessAlarms(given),
    ...(shiftsTraffic(given) ? [] : rollingFindings(given)),
  ],
);

export type Deployment = z.output<typeof deployment>;

/** How requests move between two target groups; undefined where they stay with one. */
export function shiftSettingsOf(
  given: Partial<Pick<Deployment, "strategy" | "shiftReady" | "testTraffic">>,
  route: { readonly priority: number },
): ShiftSettings | undefined {
  return hasShiftParts(given)
    ? { testPriority: given.testTraffic?.priority ?? route.priority - 1 }
    : undefined;
}

/**
 * Minutes that a deployment goes on once all requests are with the new tasks. A rolling one has no old tasks left and waits
 * for the alarms alone; told 0, ECS would be done before any of them rings.
 */
export function bakeMinutes({
  strategy,
  bakeTimeMinutes = DEFAULT_BAKE_MINUTES,
  rollbackAlarms: alarms,
}: Pick<Deployment, "strategy" | "bakeTimeMinutes" | "rollbackAlarms">): number {
  const isWatched = alarms !== undefined && alarms.disabledBecause === undefined;
  return shiftsTraffic({ strategy }) || isWatched ? bakeTimeMinutes : 0;
}

/** How many tasks run while a deployment replaces them, in per cent of those that are wanted. */
export function sharesOf(
  given: Partial<Pick<Deployment, "minimumHealthyPercent" | "maximumPercent">>,
): { readonly minimumHealthyPercent: number; readonly maximumPercent: number } {
  const { minimumHealthyPercent, maximumPercent } = DEFAULT_SHARES;
  return {
    minimumHealthyPercent: given.minimumHealthyPercent ?? minimumHealthyPercent,
    maximumPercent: given.maximumPercent ?? maximumPercent,
  };
}

function uselessAlarms(given: Readonly<Record<string, unknown>>): Finding[] {
  return given["rollbackAlarms"] === undefined || given["noRollbackBecause"] === undefined
    ? []
    : [
        {
          path: ["rollbackAlarms"],
          rule: "has nothing to do where noRollbackBecause leaves every deployment as it is",
          allowed: "one of the two",
          fix: "remove it, or remove noRollbackBecause",
        },
      ];
}

/** How ECS replaces the tasks of a service. */
export function deploymentSettings(given: Deployment, lifecycleHooks: readonly Hook[] = []) {
  const { minimumHealthyPercent, maximumPercent } = sharesOf(given);
  return {
    deploymentMinimumHealthyPercent: minimumHealthyPercent,
    deploymentMaximumPercent: maximumPercent,
    deploymentConfiguration: {
      ...deploymentConfiguration(given),
      ...(lifecycleHooks.length > 0 && { lifecycleHooks: [...lifecycleHooks] }),
    },
    deploymentCircuitBreaker: { enable: true, rollback: given.noRollbackBecause === undefined },
    // Evening tasks out over zones starts the new one first, so ECS refuses it without room above 100 %.
    availabilityZoneRebalancing: maximumPercent > 100 ? "ENABLED" : "DISABLED",
  };
}

/**
 * The strategy is always said: the provider sends nothing of a configuration that is gone, and a service would keep its
 * former strategy for ever.
 */
function deploymentConfiguration(given: Deployment) {
  const { strategy, canary: few, linear: steps } = given;
  return {
    strategy,
    // The provider takes minutes as text, to tell 0 from nothing.
    bakeTimeInMinutes: String(bakeMinutes(given)),
    ...(few && {
      canaryConfiguration: {
        canaryPercent: few.percent,
        canaryBakeTimeInMinutes: String(few.bakeTimeMinutes),
      },
    }),
    ...(steps && {
      linearConfiguration: {
        stepPercent: steps.stepPercent,
        stepBakeTimeInMinutes: String(steps.stepBakeTimeMinutes),
      },
    }),
  };
}
