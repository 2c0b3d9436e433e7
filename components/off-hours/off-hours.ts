import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Telling, createAlarm } from "../support/alarm";
import { regionOf } from "../support/iam";
import { failedCalls } from "../support/lambda-function";
import { parseSettings } from "../support/parse-settings";
import { type Problem, SettingsError } from "../support/problem";
import { createFunction } from "./function";
import { createSchedules } from "./schedules";
import { type OffHoursSettings, offHoursSettings } from "./settings";
import { type Sleepers, isEmpty, planOf } from "./sleepers";

const NOTHING_TO_SLEEP: Problem = {
  key: "services",
  value: undefined,
  rule: "leaves nothing that could sleep",
  allowed: "at least one service, database, group of hosts or instance",
  fix: "add one, or leave the component out",
};

export interface OffHoursArgs extends OffHoursSettings, Sleepers {
  /** The cluster, whose ARN says account and region; an `EcsCluster` will do. */
  readonly cluster: { readonly arn: pulumi.Input<string> };
  /** Who is told when it fails; `telling` of a `Monitoring`. */
  readonly telling: Telling;
}

/**
 * Has an environment sleep while nobody uses it: at night and over the weekend its services run no task, its databases are
 * stopped, its hosts and single instances are gone or stopped.
 *
 * ```ts
 * const offHours = new OffHours("off-hours", {
 *   cluster, timezone: "Europe/Berlin", awake: { from: "07:00", to: "20:00" },
 *   services: { api: { serviceArn: api.serviceArn, tasks: 2, scalingTargetArn: api.scalingTargetArn } },
 *   databases: { database },
 *   telling: monitoring.telling,
 * });
 * ```
 *
 * A function does it, called by two schedules and by whoever stays late. Waking: instances and hosts, databases, then the
 * services, then the alarms. Sleeping: the same backwards. It may be called at any time and any number of times. Scaling is
 * suspended meanwhile, so that minimum and maximum stay what the stack says, and a deployment at night wakes nothing.
 *
 * Services and hosts that sleep must be made with `sleeps`, or a comparison with the state at night would wake them.
 *
 * Cost: the function is within what is free each month; the alarm 0.10 USD a month. Storage, load balancer, NAT gateways,
 * caches and proxies cost the same asleep. (AWS price pages for us-east-1, read in November 2026.)
 */
export class OffHours extends pulumi.ComponentResource {
  public readonly functionName: pulumi.Output<string>;
  /** Commands to copy, for whoever needs it at another time. They return at once; it takes some minutes. */
  public readonly commands: Readonly<Record<"wake" | "sleep", pulumi.Output<string>>>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: OffHoursArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, telling, services, databases, hosts, instances, alarms, ...rest } = args;
    const sleepers = { services, databases, hosts, instances, alarms };
    const { value: settings, problems } = parseSettings(offHoursSettings, rest, "");
    if (settings === undefined || isEmpty(sleepers)) {
      throw new SettingsError(`OffHours "${name}"`, [
        ...problems,
        ...(isEmpty(sleepers) ? [NOTHING_TO_SLEEP] : []),
      ]);
    }
    super("ecs-platform:index:OffHours", name, {}, opts);
    const child = { parent: this };

    const { lambda } = createFunction(name, planOf(sleepers), cluster.arn, child);
    new aws.lambda.FunctionEventInvokeConfig(
      `${name}-tries`,
      {
        functionName: lambda.name,
        // What comes an hour late might undo what a person has done meanwhile.
        maximumRetryAttempts: 1,
        maximumEventAgeInSeconds: 1800,
      },
      child,
    );
    createSchedules(name, settings, lambda, child);
    createAlarm(
      `${name}-failed`,
      {
        metric: failedCalls(lambda),
        // A database that takes long is there at the second try: only that one's failure is news.
        above: 1,
        minutes: 60,
        periods: 1,
        silence: "notBreaching",
        severity: "warning",
        runbook: "off-hours-failed",
        description:
          "Something has not gone to sleep or has not woken. The function's log says what; the commands wake and sleep try again.",
      },
      telling,
      child,
    );

    this.functionName = lambda.name;
    const region = regionOf(lambda.arn);
    const command = (turn: string) =>
      pulumi.interpolate`aws lambda invoke --function-name ${lambda.name} --invocation-type Event --cli-binary-format raw-in-base64-out --payload '{"turn":"${turn}"}' --region ${region} /dev/null`;
    this.commands = { wake: command("wake"), sleep: command("sleep") };
    this.registerOutputs({ functionName: this.functionName });
  }
}
