import { z } from "zod";
import { reason } from "../support/rules";

export const fileSystemSettings = z.strictObject({
  uid: z
    .int()
    .min(1)
    .max(4294967295)
    .default(1000)
    .describe("User that owns all files, whatever user a container runs as."),
  gid: z.int().min(1).max(4294967295).default(1000).describe("Group that owns all files."),
  infrequentAccessAfterDays: z
    .literal([1, 7, 14, 30, 60, 90, 180, 270, 365])
    .default(30)
    .describe(
      "Days without a read after which a file moves to storage at 0.016 instead of 0.30 USD a month for each GB. It comes back when it is read.",
    ),
  throughput: z
    .enum(["bursting", "elastic"])
    .default("bursting")
    .describe(
      "bursting is free and follows the size: 50 KiB/s for each GiB, with bursts. elastic takes any load, at 0.03 USD for each GB read and 0.06 for each GB written.",
    ),
  noBackupsBecause: reason
    .optional()
    .describe("Turns daily backups off, which are kept for 35 days, and says why."),
});

export type FileSystemSettings = z.input<typeof fileSystemSettings>;
