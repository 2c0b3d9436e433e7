import { hasShiftParts } from "../../components/ecs-service/strategy";
import { isCovered, isWildcard } from "../../components/support/host-names";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";

/** Values that the conditions of one listener rule have in all (quota "condition values per rule"). */
const MOST_CONDITION_VALUES = 5;

/** Nobody has a certificate for the load balancer's own name, nor for names that no certificate covers. */
export function hostProblems(base: string, sections: SoundSections): Problem[] {
  return Object.entries(sections.services ?? {}).flatMap(([name, { route, deployment }]) => {
    if (route === undefined) return [];
    // The header of test requests is a condition, too.
    const most = MOST_CONDITION_VALUES - (hasShiftParts(deployment) ? 1 : 0);
    return problemsOfRoute(joinKey(base, ["services", name]), name, { ...route, most }, sections);
  });
}

interface Route {
  readonly hosts?: readonly string[] | undefined;
  readonly paths: readonly string[];
  readonly allowedCidrs?: readonly string[] | undefined;
  /** Values that its conditions may have in all. */
  readonly most: number;
}

function problemsOfRoute(
  serviceKey: string,
  service: string,
  { hosts, paths, allowedCidrs = [], most }: Route,
  { loadBalancer, domains = {} }: SoundSections,
): Problem[] {
  const names = Object.values(domains).flatMap((domain) => domain.names ?? []);
  const plain = names.filter((name) => !isWildcard(name));
  const hasOthers =
    loadBalancer?.certificateArn !== undefined ||
    Object.keys(loadBalancer?.additionalCertificateArns ?? {}).length > 0;
  const key = joinKey(serviceKey, ["route", "hosts"]);

  if (hosts !== undefined) {
    if (names.length === 0 || hasOthers) return [];
    return hosts.flatMap((host, position) =>
      isCovered(host, names)
        ? []
        : [
            {
              key: joinKey(key, [position]),
              value: host,
              rule: "is on no certificate: no domain has the name",
              allowed: `${names.join(", ")}; * stands for one label`,
              fix: "add it to the names of a domain, or correct it",
            },
          ],
    );
  }
  if (names.length === 0) {
    if (loadBalancer?.certificateArn === undefined) return [];
    return [
      {
        key,
        value: undefined,
        rule: "is required with loadBalancer.certificateArn",
        allowed: "host names that the certificate covers",
        fix: `add hosts: ["${service}.example.com"] with your own name, and point its DNS record at the load balancer`,
      },
    ];
  }
  const values = plain.length + paths.length + allowedCidrs.length;
  if (plain.length > 0 && values <= most) return [];
  return [
    {
      key,
      value: undefined,
      rule:
        plain.length === 0
          ? "is required where the domains have wildcards only"
          : `is required where the domains have more names than a rule takes beside its paths and blocks`,
      allowed: "names that the domains have, or that a wildcard of theirs stands for",
      fix: "name the hosts that lead to this service",
    },
  ];
}
