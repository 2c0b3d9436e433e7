import { z } from "zod";
import { reason } from "../support/rules";

const runtime = z.strictObject({
  fargate: z
    .boolean()
    .default(true)
    .describe("Whether GuardDuty adds its agent to new tasks on Fargate."),
  hosts: z
    .boolean()
    .default(true)
    .describe("Whether it installs its agent on EC2 instances, by Systems Manager."),
  eks: z.boolean().default(false).describe("Whether it adds its agent to clusters of EKS."),
  offBecause: reason.optional().describe("Turns watching what programs do off, and says why."),
});

export const threatDetectionSettings = z.strictObject({
  runtime: runtime
    .prefault({})
    .describe("Watches what programs do on their machines. 1.50 USD a month for each vCPU."),
  bucketReads: z
    .boolean()
    .default(true)
    .describe("Whether it looks at accesses to objects in S3, for 0.80 USD per million."),
  databaseLogins: z
    .boolean()
    .default(true)
    .describe("Whether it looks at logins to Aurora and RDS, for 1 USD a month for each vCPU."),
  functionTraffic: z
    .boolean()
    .default(false)
    .describe("Whether it looks at the traffic of Lambda functions, for 1 USD per GB."),
  malwareScans: z
    .boolean()
    .default(false)
    .describe("Whether it scans the disks of instances with findings, for 0.03 USD per GB."),
  eksAuditLogs: z
    .boolean()
    .default(false)
    .describe("Whether it looks at the audit logs of EKS, for 1.60 USD per million events."),
});

export type ThreatDetectionSettings = z.input<typeof threatDetectionSettings>;
export type CheckedThreatDetectionSettings = z.output<typeof threatDetectionSettings>;
