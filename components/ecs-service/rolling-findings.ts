import { type Finding, mapOf } from "../support/rules";

/** Of the stages where ECS can wait, those that need no requests to be moved. */
const ROLLING_STAGES = ["PRE_SCALE_UP", "POST_SCALE_UP"];

/** What a rolling deployment would pass by without a look, and its writer believe otherwise. */
export function rollingFindings(given: Readonly<Record<string, unknown>>): Finding[] {
  return [...uselessBake(given), ...foreignGates(given["gates"])];
}

/** Without alarms it would wait, and nobody watch. */
function uselessBake({ bakeTimeMinutes, rollbackAlarms }: Readonly<Record<string, unknown>>) {
  return bakeTimeMinutes === undefined || rollbackAlarms !== undefined
    ? []
    : [
        {
          path: ["bakeTimeMinutes"],
          rule: "has no meaning with strategy ROLLING but for rollbackAlarms",
          allowed: "a number beside rollbackAlarms, or with BLUE_GREEN, LINEAR, CANARY",
          fix: "remove it, or add rollbackAlarms",
        },
      ];
}

/**
 * AWS announced approvals for rolling deployments ("Amazon ECS introduces pause and continue controls for service
 * deployments", May 2026). Of functions it says nothing, and a smoke test has nobody to ask: new tasks get the same requests
 * as old ones as soon as they are healthy.
 */
function foreignGates(gates: unknown): Finding[] {
  return Object.entries(mapOf(gates)).flatMap(([key, gate]) => {
    const { kind, stage } = mapOf(gate);
    if (kind === "smoke-test" || kind === "function") return [foreignKind(key)];
    return kind !== "approval" || ROLLING_STAGES.some((one) => one === stage)
      ? []
      : [foreignStage(key)];
  });
}

function foreignKind(key: string): Finding {
  return {
    path: ["gates", key, "kind"],
    rule: "has no meaning with strategy ROLLING",
    allowed: "approval; the others with BLUE_GREEN, LINEAR, CANARY",
    fix: "remove the gate, or set strategy: BLUE_GREEN or LINEAR or CANARY",
  };
}

function foreignStage(key: string): Finding {
  return {
    path: ["gates", key, "stage"],
    rule: "must be said with strategy ROLLING, and be one that moves no requests",
    allowed: ROLLING_STAGES.join(" or "),
    fix: "set one of them, or set strategy: BLUE_GREEN or LINEAR or CANARY",
  };
}
