import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { patternInput, rule, ruleAcross } from "../support/rules";
import { dockerfilePath } from "./context";

const argumentName = rule(
  rule(z.string(), (name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name), {
    rule: "is not a name for a build argument",
    allowed: "letters, digits and underscores, not starting with a digit",
    fix: "rename it",
  }),
  (name) => !/(PASS(WORD|WD)?|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)(_|$)/i.test(name),
  {
    rule: "looks like a secret, and build arguments stay readable in the image",
    allowed: "names without PASSWORD, SECRET, TOKEN, API_KEY, PRIVATE_KEY, CREDENTIALS",
    fix: "give it to the running container under secrets",
  },
);

const kmsKeyArn = patternInput(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/\S+$/, {
  rule: "must be the ARN of a KMS key",
  allowed: "arn:aws:kms:REGION:ACCOUNT:key/ID",
  fix: "look it up by `aws kms describe-key --key-id alias/NAME`",
});

export const containerImageSettings = ruleAcross(
  ruleAcross(
    z.strictObject({
      context: rule(z.string(), isFolder, {
        rule: "is not a folder",
        allowed: "a folder, as seen from the folder of Pulumi.yaml",
        fix: "create it, or correct the path",
      }).describe("Folder with the files of the image, as seen from the folder of Pulumi.yaml."),
      dockerfile: z
        .string()
        .default("Dockerfile")
        .describe("Path of the Dockerfile in the context."),
      target: rule(z.string(), (stage) => /^[A-Za-z][\w.-]*$/.test(stage), {
        rule: "is not a name of a stage",
        allowed: "letters, digits and _ . -, starting with a letter",
        fix: "name it as the Dockerfile does behind AS",
      })
        .optional()
        .describe("Stage of the Dockerfile to build. Default: the last."),
      args: z
        .record(argumentName, z.string())
        .default({})
        .describe("Build arguments (ARG in the Dockerfile). They stay readable in the image."),
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
    }),
    ["dockerfile"],
    ({ context, dockerfile }) =>
      !isFolder(context) || textOf(dockerfileOf(context, dockerfile)) !== undefined,
    {
      rule: "is not a file in the context",
      allowed: "the path of a Dockerfile, as seen from the context",
      fix: "create it, or correct the path",
    },
  ),
  ["target"],
  ({ context, dockerfile, target }) => {
    const text = isFolder(context) ? textOf(dockerfileOf(context, dockerfile)) : undefined;
    return (
      text === undefined || typeof target !== "string" || stagesOf(text).includes(lower(target))
    );
  },
  {
    rule: "is not a stage of the Dockerfile",
    allowed: "a name that stands behind FROM … AS",
    fix: "correct it, or remove it to build the last stage",
  },
);

/**
 * The settings of something that runs an image, for a stack file: there the image may also be built. Whoever takes both
 * from a stack file makes a `ContainerImage` of `build` and passes its `imageUri` on as `image`.
 */
export function imageOrBuild<Shape extends { readonly image: z.ZodType }>(
  settings: z.ZodObject<Shape>,
) {
  const build = containerImageSettings
    .optional()
    .describe("What to build the image from, in place of naming one. Needs Docker.");
  type Extended = z.ZodObject<
    Omit<Shape, "image"> & { image: z.ZodOptional<Shape["image"]>; build: typeof build },
    z.core.$strict
  >;
  // To zod an optional key in place of a required one is not safe; the first rule below makes up for it.
  const extended = settings.safeExtend({
    image: settings.shape.image.optional(),
    build,
  } as never) as unknown as Extended;
  return ruleAcross(
    ruleAcross(extended, ["image"], (given) => hasKey(given, "image") || hasKey(given, "build"), {
      rule: "is required where nothing is built",
      allowed: "REGISTRY/REPOSITORY:TAG or REGISTRY/REPOSITORY@sha256:DIGEST",
      fix: "name the image, or add build with the folder to build it from",
    }),
    ["build"],
    (given) => !hasKey(given, "image") || !hasKey(given, "build"),
    {
      rule: "contradicts image: exactly one of the two says what runs",
      allowed: "build without image, or image without build",
      fix: "remove one of them",
    },
  );
}

function hasKey(given: object, key: string): boolean {
  return (given as Record<string, unknown>)[key] !== undefined;
}

export type ContainerImageSettings = z.input<typeof containerImageSettings>;

function isFolder(path: unknown): path is string {
  return typeof path === "string" && attempt(() => statSync(path).isDirectory()) === true;
}

function dockerfileOf(context: string, dockerfile: unknown): string {
  return dockerfilePath(context, typeof dockerfile === "string" ? dockerfile : undefined);
}

function textOf(file: string): string | undefined {
  return attempt(() => readFileSync(file, "utf8"));
}

/** Docker does not mind the case of their names. */
function stagesOf(dockerfile: string): string[] {
  return [...dockerfile.matchAll(/^\s*FROM\s.*\sAS\s+(\S+)/gim)].map(([, name = ""]) =>
    lower(name),
  );
}

function lower(text: string): string {
  return text.toLowerCase();
}

/** Whatever keeps a path from being read, the rule that asks says what is wrong. */
function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
