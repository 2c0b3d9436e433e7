import { z } from "zod";
import { type Finding, mapOf, reason, ruleWithin } from "../components/support/rules";
import { CONTROL_IDS } from "../policies/control-ids";
import { nearest } from "./contradictions/nearest";

const exceptions = ruleWithin(z.record(z.string(), reason), unknownControls);

/** How strictly the policies look at a stack: see docs/policies.md. */
export const controlsSettings = z.strictObject({
  level: z
    .enum(["production", "development"])
    .optional()
    .describe(
      "Which controls `--policy-pack policies` holds it to: production means all of them, development those for every stack. Default: development with unprotectedBecause, else production.",
    ),
  exceptions: exceptions
    .default({})
    .describe(
      "Controls of docs/controls.md that the stack does not hold, by id, and why. A reason that no longer excuses anything is reported.",
    ),
});

/** A misspelt exception would excuse nothing, and nobody would see why. */
function unknownControls(given: Readonly<Record<string, unknown>>): Finding[] {
  return Object.keys(mapOf(given))
    .filter((id) => !(CONTROL_IDS as readonly string[]).includes(id))
    .map((id) => {
      const meant = nearest(id, CONTROL_IDS);
      return {
        path: [id],
        rule: "is not the id of a control",
        allowed: "an id of docs/controls.md",
        fix:
          meant === undefined
            ? "look it up there, or remove it"
            : `did you mean "${meant}"? Rename it, or remove it`,
      };
    });
}
