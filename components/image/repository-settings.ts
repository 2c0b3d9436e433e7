import { z } from "zod";
import { different, patternInput, rule } from "../support/rules";

const kmsKeyArn = patternInput(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/\S+$/, {
  rule: "must be the ARN of a KMS key",
  allowed: "arn:aws:kms:REGION:ACCOUNT:key/ID",
  fix: "look it up by `aws kms describe-key --key-id alias/NAME`",
});

/** What an image is called in its repository. */
export const imageTag = rule(z.string(), (tag) => /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(tag), {
  rule: "is not a tag of an image",
  allowed: "letters, digits and _ . -, at most 128, starting with a letter, a digit or _",
  fix: 'write it like "live"',
});

/** How a repository keeps its images, whoever pushes them. */
export const repositoryShape = {
  keepImages: z
    .int()
    .min(2)
    .max(1000)
    .default(20)
    .describe("Newest images that are kept, to roll back to. 0.10 USD a month for each GB."),
  untaggedDays: z
    .int()
    .min(1)
    .max(365)
    .default(7)
    .describe("Days that images without a tag are kept."),
  kmsKeyArn: kmsKeyArn
    .optional()
    .describe("KMS key to encrypt with instead of S3's. Changing it makes a new repository."),
} as const;

/** A repository for images that somebody else builds and pushes. */
export const imageRepositorySettings = z.strictObject({
  movingTags: different(z.array(imageTag).max(5), "tags")
    .default(["live"])
    .describe(
      "Tags that a push may move from image to image, for services to follow. Every other tag names one image for ever.",
    ),
  ...repositoryShape,
});

export type ImageRepositorySettings = z.input<typeof imageRepositorySettings>;
