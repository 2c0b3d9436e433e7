import * as assert from "node:assert/strict";
import { Pipeline, type PipelineArgs } from "../../components";
import { type Answers, runBuildspec } from "./pipeline-commands";
import { full, happy, repository } from "./pipeline-neighbours";
import { build } from "./support";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const IMAGE = `${repository.repositoryUrl}:${COMMIT}`;
const ENVIRONMENT = {
  COMMIT,
  REPOSITORY: "server-repository-1a2b3c4",
  REPOSITORY_URL: repository.repositoryUrl,
};

/** Nothing has pushed the commit yet, and everything goes well. */
const FIRST: Answers = {
  "aws ecr get-login-password": { out: "password" },
  "aws ecr describe-images": { code: 254, error: "ImageNotFoundException" },
  docker: {},
};

async function buildspecOf(args: PipelineArgs): Promise<string> {
  const run = await build(() => new Pipeline("server", args));
  const project = run.one("aws:codebuild/project:Project", "server-build-project");
  return project.input("source.buildspec") as string;
}

describe("The commands of a Pipeline's projects", () => {
  it("fill several lines, since CodeBuild takes a single one for the name of a file", async () => {
    const run = await build(() => new Pipeline("server", full()));
    for (const project of run.all("aws:codebuild/project:Project")) {
      const [first, second] = (project.input("source.buildspec") as string).split("\n");
      assert.deepEqual([first, second], ["{", '  "version": "0.2",'], project.name);
    }
  });
});

describe("The build of a Pipeline", () => {
  it("logs in, builds for the services' processor, and pushes under the commit", async () => {
    const { code, calls, output } = runBuildspec(await buildspecOf(happy()), ENVIRONMENT, FIRST);
    assert.equal(code, 0, output);
    // The two sides of the pipe that logs in start at the same time.
    const isLogin = ([, , action]: readonly string[]) => action === "get-login-password";
    assert.deepEqual(calls.filter(isLogin), [["aws", "ecr", "get-login-password"]]);
    assert.deepEqual(
      calls.filter((call) => !isLogin(call)),
      [
        [
          ...["docker", "login", "--username", "AWS", "--password-stdin"],
          "123456789012.dkr.ecr.us-east-1.amazonaws.com",
        ],
        [
          ...["aws", "ecr", "describe-images", "--repository-name", "server-repository-1a2b3c4"],
          ...["--image-ids", `imageTag=${COMMIT}`],
        ],
        [
          ...["docker", "build", "--platform", "linux/amd64", "--file", "Dockerfile"],
          ...["--tag", IMAGE, "."],
        ],
        ["docker", "push", IMAGE],
      ],
    );
  });

  it("takes the folder, the file and the arguments as they are given, quotes and all", async () => {
    const { calls } = runBuildspec(await buildspecOf(full()), ENVIRONMENT, FIRST);
    assert.deepEqual(
      calls.find(([, action]) => action === "build"),
      [
        ...["docker", "build", "--platform", "linux/arm64", "--file", "server/docker/Dockerfile"],
        ...["--build-arg", "BASE=alpine", "--build-arg", "VERSION=it's 2"],
        ...["--tag", IMAGE, "server"],
      ],
    );
  });

  it("tells each service's container its image", async () => {
    const buildspec = await buildspecOf(full());
    const { files } = runBuildspec(buildspec, ENVIRONMENT, FIRST);
    assert.deepEqual(
      Object.fromEntries(Object.entries(files).map(([name, text]) => [name, JSON.parse(text)])),
      {
        "imagedefinitions-worker.json": [{ name: "worker", imageUri: IMAGE }],
        "imagedefinitions-server.json": [{ name: "server", imageUri: IMAGE }],
      },
    );
    assert.deepEqual((JSON.parse(buildspec) as { artifacts: unknown }).artifacts, {
      files: ["imagedefinitions-worker.json", "imagedefinitions-server.json"],
    });
  });

  it("builds nothing where an earlier run has pushed the commit: the repository takes no tag twice", async () => {
    const there = { ...FIRST, "aws ecr describe-images": { out: {} } };
    const { code, calls, files } = runBuildspec(await buildspecOf(happy()), ENVIRONMENT, there);
    assert.equal(code, 0);
    assert.deepEqual(
      calls.filter(([tool, action]) => tool === "docker" && action !== "login"),
      [],
    );
    assert.deepEqual(Object.keys(files), ["imagedefinitions-server.json"]);
  });

  for (const action of ["login", "build", "push"]) {
    it(`fails where docker ${action} fails, and hands nothing on`, async () => {
      const failing = { ...FIRST, [`docker ${action}`]: { code: 1, error: "no" } };
      const { code, files } = runBuildspec(await buildspecOf(happy()), ENVIRONMENT, failing);
      assert.equal(code, 1);
      assert.deepEqual(files, {});
    });
  }
});
