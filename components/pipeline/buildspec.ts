import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { Architecture } from "./neighbours";
import type { CheckedPipelineSettings } from "./settings";

const PLATFORMS: Record<Architecture, string> = { X86_64: "linux/amd64", ARM64: "linux/arm64" };

/** The file that tells CodePipeline's action for ECS which container of a service gets which image. */
export function definitionsFile(container: string): string {
  return `imagedefinitions-${container}.json`;
}

/** Builds the image and pushes it under its commit, unless an earlier run did: the repository takes no tag twice. */
export function buildImage(
  { context, dockerfile, args }: CheckedPipelineSettings["build"],
  architecture: Architecture,
  containers: readonly string[],
): string {
  const words = [
    "docker build",
    `--platform ${PLATFORMS[architecture]}`,
    `--file ${quoted(path.posix.join(context, dockerfile))}`,
    ...Object.entries(args)
      .sort()
      .map(([name, value]) => `--build-arg ${quoted(`${name}=${value}`)}`),
    '--tag "$IMAGE"',
    quoted(context),
  ];
  const isThere =
    'aws ecr describe-images --repository-name "$REPOSITORY" --image-ids "imageTag=$COMMIT" > /dev/null 2>&1';
  return spec(
    {
      pre_build: [
        'aws ecr get-login-password | docker login --username AWS --password-stdin "${REPOSITORY_URL%%/*}"',
      ],
      build: [
        'IMAGE="$REPOSITORY_URL:$COMMIT"',
        `if ${isThere}; then echo "$IMAGE is there already"; else ${words.join(" ")} && docker push "$IMAGE"; fi`,
        ...containers.map(
          (container) =>
            `printf '[{"name":"%s","imageUri":"%s"}]' ${container} "$IMAGE" > ${definitionsFile(container)}`,
        ),
      ],
    },
    containers.map(definitionsFile),
  );
}

/** Runs one of the scripts beside this file. */
export function runScript(name: "promote" | "release"): string {
  const script = readFileSync(path.join(__dirname, "scripts", `${name}.mjs`), "utf8");
  return spec({
    build: [
      `cat > /tmp/${name}.mjs <<'END_OF_SCRIPT'\n${script}END_OF_SCRIPT`,
      `node /tmp/${name}.mjs`,
    ],
  });
}

/** A buildspec is YAML, which JSON is part of. CodeBuild takes a single line for the path of a file (so says aws-cdk). */
function spec(
  phases: Readonly<Record<string, readonly string[]>>,
  files: readonly string[] = [],
): string {
  const document = {
    version: "0.2",
    env: { shell: "bash" },
    phases: Object.fromEntries(
      Object.entries(phases).map(([phase, commands]) => [phase, { commands }]),
    ),
    ...(files.length > 0 && { artifacts: { files } }),
  };
  return JSON.stringify(document, undefined, 2);
}

/** As the shell takes it for one word, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
