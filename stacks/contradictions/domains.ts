import { certificateProblems } from "../../components/load-balancer/certificates";
import { validatedName } from "../../components/support/host-names";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";

/** What domains, certificates and the load balancer say of each other. */
export function domainProblems(base: string, sections: SoundSections): Problem[] {
  return [
    ...certificates(base, sections),
    ...plainHttp(base, sections),
    ...namesTwice(base, sections),
    ...unreachable(base, sections),
    ...inTwoRegions(base, sections),
  ];
}

function certificates(base: string, { loadBalancer, domains = {} }: SoundSections): Problem[] {
  if (loadBalancer === undefined) return [];
  const marked = Object.entries(domains).map(([key, domain]) => [
    key,
    { isDefault: domain.default === true },
  ]);
  const given = {
    ...loadBalancer,
    domains: Object.fromEntries(marked) as Record<string, { isDefault: boolean }>,
  };
  return certificateProblems(given).map((problem) => ({
    ...problem,
    key: `${base}${/^domains(\.|$)/.test(problem.key) ? "" : "loadBalancer."}${problem.key}`,
  }));
}

/** A load balancer of one's own may be plain; a platform says why. */
function plainHttp(base: string, { loadBalancer, domains = {} }: SoundSections): Problem[] {
  if (
    loadBalancer === undefined ||
    loadBalancer.certificateArn !== undefined ||
    loadBalancer.plainHttpBecause !== undefined ||
    Object.keys(domains).length > 0
  ) {
    return [];
  }
  return [
    {
      key: joinKey(base, ["loadBalancer", "plainHttpBecause"]),
      value: undefined,
      rule: "is required without certificate and domain: everybody on the way can read along",
      allowed: "a reason in 10 characters or more, or a domain, or loadBalancer.certificateArn",
      fix: `add a domain under ${base}domains, or write down why plain HTTP will do`,
    },
  ];
}

function namesTwice(base: string, { domains = {} }: SoundSections): Problem[] {
  const owners = new Map<string, string>();
  return Object.entries(domains).flatMap(([key, { names = [] }]) =>
    names.flatMap((name, position) => {
      // A wildcard and the name below it prove themselves by one record, too.
      const owner = owners.get(validatedName(name)) ?? key;
      owners.set(validatedName(name), owner);
      if (owner === key) return [];
      return [
        {
          key: joinKey(base, ["domains", key, "names", position]),
          value: name,
          rule: `is a name of ${owner} too, by itself or with a wildcard, and has one record`,
          allowed: "names that no other domain has",
          fix: "remove it from one of the two",
        },
      ];
    }),
  );
}

/** Route 53 checks from the internet. */
function unreachable(base: string, { loadBalancer, cdn, domains = {} }: SoundSections): Problem[] {
  if (loadBalancer?.scheme !== "internal" || cdn !== undefined) return [];
  return Object.entries(domains).flatMap(([key, { healthCheck }]) =>
    healthCheck === undefined
      ? []
      : [
          {
            key: joinKey(base, ["domains", key, "healthCheck"]),
            value: healthCheck,
            rule: "cannot reach an internal load balancer",
            allowed: "nothing with loadBalancer.scheme: internal, unless with cdn",
            fix: "remove it, or make the load balancer internet-facing",
          },
        ],
  );
}

function inTwoRegions(
  base: string,
  { secondRegion, network, loadBalancer, domains = {} }: SoundSections,
): Problem[] {
  if (secondRegion === undefined) return [];
  const atCloudflare = Object.entries(domains).flatMap(([key, { provider }]) =>
    provider !== "cloudflare"
      ? []
      : [
          {
            key: joinKey(base, ["domains", key, "provider"]),
            value: provider,
            rule: "cannot share requests out between two regions",
            allowed: "route53 with secondRegion",
            fix: "move the zone to Route 53, or remove secondRegion",
          },
        ],
  );
  const foreign = Object.keys(loadBalancer?.additionalCertificateArns ?? {}).map((key) => ({
    key: joinKey(base, ["loadBalancer", "additionalCertificateArns", key]),
    value: loadBalancer?.additionalCertificateArns?.[key],
    rule: "is good for one region only",
    allowed: "nothing with secondRegion",
    fix: `make it a domain under ${base}domains, which has a certificate in each region`,
  }));
  const first = network?.ipv6 === true;
  const second = secondRegion.network?.ipv6 === true;
  // An AAAA record of one region alone would keep IPv6 clients there when it fails.
  const lopsided =
    Object.keys(domains).length === 0 ||
    first === second ||
    network === undefined ||
    secondRegion.network === undefined
      ? []
      : [
          {
            key: joinKey(base, ["secondRegion", "network", "ipv6"]),
            value: second,
            rule: "differs from network.ipv6, so that IPv6 clients had one region only",
            allowed: String(first),
            fix: `set it to ${String(first)}, or change network.ipv6`,
          },
        ];
  return [...atCloudflare, ...foreign, ...lopsided];
}
