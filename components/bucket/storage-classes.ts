import { z } from "zod";
import { rule } from "../support/rules";

/** Cheaper classes, in the only order in which S3 moves objects ("Transitioning objects using Amazon S3 Lifecycle"). */
const STORAGE_CLASSES = [
  "STANDARD_IA",
  "ONEZONE_IA",
  "GLACIER_IR",
  "GLACIER",
  "DEEP_ARCHIVE",
] as const;

export type StorageClass = (typeof STORAGE_CLASSES)[number];

/** S3 keeps objects in an infrequent-access class for this long before it moves them on. */
const DAYS_IN_INFREQUENT_ACCESS = 30;

const days = z.int().min(0).max(36500);
const laterDays = z.int().min(30).max(36500);

/** Days after which objects move, by the class they move to. */
export const transitions = rule(
  z.strictObject({
    STANDARD_IA: laterDays
      .optional()
      .describe("Infrequent access: half the price to keep (0.0125 USD per GB), 0.01 to read."),
    ONEZONE_IA: laterDays
      .optional()
      .describe("The same in one zone, lost with it: for what can be made again."),
    GLACIER_IR: days
      .optional()
      .describe("Archive read at once: 0.004 USD per GB, kept at least 90 days."),
    GLACIER: days
      .optional()
      .describe("Archive restored within hours: 0.0036 USD per GB, kept at least 90 days."),
    DEEP_ARCHIVE: days
      .optional()
      .describe("Archive restored within a day: 0.00099 USD per GB, kept at least 180 days."),
  }),
  (given) => {
    const steps = inOrder(given);
    // From one zone S3 moves on to the slower archives only.
    if (given.ONEZONE_IA !== undefined && given.GLACIER_IR !== undefined) return false;
    return steps.every(([, after], position) => {
      const [formerName, former] = steps[position - 1] ?? [undefined, -Infinity];
      return after >= former + (isInfrequentAccess(formerName) ? DAYS_IN_INFREQUENT_ACCESS : 1);
    });
  },
  {
    rule: "moves objects in an order that S3 does not offer",
    allowed: `more days for each class in the order ${STORAGE_CLASSES.join(", ")}; 30 more after STANDARD_IA and ONEZONE_IA; not ONEZONE_IA and GLACIER_IR both`,
    fix: "raise the days of the later classes, or leave one out",
  },
);

/** The moves as S3 makes them. */
export function inOrder(
  given: Readonly<Partial<Record<StorageClass, number | undefined>>>,
): [StorageClass, number][] {
  return STORAGE_CLASSES.flatMap((name) => {
    const after = given[name];
    return after === undefined ? [] : [[name, after] as [StorageClass, number]];
  });
}

function isInfrequentAccess(name: StorageClass | undefined): boolean {
  return name === "STANDARD_IA" || name === "ONEZONE_IA";
}
