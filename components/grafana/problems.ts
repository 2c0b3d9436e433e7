import { joinKey } from "../support/parse-settings";
import type { Problem } from "../support/problem";

/** Dashboards for services and databases that are not there. `base` is the key of Grafana's settings. */
export function unknownDashboards(
  base: string,
  dashboards: Readonly<Partial<Record<Kind, readonly string[]>>>,
  there: Readonly<Record<Kind, Readonly<Record<string, unknown>>>>,
): Problem[] {
  return KINDS.flatMap((kind) => {
    const known = Object.keys(there[kind]);
    const asked = dashboards[kind];
    return (Array.isArray(asked) ? (asked as unknown[]) : []).flatMap((key, position) =>
      known.includes(String(key))
        ? []
        : [
            {
              key: joinKey(base, ["dashboards", kind, position]),
              value: key,
              rule: `names none of the ${kind}`,
              allowed: known.length === 0 ? "none: there are no such" : known.join(", "),
              fix: "correct it, or remove it",
            },
          ],
    );
  });
}

const KINDS = ["services", "databases"] as const;
type Kind = (typeof KINDS)[number];
