import * as assert from "node:assert/strict";
import { CiRoles } from "../../components";
import { runProgram } from "../support/run-program";
import { gitlabJob, gitlabPosition, linesOf, workflow } from "./ci-files";
import type { PolicyStatement } from "./reading";
import { runExample } from "./support";

const state = {
  bucketArn: "arn:aws:s3:::states",
  bucketKeyArn: "arn:aws:kms:us-east-1:123456789012:key/bucket",
  secretsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/secrets",
};

/** Who may take on the role that deploys prod, by the conditions of its trust policy. */
async function admitted(
  given: Pick<ConstructorParameters<typeof CiRoles>[1], "github" | "gitlab">,
): Promise<PolicyStatement["Condition"][]> {
  const run = await runProgram(() => new CiRoles("ci", { state, ...given }));
  assert.equal(run.all("aws:iam/openIdConnectProvider:OpenIdConnectProvider").length, 1);
  const { Statement } = run
    .one("aws:iam/role:Role", "ci-prod-deploy")
    .jsonInput("assumeRolePolicy") as unknown as { Statement: readonly PolicyStatement[] };
  return Statement.map(({ Condition }) => Condition);
}

describe("seed 004, deployments by themselves", () => {
  it("S004-142: GitHub Actions preview a pull request and deploy a push, by a role for one exact subject", async () => {
    assert.deepEqual(Object.keys(workflow("preview").on ?? {}), ["pull_request"]);
    assert.deepEqual(workflow("deploy").on["push"], { branches: ["main"], tags: ["v*"] });
    const { prod } = workflow("deploy").jobs;
    assert.equal(prod?.uses, "./.github/workflows/stack-up.yml");
    assert.equal(prod.permissions?.["id-token"], "write");
    assert.ok(linesOf(workflow("stack-up")).some((line) => line.startsWith("npx pulumi up ")));
    assert.deepEqual(
      await admitted({
        github: { repository: "example/shop", deploy: { prod: { environment: "prod" } } },
      }),
      [
        {
          StringEquals: {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": ["repo:example/shop:environment:prod"],
          },
        },
      ],
    );
  });

  it("S004-143: GitLab CI does the same in the same order, by a role for one exact subject", async () => {
    assert.ok(gitlabPosition("static") < gitlabPosition("preview-prod"));
    assert.ok(gitlabPosition("preview-prod") < gitlabPosition("deploy-prod"));
    const { script, id_tokens: tokens, environment } = gitlabJob("deploy-prod");
    assert.match(script?.[0] ?? "", /^npx pulumi up /);
    assert.deepEqual(tokens, { AWS_ID_TOKEN: { aud: "$CI_SERVER_URL" } });
    assert.equal(environment, "prod");
    assert.deepEqual(
      await admitted({ gitlab: { project: "example/shop", deploy: { prod: { branch: "main" } } } }),
      [
        {
          StringEquals: {
            "gitlab.com:aud": "https://gitlab.com",
            "gitlab.com:sub": ["project_path:example/shop:ref_type:branch:ref:main"],
          },
        },
      ],
    );
  });

  it("S004-147: images are scanned when they are pushed, packages and infrastructure before they are deployed", async () => {
    const build = { context: "test/components/image.fixture" };
    const run = await runExample("ec2-production", {
      "services.api.image": undefined,
      "services.api.build": build,
    });
    assert.deepEqual(run.one("aws:ecr/repository:Repository").input("imageScanningConfiguration"), {
      scanOnPush: true,
    });
    const { dependencies, scan } = workflow("analysis").jobs;
    assert.ok(dependencies?.steps?.some((step) => step.run === "npm audit --audit-level=high"));
    assert.ok(scan?.steps?.some(({ uses }) => uses?.startsWith("docker://aquasec/trivy@sha256:")));
    assert.ok(workflow("deploy").jobs["prod"]?.needs?.includes("analysis"));
    for (const job of ["dependencies", "scan"]) {
      assert.ok(gitlabPosition(job) < gitlabPosition("deploy-prod"), job);
    }
  });
});
