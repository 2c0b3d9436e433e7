/** GitHub's files, by GitHub's own parser and evaluator: what runs when, with which rights. */
import * as assert from "node:assert/strict";
import { register } from "node:module";
import { pathToFileURL } from "node:url";
import { type Event, type Result, runningJobs, valueOf } from "./github-runs";
import { readActions, readText, readWorkflows } from "./support";

type Parser = typeof import("@actions/workflow-parser");

const ALL_ROLES = Object.fromEntries(
  ["PREVIEW", "DEPLOY", "DRIFT"].flatMap((purpose) =>
    ["DEV", "STAGING", "PROD"].map((stack) => [`AWS_${purpose}_ROLE_${stack}`, "arn:aws:iam::…"]),
  ),
);

const HERE = "example/shop";
const workflows = readWorkflows();

describe("GitHub's workflows", () => {
  let parser: Parser;
  before(async () => {
    register(pathToFileURL(`${__dirname}/json-as-module.mjs`));
    parser = await import("@actions/workflow-parser");
  });

  /** What GitHub's parser finds wrong in a workflow, also in its calls of others. */
  async function mistakes(file: string, content: string): Promise<string[]> {
    const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = parser;
    const { context, value } = parseWorkflow({ name: file, content }, new NoOperationTraceWriter());
    if (value !== undefined) {
      const files = {
        getFileContent: ({ path }: { path: string }) =>
          Promise.resolve({ name: path, content: readText(path) }),
      };
      await convertWorkflowTemplate(context, value, files, {
        fetchReusableWorkflowDepth: 1,
      });
    }
    return context.errors.getErrors().map(({ message }) => message);
  }

  for (const file of Object.keys(workflows)) {
    it(`are as GitHub takes them: ${file}`, async () => {
      assert.deepEqual(await mistakes(file, readText(".github", "workflows", file)), []);
    });
  }

  it("would not pass with a mistake, also in a call", async () => {
    const right = readText(".github", "workflows", "deploy.yml");
    const messages = [
      ...(await mistakes("wrong.yml", right.replace("push:", "pushes:"))),
      ...(await mistakes("wrong.yml", right.replace("stack: dev", "stak: dev"))),
    ];
    assert.deepEqual(
      messages.map((message) => message.replace(/^wrong\.yml \(Line: \d+, Col: \d+\): /, "")),
      [
        "Unexpected value 'pushes'",
        "Input stack is required, but not provided while calling.",
        "Invalid input, stak is not defined in the referenced workflow.",
      ],
    );
  });

  for (const name of Object.keys(readActions())) {
    it(`use an action that is as GitHub takes it: ${name}`, async () => {
      const { parseAction } = await import("@actions/workflow-parser/actions/action-parser");
      const file = `.github/actions/${name}/action.yml`;
      const { context } = parseAction(
        { name: file, content: readText(file) },
        new parser.NoOperationTraceWriter(),
      );
      assert.deepEqual(
        context.errors.getErrors().map(({ message }) => message),
        [],
      );
    });
  }
});

describe("What GitHub starts", () => {
  const requestFrom = (repository: string): Event => ({
    github: {
      event_name: "pull_request",
      repository: HERE,
      event: { pull_request: { head: { repo: { full_name: repository } } } },
    },
    vars: ALL_ROLES,
  });
  const push = (ref: string): Event => ({
    github: { event_name: "push", ref },
    vars: ALL_ROLES,
  });
  const main = push("refs/heads/main");
  const tag = push("refs/tags/v1.2.0");
  const byHand = (stack: string, despiteAnalysisBecause = ""): Event => ({
    github: { event_name: "workflow_dispatch", ref: "refs/heads/main" },
    vars: ALL_ROLES,
    inputs: { stack, despiteAnalysisBecause },
  });
  const deploys = async (event: Event, results: Readonly<Record<string, Result>> = {}) =>
    (await runningJobs("deploy.yml", event, results)).filter(
      (job) => !["check", "analysis"].includes(job),
    );

  it("are previews on a pull request, and deployments on main, on tags and by hand", () => {
    assert.deepEqual(workflows["preview.yml"]?.on, { pull_request: null });
    assert.deepEqual(workflows["deploy.yml"]?.on["push"], { branches: ["main"], tags: ["v*"] });
    assert.deepEqual(Object.keys(workflows["deploy.yml"].on), ["push", "workflow_dispatch"]);
    assert.ok("pull_request" in (workflows["check.yml"]?.on ?? {}));
    assert.ok("pull_request" in (workflows["analysis.yml"]?.on ?? {}));
  });

  it("by a push to main is dev alone", async () => {
    assert.deepEqual(await deploys(main), ["dev"]);
  });

  it("by a tag is staging, and then prod", async () => {
    assert.deepEqual(await deploys(tag), ["staging", "prod"]);
    assert.ok(workflows["deploy.yml"]?.jobs["prod"]?.needs?.includes("staging"));
  });

  it("by hand is the one stack that was chosen", async () => {
    for (const stack of ["dev", "staging", "prod"]) {
      assert.deepEqual(await deploys(byHand(stack)), [stack]);
    }
  });

  for (const gate of ["check", "analysis"]) {
    for (const result of ["failure", "cancelled"] as const) {
      it(`is no deployment when ${gate} ends as ${result}`, async () => {
        for (const event of [main, tag, byHand("dev"), byHand("staging"), byHand("prod")]) {
          assert.deepEqual(await deploys(event, { [gate]: result }), []);
        }
      });
    }
  }

  it("is, by hand and for a reason, a deployment despite the analysis, and never despite the checks", async () => {
    const reason = "the repair of an outage cannot wait for that advisory";
    for (const stack of ["dev", "staging", "prod"]) {
      const event = byHand(stack, reason);
      assert.deepEqual(await deploys(event, { analysis: "failure" }), [stack]);
      assert.deepEqual(await deploys(event, { check: "failure" }), []);
      assert.deepEqual(await deploys({ ...event, vars: {} }, { analysis: "failure" }), []);
    }
  });

  it("says on the page of the run why it goes out despite the analysis", async () => {
    const title = workflows["deploy.yml"]?.["run-name"] ?? "";
    const { inputs = {} } = byHand("prod", "an outage");
    assert.equal(await valueOf(title, { inputs }), "Deploy prod despite the analysis: an outage");
    assert.equal(await valueOf(title, byHand("prod")), "");
    assert.equal(await valueOf(title, main), "");
  });

  it("is no prod after a staging that failed or was stopped", async () => {
    assert.deepEqual(await deploys(tag, { staging: "failure" }), ["staging"]);
    assert.deepEqual(await deploys(tag, { staging: "cancelled" }), ["staging"]);
  });

  it("is a stack whose role is set, and no other", async () => {
    const { AWS_DEPLOY_ROLE_PROD: prod = "", AWS_PREVIEW_ROLE_DEV: dev = "" } = ALL_ROLES;
    assert.deepEqual(await deploys({ ...tag, vars: { AWS_DEPLOY_ROLE_PROD: prod } }), ["prod"]);
    assert.deepEqual(await deploys({ ...main, vars: {} }), []);
    assert.deepEqual(await deploys({ ...tag, vars: {} }), []);
    assert.deepEqual(
      await runningJobs("preview.yml", {
        ...requestFrom(HERE),
        vars: { AWS_PREVIEW_ROLE_DEV: dev },
      }),
      ["dev"],
    );
    assert.deepEqual(await runningJobs("drift.yml", { github: {}, vars: {} }), []);
    assert.deepEqual(await runningJobs("drift.yml", { github: {}, vars: ALL_ROLES }), [
      "dev",
      "staging",
      "prod",
    ]);
  });

  it("is no preview for a fork", async () => {
    assert.deepEqual(await runningJobs("preview.yml", requestFrom("somebody/shop")), []);
    assert.deepEqual(await runningJobs("preview.yml", requestFrom(HERE)), [
      "dev",
      "staging",
      "prod",
    ]);
  });

  it("keeps states in the bucket of all stacks, or in the stack's own", async () => {
    const all = "s3://states?region=us-east-1";
    const own = "s3://states-of-prod?region=us-east-1";
    for (const file of ["stack-up.yml", "stack-preview.yml", "stack-drift.yml"]) {
      const [job] = Object.values(workflows[file]?.jobs ?? {});
      const given = job?.env?.["PULUMI_BACKEND_URL"] ?? "";
      const where = (stack: string, vars: Record<string, string>) =>
        valueOf(given, { inputs: { stack }, vars });
      const vars = { PULUMI_BACKEND_URL: all, PULUMI_BACKEND_URL_PROD: own };
      assert.equal(await where("dev", vars), all);
      assert.equal(await where("prod", vars), own);
      // Pulumi Cloud.
      assert.equal(await where("prod", {}), "");
    }
  });

  it("asks Sonar where there is one, and not where GitHub hands out no secret", async () => {
    const vars = { SONAR_HOST_URL: "https://sonar.example.com" };
    const always = ["dependencies", "scan"];
    const main = { event_name: "push", ref: "refs/heads/main", actor: "somebody" };
    const byDependabot = { ...requestFrom(HERE).github, actor: "dependabot[bot]" };
    assert.deepEqual(await runningJobs("analysis.yml", { github: main }), always);
    for (const [event, jobs] of [
      [{ github: main }, [...always, "sonar"]],
      [requestFrom(HERE), [...always, "sonar"]],
      [requestFrom("somebody/shop"), always],
      [{ github: byDependabot }, always],
    ] as const) {
      assert.deepEqual(await runningJobs("analysis.yml", { ...event, vars }), jobs);
    }
  });
});
