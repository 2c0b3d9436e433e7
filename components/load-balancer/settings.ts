import { z } from "zod";
import { isIpv6Block } from "../support/ipv6";
import {
  cidrBlock,
  different,
  nameKey,
  patternInput,
  reason,
  rule,
  ruleAcross,
} from "../support/rules";

const certificateArn = patternInput(
  /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/,
  {
    rule: "must be the ARN of an ACM certificate",
    allowed: "arn:aws:acm:REGION:ACCOUNT:certificate/ID",
    fix: "list certificates by `aws acm list-certificates`, in the region of the load balancer",
  },
);

const ipv6Block = rule(z.string(), isIpv6Block, {
  rule: "must be an IPv6 block in CIDR notation",
  allowed:
    "an address in its shortest form, in lower case, a slash, and 0 to 128, with no bit set behind the prefix",
  fix: "write it like 2001:db8::/32",
});

const prefixListId = rule(z.string(), (value) => /^pl-[0-9a-f]{8,17}$/.test(value), {
  rule: "must be the id of a prefix list",
  allowed: "pl- and 8 to 17 of 0-9 and a-f",
  fix: "list them by `aws ec2 describe-managed-prefix-lists`, in the region of the load balancer",
});

const accessLogs = ruleAcross(
  z.strictObject({
    retentionDays: z
      .int()
      .min(1)
      .max(3650)
      .default(90)
      .describe("Days that access logs are kept in their bucket."),
    archiveAfterDays: z
      .int()
      .min(1)
      .max(3649)
      .optional()
      .describe(
        "Days after which they move to Glacier Instant Retrieval, which is 0.004 USD per GB and month, but at least three of them. Default: never.",
      ),
    disabledBecause: reason.optional().describe("Turns access logs off, and says why."),
  }),
  ["archiveAfterDays"],
  ({ archiveAfterDays, retentionDays = 90 }) =>
    archiveAfterDays === undefined || !(archiveAfterDays >= retentionDays),
  {
    rule: "must come before the logs are deleted",
    allowed: "a whole number below retentionDays",
    fix: "lower it, or raise retentionDays",
  },
);

export const loadBalancerSettings = z.strictObject({
  scheme: z
    .enum(["internet-facing", "internal"])
    .default("internet-facing")
    .describe(
      "Whether the internet reaches it, in the public subnets, or only the VPC and CloudFront, in the app subnets. Another scheme is another load balancer.",
    ),
  certificateArn: certificateArn
    .optional()
    .describe(
      "Existing certificate for HTTPS, for clients that name no host or one that no other certificate covers.",
    ),
  additionalCertificateArns: z
    .record(nameKey, certificateArn)
    .default({})
    .describe(
      "Further existing certificates, by a name of your choice; clients get the one for their host.",
    ),
  http: z
    .enum(["redirect", "closed"])
    .default("redirect")
    .describe("What port 80 does where there is HTTPS: send clients to it, or nothing at all."),
  plainHttpBecause: reason
    .optional()
    .describe(
      "Why there is neither certificate nor domain, so that everybody on the way can read along.",
    ),
  allowedCidrs: different(z.array(cidrBlock).min(1), "blocks")
    .optional()
    .describe(
      "Who may connect, as IPv4 blocks. The default is everybody, but for those who are named by allowedPrefixListIds alone.",
    ),
  allowedIpv6Cidrs: different(z.array(ipv6Block).min(1), "blocks")
    .optional()
    .describe(
      "Who may connect over IPv6, where the network has it. The default is everybody, unless one of the other two lists is given.",
    ),
  allowedPrefixListIds: different(z.array(prefixListId), "lists")
    .default([])
    .describe("Who may connect, as prefix lists, such as that of CloudFront's servers."),
  idleTimeoutSeconds: z
    .int()
    .min(1)
    .max(4000)
    .default(60)
    .describe(
      "Seconds after which a silent connection is closed. Keep it below the application's own.",
    ),
  accessLogs: accessLogs
    .prefault({})
    .describe("A line for every request, in an S3 bucket (0.023 USD per GB and month)."),
});

export type LoadBalancerSettings = z.input<typeof loadBalancerSettings>;
export type CheckedLoadBalancerSettings = z.output<typeof loadBalancerSettings>;

/** Whether it takes requests from everybody who reaches it over IPv4. */
export function isOpen({
  allowedCidrs,
  allowedPrefixListIds,
}: Pick<CheckedLoadBalancerSettings, "allowedCidrs" | "allowedPrefixListIds">): boolean {
  return allowedCidrs === undefined
    ? allowedPrefixListIds.length === 0
    : allowedCidrs.includes("0.0.0.0/0");
}
