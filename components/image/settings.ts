import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { buildArgumentName } from "../support/build-argument";
import { rule, ruleAcross } from "../support/rules";
import { dockerfilePath } from "./context";
import { repositoryShape } from "./repository-settings";

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
        .record(buildArgumentName, z.string())
        .default({})
        .describe("Build arguments (ARG in the Dockerfile). They stay readable in the image."),
      ...repositoryShape,
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
