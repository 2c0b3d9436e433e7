import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  type Alarm,
  type AlarmTopics,
  type Severity,
  type Telling,
  createAlarm,
} from "../support/alarm";
import { isAlarmKind } from "../support/alarm-kinds";
import { logGroupNameOf, regionOf } from "../support/iam";
import type { Publisher } from "../support/notice-topic";
import { parseSettings } from "../support/parse-settings";
import { type Problem, SettingsError } from "../support/problem";
import { alarmsFor } from "./alarms";
import { countErrors } from "./application-errors";
import { dashboardBody } from "./dashboard";
import { tellDatabaseEvents } from "./database-events";
import { deploymentAlarms } from "./deployment-failures";
import { createEventAlarms } from "./event-alarms";
import { searchedLogGroups } from "./links";
import { tellPeople } from "./notifications";
import { saveQueries } from "./saved-queries";
import {
  type CheckedMonitoringSettings,
  type MonitoringSettings,
  monitoringSettings,
} from "./settings";
import { spotAlarms } from "./spot-interruptions";
import { createStoppedTasksLog } from "./stopped-tasks";
import { taskFailureAlarms } from "./task-failures";
import { createAlarmTopics } from "./topics";
import type { Watched } from "./watched";

const CLUSTER_ARN_MISSING: Problem = {
  key: "cluster.arn",
  value: undefined,
  rule: "is required with stoppedTasks",
  allowed: "the cluster's ARN",
  fix: "pass the EcsCluster, or remove stoppedTasks",
};

export interface MonitoringArgs extends MonitoringSettings, Watched {
  /** What is watched of the cluster; `arn` is required with `stoppedTasks`. An `EcsCluster` will do. */
  readonly cluster: Watched["cluster"];
  /** NAT gateways to watch, by zone, as a `Network` has them. */
  readonly natGatewayIds?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Certificates to watch, by name, of the same region. */
  readonly certificateArns?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Log group with the record of the VPC's traffic, as a `Network` has it. */
  readonly flowLogGroupName?: pulumi.Input<string> | undefined;
  /** Who but CloudWatch may publish on the topics, for notices that are no alarms. */
  readonly publishers?: readonly Publisher[];
  /** Account that the key for notifications belongs to. */
  readonly accountId: pulumi.Input<string>;
  /** Name of the dashboard, unique in the account. */
  readonly dashboardName: string;
}

/**
 * Alarms on what a platform's users would notice, told to three encrypted SNS topics by severity, and a dashboard whose
 * panels each answer a question.
 *
 * ```ts
 * const monitoring = new Monitoring("monitoring", {
 *   accountId: network.accountId, dashboardName: "shop",
 *   cluster, loadBalancer, services: { api }, databases: { database },
 *   emails: { team: "team@example.com" },
 *   notifications: { warning: { slack: { workspaceId: "T07EA123LEP", channelId: "C07EZ1ABC23" } } },
 * });
 * new Redeployment("redeployment", { services, telling: monitoring.telling });
 * ```
 *
 * Cost: 0.10 USD a month for each alarm (nine for a service with requests, four for a database and two for each replica),
 * 3 USD for the dashboard (none for an account's first three of at most 50 metrics), 1 USD for the key. (AWS price pages for
 * us-east-1, read in November 2026.)
 */
export class Monitoring extends pulumi.ComponentResource {
  /** Where critical alarms are told, for more subscribers. */
  public readonly topicArn: pulumi.Output<string>;
  /** Where alarms are told, by severity. */
  public readonly topicArns: Readonly<Record<Severity, pulumi.Output<string>>>;
  /** What other components need to raise alarms of their own. */
  public readonly telling: Telling;
  /** The alarms that there are: graphs elsewhere may draw their limits. */
  public readonly alarms: readonly Alarm[];
  /** Their names in AWS, by what follows the component's name in their logical names. */
  public readonly alarmNames: Readonly<Record<string, pulumi.Output<string>>>;
  public readonly dashboardUrl: pulumi.Output<string>;
  /** Record of tasks that stopped; undefined without `stoppedTasks`. */
  public readonly stoppedTasksLogGroupName: pulumi.Output<string> | undefined;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, loadBalancer, services, databases, ...others } = args;
    const { accountId, dashboardName, publishers = [], ...surroundings } = others;
    const { natGatewayIds = {}, certificateArns = {}, flowLogGroupName, ...rest } = surroundings;
    const { value: settings, problems } = parseSettings(monitoringSettings, rest, "");
    const clusterMissing = rest.stoppedTasks !== undefined && cluster.arn === undefined;
    if (settings === undefined || clusterMissing) {
      throw new SettingsError(`Monitoring "${name}"`, [
        ...problems,
        ...(clusterMissing ? [CLUSTER_ARN_MISSING] : []),
      ]);
    }
    super("ecs-platform:index:Monitoring", name, {}, opts);
    const child = { parent: this };
    const watched = {
      cluster,
      loadBalancer,
      services:
        settings.applicationErrors === undefined
          ? services
          : countErrors(
              name,
              { services, settings: settings.applicationErrors, namespace: dashboardName },
              child,
            ),
      databases,
      natGatewayIds,
    };

    const topics = createAlarmTopics(
      name,
      {
        accountId,
        publishers: [
          ...publishers,
          ...(settings.databaseEvents ? (["events.rds.amazonaws.com"] as const) : []),
        ],
      },
      child,
    );
    if (settings.databaseEvents) tellDatabaseEvents(name, databases, topics.info, child);
    tellPeople(name, { topics, accountId, label: dashboardName, settings }, child);
    const telling = tellingOf(settings, topics);

    const events = createEventAlarms(
      name,
      [...deploymentAlarms(services), ...taskFailureAlarms(watched), ...spotAlarms(watched)],
      { accountId, label: dashboardName, telling },
      child,
    );
    const wanted = {
      ...alarmsFor(watched, settings, {
        natGatewayIds: settings.natErrors ? natGatewayIds : {},
        certificateArns,
      }),
      ...events.alarms,
    };
    const alarms = Object.entries(wanted).flatMap(([key, alarm]) => {
      const made = createAlarm(`${name}-${key}`, alarm, telling, child);
      return made === undefined ? [] : [{ ...alarm, key, arn: made.arn, name: made.name }];
    });

    const region = regionOf(topics.critical);
    const dashboard = new aws.cloudwatch.Dashboard(
      `${name}-dashboard`,
      { dashboardName, dashboardBody: dashboardBody({ watched, region, alarms }) },
      { ...child, deleteBeforeReplace: true },
    );

    if (settings.stoppedTasks !== undefined && cluster.arn !== undefined) {
      this.stoppedTasksLogGroupName = createStoppedTasksLog(
        name,
        {
          clusterArn: cluster.arn,
          accountId,
          label: dashboardName,
          retentionDays: settings.stoppedTasks.logRetentionDays,
        },
        child,
      ).name;
    }

    if (settings.savedQueries) {
      saveQueries(
        name,
        dashboardName,
        {
          services: searchedLogGroups(watched),
          stoppedTasks: this.stoppedTasksLogGroupName,
          events: events.logGroupName,
          sessions: cluster.execLogGroupArn && logGroupNameOf(cluster.execLogGroupArn),
          traffic: flowLogGroupName,
        },
        child,
      );
    }

    this.topicArn = topics.critical;
    this.topicArns = topics;
    this.telling = telling;
    this.alarms = alarms;
    this.alarmNames = Object.fromEntries(alarms.map(({ key, name: own }) => [key, own]));
    this.dashboardUrl = pulumi.interpolate`https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${dashboard.dashboardName}`;
    this.registerOutputs({
      topicArn: this.topicArn,
      topicArns: this.topicArns,
      dashboardUrl: this.dashboardUrl,
    });
  }
}

function tellingOf(settings: CheckedMonitoringSettings, topics: AlarmTopics): Telling {
  const { runbooksUrl, silencedBecause, noAlarmsBecause, without } = settings;
  return {
    topics,
    runbooksUrl,
    silenced: silencedBecause !== undefined,
    without: noAlarmsBecause === undefined ? Object.keys(without).filter(isAlarmKind) : "all",
  };
}
