import { z } from "zod";
import { offHoursShape, wakesOnTheDay } from "../components/off-hours/settings";
import { different, reason } from "../components/support/rules";

/** When the environment sleeps, and what of it. */
export const offHoursConfig = wakesOnTheDay(
  z.strictObject({
    ...offHoursShape,
    except: z
      .strictObject({
        services: different(z.array(z.string()), "services")
          .default([])
          .describe("Services that stay awake, by key, and what they need with them."),
        databases: different(z.array(z.string()), "databases")
          .default([])
          .describe("Databases that stay awake, by key."),
      })
      .prefault({})
      .describe("What stays awake."),
    hosts: z
      .boolean()
      .default(true)
      .describe("Whether the cluster's hosts sleep, where it has any: no host is there at night."),
    bastion: z.boolean().default(true).describe("Whether the bastion sleeps, where there is one."),
    nat: z
      .boolean()
      .default(false)
      .describe(
        "Whether the NAT instance sleeps. A NAT gateway cannot: it costs the same as long as it is there.",
      ),
    protectedSleepsBecause: reason
      .optional()
      .describe("Lets a stack without unprotectedBecause sleep, and says why."),
  }),
);

export type OffHoursConfig = z.output<typeof offHoursConfig>;
