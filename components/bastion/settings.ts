import { z } from "zod";
import { instanceType } from "../support/instance-type";

export const bastionSettings = z.strictObject({
  instanceType: instanceType
    .default("t4g.nano")
    .describe("Size. t4g.nano is about 3.10 USD a month, and enough for tunnels."),
  volumeGiB: z.int().min(8).max(16384).default(8).describe("Size of its encrypted disk in GiB."),
});

export type BastionSettings = z.input<typeof bastionSettings>;
