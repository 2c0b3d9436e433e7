/** GitHub's jobs: what each may do, how it logs in, and what it calls. */
import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { readActions, readText, readWorkflows, type Step } from "./support";

const workflows = readWorkflows();
const jobs = Object.entries(workflows).flatMap(([file, workflow]) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ file, name, workflow, job })),
);
const steps: readonly (Step & { where: string })[] = [
  ...jobs.flatMap(({ file, name, job }) =>
    (job.steps ?? []).map((step) => ({ ...step, where: `${file} ${name}` })),
  ),
  ...Object.entries(readActions()).flatMap(([name, own]) =>
    own.map((step) => ({ ...step, where: `action ${name}` })),
  ),
];

describe("GitHub's jobs", () => {
  it("that deploy are in the environment of their stack, one at a time, and never stopped", () => {
    const { up } = workflows["stack-up.yml"]?.jobs ?? {};
    assert.equal(up?.environment, "${{ inputs.stack }}");
    assert.deepEqual(up.concurrency, {
      group: "stack-${{ inputs.stack }}",
      "cancel-in-progress": false,
    });
    assert.deepEqual(
      up.steps?.at(-1)?.run,
      'npx pulumi up --stack "$STACK" --yes --non-interactive --suppress-progress --diff',
    );
    const deploying = jobs.filter(({ job }) => job.uses?.endsWith("/stack-up.yml"));
    assert.deepEqual(
      deploying.map(({ file, name, job }) => [file, name, job.with]),
      ["dev", "staging", "prod"].map((stack) => [
        "deploy.yml",
        stack,
        { stack, role: `\${{ vars.AWS_DEPLOY_ROLE_${stack.toUpperCase()} }}` },
      ]),
    );
    for (const { job } of deploying) {
      assert.deepEqual(job.needs?.slice(0, 2), ["check", "analysis"]);
    }
    assert.deepEqual(
      steps.filter(({ run }) => run?.includes("pulumi up")).map(({ where }) => where),
      ["stack-up.yml up"],
    );
  });

  it("that preview and look for drift have the roles for that", () => {
    for (const [file, purpose] of [
      ["preview", "PREVIEW"],
      ["drift", "DRIFT"],
    ] as const) {
      const { jobs: own = {} } = workflows[`${file}.yml`] ?? {};
      assert.deepEqual(
        Object.entries(own).map(([name, job]) => [name, job.with]),
        ["dev", "staging", "prod"].map((stack) => [
          stack,
          { stack, role: `\${{ vars.AWS_${purpose}_ROLE_${stack.toUpperCase()} }}` },
        ]),
      );
    }
    assert.equal(
      workflows["stack-drift.yml"]?.jobs["drift"]?.steps?.at(-1)?.run,
      'npx pulumi refresh --stack "$STACK" --preview-only --expect-no-changes --non-interactive --suppress-progress --diff',
    );
  });

  it("may read the code; those that log in to AWS may sign a token, and previews may comment", () => {
    const read = { contents: "read" };
    const login = { ...read, "id-token": "write" };
    const comment = { ...login, "pull-requests": "write" };
    assert.deepEqual(
      Object.fromEntries(
        Object.entries(workflows).map(([file, { permissions }]) => [file, permissions]),
      ),
      {
        "analysis.yml": read,
        "check.yml": read,
        "deploy.yml": read,
        "drift.yml": read,
        "preview.yml": read,
        "stack-drift.yml": login,
        "stack-preview.yml": comment,
        "stack-up.yml": login,
      },
    );
    for (const { file, job } of jobs) {
      const called = workflows[job.uses?.replace(/^.*\//, "") ?? ""]?.permissions ?? read;
      assert.deepEqual(job.permissions ?? read, called, file);
    }
  });

  it("log in by a role, and know no key", () => {
    const login = steps.filter(({ uses }) => uses?.startsWith("aws-actions/configure-aws-"));
    assert.deepEqual(
      login.map(({ with: given }) => given),
      [
        {
          "role-to-assume": "${{ inputs.role }}",
          "aws-region": "${{ inputs.region }}",
          "role-duration-seconds": "${{ inputs.session-seconds }}",
          "role-session-name": "github-${{ github.run_id }}",
        },
      ],
    );
    const secrets = Object.keys(workflows).flatMap((file) =>
      [...readText(".github", "workflows", file).matchAll(/secrets\.(\w+)/g)].map(
        ([, name]) => name,
      ),
    );
    assert.deepEqual([...new Set(secrets)].sort(), ["PULUMI_ACCESS_TOKEN", "SONAR_TOKEN"]);
  });

  it("use actions of others by commit, and images by digest", () => {
    const pinned = /^([\w.-]+\/[\w.-]+@[0-9a-f]{40}|docker:\/\/[\w./-]+@sha256:[0-9a-f]{64})$/;
    assert.deepEqual(
      steps.filter(({ uses = "./" }) => !uses.startsWith("./") && !pinned.test(uses)),
      [],
    );
  });

  it("leave no token in the checked-out folder, and put no text of others into a shell", () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    assert.ok(checkouts.length >= 8);
    assert.deepEqual(
      checkouts.filter(({ with: given }) => given?.["persist-credentials"] !== false),
      [],
    );
    assert.deepEqual(
      steps.filter(({ run }) => run?.includes("${{")),
      [],
    );
  });

  it("end by themselves", () => {
    assert.deepEqual(
      jobs.filter(({ job }) => job.steps !== undefined && job["timeout-minutes"] === undefined),
      [],
    );
  });

  it("wait for Sonar's gate, and give it the coverage", () => {
    const sonar = workflows["analysis.yml"]?.jobs["sonar"]?.steps ?? [];
    assert.equal(sonar.at(-1)?.with?.["args"], "-Dsonar.qualitygate.wait=true");
    assert.equal(sonar.at(-2)?.run, "npm run coverage");
  });

  it("scan packages, Dockerfiles and secrets", () => {
    const runs = (job: string) => workflows["analysis.yml"]?.jobs[job]?.steps?.at(-1);
    assert.equal(runs("dependencies")?.run, "npm audit --audit-level=high");
    assert.match(runs("scan")?.uses ?? "", /^docker:\/\/aquasec\/trivy@/);
    assert.equal(runs("scan")?.with?.["args"], "filesystem .");
  });
});

describe("Dependabot", () => {
  it("follows packages, emulators and actions", () => {
    const { updates } = parse(readText(".github", "dependabot.yml")) as {
      updates: { "package-ecosystem": string; directory?: string; directories?: string[] }[];
    };
    assert.deepEqual(
      updates.map((update) => [
        update["package-ecosystem"],
        update.directories ?? update.directory,
      ]),
      [
        ["npm", "/"],
        ["pip", "/local/emulators/python"],
        ["github-actions", ["/", "/.github/actions/*"]],
      ],
    );
  });
});
