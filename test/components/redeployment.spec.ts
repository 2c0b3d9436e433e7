import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Redeployment, type RedeploymentArgs } from "../../components";
import { redeploymentSettings } from "../../components/redeployment/settings";
import type { JsonValue } from "../support/json";
import type { Run } from "../support/run";
import { build, dependsOn, inputsByName, itBounds, refusal } from "./support";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const FUNCTION = "aws:lambda/function:Function";
const PERMISSION = "aws:lambda/permission:Permission";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const ROLE = "aws:iam/role:Role";
const SCHEDULE = "aws:scheduler/schedule:Schedule";

const ACCOUNT = "us-east-1:123456789012";
const FUNCTION_ARN = `arn:aws:lambda:${ACCOUNT}:function/redeployment-function-1a2b3c4`;
const LOGS = {
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: [`arn:aws:logs:${ACCOUNT}:log-group:redeployment-logs-1a2b3c4:*`],
};

const serviceArn = (name: string) => `arn:aws:ecs:${ACCOUNT}:service/platform/${name}`;
const secretArn = (name: string) => `arn:aws:secretsmanager:${ACCOUNT}:secret:${name}-AbCdEf`;
const parameterArn = (name: string) => `arn:aws:ssm:${ACCOUNT}:parameter/${name}`;
const repositoryArn = (name: string) => `arn:aws:ecr:${ACCOUNT}:repository/${name}`;

const TOPIC_ARN = `arn:aws:sns:${ACCOUNT}:warning`;

const happy = (): RedeploymentArgs => ({
  telling: {
    topics: { critical: "", warning: TOPIC_ARN, info: "" },
    runbooksUrl: "docs/runbooks",
    silenced: false,
  },
  services: {
    api: {
      serviceArn: serviceArn("api"),
      secretArns: [
        `${secretArn("orders")}:username::`,
        pulumi.output(`${secretArn("orders")}:password::`),
        `${parameterArn("shop/flag")}:2`,
      ],
      image: { repositoryArn: repositoryArn("team/api-1a2b"), tag: "live" },
    },
    web: {
      serviceArn: serviceArn("web"),
      image: { repositoryArn: repositoryArn("web-1a2b"), tag: "stable" },
    },
    worker: { serviceArn: serviceArn("worker"), secretArns: [secretArn("smtp")] },
  },
});

const make = (changes: Partial<RedeploymentArgs> = {}) =>
  build(() => new Redeployment("redeployment", { ...happy(), ...changes }));

const only = (service: keyof ReturnType<typeof happy>["services"]) => {
  const { [service]: one } = happy().services;
  return make({ services: one === undefined ? {} : { [service]: one } });
};

function statements(run: Run, policy: string): JsonValue | undefined {
  const document = run.one(POLICY, policy).jsonInput("policy");
  return (document as { Statement: JsonValue }).Statement;
}

/** What the function reads of the services that it watches. */
function watchedFile(run: Run): unknown {
  const { assets } = run.one(FUNCTION).input("code") as unknown as {
    assets: Record<string, { text?: string }>;
  };
  return JSON.parse(assets["watched.json"]?.text ?? "");
}

describe("Redeployment", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await make();
    assert.equal(component.type, "ecs-platform:index:Redeployment");
    assert.deepEqual(children, [
      `${RULE} redeployment-images`,
      `${RULE} redeployment-secrets`,
      `${TARGET} redeployment-images`,
      `${TARGET} redeployment-secrets`,
      "aws:cloudwatch/logGroup:LogGroup redeployment-logs",
      `${ALARM} redeployment-errors`,
      `${ROLE} redeployment-role`,
      `${ROLE} redeployment-schedule-role`,
      `${POLICY} redeployment-policy`,
      `${POLICY} redeployment-schedule-policy`,
      `${FUNCTION} redeployment-function`,
      `${PERMISSION} redeployment-images`,
      `${PERMISSION} redeployment-secrets`,
      `${SCHEDULE} redeployment-schedule`,
    ]);
  });

  it("previews what it creates", async () => {
    const make = () => new Redeployment("redeployment", happy());
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("hears of pushes alone where no secret is watched, and of secrets alone where no image is", async () => {
    assert.deepEqual(Object.keys(inputsByName(await only("web"), RULE)), ["redeployment-images"]);
    assert.deepEqual(Object.keys(inputsByName(await only("worker"), RULE)), [
      "redeployment-secrets",
    ]);
  });

  it("hears of pushes of the tags that services follow, and of new values", async () => {
    const run = await make();
    assert.deepEqual(run.one(RULE, "redeployment-images").jsonInput("eventPattern"), {
      source: ["aws.ecr"],
      "detail-type": ["ECR Image Action"],
      detail: {
        "action-type": ["PUSH"],
        result: ["SUCCESS"],
        "repository-name": ["team/api-1a2b", "web-1a2b"],
        "image-tag": ["live", "stable"],
      },
    });
    assert.deepEqual(run.one(RULE, "redeployment-secrets").jsonInput("eventPattern"), {
      source: ["aws.secretsmanager", "aws.ssm"],
      "detail-type": ["Secret Label Updated", "Parameter Store Change"],
      detail: { $or: [{ labelUpdated: ["AWSCURRENT"] }, { operation: ["Create", "Update"] }] },
    });
  });

  for (const key of ["images", "secrets"]) {
    it(`lets EventBridge call the function for ${key}, by that rule alone`, async () => {
      const run = await make();
      assert.deepEqual(run.one(PERMISSION, `redeployment-${key}`).inputs, {
        function: "redeployment-function-1a2b3c4",
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        sourceArn: run.one(RULE, `redeployment-${key}`).outputs["arn"],
      });
      const target = run.one(TARGET, `redeployment-${key}`);
      assert.deepEqual(target.inputs, {
        rule: `redeployment-${key}-1a2b3c4`,
        arn: FUNCTION_ARN,
      });
      assert.deepEqual(dependsOn(run, target), [`${PERMISSION} redeployment-${key}`]);
    });
  }

  it("looks for itself every quarter of an hour, or as often as is said", async () => {
    const run = await make();
    assert.deepEqual(run.one(SCHEDULE).inputs, {
      description: "Looks for images and secrets that services have not started with",
      scheduleExpression: "rate(15 minutes)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: FUNCTION_ARN,
        roleArn: "arn:aws:iam::123456789012:role/redeployment-schedule-role-1a2b3c4",
        input: "{}",
        retryPolicy: { maximumRetryAttempts: 0 },
      },
    });
    assert.deepEqual(dependsOn(run, run.one(SCHEDULE)), [`${POLICY} redeployment-schedule-policy`]);
    const often = await make({ checkMinutes: 1 });
    assert.equal(often.one(SCHEDULE).input("scheduleExpression"), "rate(1 minute)");
    assert.equal(often.one(ALARM).input("period"), 60);
  });

  it("may deploy these services, look at these images and secrets, and log; it may read no value", async () => {
    assert.deepEqual(statements(await make(), "redeployment-policy"), [
      LOGS,
      {
        Effect: "Allow",
        Action: ["ecs:DescribeServices", "ecs:ListServiceDeployments", "ecs:UpdateService"],
        Resource: [serviceArn("api"), serviceArn("web"), serviceArn("worker")],
      },
      {
        Effect: "Allow",
        Action: ["ecr:DescribeImages"],
        Resource: [repositoryArn("team/api-1a2b"), repositoryArn("web-1a2b")],
      },
      {
        Effect: "Allow",
        Action: ["secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds"],
        Resource: [secretArn("orders"), secretArn("smtp")],
      },
      { Effect: "Allow", Action: ["ssm:DescribeParameters"], Resource: ["*"] },
    ]);
  });

  it("may not look at what none of its services has", async () => {
    const actions = async (service: string) =>
      (statements(await only(service), "redeployment-policy") as { Action: string[] }[]).map(
        ({ Action }) => Action[0],
      );
    assert.deepEqual(await actions("web"), [
      "logs:CreateLogStream",
      "ecs:DescribeServices",
      "ecr:DescribeImages",
    ]);
    assert.deepEqual(await actions("worker"), [
      "logs:CreateLogStream",
      "ecs:DescribeServices",
      "secretsmanager:DescribeSecret",
    ]);
  });

  it("has roles that Lambda and this account's Scheduler alone take on, the latter to call the function", async () => {
    const run = await make();
    const trust = (role: string) => run.one(ROLE, role).jsonInput("assumeRolePolicy");
    const assume = (Service: string) => ({
      Effect: "Allow",
      Principal: { Service },
      Action: ["sts:AssumeRole"],
    });
    assert.deepEqual(trust("redeployment-role"), {
      Version: "2012-10-17",
      Statement: [assume("lambda.amazonaws.com")],
    });
    assert.deepEqual(trust("redeployment-schedule-role"), {
      Version: "2012-10-17",
      Statement: [
        {
          ...assume("scheduler.amazonaws.com"),
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
      ],
    });
    assert.deepEqual(statements(run, "redeployment-schedule-policy"), [
      { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [FUNCTION_ARN] },
    ]);
  });

  it("runs a function that knows its services, each secret once and without the key of its JSON", async () => {
    const run = await make();
    const { code: _, ...inputs } = run.one(FUNCTION).inputs;
    assert.deepEqual(inputs, {
      description: "Starts services anew for a pushed image or a changed secret",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      role: "arn:aws:iam::123456789012:role/redeployment-role-1a2b3c4",
      memorySize: 256,
      timeout: 300,
      loggingConfig: { logGroup: "redeployment-logs-1a2b3c4", logFormat: "JSON" },
    });
    assert.deepEqual(dependsOn(run, run.one(FUNCTION)), [`${POLICY} redeployment-policy`]);
    assert.deepEqual(watchedFile(run), {
      api: {
        serviceArn: serviceArn("api"),
        image: { repositoryArn: repositoryArn("team/api-1a2b"), tag: "live" },
        secretArns: [secretArn("orders")],
        parameterArns: [parameterArn("shop/flag")],
      },
      web: {
        serviceArn: serviceArn("web"),
        image: { repositoryArn: repositoryArn("web-1a2b"), tag: "stable" },
        secretArns: [],
        parameterArns: [],
      },
      worker: {
        serviceArn: serviceArn("worker"),
        secretArns: [secretArn("smtp")],
        parameterArns: [],
      },
    });
  });

  it("raises an alarm when its function fails twice in a row", async () => {
    const run = await make();
    const { alarmDescription, ...inputs } = run.one(ALARM).inputs;
    assert.match(
      alarmDescription as string,
      /force-new-deployment.* What to do: docs\/runbooks\/redeployment-failed\.md$/,
    );
    assert.deepEqual(inputs, {
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: "redeployment-function-1a2b3c4" },
      statistic: "Sum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      period: 900,
      evaluationPeriods: 2,
      treatMissingData: "notBreaching",
      alarmActions: [TOPIC_ARN],
      okActions: [TOPIC_ARN],
    });
  });

  it("raises no alarm where there is nobody to tell", async () => {
    const { telling: _, ...args } = happy();
    const run = await build(() => new Redeployment("redeployment", args));
    assert.deepEqual(run.all(ALARM), []);
  });

  it("says where its function and its log are", async () => {
    const { component } = await make();
    assert.deepEqual(component.outputs, {
      functionName: "redeployment-function-1a2b3c4",
      logGroupName: "redeployment-logs-1a2b3c4",
    });
  });

  it("refuses to watch nothing, and lists every problem", async () => {
    const services = { api: { serviceArn: serviceArn("api"), secretArns: [] } };
    const error = await refusal(
      () => new Redeployment("redeployment", { services, checkMinutes: 0 }),
    );
    assert.match(error.message, /^Redeployment "redeployment": 2 problems; nothing was created\./);
    assert.deepEqual(error.problems.at(-1), {
      key: "services",
      value: undefined,
      rule: "have neither an image nor a secret to watch",
      allowed: "at least one service with image or secretArns",
      fix: "add one, or leave the component out",
    });
  });
});

describe("the settings of a redeployment", () => {
  it("have these defaults", () => {
    assert.deepEqual(redeploymentSettings.parse({}), { checkMinutes: 15 });
  });

  itBounds(redeploymentSettings, {}, { checkMinutes: [1, 1440] });
});
