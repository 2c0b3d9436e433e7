/** The roles that docs/ci.md tells people to make, against what the jobs of this repository run as. */
import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { admissionsOf } from "../../components/ci-roles/admissions";
import { type CiRolesSettings, ciRolesSettings } from "../../components/ci-roles/settings";
import { readText, readWorkflows } from "./support";

const workflows = readWorkflows();
const STACKS = ["dev", "staging", "prod"];

/** The settings for `bootstrap/` that the page shows. */
function onThePage(): CiRolesSettings {
  const [, block = ""] =
    /```yaml\n( *ecs-platform-bootstrap:ci:\n[^]*?)```/.exec(readText("docs", "ci.md")) ?? [];
  return (parse(block) as Record<string, CiRolesSettings>)["ecs-platform-bootstrap:ci"] ?? {};
}

/** Who is admitted to each role, as STACK PURPOSE SUBJECT. */
function admitted(issuer: "github" | "gitlab"): string[] {
  return admissionsOf(ciRolesSettings.parse(onThePage()))
    .filter((admission) => admission.issuer === issuer)
    .flatMap(({ stack, purpose, subjects }) =>
      subjects.map((subject) => `${stack} ${purpose} ${subject}`),
    )
    .sort();
}

/** GitHub names in a subject the environment of the job that runs, else the pull request, else the branch. */
function runsAs(file: string, stack: string): string {
  const jobs = Object.values(workflows[file]?.jobs ?? {});
  const caller = jobs.find((job) => job.with?.["stack"] === stack);
  const called = caller?.uses?.replace(/^.*\//, "") ?? "";
  const [job] = Object.values(workflows[called]?.jobs ?? {});
  if (job?.environment !== undefined) {
    return `environment:${job.environment.replace("${{ inputs.stack }}", stack)}`;
  }
  const events = Object.keys(workflows[file]?.on ?? {});
  return events.includes("pull_request") ? "pull_request" : "ref:refs/heads/main";
}

describe("The roles on the page", () => {
  it("trust what GitHub's jobs run as, with the numbers that new repositories have", () => {
    const origin = "repo:example@123456/shop@456789";
    const expected = STACKS.flatMap((stack) => [
      `${stack} deploy ${origin}:${runsAs("deploy.yml", stack)}`,
      `${stack} preview ${origin}:${runsAs("preview.yml", stack)}`,
      `${stack} drift ${origin}:${runsAs("drift.yml", stack)}`,
    ]);
    assert.deepEqual(admitted("github"), expected.sort());
    assert.equal(runsAs("deploy.yml", "prod"), "environment:prod");
  });

  it("trust what GitLab's jobs run as: the default branch, and for previews a merge request's own", () => {
    const origin = "project_path:example/shop:ref_type:branch:ref";
    const expected = STACKS.flatMap((stack) => [
      `${stack} deploy ${origin}:main`,
      `${stack} preview ${origin}:*`,
      `${stack} drift ${origin}:main`,
    ]);
    assert.deepEqual(admitted("gitlab"), expected.sort());
  });
});

describe("The checks on the page", () => {
  it("that a branch shall require are those that GitHub reports on a pull request", () => {
    const reported = ["check.yml", "analysis.yml"].flatMap((file) =>
      Object.entries(workflows[file]?.jobs ?? {}).flatMap(([name, { strategy }]) =>
        // GitHub names each job of a matrix after its values.
        strategy ? strategy.matrix.node.map((version) => `${name} (${version})`) : [name],
      ),
    );
    const [, named = ""] =
      /required checks ([^;)]*(?:\)[^;)]*)*?`)\) and tags/.exec(readText("docs", "ci.md")) ?? [];
    assert.deepEqual(
      [...named.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
      reported,
    );
  });
});
