import * as pulumi from "@pulumi/pulumi";
import { type Telling, createAlarm } from "../support/alarm";
import { callBySchedule, callOnEvent } from "../support/function-calls";
import { failedCalls } from "../support/lambda-function";
import { parseSettings } from "../support/parse-settings";
import { type Problem, SettingsError } from "../support/problem";
import { eventPatterns } from "./events";
import { createFunction } from "./function";
import { type RedeploymentSettings, redeploymentSettings } from "./settings";
import { type WatchedService, watchedServices } from "./watched";

const NOTHING_TO_WATCH: Problem = {
  key: "services",
  value: undefined,
  rule: "have neither an image nor a secret to watch",
  allowed: "at least one service with image or secretArns",
  fix: "add one, or leave the component out",
};

export interface RedeploymentArgs extends RedeploymentSettings {
  /** Services by name, each with what starts it anew: its image, its secrets, or both. */
  readonly services: Readonly<Record<string, WatchedService>>;
  /** Whom to tell when the function fails twice in a row; `Monitoring` has it as `telling`. Without it: no alarm. */
  readonly telling?: Telling;
}

/**
 * Rolls services by itself: for an image that is pushed under the tag that a service follows, and for a secret whose
 * value changes, since tasks read their secrets only when they start.
 *
 * ```ts
 * const redeployment = new Redeployment("redeployment", {
 *   services: {
 *     api: {
 *       serviceArn: api.serviceArn,
 *       secretArns: api.secretArns,
 *       image: { repositoryArn: repository.repositoryArn, tag: "live" },
 *     },
 *   },
 * });
 * ```
 *
 * A function has ECS start a new deployment of the same task definition, by the service's own strategy: it goes through
 * the same health checks, gates and rollbacks as every other. AWS tells of pushes and new values within seconds; every
 * `checkMinutes` the function looks for itself, which also catches what came during a rollout. One change makes one
 * deployment, also where that one is rolled back. No value of a secret is ever read.
 *
 * Cost: calls of the function are within what is free each month; 0.03 USD a month for each secret that is looked at every
 * 15 minutes, 0.10 USD for the alarm. (AWS price pages for us-east-1, read in November 2026.)
 */
export class Redeployment extends pulumi.ComponentResource {
  public readonly functionName: pulumi.Output<string>;
  /** What it found and did, line by line. */
  public readonly logGroupName: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: RedeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    const { services: given, telling, ...rest } = args;
    const { value: settings, problems } = parseSettings(redeploymentSettings, rest, "");
    const hasImages = Object.values(given).some(({ image }) => image !== undefined);
    const hasSecrets = Object.values(given).some(({ secretArns = [] }) => secretArns.length > 0);
    const isIdle = !hasImages && !hasSecrets;
    if (settings === undefined || isIdle) {
      throw new SettingsError(`Redeployment "${name}"`, [
        ...problems,
        ...(isIdle ? [NOTHING_TO_WATCH] : []),
      ]);
    }
    super("ecs-platform:index:Redeployment", name, {}, opts);
    const child = { parent: this };

    const services = watchedServices(given);
    const { lambda, logGroup } = createFunction(name, services, child);
    for (const [key, pattern] of Object.entries(
      eventPatterns(services, { hasImages, hasSecrets }),
    )) {
      callOnEvent(`${name}-${key}`, { ...pattern, lambda }, child);
    }
    callBySchedule(
      name,
      lambda,
      {
        [`${name}-schedule`]: {
          description: "Looks for images and secrets that services have not started with",
          expression: rateOf(settings.checkMinutes),
          // The next call makes up for one that is lost.
          retryPolicy: { maximumRetryAttempts: 0 },
        },
      },
      child,
    );
    if (telling !== undefined) {
      createAlarm(
        `${name}-errors`,
        {
          metric: failedCalls(lambda),
          above: 0,
          // As long as from one look to the next, so that each of two has failed.
          minutes: settings.checkMinutes,
          periods: 2,
          silence: "notBreaching",
          severity: "warning",
          runbook: "redeployment-failed",
          description:
            "Services are not rolled for pushed images or changed secrets: the function that does it fails. Look at its logs; `aws ecs update-service --force-new-deployment` does the same by hand.",
        },
        telling,
        child,
      );
    }

    this.functionName = lambda.name;
    this.logGroupName = logGroup.name;
    this.registerOutputs({ functionName: this.functionName, logGroupName: this.logGroupName });
  }
}

function rateOf(minutes: number): string {
  return minutes === 1 ? "rate(1 minute)" : `rate(${minutes} minutes)`;
}
