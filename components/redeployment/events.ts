import * as pulumi from "@pulumi/pulumi";
import type { Watched } from "./watched";

/** What EventBridge may call the function for, by what follows the component's name. */
export function eventPatterns(
  services: pulumi.Output<Record<string, Watched>>,
  { hasImages, hasSecrets }: { readonly hasImages: boolean; readonly hasSecrets: boolean },
): Record<string, { description: string; eventPattern: pulumi.Output<string> }> {
  return {
    ...(hasImages && {
      images: {
        description: "Pushes of the tags that services follow",
        eventPattern: services.apply((all) => JSON.stringify(pushes(Object.values(all)))),
      },
    }),
    ...(hasSecrets && {
      secrets: {
        description: "New values of secrets and parameters",
        eventPattern: pulumi.output(JSON.stringify(newValues())),
      },
    }),
  };
}

/** Of any of these tags in any of these repositories: the function knows which go together. */
function pushes(services: readonly Watched[]): object {
  const images = services.flatMap(({ image }) => (image === undefined ? [] : [image]));
  return {
    source: ["aws.ecr"],
    "detail-type": ["ECR Image Action"],
    detail: {
      "action-type": ["PUSH"],
      result: ["SUCCESS"],
      "repository-name": distinct(
        images.map(({ repositoryArn }) => repositoryArn.split(":repository/")[1] ?? ""),
      ),
      "image-tag": distinct(images.map(({ tag }) => tag)),
    },
  };
}

/** Of all secrets, since a pattern has no room for many ARNs: the function knows which of them matter. */
function newValues(): object {
  return {
    source: ["aws.secretsmanager", "aws.ssm"],
    "detail-type": ["Secret Label Updated", "Parameter Store Change"],
    detail: { $or: [{ labelUpdated: ["AWSCURRENT"] }, { operation: ["Create", "Update"] }] },
  };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
