import { z } from "zod";
import { rule } from "../support/rules";

export const bastionSettings = z.strictObject({
  instanceType: rule(z.string(), (value) => /^[a-z]+\d[a-z]*(-flex)?\.[a-z0-9-]+$/.test(value), {
    rule: "must be an EC2 instance type",
    allowed: "FAMILY.SIZE",
    fix: 'write it like "t4g.nano"',
  })
    .default("t4g.nano")
    .describe("Size. t4g.nano is about 3.10 USD a month, and enough for tunnels."),
  volumeGiB: z.int().min(8).max(16384).default(8).describe("Size of its encrypted disk in GiB."),
});

export type BastionSettings = z.input<typeof bastionSettings>;
