import { z } from "zod";
import { rule } from "../support/rules";

export const instanceClass = rule(z.string(), (value) => /^db\.[a-z0-9]+\.[a-z0-9]+$/.test(value), {
  rule: "must be an RDS instance class",
  allowed: "db.FAMILY.SIZE",
  fix: 'write it like "db.t4g.micro"',
});

/** Of Aurora Serverless v2, in its units. */
const capacity = (least: number) =>
  rule(z.number().min(least).max(256), (units) => Number.isInteger(units * 2), {
    rule: "must be in steps of a half",
    allowed: "0, 0.5, 1, 1.5 and so on, to 256",
    fix: "round it to a half",
  });

export const serverless = z.strictObject({
  minAcu: capacity(0).describe(
    "Capacity units it keeps (2 GiB of memory and CPU to match each); 0 lets it pause, and costs the next query 15 seconds.",
  ),
  maxAcu: capacity(1).describe(
    "Capacity units it may grow to; bounds the bill: 0.12 USD an hour each, 88 a month.",
  ),
  pauseAfterSeconds: z
    .int()
    .min(300)
    .max(86400)
    .optional()
    .describe("Seconds without a connection after which it pauses. Default 300."),
});

export const replica = z.strictObject({
  instanceClass: instanceClass.optional().describe("Its size. Default: that of the database."),
  multiAz: z
    .boolean()
    .optional()
    .describe("Whether the replica has a standby of its own. Default false. Not with Aurora."),
});
