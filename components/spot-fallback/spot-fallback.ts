import * as pulumi from "@pulumi/pulumi";
import { type Telling, createAlarm } from "../support/alarm";
import { callBySchedule, callOnEvent } from "../support/function-calls";
import { failedCalls } from "../support/lambda-function";
import { parseSettings } from "../support/parse-settings";
import { type Problem, SettingsError } from "../support/problem";
import { eventPatterns } from "./events";
import { createFunction } from "./function";
import { type SpotFallbackSettings, spotFallbackSettings } from "./settings";
import { METRIC, NAMESPACE, type SpotUsers, planOf } from "./spot-users";

const NOTHING_ON_SPOT: Problem = {
  key: "services",
  value: undefined,
  rule: "have no share of FARGATE_SPOT, and no host is Spot",
  allowed: "at least one service or a group of hosts on Spot capacity",
  fix: "add one, or leave the component out",
};

/** Between two looks at whether Spot may be tried again. */
const LOOK_EVERY_MINUTES = 15;

export interface SpotFallbackArgs extends SpotFallbackSettings, SpotUsers {
  /** The cluster that they run in; an `EcsCluster` will do. */
  readonly cluster: {
    readonly arn: pulumi.Input<string>;
    readonly clusterName: pulumi.Input<string>;
  };
  /** Who is told when it falls back, and when it fails; `telling` of a `Monitoring`. */
  readonly telling: Telling;
}

/**
 * Falls back to on-demand capacity when AWS has no Spot capacity left, and returns to Spot later. ECS does not do so by
 * itself: a service with FARGATE_SPOT waits for Spot capacity, however much on-demand capacity there is.
 *
 * ```ts
 * const fallback = new SpotFallback("spot-fallback", {
 *   cluster,
 *   services: {
 *     api: {
 *       serviceArn: api.serviceArn,
 *       strategy: [{ capacityProvider: "FARGATE_SPOT", base: 0, weight: 1 }],
 *     },
 *   },
 *   telling: monitoring.telling,
 * });
 * ```
 *
 * For a service that cannot place a task, a function starts a deployment of the same tasks on FARGATE; for hosts that cannot
 * be started, it has the Auto Scaling group start on-demand ones. After `returnAfterMinutes` it does the reverse. It leaves
 * alone a service in the middle of a deployment: ECS tells of the lack again. It remembers nothing: what AWS says of
 * services and hosts is all it goes by.
 *
 * Cost: 0.30 USD a month for a metric, 0.20 for two alarms; and on-demand prices, about three times those of Spot, while it
 * has fallen back. (AWS price pages for us-east-1, read in November 2026.)
 */
export class SpotFallback extends pulumi.ComponentResource {
  public readonly functionName: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: SpotFallbackArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, telling, services = {}, hosts, ...rest } = args;
    const { value: settings, problems } = parseSettings(spotFallbackSettings, rest, "");
    const isIdle = Object.keys(services).length === 0 && hosts === undefined;
    if (settings === undefined || isIdle) {
      throw new SettingsError(`SpotFallback "${name}"`, [
        ...problems,
        ...(isIdle ? [NOTHING_ON_SPOT] : []),
      ]);
    }
    super("ecs-platform:index:SpotFallback", name, {}, opts);
    const child = { parent: this };
    const users = { services, hosts };

    const plan = planOf(users, settings.returnAfterMinutes, cluster.clusterName);
    const { lambda } = createFunction(name, plan, cluster.arn, child);
    const patterns = eventPatterns(users, cluster.arn);
    for (const [key, { description, pattern }] of Object.entries(patterns)) {
      const eventPattern = pulumi.jsonStringify(pattern);
      callOnEvent(`${name}-${key}`, { lambda, description, eventPattern }, child);
    }
    callBySchedule(
      name,
      lambda,
      {
        [`${name}-schedule`]: {
          description: "Looks whether Spot may be tried again",
          expression: `rate(${LOOK_EVERY_MINUTES} minutes)`,
          // The next call makes up for one that is lost.
          retryPolicy: { maximumRetryAttempts: 0 },
        },
      },
      child,
    );
    createAlarm(
      `${name}-active`,
      {
        metric: {
          namespace: NAMESPACE,
          metricName: METRIC,
          dimensions: { ClusterName: cluster.clusterName },
          statistic: "Maximum",
        },
        above: 0,
        minutes: LOOK_EVERY_MINUTES * 2,
        periods: 1,
        silence: "notBreaching",
        severity: "info",
        runbook: "spot-fallback",
        description:
          "AWS is out of Spot capacity: services or hosts run on demand meanwhile, at about three times the price.",
      },
      telling,
      child,
    );
    createAlarm(
      `${name}-failed`,
      {
        metric: failedCalls(lambda),
        above: 0,
        // As long as from one look to the next, so that each of two has failed.
        minutes: LOOK_EVERY_MINUTES,
        periods: 2,
        silence: "notBreaching",
        severity: "warning",
        runbook: "spot-fallback-failed",
        description:
          "Nothing falls back from Spot to on-demand capacity, or returns: the function that does it fails. Its log says why.",
      },
      telling,
      child,
    );

    this.functionName = lambda.name;
    this.registerOutputs({ functionName: this.functionName });
  }
}
