import { z } from "zod";
import { rule, ruleAcross, textInput } from "../support/rules";
import { LABEL, recordSettings } from "./record-settings";

const zoneName = rule(
  z.string(),
  (value) => new RegExp(`^(${LABEL}\\.)+${LABEL}$`).test(value) && value.length <= 253,
  {
    rule: "must be the name of a DNS zone",
    allowed: "lower-case labels of letters, digits and hyphens joined by dots",
    fix: 'write it like "example.com"',
  },
);

const ZONE_ID = { route53: /^Z[A-Z0-9]{1,31}$/, cloudflare: /^[0-9a-f]{32}$/ };

const inZone = recordSettings.safeExtend({
  zone: zoneName
    .optional()
    .describe(
      "Name of the DNS zone that the names lie in. Required with createZone; else it only checks them.",
    ),
  zoneId: textInput()
    .optional()
    .describe("Id of the zone, where it exists. Give either this or createZone."),
  createZone: z
    .boolean()
    .default(false)
    .describe(
      "Makes the zone at Route 53 (0.50 USD a month); its name servers are an output, for the registrar.",
    ),
  default: z
    .boolean()
    .optional()
    .describe(
      "Whether clients that name no host get its certificate. With several domains, one has it.",
    ),
});

const inOneZone = ruleAcross(
  inZone,
  ["zoneId"],
  ({ zoneId, createZone }) => (zoneId === undefined) === (createZone === true),
  {
    rule: "contradicts createZone: exactly one of the two says where the zone is",
    allowed: "zoneId without createZone, or createZone: true without zoneId",
    fix: "give the id of the zone, or let it be made by createZone: true at Route 53",
  },
);

const inNamedZone = ruleAcross(
  inOneZone,
  ["zone"],
  ({ zone, createZone }) => createZone !== true || zone !== undefined,
  {
    rule: "is required with createZone",
    allowed: "the name of the zone to be made",
    fix: 'add it, like "example.com"',
  },
);

const inKnownZone = ruleAcross(
  inNamedZone,
  ["zoneId"],
  ({ zoneId, provider = "route53" }) =>
    typeof zoneId !== "string" || ZONE_ID[provider]?.test(zoneId) !== false,
  {
    rule: "is not the id of a zone at this provider",
    allowed: "route53: Z and up to 31 capital letters and digits; cloudflare: 32 of 0-9 and a-f",
    fix: "find it by `aws route53 list-hosted-zones-by-name`, or on the zone's page at Cloudflare",
  },
);

const inPossibleZone = ruleAcross(
  inKnownZone,
  ["createZone"],
  ({ createZone, provider }) => createZone !== true || provider !== "cloudflare",
  {
    rule: "makes zones at Route 53 only",
    allowed: "false with provider: cloudflare",
    fix: "add the zone at Cloudflare, and give its zoneId",
  },
);

/** A zone's names, their certificate and their records. */
export const domainSettings = ruleAcross(
  inPossibleZone,
  ["names"],
  ({ zone, names }) =>
    typeof zone !== "string" ||
    !Array.isArray(names) ||
    names.every((given) => given === zone || String(given).endsWith(`.${zone}`)),
  {
    rule: "has a name outside the zone",
    allowed: "the zone's own name, and names that end with a dot and it",
    fix: "correct the name, or put it into a domain with its own zone",
  },
);

export type DomainSettings = z.input<typeof domainSettings>;
