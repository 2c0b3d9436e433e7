import * as pulumi from "@pulumi/pulumi";
import { accountOf, partitionOf, type Statement } from "../support/iam";
import type { StateNeighbour } from "./state-rights";

/** Below this path in IAM lie the roles of CI, so that one statement keeps their own hands off them. */
export const CI_PATH = "/ecs-platform-ci/";

/** The services that the platform has resources in, but for those that `guardedServices` and `identityRights` narrow. */
const SERVICES = [
  "acm",
  "application-autoscaling",
  "autoscaling",
  "backup",
  "budgets",
  "ce",
  "chatbot",
  "cloudfront",
  "cloudwatch",
  "codebuild",
  "codeconnections",
  "codepipeline",
  "dynamodb",
  "ec2",
  "ecr",
  "ecs",
  "elasticache",
  "elasticfilesystem",
  "elasticloadbalancing",
  "es",
  "events",
  "lambda",
  "logs",
  "rds",
  "route53",
  "scheduler",
  "secretsmanager",
  "servicediscovery",
  "sns",
  "wafv2",
] as const;

/** Services that act by roles of the platform: those that its roles trust. */
const ROLE_TAKERS = [
  "backup.amazonaws.com",
  "chatbot.amazonaws.com",
  "codebuild.amazonaws.com",
  "codepipeline.amazonaws.com",
  "ec2.amazonaws.com",
  "ecs-tasks.amazonaws.com",
  "ecs.amazonaws.com",
  "lambda.amazonaws.com",
  "monitoring.rds.amazonaws.com",
  "rds.amazonaws.com",
  "scheduler.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
] as const;

/** To make, change and delete everything but identities: in the account's own S3 and KMS all but the states and their keys. */
export function serviceRights(state: StateNeighbour): Statement[] {
  return [
    { actions: SERVICES.map((service) => `${service}:*`), resources: ["*"] },
    {
      actions: ["s3:*"],
      notResources: [state.bucketArn, pulumi.interpolate`${state.bucketArn}/*`],
    },
    { actions: ["kms:*"], notResources: [state.bucketKeyArn, state.secretsKeyArn] },
    // A connection from before AWS renamed the service has the old name in its ARN, and so in the right to use it.
    { actions: ["codestar-connections:PassConnection"], resources: ["*"] },
    // What lies in a vault of AWS Backup lies in another service, which its maker must be let use.
    { actions: ["backup-storage:MountCapsule"], resources: ["*"] },
    // The images of hosts are named by parameters of AWS, which EC2 reads as whoever starts the host.
    {
      actions: ["ssm:GetParameter", "ssm:GetParameters"],
      resources: [
        pulumi.interpolate`arn:${partitionOf(state.bucketKeyArn)}:ssm:*::parameter/aws/service/*`,
      ],
    },
  ];
}

/** To make the roles of tasks, hosts and functions, and give them to these; not to touch the roles of CI. */
export function identityRights(state: StateNeighbour): Statement[] {
  const iam = (path: string) =>
    pulumi.interpolate`arn:${partitionOf(state.bucketKeyArn)}:iam::${accountOf(state.bucketKeyArn)}:${path}`;
  return [
    { actions: ROLE_ACTIONS, resources: [iam("role/*")] },
    { actions: POLICY_ACTIONS, resources: [iam("policy/*")] },
    { actions: INSTANCE_PROFILE_ACTIONS, resources: [iam("instance-profile/*")] },
    {
      actions: ["iam:PassRole"],
      resources: [iam("role/*")],
      conditions: { StringEquals: { "iam:PassedToService": ROLE_TAKERS } },
    },
    // What such a role may do, AWS says.
    {
      actions: [
        "iam:CreateServiceLinkedRole",
        "iam:DeleteServiceLinkedRole",
        "iam:GetServiceLinkedRoleDeletionStatus",
      ],
      resources: [iam("role/aws-service-role/*")],
    },
    {
      effect: "Deny",
      actions: ["iam:*"],
      resources: [iam(`role${CI_PATH}*`), iam(`policy${CI_PATH}*`), iam("oidc-provider/*")],
    },
  ];
}

/** To compare what there is with the state: all that tells of resources, and of what is in them the values of secrets alone. */
export function comparingRights(readObjects: readonly pulumi.Input<string>[]): Statement[] {
  const services = [...SERVICES, "iam", "kms", "s3"].sort();
  const reading = services.flatMap((service) => READING.map((verb) => `${service}:${verb}*`));
  return [
    // CodeBuild tells of a project, and Budgets of a budget, by no other verb.
    { actions: [...reading, "budgets:ViewBudget", "codebuild:BatchGetProjects"], resources: ["*"] },
    {
      effect: "Deny",
      actions: CONTENTS,
      resources: ["*"],
    },
    { effect: "Deny", actions: ["s3:GetObject*"], notResources: readObjects },
  ];
}

const READING = ["Describe", "Get", "List"] as const;

/** What begins like a look at a resource, and hands out its contents. */
const CONTENTS = [
  "dynamodb:GetItem",
  "dynamodb:GetRecords",
  "ec2:GetConsoleOutput",
  "ecr:GetDownloadUrlForLayer",
  "logs:GetLogEvents",
  "logs:GetLogObject",
  "logs:GetLogRecord",
  "logs:GetQueryResults",
] as const;

const ROLE_ACTIONS = [
  "iam:AttachRolePolicy",
  "iam:CreateRole",
  "iam:DeleteRole",
  "iam:DeleteRolePolicy",
  "iam:DetachRolePolicy",
  "iam:GetRole",
  "iam:GetRolePolicy",
  "iam:ListAttachedRolePolicies",
  "iam:ListInstanceProfilesForRole",
  "iam:ListRolePolicies",
  "iam:PutRolePolicy",
  "iam:TagRole",
  "iam:UntagRole",
  "iam:UpdateAssumeRolePolicy",
  "iam:UpdateRole",
  "iam:UpdateRoleDescription",
] as const;

const POLICY_ACTIONS = [
  "iam:CreatePolicy",
  "iam:CreatePolicyVersion",
  "iam:DeletePolicy",
  "iam:DeletePolicyVersion",
  "iam:GetPolicy",
  "iam:GetPolicyVersion",
  "iam:ListPolicyVersions",
  "iam:TagPolicy",
  "iam:UntagPolicy",
] as const;

const INSTANCE_PROFILE_ACTIONS = [
  "iam:AddRoleToInstanceProfile",
  "iam:CreateInstanceProfile",
  "iam:DeleteInstanceProfile",
  "iam:GetInstanceProfile",
  "iam:RemoveRoleFromInstanceProfile",
  "iam:TagInstanceProfile",
  "iam:UntagInstanceProfile",
] as const;
