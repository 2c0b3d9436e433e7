import { z } from "zod";
import { cidrBlock, different, patternInput, reason } from "../support/rules";

const certificateArn = patternInput(
  /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/,
  {
    rule: "must be the ARN of an ACM certificate",
    allowed: "arn:aws:acm:REGION:ACCOUNT:certificate/ID",
    fix: "list certificates by `aws acm list-certificates`, in the region of the load balancer",
  },
);

const accessLogs = z.strictObject({
  retentionDays: z
    .int()
    .min(1)
    .max(3650)
    .default(90)
    .describe("Days that access logs are kept in their bucket."),
  disabledBecause: reason.optional().describe("Turns access logs off, and says why."),
});

export const loadBalancerSettings = z.strictObject({
  certificateArn: certificateArn
    .optional()
    .describe(
      "Certificate for HTTPS. With it, port 80 only redirects to 443; without it, the platform speaks plain HTTP.",
    ),
  allowedCidrs: different(z.array(cidrBlock).min(1), "blocks")
    .default(["0.0.0.0/0"])
    .describe("Who may connect, as IPv4 blocks. The default is everybody."),
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
