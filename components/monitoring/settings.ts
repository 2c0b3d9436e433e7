import { z } from "zod";
import { ALARM_KINDS, isAlarmKind } from "../support/alarm-kinds";
import { type Finding, mapOf, reason, rule, ruleWithin } from "../support/rules";
import { applicationErrors } from "./application-errors";
import { emails, notifications } from "./notification-settings";
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
  replicaLagSeconds: z
    .number()
    .min(0.1)
    .default(30)
    .describe(
      "Seconds that a read replica of a database may be behind. PostgreSQL that nobody writes to counts up to 300.",
    ),
  wafBlockedPerMinute: z
    .number()
    .min(1)
    .default(1000)
    .describe("Requests that the firewall blocks in a minute, five minutes in a row."),
});

const alarmKind = rule(z.string(), isAlarmKind, {
  rule: "is not a kind of alarm",
  allowed: ALARM_KINDS.join(", "),
  fix: "take one of these, or remove it",
});

const settings = z.strictObject({
  emails: emails
    .default({})
    .describe(
      "Who gets all alarms, by a name of your choice. Everyone confirms once by mail for each severity.",
    ),
  notifications: notifications
    .prefault({})
    .describe("Who else is told, by severity: PagerDuty, a channel of Slack, mails."),
  thresholds: thresholds.prefault({}).describe("What raises an alarm."),
  applicationErrors: applicationErrors
    .optional()
    .describe(
      "Counts the errors that services log, shows them and alarms. 0.30 USD a month for each service's metric, 0.10 for its alarm. Without it: not counted.",
    ),
  natErrors: z
    .boolean()
    .default(true)
    .describe(
      "Whether NAT gateways that run out of ports raise an alarm. 0.10 USD a month for each gateway.",
    ),
  databaseEvents: z
    .boolean()
    .default(false)
    .describe(
      "Whether RDS itself tells of maintenance, failures, failovers and changed settings of databases, to the topic for infos. Free. The alarms tell what users would notice; this tells why.",
    ),
  stoppedTasks: stoppedTasks
    .optional()
    .describe(
      "Keeps a record of every task that stops, and of the reason. 0.50 USD for each GB. Without it: none.",
    ),
  savedQueries: z
    .boolean()
    .default(true)
    .describe(
      "Whether queries for CloudWatch Logs Insights are saved that people need who were woken. Free; running one costs 0.005 USD for each GB that it reads.",
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
  without: z
    .record(alarmKind, reason)
    .default({})
    .describe("Alarms that nobody wants, by the name of their runbook, each with the reason."),
  noAlarmsBecause: reason
    .optional()
    .describe(
      "Makes no alarms at all, and says why. Topics, dashboard and records of events stay.",
    ),
});

export const monitoringSettings = ruleWithin(settings, contradictions);

/** Of alarms that there are none of, nothing else can be said; and nobody needs the same mail twice. */
function contradictions(given: Readonly<Record<string, unknown>>): Finding[] {
  const { noAlarmsBecause, silencedBecause, without } = given;
  const findings: Finding[] = [];
  if (noAlarmsBecause !== undefined) {
    const idle = [
      ...(silencedBecause === undefined ? [] : ["silencedBecause"]),
      ...(Object.keys(mapOf(without)).length === 0 ? [] : ["without"]),
    ];
    findings.push(
      ...idle.map((key) => ({
        path: [key],
        rule: "is about alarms, and noAlarmsBecause leaves none",
        allowed: "nothing with noAlarmsBecause",
        fix: "remove it, or noAlarmsBecause",
      })),
    );
  }
  const everybody = mapOf(given["emails"]);
  for (const [severity, notification] of Object.entries(mapOf(given["notifications"]))) {
    for (const [person, address] of Object.entries(mapOf(mapOf(notification)["emails"]))) {
      // For SNS one address has one subscription: of two here, removing one would end both.
      if (!(person in everybody) && !Object.values(everybody).includes(address)) continue;
      findings.push({
        path: ["notifications", severity, "emails", person],
        rule: "is told of everything already, by monitoring.emails",
        allowed: "names and addresses that emails does not have",
        fix: "remove it here, or there",
      });
    }
  }
  return findings;
}

export type MonitoringSettings = z.input<typeof monitoringSettings>;
export type CheckedMonitoringSettings = z.output<typeof monitoringSettings>;
export type Thresholds = z.output<typeof thresholds>;
