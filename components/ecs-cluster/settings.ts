import { z } from "zod";
import { logRetentionDays, rule, ruleAcross } from "../support/rules";
import { ec2 } from "./ec2-settings";

const clusterName = rule(z.string(), (name) => /^[A-Za-z][A-Za-z0-9_-]{0,254}$/.test(name), {
  rule: "must be a name for a cluster",
  allowed: "1 to 255 letters, digits, hyphens and underscores, starting with a letter",
  fix: 'write it like "production-cluster"',
});

export const ecsClusterSettings = ruleAcross(
  z.strictObject({
    name: clusterName
      .optional()
      .describe(
        "Name in AWS, once in an account and region. Default: the component's with a random suffix. Cannot be changed later without replacing everything in the cluster.",
      ),
    fargate: z
      .boolean()
      .default(true)
      .describe("Whether services may run on Fargate and Fargate Spot."),
    ec2: ec2
      .optional()
      .describe("Hosts of your own for services with capacity EC2. Without it: none."),
    serviceConnect: z
      .boolean()
      .default(false)
      .describe(
        "Whether services may find each other by name, through Service Connect: a namespace of their own, at no price but a proxy of about 64 MiB in each of their tasks.",
      ),
    containerInsights: z
      .enum(["enhanced", "enabled", "disabled"])
      .default("enabled")
      .describe(
        "CloudWatch Container Insights: metrics of the cluster and its services, such as running tasks; enhanced adds tasks and containers. Charged as custom metrics, so disabled saves money, and the alarm on running tasks with it.",
      ),
    runtimeMonitoring: z
      .boolean()
      .default(false)
      .describe(
        "Whether tasks on Fargate may pull the agent that the account's GuardDuty puts beside new ones, for 1.50 USD a month for each vCPU. Without the right they run unwatched.",
      ),
    execLogRetentionDays: logRetentionDays
      .default(90)
      .describe("Days that the record of ECS Exec sessions is kept."),
  }),
  ["fargate"],
  ({ fargate = true, ec2: hosts }) => fargate || hosts !== undefined,
  {
    rule: "leaves the cluster without capacity: it has no ec2 either",
    allowed: "true, or false with ec2",
    fix: "add ec2, or remove fargate: false",
  },
);

export type EcsClusterSettings = z.input<typeof ecsClusterSettings>;
