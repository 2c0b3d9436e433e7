import type { Finding } from "../support/rules";
import { type Strategy, hasShiftParts } from "./strategy";

/** The keys that only some strategies know. */
const OWNERS: Readonly<Record<string, readonly Strategy[]>> = {
  minimumHealthyPercent: ["ROLLING"],
  maximumPercent: ["ROLLING"],
  shiftReady: ["ROLLING"],
  testTraffic: ["BLUE_GREEN", "LINEAR", "CANARY"],
  canary: ["CANARY"],
  linear: ["LINEAR"],
};

/** What does not go with the strategy that was chosen, or is missing for it. */
export function strategyFindings(given: Readonly<Record<string, unknown>>): Finding[] {
  return [...foreignKeys(given), ...missingKeys(given)];
}

/** A key of another strategy would be read by nobody, and its writer believe otherwise. */
function foreignKeys(given: Readonly<Record<string, unknown>>): Finding[] {
  const { strategy = "ROLLING" } = given;
  return Object.entries(OWNERS)
    .filter(([key, owners]) => given[key] !== undefined && !owners.some((one) => one === strategy))
    .filter(([key]) => key !== "testTraffic" || !hasShiftParts(given))
    .map(([key, owners]) => ({
      path: [key],
      rule: `has no meaning with strategy ${String(strategy)}`,
      allowed: `nothing but with ${owners.join(", ")}`,
      fix: `remove it, or set strategy: ${owners.join(" or ")}`,
    }));
}

function missingKeys(given: Readonly<Record<string, unknown>>): Finding[] {
  const wanted = { CANARY: ["canary", "percent: 10"], LINEAR: ["linear", "stepPercent: 20"] };
  return Object.entries(wanted)
    .filter(([strategy, [key = ""]]) => given["strategy"] === strategy && given[key] === undefined)
    .map(([strategy, [key = "", example = ""]]) => ({
      path: [key],
      rule: `is required with strategy ${strategy}`,
      allowed: `a map such as {${example}}`,
      fix: `add ${key}: {${example}}, or choose another strategy`,
    }));
}
