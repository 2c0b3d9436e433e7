import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../support/iam";
import {
  type LambdaFunction,
  createLambdaFunction,
  functionArchive,
} from "../support/lambda-function";
import type { Watched } from "./watched";

const FOLDER = path.join(__dirname, "functions");
const FILES = ["aws.mjs", "index.mjs", "redeploy.mjs"];

/** The function that looks at services, images and secrets, and starts services anew. It can read no secret. */
export function createFunction(
  name: string,
  services: pulumi.Output<Record<string, Watched>>,
  child: pulumi.CustomResourceOptions,
): LambdaFunction {
  return createLambdaFunction(
    name,
    {
      description: "Starts services anew for a pushed image or a changed secret",
      code: services.apply((all) => functionArchive(FOLDER, FILES, { "watched.json": all })),
      memoryMiB: 256,
      timeoutSeconds: 300,
      rights: services.apply((all) => statements(Object.values(all))),
      logRetentionDays: 14,
    },
    child,
  );
}

/** These services, images and secrets, and of secrets all but their values. */
function statements(services: readonly Watched[]): Statement[] {
  const repositoryArns = services.flatMap(({ image }) => image?.repositoryArn ?? []);
  const secretArns = services.flatMap((service) => service.secretArns);
  const hasParameters = services.some(({ parameterArns }) => parameterArns.length > 0);
  return [
    {
      // A forced deployment passes no role, so iam:PassRole is not among them.
      actions: ["ecs:DescribeServices", "ecs:ListServiceDeployments", "ecs:UpdateService"],
      resources: services.map(({ serviceArn }) => serviceArn).sort(),
    },
    { actions: ["ecr:DescribeImages"], resources: distinct(repositoryArns) },
    {
      actions: ["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"],
      resources: distinct(secretArns),
    },
    // IAM knows no narrower resource for it. Every action that it could narrow down hands out values.
    { actions: ["ssm:DescribeParameters"], resources: hasParameters ? ["*"] : [] },
  ].filter(({ resources }) => resources.length > 0);
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
