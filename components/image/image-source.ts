import { z } from "zod";
import { type Finding, mapOf, ruleWithin } from "../support/rules";
import { imageTag } from "./repository-settings";
import { containerImageSettings } from "./settings";

/** An image that is pushed to a repository of the stack, and known by a tag that moves with each push. */
export const followedTag = z.strictObject({
  name: z.string().describe("Repository that its image is pushed to, by key."),
  tag: imageTag
    .default("live")
    .describe("Tag that it follows: one of the repository's movingTags."),
});

/** The same for something that keeps running, and so may have to start anew. */
export const followedTagOfService = followedTag.extend({
  rollOnPush: z
    .boolean()
    .default(true)
    .describe(
      "Whether a push of the tag rolls the service. false where a pipeline does, or nobody is to.",
    ),
});

/** Ways to say what runs; exactly one of them is used. */
const WAYS = ["image", "build", "repository"] as const;

/**
 * The settings of something that runs an image, for a stack file: there the image may also be built, or be pushed to a
 * repository of the stack. Whoever takes all three from a stack file passes on as `image` what comes of them.
 */
export function imageSource<
  Shape extends { readonly image: z.ZodType },
  Repository extends z.ZodType,
>(settings: z.ZodObject<Shape>, followed: Repository) {
  const build = containerImageSettings
    .optional()
    .describe("What to build the image from, in place of naming one. Needs Docker.");
  const repository = followed
    .optional()
    .describe("Repository of this stack that the image is pushed to, in place of naming one.");
  type Extended = z.ZodObject<
    Omit<Shape, "image"> & {
      image: z.ZodOptional<Shape["image"]>;
      build: typeof build;
      repository: typeof repository;
    },
    z.core.$strict
  >;
  // To zod an optional key in place of a required one is not safe; the rules below make up for it.
  const extended = settings.safeExtend({
    image: settings.shape.image.optional(),
    build,
    repository,
  } as never) as unknown as Extended;
  return ruleWithin(extended, (given) => [...wayFindings(given), ...releaseFindings(given)]);
}

function wayFindings(given: Readonly<Record<string, unknown>>): Finding[] {
  const [first, ...others] = WAYS.filter((way) => given[way] !== undefined);
  if (first === undefined) {
    return [
      {
        path: ["image"],
        rule: "is required where neither build nor repository says what runs",
        allowed: "REGISTRY/REPOSITORY:TAG or REGISTRY/REPOSITORY@sha256:DIGEST",
        fix: "name the image, or add build with the folder to build it from, or repository with the one that it is pushed to",
      },
    ];
  }
  return others.map((way) => ({
    path: [way],
    rule: `contradicts ${first}: exactly one of ${WAYS.join(", ")} says what runs`,
    allowed: `one of ${WAYS.join(", ")}`,
    fix: "remove all but one of them",
  }));
}

function releaseFindings({ release, repository }: Readonly<Record<string, unknown>>): Finding[] {
  if (release === undefined || repository === undefined) return [];
  return mapOf(repository)["rollOnPush"] === false
    ? []
    : [
        {
          path: ["release"],
          rule: "would be left out: a push rolls the service at ECS itself, and nothing could run before",
          allowed: "release with image, with build, or with repository.rollOnPush: false",
          fix: "set repository.rollOnPush to false and let a pipeline roll it, which runs the release before",
        },
      ];
}
