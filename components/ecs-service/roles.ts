import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import {
  type Statement,
  accountOf,
  allLogGroupsBeside,
  policyDocument,
  serviceTrust,
} from "../support/iam";
import { patternInput, rule } from "../support/rules";

export const permission = z.strictObject({
  actions: z
    .array(
      rule(z.string(), (action) => /^[a-z0-9-]+:[A-Z][A-Za-z]*\*?$/.test(action), {
        rule: "must be an action of one service",
        allowed: "SERVICE:Action or SERVICE:Prefix*, never SERVICE:*",
        fix: 'name the actions the code calls, like "s3:GetObject"',
      }),
    )
    .min(1)
    .describe("What the service's code may do."),
  resources: z
    .array(
      patternInput(/^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12})?:\S+$/, {
        rule: "must be the ARN of what the service may touch",
        allowed: "ARNs; a * may stand in the last part",
        fix: 'name the resource, like "arn:aws:s3:::bucket/*"',
      }),
    )
    .min(1)
    .describe("To what."),
});

export interface RoleWithPolicy {
  readonly role: aws.iam.Role;
  /** Tasks must not start before it stands; undefined where the role may do nothing. */
  readonly policy: aws.iam.RolePolicy | undefined;
}

/** Role of the ECS agent: it pulls this task's images, reads this task's secrets, writes this task's logs. */
export function createExecutionRole(
  name: string,
  args: {
    readonly clusterArn: pulumi.Input<string>;
    readonly logGroupArn: pulumi.Input<string>;
    readonly images: readonly pulumi.Input<string>[];
    /** Whether the agent may pull GuardDuty's own, too. */
    readonly runtimeMonitoring: boolean;
    readonly secretArns: readonly pulumi.Input<string>[];
  },
  child: pulumi.CustomResourceOptions,
): RoleWithPolicy {
  const logs = pulumi.output({
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [pulumi.interpolate`${args.logGroupArn}:*`],
  });
  const policy = pulumi
    .all([logs, pulumi.all([...args.images]), args.clusterArn, pulumi.all([...args.secretArns])])
    .apply(([logStatement, images, clusterArn, secretArns]) =>
      policyDocument([
        logStatement,
        ...imageStatements(images, clusterArn, args.runtimeMonitoring),
        ...secretStatements(secretArns),
      ]),
    );
  return createRole(name, "execution", args.clusterArn, policy, child);
}

/** Role of the service's own code: what its `permissions` and connections say, and ECS Exec where that is on. */
export function createTaskRole(
  name: string,
  args: {
    readonly clusterArn: pulumi.Input<string>;
    readonly permissions: readonly Statement[];
    /** Log group of recorded sessions, where ECS Exec is on. */
    readonly execLogGroupArn: pulumi.Input<string> | undefined;
  },
  child: pulumi.CustomResourceOptions,
): RoleWithPolicy {
  const statements = [
    ...args.permissions,
    ...(args.execLogGroupArn === undefined ? [] : execStatements(args.execLogGroupArn)),
  ];
  const policy = statements.length === 0 ? undefined : policyDocument(statements);
  return createRole(name, "task", args.clusterArn, policy, child);
}

function createRole(
  name: string,
  purpose: "execution" | "task",
  clusterArn: pulumi.Input<string>,
  policy: pulumi.Output<string> | undefined,
  child: pulumi.CustomResourceOptions,
): RoleWithPolicy {
  const role = new aws.iam.Role(
    `${name}-${purpose}-role`,
    { assumeRolePolicy: serviceTrust("ecs-tasks.amazonaws.com", accountOf(clusterArn)) },
    child,
  );
  return {
    role,
    policy:
      policy &&
      new aws.iam.RolePolicy(`${name}-${purpose}-policy`, { role: role.name, policy }, child),
  };
}

/** GuardDuty's agent for Fargate (its guide, "Repository hosting agent"): AWS has it in another account in each region. */
const AGENT = "*:repository/aws-guardduty-agent-fargate";

/** Private ECR repositories are granted by name; public images need no right at all. */
function imageStatements(
  images: readonly string[],
  clusterArn: string,
  runtimeMonitoring: boolean,
): Statement[] {
  const [, partition = "aws", , clusterRegion = ""] = clusterArn.split(":");
  const agents = runtimeMonitoring ? [`arn:${partition}:ecr:${clusterRegion}:${AGENT}`] : [];
  const repositories = images.flatMap((image) => {
    const match =
      /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.[a-z.]+\/(?<repository>[^:@]+)/.exec(
        image,
      );
    const { account = "", region = "", repository = "" } = match?.groups ?? {};
    return match === null
      ? []
      : [`arn:${partition}:ecr:${region}:${account}:repository/${repository}`];
  });
  const pulled = [...new Set([...repositories, ...agents])].sort();
  if (pulled.length === 0) return [];
  return [
    {
      actions: [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
      ],
      resources: pulled,
    },
    // A token for the registry as a whole: IAM offers no narrower resource.
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
  ];
}

function secretStatements(arns: readonly string[]): Statement[] {
  // "arn:…:secret:NAME:KEY::" names a key of the JSON; the right is for the secret.
  const bare = [...new Set(arns.map((arn) => arn.split(":").slice(0, 7).join(":")))].sort();
  const secrets = bare.filter((arn) => arn.includes(":secretsmanager:"));
  const parameters = bare.filter((arn) => arn.includes(":ssm:"));
  return [
    ...(secrets.length === 0
      ? []
      : [{ actions: ["secretsmanager:GetSecretValue"], resources: secrets }]),
    ...(parameters.length === 0 ? [] : [{ actions: ["ssm:GetParameters"], resources: parameters }]),
  ];
}

/** From "Using Amazon ECS Exec" in the developer guide: the channel, and the record of the session. */
function execStatements(logGroupArn: pulumi.Input<string>): Statement[] {
  return [
    {
      actions: [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      resources: ["*"],
    },
    { actions: ["logs:DescribeLogGroups"], resources: [allLogGroupsBeside(logGroupArn)] },
    {
      actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      resources: [pulumi.interpolate`${logGroupArn}:*`],
    },
  ];
}
