import { type Gates, sortedGates } from "./gate-settings";

/** ECS gives a function a day in all, however often it asks to be called again. */
const FUNCTION_MINUTES = 1440;

/** Where a LINEAR or CANARY deployment comes by before each of its steps. */
const RECURRING = ["PRE_PRODUCTION_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"];

/**
 * Minutes that the gates of a deployment take in which none of them takes it back: the least, when everybody answers at
 * once, and the most. Gates at one stage stand open or closed at the same time. `steps` is how often requests move.
 */
export function gateMinutes(gates: Gates, steps = 1): { least: number; most: number } {
  const stages = new Map<string, number>();
  for (const [, gate] of sortedGates(gates)) {
    stages.set(gate.stage, Math.max(stages.get(gate.stage) ?? 0, longestMinutes(gate)));
  }
  const most = [...stages].reduce(
    (sum, [stage, minutes]) => sum + minutes * (RECURRING.includes(stage) ? steps : 1),
    0,
  );
  return { least: 0, most };
}

function longestMinutes(gate: Gates[string]): number {
  if (gate.kind === "approval") return gate.timeoutMinutes;
  if (gate.kind === "function") return FUNCTION_MINUTES;
  const slowest = Math.max(...Object.values(gate.requests).map((one) => one.timeoutSeconds));
  return (gate.attempts * slowest + (gate.attempts - 1) * gate.intervalSeconds) / 60;
}
