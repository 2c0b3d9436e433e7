import * as assert from "node:assert/strict";
import { Pipeline } from "../../components";
import { type Answers, type Outcome, runBuildspec } from "./pipeline-commands";
import { happy } from "./pipeline-neighbours";
import { build } from "./support";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const URL = "123456789012.dkr.ecr.us-east-1.amazonaws.com/server";

/** A list of images for several processors: to be moved as it is. */
const INDEX = {
  imageManifest: '{"schemaVersion":2,"manifests":[]}',
  imageManifestMediaType: "application/vnd.oci.image.index.v1+json",
  imageId: { imageDigest: "sha256:abcd", imageTag: COMMIT },
};

/** Deployments of a service, of which the second is the newest. */
const deployments = (status: string, statusReason?: string) => ({
  serviceDeployments: [
    { status: "ROLLBACK_SUCCESSFUL", createdAt: "2026-11-20T10:00:00.000000+00:00" },
    { status, statusReason, createdAt: "2026-11-21T09:00:00.000000+00:00" },
    { status: "STOPPED", createdAt: "2026-11-19T10:00:00.000000+00:00" },
  ],
});

const definition = (container: string, tag: string) => ({
  out: {
    taskDefinition: {
      containerDefinitions: [
        { name: "proxy", image: "proxy:1" },
        { name: container, image: `${URL}:${tag}` },
      ],
    },
  },
});

const DEPLOYED: Answers = {
  "aws ecs describe-services --cluster platform --services server-service": {
    out: { services: [{ taskDefinition: "server:8" }] },
  },
  "aws ecs describe-services --cluster platform --services worker-service": {
    out: { services: [{ taskDefinition: "worker:3" }] },
  },
  "aws ecs list-service-deployments": { out: deployments("SUCCESSFUL") },
  "aws ecs describe-task-definition --task-definition server:8": definition("server", COMMIT),
  "aws ecs describe-task-definition --task-definition worker:3": definition("worker", COMMIT),
  "aws ecr batch-get-image": { out: { images: [INDEX] } },
  "aws ecr put-image": { out: {} },
};

describe("The promotion of a Pipeline", () => {
  let buildspec: string;
  before(async () => {
    const run = await build(() => new Pipeline("server", happy()));
    const project = run.one("aws:codebuild/project:Project", "server-promote-project");
    buildspec = project.input("source.buildspec") as string;
  });

  const promote = (answers: Answers = {}): Outcome =>
    runBuildspec(
      buildspec,
      {
        COMMIT,
        REPOSITORY: "server",
        REPOSITORY_URL: URL,
        CLUSTER: "platform",
        SERVICES: '{"server":"server-service","worker":"worker-service"}',
        TAGS: '["live","stable"]',
        PAUSE_SECONDS: "0",
      },
      { ...DEPLOYED, ...answers },
    );
  const puts = ({ calls }: Outcome) => calls.filter(([, , action]) => action === "put-image");

  it("moves every tag to the very image that was deployed, in whatever form", () => {
    const outcome = promote();
    assert.equal(outcome.code, 0, outcome.output);
    const put = (tag: string) => [
      ...["aws", "ecr", "put-image", "--repository-name", "server", "--image-tag", tag],
      ...["--image-manifest", INDEX.imageManifest],
      ...["--image-manifest-media-type", INDEX.imageManifestMediaType],
      ...["--image-digest", "sha256:abcd", "--output", "json"],
    ];
    assert.deepEqual(puts(outcome), [put("live"), put("stable")]);
    const get = outcome.calls.find(([, , action]) => action === "batch-get-image") ?? [];
    assert.ok(get.includes(`imageTag=${COMMIT}`));
    assert.ok(get.includes("application/vnd.oci.image.index.v1+json"));
    assert.ok(get.includes("application/vnd.docker.distribution.manifest.v2+json"));
  });

  it("moves nothing where a service does not run the image: ECS went back", () => {
    const outcome = promote({
      "aws ecs describe-task-definition --task-definition worker:3": definition("worker", "live"),
    });
    assert.equal(outcome.code, 1);
    assert.match(
      outcome.output,
      /worker runs 123456789012\.dkr\.ecr\.us-east-1\.amazonaws\.com\/server:live: ECS went back/,
    );
    assert.deepEqual(puts(outcome), []);
  });

  it("moves nothing before a deployment has come to its end", () => {
    const outcome = promote({
      "aws ecs list-service-deployments --cluster platform --service worker-service": {
        out: [
          deployments("PENDING"),
          deployments("IN_PROGRESS"),
          deployments("ROLLBACK_REQUESTED"),
          deployments("ROLLBACK_IN_PROGRESS"),
          deployments("ROLLBACK_SUCCESSFUL", "the alarm api-errors went off"),
        ],
      },
    });
    assert.equal(outcome.code, 1);
    assert.equal(
      outcome.output.match(/^worker: waits for the end of its deployment$/gm)?.length,
      1,
    );
    assert.match(
      outcome.output,
      /^worker: its deployment ended as ROLLBACK_SUCCESSFUL: the alarm api-errors went off$/m,
    );
    const looks = outcome.calls.filter(([, , action]) => action === "list-service-deployments");
    assert.equal(looks.length, 1 + 5);
    assert.deepEqual(puts(outcome), []);
  });

  it("goes by the image alone where ECS has forgotten the deployment", () => {
    const outcome = promote({
      "aws ecs list-service-deployments": { out: { serviceDeployments: [] } },
    });
    assert.equal(outcome.code, 0, outcome.output);
    assert.equal(puts(outcome).length, 2);
  });

  it("is content with a tag that is there already", () => {
    const outcome = promote({
      "aws ecr put-image": { code: 254, error: "An error occurred (ImageAlreadyExistsException)" },
    });
    assert.equal(outcome.code, 0, outcome.output);
    assert.match(outcome.output, /live is .* already\nstable is .* already/);
  });

  it("fails with ECR", () => {
    const denied = { code: 254, error: "An error occurred (AccessDeniedException)" };
    assert.equal(promote({ "aws ecr put-image": denied }).code, 1);
  });

  it("fails where the image is gone", () => {
    const { code, output } = promote({ "aws ecr batch-get-image": { out: { images: [] } } });
    assert.equal(code, 1);
    assert.match(output, /is not in the repository/);
  });
});
