/** GitLab's file, against GitLab's own schema: what runs when, with which rights. */
import * as assert from "node:assert/strict";
import { type GitlabJob, GitlabPipeline } from "./gitlab-run";
import { spawnSync } from "node:child_process";
import { readText } from "./support";

const ROLES = Object.fromEntries(
  ["PREVIEW", "DEPLOY", "DRIFT"].flatMap((purpose) =>
    ["DEV", "STAGING", "PROD"].map((stack) => [`AWS_${purpose}_ROLE_${stack}`, "arn:aws:iam::…"]),
  ),
);
const STAGES = ["check", "analysis", "preview", "dev", "staging", "prod"];
const CHECKS = ["static", "test: [20.19]", "test: [22]", "test: [24]", "local"];
const ANALYSES = ["dependencies", "scan"];
/** Lines before a job's script that find out where the state is. */
const BACKEND_LINES = 3;

describe("GitLab's pipeline", function () {
  this.timeout(60_000);
  const pipeline = new GitlabPipeline();
  let jobs: Record<string, GitlabJob>;
  before(async () => {
    jobs = await pipeline.jobs();
  });
  after(() => pipeline.remove());

  const named = (start: string) =>
    Object.entries(jobs).filter(([name]) => name.startsWith(`${start}-`));

  it("would not pass with a mistake", async () => {
    const wrong = new GitlabPipeline(
      readText(".gitlab-ci.yml").replace("resource_group: dev", "resource_group: [dev]"),
    );
    await assert.rejects(
      wrong.jobs(),
      /'resource_group' property type must be string at deploy-dev/,
    );
    wrong.remove();
  });

  it("checks, analyses and previews a merge request", async () => {
    assert.deepEqual(
      await pipeline.starts({ CI_PIPELINE_SOURCE: "merge_request_event", ...ROLES }),
      [...CHECKS, ...ANALYSES, ...["preview-dev", "preview-staging", "preview-prod"]],
    );
  });

  it("deploys dev by a push to the default branch, and offers the others", async () => {
    assert.deepEqual(await pipeline.starts({ CI_PIPELINE_SOURCE: "push", ...ROLES }), [
      ...CHECKS,
      ...ANALYSES,
      ...["deploy-dev", "deploy-staging by hand", "deploy-prod by hand"],
    ]);
  });

  it("deploys nothing from another branch", async () => {
    const given = { CI_PIPELINE_SOURCE: "push", CI_COMMIT_BRANCH: "other", ...ROLES };
    assert.deepEqual(await pipeline.starts(given), [...CHECKS, ...ANALYSES]);
    assert.match(
      readText(".gitlab-ci.yml"),
      /workflow:\n {2}rules:\n {4}- if: \$CI_PIPELINE_SOURCE == "merge_request_event"\n {4}- if: \$CI_COMMIT_BRANCH == \$CI_DEFAULT_BRANCH\n\n/,
    );
  });

  it("looks for drift by a schedule, and does nothing else then", async () => {
    assert.deepEqual(await pipeline.starts({ CI_PIPELINE_SOURCE: "schedule", ...ROLES }), [
      "drift-dev",
      "drift-staging",
      "drift-prod",
    ]);
  });

  it("leaves out a stack without a role", async () => {
    const role = ROLES["AWS_DEPLOY_ROLE_PROD"] ?? "";
    const given = { CI_PIPELINE_SOURCE: "push", AWS_DEPLOY_ROLE_PROD: role };
    assert.deepEqual(await pipeline.starts(given), [...CHECKS, ...ANALYSES, "deploy-prod by hand"]);
  });

  it("asks Sonar where there is one, before anything deploys", async () => {
    const given = { CI_PIPELINE_SOURCE: "push", SONAR_HOST_URL: "https://sonar.example.com" };
    assert.deepEqual(await pipeline.starts(given), [...CHECKS, "coverage", ...ANALYSES, "sonar"]);
    assert.deepEqual(jobs["sonar"]?.script, ["sonar-scanner -Dsonar.qualitygate.wait=true"]);
    assert.deepEqual(jobs["coverage"]?.artifacts?.["paths"], [".local/coverage/lcov.info"]);
  });

  it("deploys despite the analysis for a reason, and never despite the checks", async () => {
    const given = { CI_PIPELINE_SOURCE: "web", SONAR_HOST_URL: "https://sonar.example.com" };
    assert.deepEqual(await pipeline.mayFail(given), []);
    const DESPITE_ANALYSIS_BECAUSE = "the repair of an outage cannot wait for that advisory";
    assert.deepEqual(await pipeline.mayFail({ ...given, DESPITE_ANALYSIS_BECAUSE }), [
      ...ANALYSES,
      "sonar",
    ]);
  });

  it("lets no failure pass, and no job start before all former stages have passed", () => {
    const passing = Object.entries(jobs).filter(
      ([, { allow_failure, needs }]) => (allow_failure ?? false) !== false || needs !== undefined,
    );
    assert.deepEqual(passing, []);
    const stages = Object.values(jobs).map(({ stage }) => STAGES.indexOf(stage));
    assert.ok(!stages.includes(-1));
    assert.match(
      readText(".gitlab-ci.yml"),
      new RegExp(`^stages: \\[${STAGES.join(", ")}\\]$`, "m"),
    );
  });

  it("deploys each stack in its environment, one at a time, and is not stopped", () => {
    assert.deepEqual(
      named("deploy").map(([name, { stage, environment, ...job }]) => ({
        name,
        stage,
        environment,
        group: job.resource_group,
        interruptible: job.interruptible,
        stack: job.variables?.["STACK"],
        role: job.variables?.["AWS_ROLE_ARN"],
        script: job.script,
      })),
      ["dev", "staging", "prod"].map((stack) => ({
        name: `deploy-${stack}`,
        stage: stack,
        environment: stack,
        group: stack,
        interruptible: false,
        stack,
        role: `$AWS_DEPLOY_ROLE_${stack.toUpperCase()}`,
        script: [
          'npx pulumi up --stack "$STACK" --yes --non-interactive --suppress-progress --diff',
        ],
      })),
    );
  });

  it("previews and looks for drift by roles for that, and shows the preview on the merge request", () => {
    for (const [start, purpose, script] of [
      ["preview", "PREVIEW", 'npm run preview -- "$STACK"'],
      [
        "drift",
        "DRIFT",
        'npx pulumi refresh --stack "$STACK" --preview-only --expect-no-changes --non-interactive --suppress-progress --diff',
      ],
    ] as const) {
      assert.deepEqual(
        named(start).map(([, { variables, script: own }]) => [
          variables?.["STACK"],
          variables?.["AWS_ROLE_ARN"],
          own,
        ]),
        ["dev", "staging", "prod"].map((stack) => [
          stack,
          `$AWS_${purpose}_ROLE_${stack.toUpperCase()}`,
          [script],
        ]),
      );
    }
    assert.deepEqual(
      named("preview").map(([, { artifacts }]) => artifacts),
      ["dev", "staging", "prod"].map((stack) => ({
        expose_as: `Preview of ${stack}`,
        paths: [`.local/preview/${stack}.md`],
        when: "always",
      })),
    );
  });

  it("logs in to AWS by GitLab's token where it must, and knows no key", () => {
    const login = Object.entries(jobs).filter(([, { id_tokens }]) => id_tokens !== undefined);
    assert.deepEqual(
      login.map(([name]) => name),
      [...named("preview"), ...named("deploy"), ...named("drift")].map(([name]) => name),
    );
    for (const [, { id_tokens, variables, before_script = [] }] of login) {
      assert.deepEqual(id_tokens, { AWS_ID_TOKEN: { aud: "$CI_SERVER_URL" } });
      assert.equal(variables?.["AWS_WEB_IDENTITY_TOKEN_FILE"], "$CI_PROJECT_DIR/.local/aws-token");
      assert.deepEqual(before_script.slice(BACKEND_LINES), [
        "npm ci",
        'mkdir -p .local && printf %s "$AWS_ID_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"',
      ]);
    }
    assert.doesNotMatch(readText(".gitlab-ci.yml"), /SECRET|ACCESS_KEY|AKIA/);
  });

  /** Where a job keeps the state, by the lines that run before everything else in it; what it says where it fails. */
  const backendOf = (job: string, variables: Readonly<Record<string, string>>) => {
    const { before_script = [], variables: own } = jobs[job] ?? {};
    const lines = [...before_script.slice(0, BACKEND_LINES), 'printf %s "$PULUMI_BACKEND_URL"'];
    const env = { PATH: process.env["PATH"], STACK: own?.["STACK"], ...variables };
    // GitLab's runner stops at the first line that fails, and so does this.
    return spawnSync("sh", ["-e", "-c", lines.join("\n")], { encoding: "utf8", env });
  };

  it("keeps states in the bucket of the variable, or in that of the stack's own account", () => {
    const all = { PULUMI_BACKEND_URL: "s3://states?region=us-east-1" };
    const ofProd = { PULUMI_BACKEND_URL_PROD: "s3://states-of-prod?region=us-east-1" };
    for (const start of ["preview", "deploy", "drift"]) {
      assert.equal(backendOf(`${start}-dev`, all).stdout, all.PULUMI_BACKEND_URL);
      assert.equal(
        backendOf(`${start}-prod`, { ...all, ...ofProd }).stdout,
        ofProd.PULUMI_BACKEND_URL_PROD,
      );
      assert.equal(backendOf(`${start}-prod`, ofProd).stdout, ofProd.PULUMI_BACKEND_URL_PROD);
    }
  });

  it("fails before anything else when nobody says where the states are", () => {
    for (const start of ["preview", "deploy", "drift"]) {
      const { status, stdout, stderr } = backendOf(`${start}-dev`, {});
      assert.deepEqual(
        { status, stdout, stderr },
        {
          status: 1,
          stdout: "",
          stderr:
            "Where is the state? Set PULUMI_BACKEND_URL, or PULUMI_ACCESS_TOKEN, see docs/ci.md\n",
        },
      );
    }
    const inCloud = backendOf("deploy-dev", { PULUMI_ACCESS_TOKEN: "pul-0123" });
    assert.deepEqual([inCloud.status, inCloud.stdout], [0, ""]);
  });

  it("takes what is nobody's language image by digest", () => {
    const images = Object.values(jobs).map(({ image }) => image.name);
    assert.deepEqual(
      images.filter(
        (image) => image !== "node:$NODE_VERSION-bookworm" && !/@sha256:[0-9a-f]{64}$/.test(image),
      ),
      [],
    );
  });
});
