import * as assert from "node:assert/strict";
import { SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import type { Run } from "../support/run";
import { type StackConfig, exampleConfig, runPlatform, smallConfig, sourceOf } from "./support";

const SERVICES = "ecs-platform:services";
const TASKS = "ecs-platform:tasks";
const REPOSITORIES = "ecs-platform:repositories";
const BASE = "ecs-platform:";
const FUNCTION = "aws:lambda/function:Function";

/** The small stack, whose one service follows a repository; `changes` to the service, `more` beside it. */
function following(changes: object = {}, more: StackConfig = {}): StackConfig {
  const { [SERVICES]: services, ...rest } = smallConfig();
  const { image: _, ...api } = (services as Record<string, Record<string, unknown>>)["api"] ?? {};
  const repository = { name: "shop" };
  return {
    ...rest,
    [REPOSITORIES]: { shop: {} },
    [SERVICES]: { api: { ...api, repository, ...changes } },
    ...more,
  };
}

function refused(config: StackConfig) {
  try {
    loadConfig(sourceOf(config));
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.problems;
  }
  return [];
}

/** What the function that rolls services knows of them. */
function watched(run: Run): Record<string, Record<string, unknown>> {
  const { assets } = run.one(FUNCTION, "redeployment-function").input("code") as unknown as {
    assets: Record<string, { text?: string }>;
  };
  return JSON.parse(assets["watched.json"]?.text ?? "") as Record<string, Record<string, unknown>>;
}

const imagesOf = (run: Run) =>
  run
    .all("aws:ecs/taskDefinition:TaskDefinition")
    .flatMap((task) => task.jsonInput("containerDefinitions") as { name: string; image: string }[])
    .map(({ name, image }) => [name, image]);

const URL = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop-repository-1a2b3c4";

describe("a repository in a stack file", () => {
  it("gives services and tasks the image that its tag names, and no image changes the definition", async () => {
    const report = { repository: { name: "shop", tag: "next" } };
    const run = await runPlatform(
      following(
        {},
        { [REPOSITORIES]: { shop: { movingTags: ["live", "next"] } }, [TASKS]: { report } },
      ),
    );
    assert.deepEqual(imagesOf(run), [
      ["api", `${URL}:live`],
      ["report", `${URL}:next`],
    ]);
    for (const name of ["api", "report"]) {
      const policy = run.one("aws:iam/rolePolicy:RolePolicy", `${name}-execution-policy`);
      assert.match(
        JSON.stringify(policy.jsonInput("policy")),
        /"arn:aws:ecr:us-east-1:123456789012:repository\/shop-repository-1a2b3c4"/,
      );
    }
  });

  it("rolls its service when the tag is pushed", async () => {
    const run = await runPlatform(following());
    assert.deepEqual(
      run
        .one("aws:cloudwatch/eventRule:EventRule", "redeployment-images")
        .jsonInput("eventPattern"),
      {
        source: ["aws.ecr"],
        "detail-type": ["ECR Image Action"],
        detail: {
          "action-type": ["PUSH"],
          result: ["SUCCESS"],
          "repository-name": ["shop-repository-1a2b3c4"],
          "image-tag": ["live"],
        },
      },
    );
    assert.deepEqual(watched(run)["api"]?.["image"], {
      repositoryArn: "arn:aws:ecr:us-east-1:123456789012:repository/shop-repository-1a2b3c4",
      tag: "live",
    });
    assert.deepEqual(
      run
        .one("aws:cloudwatch/metricAlarm:MetricAlarm", "redeployment-errors")
        .input("alarmActions"),
      [run.one("aws:sns/topic:Topic", "monitoring-warning").outputs["arn"]],
    );
  });

  it("leaves that to somebody else where rollOnPush says so", async () => {
    const run = await runPlatform(following({ repository: { name: "shop", rollOnPush: false } }));
    assert.ok(!("image" in (watched(run)["api"] ?? {})));
    const rules = run.all("aws:cloudwatch/eventRule:EventRule").map(({ name }) => name);
    assert.ok(rules.includes("redeployment-secrets"));
    assert.ok(!rules.includes("redeployment-images"));
  });

  it("goes only with the stack's protection", async () => {
    const forceDelete = async (more?: StackConfig) =>
      (await runPlatform(following({}, more)))
        .one("aws:ecr/repository:Repository")
        .input("forceDelete");
    assert.equal(await forceDelete(), false);
    const unprotected = { "ecs-platform:unprotectedBecause": "it is made and destroyed at will" };
    assert.equal(await forceDelete(unprotected), true);
  });

  it("comes with a command that builds for whoever runs it, and pushes", async () => {
    const push = async (config: StackConfig) => {
      const { commands, ids } = (await runPlatform(config)).outputs as {
        commands: { push?: Record<string, string> };
        ids: Record<string, unknown>;
      };
      return [commands.push, ids["repositoryUrls"]];
    };
    const command = (platform: string, tags: string) =>
      `aws ecr get-login-password --region us-east-1 | docker login --username AWS --password-stdin 123456789012.dkr.ecr.us-east-1.amazonaws.com && docker buildx build --platform ${platform} --tag ${URL}:$(git rev-parse HEAD)${tags} --push .`;
    assert.deepEqual(await push(following({ architecture: "ARM64" })), [
      { shop: command("linux/arm64", ` --tag ${URL}:live`) },
      { shop: URL },
    ]);
    const unused = { [REPOSITORIES]: { shop: { movingTags: [] } } };
    const named = following({ repository: undefined, image: "nginx:1.29" }, unused);
    assert.deepEqual(await push(named), [{ shop: command("linux/amd64", "") }, { shop: URL }]);
    assert.deepEqual(await push(smallConfig()), [undefined, undefined]);
  });

  it("is one in each region, which is pushed to by itself", async () => {
    const secondRegion = {
      region: "eu-west-1",
      network: {
        cidr: "10.1.0.0/16",
        availabilityZones: ["eu-west-1a", "eu-west-1b"],
        nat: "single",
      },
    };
    const run = await runPlatform(following({}, { "ecs-platform:secondRegion": secondRegion }));
    assert.equal(run.all("aws:ecr/repository:Repository").length, 2);
    const { commands } = run.outputs["secondRegion"] as { commands: { push: { shop: string } } };
    assert.match(commands.push.shop, /--tag 123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com\//);
  });

  it("must be there, and move the tag", () => {
    const known = { allowed: "shop" };
    const cases: [object, StackConfig, object[]][] = [
      [
        { repository: { name: "shopp" } },
        {},
        [
          {
            key: `${BASE}services.api.repository.name`,
            value: "shopp",
            rule: "names no repository of this stack",
            ...known,
            fix: 'did you mean "shop"?',
          },
        ],
      ],
      [
        { repository: { name: "other" } },
        { [REPOSITORIES]: {} },
        [
          {
            key: `${BASE}services.api.repository.name`,
            value: "other",
            rule: "names no repository of this stack",
            allowed: "none: repositories is empty",
            fix: "add it under ecs-platform:repositories, or correct the name",
          },
        ],
      ],
      [
        {},
        { [TASKS]: { report: { repository: { name: "shop", tag: "v1" } } } },
        [
          {
            key: `${BASE}tasks.report.repository.tag`,
            value: "v1",
            rule: "is no moving tag of shop: it would name one image for ever",
            allowed: "live",
            fix: "correct it, or add it to repositories.shop.movingTags",
          },
        ],
      ],
      [
        {},
        { [REPOSITORIES]: { shop: { movingTags: [] } } },
        [
          {
            key: `${BASE}services.api.repository.tag`,
            value: "live",
            rule: "is no moving tag of shop: it would name one image for ever",
            allowed: "none: movingTags is empty",
            fix: "correct it, or add it to repositories.shop.movingTags",
          },
        ],
      ],
      [
        { image: "nginx:1.29" },
        {},
        [
          {
            key: `${BASE}services.api.repository`,
            value: { name: "shop" },
            rule: "contradicts image: exactly one of image, build, repository says what runs",
            allowed: "one of image, build, repository",
            fix: "remove all but one of them",
          },
        ],
      ],
    ];
    for (const [changes, more, problems] of cases) {
      assert.deepEqual(refused(following(changes, more)), problems);
    }
  });

  it("cannot roll a service whose release would be left out", () => {
    const release = { command: ["npm", "run", "migrate"] };
    assert.deepEqual(
      refused(following({ release })).map(({ key }) => key),
      [`${BASE}services.api.release`],
    );
    assert.deepEqual(
      refused(following({ release, repository: { name: "shop", rollOnPush: false } })),
      [],
    );
  });
});

describe("a changed secret in a stack", () => {
  it("rolls the service that starts with it, also where RDS rotates it", async () => {
    const run = await runPlatform(smallConfig());
    const { serviceArn, secretArns, parameterArns } = watched(run)["api"] ?? {};
    assert.equal(serviceArn, run.one("aws:ecs/service:Service").outputs["arn"]);
    assert.equal((secretArns as string[]).length, 1);
    assert.match((secretArns as string[])[0] ?? "", /^arn:aws:secretsmanager:us-east-1:.*:secret:/);
    assert.deepEqual(parameterArns, []);
  });

  it("is ignored where that is said, and then nothing watches", async () => {
    const reason = "the application reads it by itself";
    const ignore = { ORDERS_DB_USERNAME: reason, ORDERS_DB_PASSWORD: reason };
    const config = smallConfig();
    const { api } = config[SERVICES] as { api: object };
    const run = await runPlatform({
      ...config,
      [SERVICES]: { api: { ...api, secretChanges: { ignore } } },
    });
    assert.deepEqual(run.all("ecs-platform:index:Redeployment"), []);
    assert.deepEqual(run.all(FUNCTION), []);
  });

  it("must be one that the service has", () => {
    const config = smallConfig();
    const { api } = config[SERVICES] as { api: object };
    const ignore = { ORDERS_PASSWORD: "the application reads it by itself" };
    assert.deepEqual(
      refused({ ...config, [SERVICES]: { api: { ...api, secretChanges: { ignore } } } }),
      [
        {
          key: `${BASE}services.api.secretChanges.ignore.ORDERS_PASSWORD`,
          value: "ORDERS_PASSWORD",
          rule: "is no variable that gets a secret",
          allowed: "ORDERS_DB_PASSWORD, ORDERS_DB_USERNAME",
          fix: "correct the name, or remove it",
        },
      ],
    );
  });

  it("is looked for as often as is said, and tells nobody of failures while alarms are silenced", async () => {
    const run = await runPlatform({
      ...smallConfig(),
      "ecs-platform:redeployment": { checkMinutes: 60 },
      "ecs-platform:monitoring": { silencedBecause: "the stack is being moved" },
    });
    assert.equal(
      run
        .one("aws:scheduler/schedule:Schedule", "redeployment-schedule")
        .input("scheduleExpression"),
      "rate(60 minutes)",
    );
    assert.deepEqual(
      run
        .one("aws:cloudwatch/metricAlarm:MetricAlarm", "redeployment-errors")
        .input("alarmActions"),
      [],
    );
  });
});

describe("the example https-cloudflare", () => {
  it("redeploys an image that is pushed, by no more than AWS itself", async () => {
    const run = await runPlatform(exampleConfig("https-cloudflare"), "https-cloudflare");
    assert.deepEqual(Object.keys(watched(run)), ["api"]);
    assert.deepEqual(
      run.one("aws:cloudwatch/eventTarget:EventTarget", "redeployment-images").input("arn"),
      run.one(FUNCTION, "redeployment-function").outputs["arn"],
    );
  });
});
