import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { repositoryShape } from "./repository-settings";

/** Settings of a repository, as checked. */
interface RepositoryArgs extends z.output<z.ZodObject<typeof repositoryShape>> {
  /** Tags that may be moved from image to image; every other names one image for ever. */
  readonly movingTags: readonly string[];
  /** Whether AWS refuses to delete the repository while it holds images. */
  readonly deletionProtection: boolean;
}

/** A private repository that takes no tag twice but the moving ones, scans what is pushed, and forgets old images. */
export function createRepository(
  name: string,
  { keepImages, untaggedDays, kmsKeyArn, movingTags, deletionProtection }: RepositoryArgs,
  child: pulumi.CustomResourceOptions,
): aws.ecr.Repository {
  const repository = new aws.ecr.Repository(
    `${name}-repository`,
    {
      ...mutability(movingTags),
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [
        kmsKeyArn === undefined
          ? { encryptionType: "AES256" }
          : { encryptionType: "KMS", kmsKey: kmsKeyArn },
      ],
      forceDelete: !deletionProtection,
    },
    child,
  );
  new aws.ecr.LifecyclePolicy(
    `${name}-lifecycle`,
    {
      repository: repository.name,
      policy: pulumi.jsonStringify({
        rules: [
          ...movingTags.map(staying),
          goingUntagged(untaggedDays),
          // AWS wants the rule for all images to be the last.
          stayingNewest(keepImages),
        ].map((rule, position) => ({
          rulePriority: position + 1,
          ...rule,
          action: { type: "expire" },
        })),
      }),
    },
    child,
  );
  return repository;
}

function mutability(movingTags: readonly string[]): Partial<aws.ecr.RepositoryArgs> {
  if (movingTags.length === 0) return { imageTagMutability: "IMMUTABLE" };
  return {
    imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
    // Without a "*" the pattern is the tag itself.
    imageTagMutabilityExclusionFilters: movingTags.map((filter) => ({
      filter,
      filterType: "WILDCARD",
    })),
  };
}

/**
 * Expires nothing, since a tag is on one image at most. ECR lets no rule expire what one before it has matched, so this
 * keeps the image however old it gets.
 */
function staying(tag: string) {
  return {
    description: `The image that ${tag} names stays`,
    selection: { tagStatus: "tagged", tagPatternList: [tag], ...countAbove(1) },
  };
}

function goingUntagged(days: number) {
  return {
    description: `Images without a tag go after ${days} days`,
    selection: {
      tagStatus: "untagged",
      countType: "sinceImagePushed",
      countUnit: "days",
      countNumber: days,
    },
  };
}

function stayingNewest(images: number) {
  return {
    description: `The newest ${images} images stay`,
    selection: { tagStatus: "any", ...countAbove(images) },
  };
}

function countAbove(images: number) {
  return { countType: "imageCountMoreThan", countNumber: images };
}
