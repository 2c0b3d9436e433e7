import { z } from "zod";
import { email, nameKey, reason, rule } from "../support/rules";
import { applicationErrors } from "./application-errors";
import { stoppedTasks } from "./stopped-tasks";

const percent = z.number().min(1).max(100);

const thresholds = z.strictObject({
  serviceCpuPercent: percent.default(80).describe("CPU use of a service, averaged over 5 minutes."),
  serviceMemoryPercent: percent
    .default(90)
    .describe("Memory use of a service, averaged over 5 minutes."),
  errorsPerMinute: z
    .number()
    .min(0)
    .default(10)
    .describe("Answers with 5xx in a minute, of services and of the load balancer itself."),
  latencySeconds: z
    .number()
    .min(0.001)
    .max(4000)
    .default(2)
    .describe("Seconds in which 99 of 100 requests of a service must be answered."),
  databaseCpuPercent: percent
    .default(80)
    .describe("CPU use of a database, averaged over 15 minutes."),
  databaseCapacityPercent: percent
    .default(90)
    .describe("Share of its largest capacity that an Aurora Serverless database uses."),
  databaseFreeStorageGiB: z
    .number()
    .min(0.1)
    .default(5)
    .describe("Storage that a database must have left, in GiB."),
  databaseFreeMemoryMiB: z
    .number()
    .min(1)
    .default(100)
    .describe("Memory that a database must have left, in MiB."),
  databaseConnections: z
    .int()
    .min(1)
    .default(80)
    .describe("Connections of a database. db.t4g.micro takes about 110."),
});

export const monitoringSettings = z.strictObject({
  emails: z
    .record(nameKey, email)
    .default({})
    .describe("Who gets the alarms, by a name of your choice. Everyone confirms once by mail."),
  thresholds: thresholds.prefault({}).describe("What raises an alarm."),
  applicationErrors: applicationErrors
    .optional()
    .describe(
      "Counts the errors that services log, shows them and alarms. 0.30 USD a month for each service's metric, 0.10 for its alarm. Without it: not counted.",
    ),
  natErrors: z
    .boolean()
    .default(false)
    .describe(
      "Whether NAT gateways that run out of ports raise an alarm. 0.10 USD a month for each gateway.",
    ),
  stoppedTasks: stoppedTasks
    .optional()
    .describe(
      "Keeps a record of every task that stops, and of the reason. 0.50 USD for each GB. Without it: none.",
    ),
  runbooksUrl: rule(z.string(), (text) => /^[^\s]{1,300}$/.test(text) && !text.endsWith("/"), {
    rule: "must be an address or a path",
    allowed: "1 to 300 characters without spaces, and without a slash at the end",
    fix: 'write it like "https://wiki.example.com/runbooks"',
  })
    .default("docs/runbooks")
    .describe("Where alarms send people who want to know what to do."),
  silencedBecause: reason
    .optional()
    .describe("Keeps the alarms but has them tell nobody, and says why."),
});

export type MonitoringSettings = z.input<typeof monitoringSettings>;
export type CheckedMonitoringSettings = z.output<typeof monitoringSettings>;
export type Thresholds = z.output<typeof thresholds>;
