import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { SettingsError } from "../../components/support/problem";
import { loadDeploymentsConfig } from "../../deployments/config";
import { createDeployments } from "../../deployments/program";
import { deploymentsSettings } from "../../deployments/settings";
import {
  dependsOn,
  inputsByName,
  itBounds,
  itRefuses,
  itTakes,
  noChoice,
} from "../components/support";
import { runProgram } from "../support/run-program";
import { type StackConfig, sourceOf } from "./support";

const ROOT = join(__dirname, "..", "..");
const PROJECT = "ecs-platform-deployments";
const SETTINGS = "pulumiservice:index:DeploymentSettings";
const DRIFT = "pulumiservice:index:DriftSchedule";
const EXPIRY = "pulumiservice:index:TtlSchedule";

/** The example that is shipped. */
function shipped(): StackConfig {
  const file = join(ROOT, "deployments", "Pulumi.example.yaml");
  return (parse(readFileSync(file, "utf8")) as { config: StackConfig }).config;
}

const load = (config: StackConfig) =>
  loadDeploymentsConfig({ ...sourceOf(config, "example"), project: PROJECT });

const run = (config: StackConfig) =>
  runProgram(() => {
    createDeployments(load(config));
  });

const roleArn = "arn:aws:iam::123456789012:role/ecs-platform-ci/ci-dev-deploy-1a2b3c4";
const happy = {
  organization: "example",
  source: { repository: "example/shop" },
  stacks: { dev: { roleArn } },
};

/** Sets up the stack dev alone, as the settings say. */
const withDev = (dev: object) =>
  run({
    [`${PROJECT}:organization`]: "example",
    [`${PROJECT}:source`]: { repository: "example/shop" },
    [`${PROJECT}:stacks`]: { dev: { roleArn, ...dev } },
  });

describe("deployments", () => {
  it("sets up the stacks of the example by the program's own provider, and nothing else", async () => {
    const made = await run(shipped());
    assert.deepEqual(made.names(), [
      "pulumi:providers:pulumiservice pulumi-cloud",
      `${SETTINGS} dev-settings`,
      `${SETTINGS} pr-settings`,
      `${SETTINGS} prod-settings`,
      `${DRIFT} dev-drift`,
      `${DRIFT} prod-drift`,
    ]);
    const provider = made.one("pulumi:providers:pulumiservice");
    for (const resource of [...made.all(SETTINGS), ...made.all(DRIFT)]) {
      assert.ok(resource.provider?.startsWith(provider.urn), resource.name);
    }
  });

  it("tells Pulumi Cloud where the program is, when it runs, and as whom", async () => {
    const made = await run(shipped());
    assert.deepEqual(made.one(SETTINGS, "dev-settings").inputs, {
      organization: "example",
      project: "ecs-platform",
      stack: "dev",
      sourceContext: { git: { branch: "refs/heads/main", repoDir: "." } },
      vcs: {
        provider: "github",
        repository: "example/shop",
        deployCommits: true,
        previewPullRequests: false,
        pullRequestTemplate: false,
        paths: ["**", "!docs/**", "!test/**", "!local/**", "!bench/**", "!**/*.md"],
      },
      operationContext: {
        oidc: {
          aws: { roleARN: roleArn, sessionName: "pulumi-deployments-dev", duration: "1h0m0s" },
        },
        options: { skipIntermediateDeployments: true },
      },
      executorContext: { executorImage: "pulumi/pulumi-nodejs:3.265.0" },
      cacheOptions: { enable: true },
    });
  });

  it("makes a pattern for review stacks, which are forgotten when their pull requests end", async () => {
    const pattern = (await run(shipped())).one(SETTINGS, "pr-settings");
    assert.deepEqual(pattern.input("operationContext.options"), {
      skipIntermediateDeployments: true,
      deleteAfterDestroy: true,
    });
    assert.equal(pattern.input("vcs.pullRequestTemplate"), true);
    assert.equal(pattern.input("vcs.deployCommits"), false);
  });

  it("looks for drift on a schedule, and puts nothing back unless it is told to", async () => {
    const where = { organization: "example", project: "ecs-platform" };
    const made = await run(shipped());
    assert.deepEqual(inputsByName(made, DRIFT), {
      "dev-drift": { ...where, stack: "dev", scheduleCron: "0 6 * * *", autoRemediate: false },
      "prod-drift": { ...where, stack: "prod", scheduleCron: "0 */6 * * *", autoRemediate: false },
    });
    assert.deepEqual(dependsOn(made, made.one(DRIFT, "dev-drift")), [`${SETTINGS} dev-settings`]);
    const bold = await withDev({ drift: { schedule: "0 6 * * *", autoRemediate: true } });
    assert.equal(bold.one(DRIFT).input("autoRemediate"), true);
  });

  const EXPIRIES = ["2027-01-31T18:00:00Z", "2027-01-31 18:00:00 +0000 UTC"];
  for (const expiresAt of EXPIRIES) {
    it(`destroys a stack at ${expiresAt}, and forgets it`, async () => {
      const made = await withDev({ expiresAt });
      assert.deepEqual(made.one(EXPIRY).inputs, {
        organization: "example",
        project: "ecs-platform",
        stack: "dev",
        timestamp: "2027-01-31T18:00:00Z",
        deleteAfterDestroy: true,
      });
      assert.deepEqual(dependsOn(made, made.one(EXPIRY)), [`${SETTINGS} dev-settings`]);
    });
  }

  it("takes other sources, images and longer logins", async () => {
    const made = await run({
      "pulumiservice:apiUrl": "https://pulumi.example.com",
      [`${PROJECT}:organization`]: "example",
      [`${PROJECT}:project`]: "shop",
      [`${PROJECT}:executorImage`]: "registry.example.com/pulumi:7",
      [`${PROJECT}:source`]: {
        provider: "gitlab",
        repository: "example/web/shop",
        branch: "release/2027",
        folder: "infrastructure",
      },
      [`${PROJECT}:stacks`]: { dev: { roleArn, sessionHours: 4, previewPullRequests: true } },
    });
    const settings = made.one(SETTINGS);
    assert.equal(settings.input("project"), "shop");
    assert.deepEqual(settings.input("sourceContext"), {
      git: { branch: "refs/heads/release/2027", repoDir: "infrastructure" },
    });
    assert.deepEqual(settings.input("vcs"), {
      provider: "gitlab",
      repository: "example/web/shop",
      deployCommits: false,
      previewPullRequests: true,
      pullRequestTemplate: false,
    });
    assert.equal(settings.input("operationContext.oidc.aws.duration"), "4h0m0s");
    assert.equal(settings.input("executorContext.executorImage"), "registry.example.com/pulumi:7");
    const provider = made.one("pulumi:providers:pulumiservice");
    assert.equal(provider.input("apiUrl"), "https://pulumi.example.com");
  });

  it("runs deployments with the CLI that is pinned here", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      devDependencies: Record<string, string>;
    };
    const { executorImage } = deploymentsSettings.parse(happy);
    assert.equal(executorImage, `pulumi/pulumi-nodejs:${String(devDependencies["pulumi"])}`);
  });

  it("keeps no token: a key for it is refused like every other that has no effect", () => {
    assert.throws(
      () => load({ ...shipped(), "pulumiservice:accessToken": "pul-0123" }),
      (error) => {
        assert.ok(error instanceof SettingsError);
        assert.deepEqual(
          error.problems.map(({ key }) => key),
          ["pulumiservice:accessToken"],
        );
        return true;
      },
    );
  });

  it("lists every problem, by key", () => {
    const config = {
      "pulumiservice:apiUrl": "nowhere",
      [`${PROJECT}:source`]: { repository: "shop" },
      [`${PROJECT}:stacks`]: { dev: { roleArn: "dev" } },
    };
    assert.throws(
      () => load(config),
      (error) => {
        assert.ok(error instanceof SettingsError);
        assert.match(error.message, /^Pulumi\.example\.yaml: 4 problems; nothing was created\./);
        assert.deepEqual(
          error.problems.map(({ key }) => key),
          [
            "pulumiservice:apiUrl",
            `${PROJECT}:organization`,
            `${PROJECT}:source.repository`,
            `${PROJECT}:stacks.dev.roleArn`,
          ],
        );
        return true;
      },
    );
  });
});

describe("deployments settings", () => {
  it("have these defaults", () => {
    assert.deepEqual(deploymentsSettings.parse(happy), {
      organization: "example",
      project: "ecs-platform",
      source: { provider: "github", repository: "example/shop", branch: "main", folder: "." },
      executorImage: "pulumi/pulumi-nodejs:3.265.0",
      stacks: {
        dev: {
          roleArn,
          sessionHours: 1,
          deployCommits: false,
          previewPullRequests: false,
          reviewStacks: false,
        },
      },
    });
  });

  itBounds(deploymentsSettings, happy, { "stacks.dev.sessionHours": [1, 12] });

  itTakes(deploymentsSettings, happy, {
    "an image by its digest": { executorImage: `pulumi/pulumi@sha256:${"0".repeat(64)}` },
    "names of weekdays": { "stacks.dev.drift": { schedule: "0 6 * * MON-FRI" } },
    "paths that count and others that do not": { "source.paths": ["stacks/**", "!docs/**"] },
    "a repository of Azure": {
      source: { provider: "azure_devops", repository: "example/shop/infrastructure" },
    },
  });

  const refused = (
    key: string,
    value: unknown,
    rule: string,
    [allowed, fix]: readonly [allowed: string, fix: string],
  ) => ({ change: { [key]: value }, problem: { key, value, rule, allowed, fix } });
  const noBranch = (value: string) =>
    refused("source.branch", value, "must be one branch", [
      "the name of a branch, without refs/heads/, * or blanks",
      'write it like "main"',
    ]);
  const noImage = (value: string) =>
    refused("executorImage", value, "must name one image for good", [
      "an image with a tag that is not latest, or with a digest",
      'write it like "pulumi/pulumi-nodejs:3.265.0"',
    ]);
  const noCron = (value: string) =>
    refused("stacks.dev.drift.schedule", value, "must be a cron expression", [
      "five fields: minute, hour, day, month, weekday; in UTC",
      'write it like "0 6 * * *"',
    ]);
  const noMoment = (value: string) =>
    refused("stacks.dev.expiresAt", value, "must be a moment in UTC", [
      "YYYY-MM-DDTHH:MM:SSZ",
      'write it like "2027-01-31T18:00:00Z"',
    ]);
  const noPath = (value: string) => ({
    ...refused(
      "source.paths",
      [value],
      "must be a pattern for paths from the root of the repository",
      [
        "a path with * and **, with an exclamation mark in front for what does not count",
        'write it like "stacks/**" or "!docs/**"',
      ],
    ),
  });
  const inList = ({ change, problem }: ReturnType<typeof noPath>) => ({
    change,
    problem: { ...problem, key: "source.paths[0]", value: (problem.value as string[])[0] },
  });
  const pattern = (change: object, key: string, value: unknown, rule: string, allowed: string) => ({
    change: { "stacks.dev": { roleArn, reviewStacks: true, ...change } },
    problem: {
      key,
      value,
      rule: `contradicts reviewStacks: a pattern for others ${rule}`,
      allowed,
      fix: "remove one of the two",
    },
  });
  const drift = { schedule: "0 6 * * *" };

  itRefuses(deploymentsSettings, happy, {
    "no stack": refused("stacks", {}, "deploys nothing", ["at least one stack", "add a stack"]),
    "a ref for a branch": noBranch("refs/heads/main"),
    "a wildcard for a branch": noBranch("release/*"),
    "a repository without an owner": refused(
      "source.repository",
      "shop",
      "must be one repository",
      ["OWNER/REPOSITORY; of GitLab GROUP/PROJECT", 'write it like "example/shop"'],
    ),
    "a folder from the root of a machine": refused(
      "source.folder",
      "/infrastructure",
      "must be a folder in the repository",
      [
        "a path without a slash in front; . is the repository itself",
        'write it like "infrastructure"',
      ],
    ),
    "a path from the root of a machine": inList(noPath("/docs/**")),
    "another place for a repository": {
      change: { "source.provider": "svn" },
      problem: noChoice("source.provider", "svn", [
        "github",
        "gitlab",
        "bitbucket",
        "azure_devops",
      ]),
    },
    "an image without a tag": noImage("pulumi/pulumi-nodejs"),
    "the latest image": noImage("pulumi/pulumi-nodejs:latest"),
    "an organization with a blank": refused("organization", "my org", "must be one name", [
      "letters, digits, dots, hyphens and underscores",
      "write the name as it is in the address of its page in Pulumi Cloud",
    ]),
    "a user for a role": refused(
      "stacks.dev.roleArn",
      "arn:aws:iam::123456789012:user/ci",
      "must be the ARN of a role",
      ["arn:aws:iam::ACCOUNT:role/NAME", "take it from the output roleArns of bootstrap/"],
    ),
    "a schedule of four fields": noCron("0 6 * *"),
    "a schedule in words": noCron("every day at six in the morning"),
    "a day that is not": noMoment("2027-02-30T00:00:00Z"),
    "a moment without a zone": noMoment("2027-01-31T18:00:00"),
    "a pattern for review stacks that is deployed itself": pattern(
      { deployCommits: true },
      "stacks.dev.deployCommits",
      true,
      "is not deployed itself",
      "false, or no reviewStacks",
    ),
    "a pattern for review stacks that drifts": pattern(
      { drift },
      "stacks.dev.drift",
      drift,
      "has nothing that could change",
      "no drift, or no reviewStacks",
    ),
  });
});
