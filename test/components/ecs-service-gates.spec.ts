import * as assert from "node:assert/strict";
import { EcsService, type EcsServiceArgs } from "../../components";
import { gateMinutes } from "../../components/ecs-service/gate-times";
import { ecsServiceSettings } from "../../components/ecs-service/settings";
import { parseSettings } from "../../components/support/parse-settings";
import type { Run } from "../support/run";
import { build, cluster, dependsOn, inputsByName, loadBalancer, network, refusal } from "./support";

type Gates = NonNullable<NonNullable<EcsServiceArgs["deployment"]>["gates"]>;

const FUNCTION = "aws:lambda/function:Function";
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const SERVICE = "aws:ecs/service:Service";

const CHECK = "arn:aws:lambda:us-east-1:123456789012:function:check";
const SMOKE_FUNCTION =
  "arn:aws:lambda:us-east-1:123456789012:function/api-gate-smoke-function-1a2b3c4";
const CALLER = "arn:aws:iam::123456789012:role/api-gates-role-1a2b3c4";

const open = { ...loadBalancer, protocol: "https" } as const;
const internal = { ...open, scheme: "internal", isOpen: true } as const;

const approval: Gates = { approve: { kind: "approval" } };
const smoke: Gates = { smoke: { kind: "smoke-test", requests: { health: {} } } };
const own: Gates = { own: { kind: "function", stage: "POST_SCALE_UP", functionArn: CHECK } };

const args = (gates: Gates | undefined, change: Partial<EcsServiceArgs> = {}): EcsServiceArgs => ({
  cluster,
  network,
  loadBalancer: open,
  image: "nginx:1.29",
  desiredCount: 1,
  route: { priority: 100 },
  deployment: { strategy: "BLUE_GREEN", ...(gates && { gates }) },
  ...change,
});

const withGates = (gates: Gates | undefined, change: Partial<EcsServiceArgs> = {}) =>
  build(() => new EcsService("api", args(gates, change)));

const hooksOf = (run: Run) => run.one(SERVICE).input("deploymentConfiguration.lifecycleHooks");

/** What the gates add to a service that has none. */
async function added(gates: Gates, change: Partial<EcsServiceArgs> = {}): Promise<string[]> {
  const [{ children }, { children: without }] = await Promise.all([
    withGates(gates, change),
    withGates(undefined, change),
  ]);
  return children.filter((child) => !without.includes(child));
}

const trust = (service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: ["sts:AssumeRole"] }],
});

const allows = (Action: string[], ...Resource: string[]) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource }],
});

describe("EcsService, gates", () => {
  it("has no hooks without gates", async () => {
    assert.equal(hooksOf(await withGates(undefined)), undefined);
  });

  it("gives ECS a hook for each gate, sorted by name", async () => {
    const run = await withGates({ ...smoke, ...own, ...approval });
    assert.deepEqual(hooksOf(run), [
      {
        targetType: "PAUSE",
        lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
        timeoutConfiguration: { timeoutInMinutes: "1440", action: "ROLLBACK" },
      },
      { hookTargetArn: CHECK, roleArn: CALLER, lifecycleStages: ["POST_SCALE_UP"] },
      {
        hookTargetArn: SMOKE_FUNCTION,
        roleArn: CALLER,
        lifecycleStages: ["POST_TEST_TRAFFIC_SHIFT"],
      },
    ]);
  });

  it("previews what it creates", async () => {
    const gates: Gates = {
      ...smoke,
      ...own,
      told: { kind: "approval", emails: { team: "team@example.com" } },
    };
    const make = () => new EcsService("api", args(gates, { loadBalancer: internal }));
    const [previewed, created] = await Promise.all([build(make, { preview: true }), build(make)]);
    assert.deepEqual(previewed.children, created.children);
  });

  it("does not mind the order of the stack file", async () => {
    const [one, other] = await Promise.all([
      withGates({ ...approval, ...own, ...smoke }),
      withGates({ ...smoke, ...own, ...approval }),
    ]);
    assert.deepEqual(hooksOf(one), hooksOf(other));
    assert.deepEqual(one.children, other.children);
  });

  it("gives them with LINEAR and CANARY, too", async () => {
    const strategies = [
      { strategy: "LINEAR", linear: { stepPercent: 20 } },
      { strategy: "CANARY", canary: { percent: 10 } },
    ] as const;
    for (const strategy of strategies) {
      const deployment = { ...strategy, gates: own };
      const run = await build(() => new EcsService("api", args(undefined, { deployment })));
      assert.deepEqual(hooksOf(run), [
        { hookTargetArn: CHECK, roleArn: CALLER, lifecycleStages: ["POST_SCALE_UP"] },
      ]);
    }
  });
});

describe("EcsService, approval", () => {
  it("waits in a rolling deployment, too, also without a route", async () => {
    const told: Gates = {
      told: { kind: "approval", stage: "POST_SCALE_UP", emails: { team: "team@example.com" } },
    };
    const run = await build(
      () =>
        new EcsService("api", {
          cluster,
          network,
          image: "nginx:1.29",
          desiredCount: 1,
          deployment: { gates: told },
        }),
    );
    assert.deepEqual(run.one(SERVICE).input("deploymentConfiguration"), {
      strategy: "ROLLING",
      bakeTimeInMinutes: "0",
      lifecycleHooks: [
        {
          targetType: "PAUSE",
          lifecycleStages: ["POST_SCALE_UP"],
          timeoutConfiguration: { timeoutInMinutes: "1440", action: "ROLLBACK" },
        },
      ],
    });
    assert.match(JSON.stringify(run.one(RULE).input("eventPattern")), /POST_SCALE_UP/);
  });

  it("waits where, how long and for what the gate says, and needs nothing else", async () => {
    const gates: Gates = {
      approve: {
        kind: "approval",
        stage: "PRE_PRODUCTION_TRAFFIC_SHIFT",
        timeoutMinutes: 20160,
        onTimeout: "CONTINUE",
      },
    };
    assert.deepEqual(hooksOf(await withGates(gates)), [
      {
        targetType: "PAUSE",
        lifecycleStages: ["PRE_PRODUCTION_TRAFFIC_SHIFT"],
        timeoutConfiguration: { timeoutInMinutes: "20160", action: "CONTINUE" },
      },
    ]);
    assert.deepEqual(await added(gates), []);
  });

  const emails = { team: "team@example.com", lead: "lead@example.com" };
  const told: Gates = { approve: { kind: "approval", onTimeout: "CONTINUE", emails } };

  it("tells people by a topic of its own", async () => {
    assert.deepEqual(await added(told), [
      "aws:cloudwatch/eventRule:EventRule api-gate-approve",
      "aws:cloudwatch/eventTarget:EventTarget api-gate-approve",
      "aws:kms/key:Key api-gate-approve-key",
      "aws:sns/topic:Topic api-gate-approve",
      "aws:sns/topicPolicy:TopicPolicy api-gate-approve-policy",
      "aws:sns/topicSubscription:TopicSubscription api-gate-approve-email-lead",
      "aws:sns/topicSubscription:TopicSubscription api-gate-approve-email-team",
    ]);
  });

  it("listens for deployments of this service that wait at the gate's stage", async () => {
    const run = await withGates(told);
    assert.deepEqual(run.one(RULE).jsonInput("eventPattern"), {
      source: ["aws.ecs"],
      "detail-type": ["ECS Hook State Change"],
      detail: {
        eventName: ["HOOK_AWAITING_ACTION"],
        hookType: ["PAUSE"],
        lifecycleStage: ["POST_TEST_TRAFFIC_SHIFT"],
        clusterArn: [cluster.arn],
        serviceArn: [
          { prefix: "arn:aws:ecs:us-east-1:123456789012:service/platform/api-service-" },
        ],
      },
    });
  });

  it("mails the commands for both answers", async () => {
    const run = await withGates(told);
    assert.deepEqual(run.one("aws:cloudwatch/eventTarget:EventTarget").inputs, {
      rule: "api-gate-approve-1a2b3c4",
      arn: "arn:aws:sns:us-east-1:123456789012:api-gate-approve-1a2b3c4",
      inputTransformer: {
        inputPaths: {
          deployment: "$.detail.serviceDeploymentArn",
          expires: "$.detail.expiresAt",
          hook: "$.detail.hookId",
          region: "$.region",
          stage: "$.detail.lifecycleStage",
        },
        inputTemplate: [
          '"A deployment of api waits for approval at <stage>."',
          '"To let it go on: aws ecs continue-service-deployment --service-deployment-arn <deployment> --hook-id <hook> --action CONTINUE --region <region>"',
          '"To take it back: aws ecs continue-service-deployment --service-deployment-arn <deployment> --hook-id <hook> --action ROLLBACK --region <region>"',
          '"Without an answer by <expires>: CONTINUE."',
        ].join("\n"),
      },
    });
  });

  it("is ready to tell before the first deployment waits", async () => {
    const run = await withGates(told);
    assert.ok(
      dependsOn(run, run.one(SERVICE)).includes(
        "aws:cloudwatch/eventTarget:EventTarget api-gate-approve",
      ),
    );
  });
});

describe("EcsService, functions of gates", () => {
  const details = { own: { ...own["own"], details: { BUCKET: "checks" } } } as Gates;

  it("hands a function its details", async () => {
    assert.deepEqual(hooksOf(await withGates(details)), [
      {
        hookTargetArn: CHECK,
        roleArn: CALLER,
        lifecycleStages: ["POST_SCALE_UP"],
        hookDetails: '{"BUCKET":"checks"}',
      },
    ]);
  });

  it("lets ECS call these functions alone", async () => {
    const run = await withGates({ ...smoke, ...own, again: { ...own["own"] } as Gates[string] });
    assert.deepEqual(run.one(ROLE, "api-gates-role").inputs, {
      assumeRolePolicy: JSON.stringify(trust("ecs.amazonaws.com")),
    });
    const policy = run.one(ROLE_POLICY, "api-gates-policy");
    assert.equal(policy.input("role"), "api-gates-role-1a2b3c4");
    assert.deepEqual(
      policy.jsonInput("policy"),
      allows(["lambda:InvokeFunction"], CHECK, SMOKE_FUNCTION),
    );
  });

  it("has the right to call them before the first deployment does", async () => {
    const run = await withGates(own);
    assert.ok(
      dependsOn(run, run.one(SERVICE)).includes("aws:iam/rolePolicy:RolePolicy api-gates-policy"),
    );
  });

  it("needs a role for functions alone", async () => {
    assert.deepEqual(await added(own), [
      "aws:iam/role:Role api-gates-role",
      "aws:iam/rolePolicy:RolePolicy api-gates-policy",
    ]);
  });
});

describe("EcsService, smoke test", () => {
  it("is a function with a role and a log of its own", async () => {
    assert.deepEqual(await added(smoke), [
      "aws:cloudwatch/logGroup:LogGroup api-gate-smoke-logs",
      "aws:iam/role:Role api-gate-smoke-role",
      "aws:iam/role:Role api-gates-role",
      "aws:iam/rolePolicy:RolePolicy api-gate-smoke-policy",
      "aws:iam/rolePolicy:RolePolicy api-gates-policy",
      "aws:lambda/function:Function api-gate-smoke-function",
    ]);
  });

  it("asks the load balancer what the gate says, with the header of test requests", async () => {
    const run = await withGates(smoke);
    const { code, ...inputs } = run.one(FUNCTION).inputs;
    assert.match(JSON.stringify(code), /ecs-service\/functions\/smoke-test"/);
    assert.deepEqual(inputs, {
      description: "Tells ECS whether new tasks answer as they should",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      role: "arn:aws:iam::123456789012:role/api-gate-smoke-role-1a2b3c4",
      timeout: 15,
      environment: {
        variables: {
          REQUESTS:
            '{"health":{"path":"/health","statusCodes":"200","headers":{},"timeoutSeconds":5}}',
          ATTEMPTS: "5",
          INTERVAL_SECONDS: "15",
          ENDPOINT: "lb.example.com",
          PROTOCOL: "https",
          PORT: "443",
          HOST: "lb.example.com",
          TEST_HEADER: "x-ecs-platform-test",
          TEST_VALUE: "1a2b3c4d",
        },
      },
      loggingConfig: { logGroup: "api-gate-smoke-logs-1a2b3c4", logFormat: "JSON" },
    });
  });

  const variables = async (change: Partial<EcsServiceArgs>, gate: object = {}) => {
    const run = await withGates(
      { smoke: { kind: "smoke-test", requests: { health: {} }, ...gate } },
      change,
    );
    return run.one(FUNCTION).input("environment.variables") as Record<string, string>;
  };

  it("speaks HTTP to a load balancer without a certificate", async () => {
    const { PROTOCOL, PORT } = await variables({ loadBalancer: { ...open, protocol: "http" } });
    assert.deepEqual({ PROTOCOL, PORT }, { PROTOCOL: "http", PORT: "80" });
  });

  it("speaks HTTPS to a load balancer that does not say", async () => {
    const { PROTOCOL, PORT } = await variables({ loadBalancer });
    assert.deepEqual({ PROTOCOL, PORT }, { PROTOCOL: "https", PORT: "443" });
  });

  for (const [title, hosts, defaultHosts, host, expected] of [
    [
      "the gate's host",
      ["a.example.com", "b.example.com"],
      undefined,
      "b.example.com",
      "b.example.com",
    ],
    [
      "the first host of the route",
      ["a.example.com", "b.example.com"],
      ["d.example.com"],
      undefined,
      "a.example.com",
    ],
    [
      "the first without a wildcard",
      ["*.example.com", "b.example.com"],
      undefined,
      undefined,
      "b.example.com",
    ],
    [
      "the load balancer's default",
      undefined,
      ["d.example.com", "e.example.com"],
      undefined,
      "d.example.com",
    ],
    ["the load balancer itself", undefined, undefined, undefined, "lb.example.com"],
  ] as const) {
    it(`asks for ${title}`, async () => {
      const { HOST } = await variables(
        {
          route: { priority: 100, ...(hosts && { hosts: [...hosts] }) },
          loadBalancer: { ...open, ...(defaultHosts && { defaultHosts }) },
        },
        host === undefined ? {} : { host },
      );
      assert.equal(HOST, expected);
    });
  }

  it("takes any certificate where the gate says why", async () => {
    const { ANY_CERTIFICATE } = await variables({}, { unverifiedCertificateBecause: "our own CA" });
    assert.equal(ANY_CERTIFICATE, "true");
  });

  it("may run as long as its slowest request", async () => {
    const requests = { quick: {}, slow: { timeoutSeconds: 60 } };
    const run = await withGates({ smoke: { kind: "smoke-test", requests } });
    assert.equal(run.one(FUNCTION).input("timeout"), 70);
  });

  it("keeps its log as long as the service's", async () => {
    const run = await withGates(smoke, { logRetentionDays: 7 });
    assert.deepEqual(run.one("aws:cloudwatch/logGroup:LogGroup", "api-gate-smoke-logs").inputs, {
      retentionInDays: 7,
    });
  });

  it("may write its log and nothing else", async () => {
    const run = await withGates(smoke);
    assert.deepEqual(run.one(ROLE, "api-gate-smoke-role").inputs, {
      assumeRolePolicy: JSON.stringify(trust("lambda.amazonaws.com")),
    });
    const policy = run.one(ROLE_POLICY, "api-gate-smoke-policy");
    assert.equal(policy.input("role"), "api-gate-smoke-role-1a2b3c4");
    assert.deepEqual(
      policy.jsonInput("policy"),
      allows(
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        "arn:aws:logs:us-east-1:123456789012:log-group:api-gate-smoke-logs-1a2b3c4:*",
      ),
    );
    assert.deepEqual(dependsOn(run, run.one(FUNCTION)), [
      "aws:iam/rolePolicy:RolePolicy api-gate-smoke-policy",
    ]);
  });

  it("stands in the app subnets for an internal load balancer, with a way to it alone", async () => {
    const change = { loadBalancer: internal };
    assert.deepEqual(await added(smoke, change), [
      "aws:cloudwatch/logGroup:LogGroup api-gate-smoke-logs",
      "aws:ec2/securityGroup:SecurityGroup api-gate-smoke-security-group",
      "aws:iam/role:Role api-gate-smoke-role",
      "aws:iam/role:Role api-gates-role",
      "aws:iam/rolePolicy:RolePolicy api-gate-smoke-policy",
      "aws:iam/rolePolicy:RolePolicy api-gates-policy",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment api-gate-smoke-network",
      "aws:lambda/function:Function api-gate-smoke-function",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule api-gate-smoke-to-load-balancer-out",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule api-gate-smoke-to-load-balancer-in",
    ]);
    const run = await withGates(smoke, change);
    assert.deepEqual(run.one(FUNCTION).input("vpcConfig"), {
      subnetIds: ["subnet-app-a", "subnet-app-b"],
      securityGroupIds: ["api-gate-smoke-security-group-id"],
    });
    assert.deepEqual(dependsOn(run, run.one(FUNCTION)), [
      "aws:iam/rolePolicy:RolePolicy api-gate-smoke-policy",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment api-gate-smoke-network",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule api-gate-smoke-to-load-balancer-out",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule api-gate-smoke-to-load-balancer-in",
    ]);
    assert.deepEqual(inputsByName(run, "aws:iam/rolePolicyAttachment:RolePolicyAttachment"), {
      "api-gate-smoke-network": {
        role: "api-gate-smoke-role-1a2b3c4",
        policyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess",
      },
    });
    const passage = {
      description: "Requests of api-gate-smoke",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    };
    assert.deepEqual(
      run.one(
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        "api-gate-smoke-to-load-balancer-out",
      ).inputs,
      {
        ...passage,
        securityGroupId: "api-gate-smoke-security-group-id",
        referencedSecurityGroupId: "sg-load-balancer",
      },
    );
    assert.deepEqual(
      run.one(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "api-gate-smoke-to-load-balancer-in",
      ).inputs,
      {
        ...passage,
        securityGroupId: "sg-load-balancer",
        referencedSecurityGroupId: "api-gate-smoke-security-group-id",
      },
    );
  });

  const keptOut = {
    key: "deployment.gates.smoke",
    value: smoke["smoke"],
    rule: "calls from an address of AWS that changes, which allowedCidrs or allowedPrefixListIds keep out",
    allowed: "smoke tests where everybody is let in, or where loadBalancer.scheme is internal",
    fix: "take a gate of kind function that runs where it is let in, or lift the restriction",
  };
  const restricted = { route: { priority: 100, allowedCidrs: ["203.0.113.0/24"] } };

  it("is refused where the load balancer lets in only some", async () => {
    const change = { loadBalancer: { ...open, isOpen: false } };
    const { problems } = await refusal(() => new EcsService("api", args(smoke, change)));
    assert.deepEqual(problems, [keptOut]);
  });

  it("is refused where the route lets in only some", async () => {
    const { problems } = await refusal(() => new EcsService("api", args(smoke, restricted)));
    assert.deepEqual(problems, [keptOut]);
  });

  it("is taken there inside the VPC, and so are other gates", async () => {
    const closed = { ...internal, isOpen: false };
    await withGates(smoke, { ...restricted, loadBalancer: closed });
    await withGates({ ...own, ...approval }, { ...restricted, loadBalancer: closed });
  });
});

describe("Time that gates take", () => {
  const minutes = (gates: Gates, steps?: number) => {
    const { value } = parseSettings(
      ecsServiceSettings,
      {
        image: "nginx:1.29",
        route: { priority: 9 },
        deployment: { strategy: "BLUE_GREEN", gates },
      },
      "",
    );
    return gateMinutes(value?.deployment.gates ?? {}, steps);
  };
  const waiting = (timeoutMinutes: number, stage = "POST_SCALE_UP") =>
    ({ kind: "approval", timeoutMinutes, stage }) as Gates[string];

  for (const [title, gates, most] of [
    ["none takes none", {}, 0],
    ["an approval takes its timeout", { a: waiting(30) }, 30],
    ["a function takes a day", own, 1440],
    // 5 attempts of 5 seconds, 4 times 15 seconds between them.
    ["a smoke test takes all its attempts", smoke, 85 / 60],
    ["gates at one stage take as long as the longest", { a: waiting(30), b: waiting(20) }, 30],
    ["gates at several stages take all", { a: waiting(30), b: waiting(20, "PRE_SCALE_UP") }, 50],
  ] as [string, Gates, number][]) {
    it(title, () => {
      assert.deepEqual(minutes(gates), { least: 0, most });
    });
  }

  it("a gate before each step takes its time as often", () => {
    const gates = { a: waiting(30), b: waiting(20, "PRE_PRODUCTION_TRAFFIC_SHIFT") };
    assert.deepEqual(minutes(gates, 5), { least: 0, most: 130 });
  });
});
