import * as assert from "node:assert/strict";
import { gitlabJob, gitlabPosition } from "./ci-files";
import { repositoryFile } from "./support";

describe("seed 000, the pipeline of GitLab", () => {
  it("S000-05: the project has a pipeline for GitLab, and a page says how to keep it there", () => {
    assert.ok(gitlabPosition("static") === 0);
    assert.match(repositoryFile("docs/ci.md"), /^## On GitLab$/m);
  });

  it("S000-38: Sonar is asked where its address is set, and a page says where that and the token go", () => {
    const { rules = [], script } = gitlabJob("sonar");
    assert.ok(rules.every((rule) => rule.if?.includes("$SONAR_HOST_URL")));
    assert.deepEqual(
      script?.map((line) => line.split(" ")[0]),
      ["sonar-scanner"],
    );
    assert.match(repositoryFile("sonar-project.properties"), /^sonar\.projectKey=/m);
    assert.match(repositoryFile("docs/ci.md"), /SONAR_HOST_URL[^]*SONAR_TOKEN/);
  });

  it("S000-39: the job waits for the quality gate, knows the coverage, and comes before every deployment", () => {
    assert.deepEqual(gitlabJob("sonar").script, ["sonar-scanner -Dsonar.qualitygate.wait=true"]);
    assert.match(
      repositoryFile("sonar-project.properties"),
      /^sonar\.javascript\.lcov\.reportPaths=\.local\/coverage\/lcov\.info$/m,
    );
    for (const job of ["deploy-dev", "deploy-staging", "deploy-prod"]) {
      assert.ok(gitlabPosition("sonar") < gitlabPosition(job), job);
    }
  });

  it("S000-40: a push to the default branch deploys, a merge request previews", () => {
    assert.match(
      gitlabJob("deploy-dev").rules?.[0]?.if ?? "",
      /&& \$CI_COMMIT_BRANCH == \$CI_DEFAULT_BRANCH &&/,
    );
    assert.match(
      gitlabJob("preview-dev").rules?.[0]?.if ?? "",
      /^\$CI_PIPELINE_SOURCE == "merge_request_event" /,
    );
  });

  it("S000-41: the push deploys the stack it names, by pulumi up and nothing around it", () => {
    const { script, variables } = gitlabJob("deploy-dev");
    assert.equal(script?.length, 1);
    assert.match(script[0] ?? "", /^npx pulumi up --stack "\$STACK" --yes /);
    assert.equal(variables?.["STACK"], "dev");
  });

  it("S000-43: the pipeline logs in to AWS by its token, and keeps the state in the bucket of bootstrap", () => {
    const { id_tokens: tokens, variables, before_script: before = [] } = gitlabJob("deploy-dev");
    assert.deepEqual(tokens, { AWS_ID_TOKEN: { aud: "$CI_SERVER_URL" } });
    assert.equal(variables?.["AWS_ROLE_ARN"], "$AWS_DEPLOY_ROLE_DEV");
    // test/ci/gitlab.spec.ts runs these lines: without a bucket the job ends there.
    assert.match(before[0] ?? "", /^BACKEND=.* printenv PULUMI_BACKEND_URL /);
    assert.match(before[1] ?? "", /^test -n "\$BACKEND.* exit 1; }$/);
    assert.equal(before[2], 'export PULUMI_BACKEND_URL="$BACKEND"');
    assert.match(repositoryFile("docs/ci.md"), /PULUMI_BACKEND_URL/);
    assert.match(repositoryFile("bootstrap/index.ts"), /export const .*backendUrl/);
  });
});
