import { mapOf } from "../support/rules";
import { CORE_GROUPS, GROUPS, type GroupKey } from "./groups";

/** Capacity units that the price of a web ACL includes; beyond them every request costs more. */
export const MOST_CAPACITY = 1500;

/** Units of each kind of rule (WAF guide, "Rule statements"). */
const RATE_LIMIT = 2;
/** An IP set, compared with an address in a header at worst. */
const IP_SET = 5;
const LABEL = 1;
/** A pattern, for text that is compared as it is. */
const PATTERN = 3;
/** Makes text lower-case before it is compared. */
const LOWER_CASE = 10;

/** Capacity units that settings need at most; bears settings that are wrong. `pages` is the number of pages with a login. */
export function capacityOf(
  given: { readonly [Key in "groups" | "exemptions" | "largeBodyPaths"]?: unknown },
  pages = 0,
): number {
  const groups = groupsOf(given.groups).reduce((sum, key) => sum + GROUPS[key].capacity, 0);
  const exemptions = Object.keys(mapOf(given.exemptions)).length * PATTERN;
  const largeBodies = given.largeBodyPaths === undefined ? 0 : LABEL + PATTERN;
  const ownRules = RATE_LIMIT + 2 * IP_SET + exemptions + largeBodies;
  return groups + ownRules + pages * (PATTERN + LOWER_CASE);
}

/** The groups that are looked for: those of every firewall but for what is off, and those that were added. */
export function groupsOf(given: unknown): GroupKey[] {
  const groups = mapOf(given);
  return (Object.keys(GROUPS) as GroupKey[]).filter((key) =>
    key in CORE_GROUPS ? mapOf(groups[key])["offBecause"] === undefined : groups[key] !== undefined,
  );
}
