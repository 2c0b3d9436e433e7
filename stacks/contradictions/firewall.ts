import { MOST_CAPACITY, capacityOf } from "../../components/web-acl/capacity";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";

/** What a firewall needs of the rest of the file. */
export function firewallProblems(base: string, sections: SoundSections): Problem[] {
  return [...behindCloudFront(base, sections), ...tooMuch(base, sections)];
}

/** Behind CloudFront every request comes from CloudFront's own addresses. */
function behindCloudFront(base: string, { loadBalancer, cdn }: SoundSections): Problem[] {
  if (cdn === undefined || loadBalancer?.waf === undefined) return [];
  return [
    {
      key: joinKey(base, ["loadBalancer", "waf"]),
      value: loadBalancer.waf,
      rule: "stands behind CloudFront, where it sees no client's address",
      allowed: "nothing with cdn",
      fix: "move it to cdn.waf",
    },
  ];
}

/** The pages with a login need a pattern each. */
function tooMuch(
  base: string,
  { loadBalancer, cdn, grafana, logSearch }: SoundSections,
): Problem[] {
  const pages = [grafana?.route, logSearch?.opensearch?.ui.route].filter(
    (route) => route !== undefined,
  ).length;
  return Object.entries({ loadBalancer, cdn }).flatMap(([section, given]) =>
    given?.waf === undefined ||
    capacityOf(given.waf) > MOST_CAPACITY ||
    capacityOf(given.waf, pages) <= MOST_CAPACITY
      ? []
      : [
          {
            key: joinKey(base, [section, "waf"]),
            value: given.waf,
            rule: "needs more capacity units than are included, with the pages of grafana and logSearch",
            allowed: `groups, paths and pages of ${MOST_CAPACITY} units together`,
            fix: "remove a group that does not fit what the applications are written in",
          },
        ],
  );
}
