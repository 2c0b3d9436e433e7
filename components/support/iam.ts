import * as pulumi from "@pulumi/pulumi";

/** One statement of an IAM policy that allows something. */
export interface Statement {
  /** Who may, in a trust or resource policy, e.g. `{ Service: "ecs-tasks.amazonaws.com" }`. */
  readonly principal?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly actions: readonly string[];
  /** Required but in a trust policy, which speaks about the role itself. */
  readonly resources?: readonly pulumi.Input<string>[];
  /** In place of `resources`: all but these. */
  readonly notResources?: readonly pulumi.Input<string>[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, ConditionValue>>>>;
  /** Default "Allow". */
  readonly effect?: "Allow" | "Deny";
}

/** What a request's key is compared with: of several values one must match. */
type ConditionValue = pulumi.Input<string> | readonly pulumi.Input<string>[];

/** The JSON of an IAM policy. */
export function policyDocument(statements: readonly Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: statements.map(
      ({ effect, principal, actions, resources, notResources, conditions }) => ({
        Effect: effect ?? "Allow",
        ...(principal && { Principal: principal }),
        Action: actions,
        ...(resources && { Resource: resources }),
        ...(notResources && { NotResource: notResources }),
        ...(conditions && { Condition: conditions }),
      }),
    ),
  });
}

/**
 * Trust policy that lets an AWS service assume the role, for resources of the one account only: without the condition
 * any account's resources could make the service act for them (the "confused deputy"). EC2, which hands a role to an
 * instance of the same account only, knows no such condition and gets no account.
 */
export function serviceTrust(
  service: string,
  accountId?: pulumi.Input<string>,
): pulumi.Output<string> {
  return policyDocument([
    {
      principal: { Service: service },
      actions: ["sts:AssumeRole"],
      ...(accountId !== undefined && {
        conditions: { StringEquals: { "aws:SourceAccount": accountId } },
      }),
    },
  ]);
}

/** The account in an ARN: spares a look-up that a run without an account could not answer. */
export function accountOf(arn: pulumi.Input<string>): pulumi.Output<string> {
  return arnPart(arn, 4);
}

/** The region in an ARN. */
export function regionOf(arn: pulumi.Input<string>): pulumi.Output<string> {
  return arnPart(arn, 3);
}

/** The partition in an ARN: aws, aws-cn or aws-us-gov. */
export function partitionOf(arn: pulumi.Input<string>): pulumi.Output<string> {
  return arnPart(arn, 1);
}

/** Every log group of the account and region that the given one lies in. */
export function allLogGroupsBeside(logGroupArn: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.output(logGroupArn).apply((arn) => `${arn.split(":").slice(0, 6).join(":")}:*`);
}

/** ARN of a log group by its name, in the account and region of another. */
export function logGroupArnBeside(
  logGroupArn: pulumi.Input<string>,
  name: pulumi.Input<string>,
): pulumi.Output<string> {
  return pulumi
    .all([logGroupArn, name])
    .apply(([arn, other]) => [...arn.split(":").slice(0, 6), other].join(":"));
}

/** The name in a log group's ARN. */
export function logGroupNameOf(arn: pulumi.Input<string>): pulumi.Output<string> {
  return arnPart(arn, 6);
}

/** ARN of a policy that AWS keeps, in the partition (aws, aws-cn, aws-us-gov) of the given ARN. */
export function managedPolicyArn(
  neighbourArn: pulumi.Input<string>,
  path: string,
): pulumi.Output<string> {
  return pulumi.interpolate`arn:${arnPart(neighbourArn, 1)}:iam::aws:policy/${path}`;
}

/** ARN of another service's resource, in the account and region of a known ARN. */
export function arnBeside(arn: string, service: string, resource: string): string {
  const [, partition, , region, account] = arn.split(":");
  return ["arn", partition, service, region, account, resource].join(":");
}

function arnPart(arn: pulumi.Input<string>, position: number): pulumi.Output<string> {
  return pulumi.output(arn).apply((text) => text.split(":")[position] ?? "");
}
