import * as assert from "node:assert/strict";
import { LogSearch, type LogSearchArgs } from "../../components";
import type { Run } from "../support/run";
import { runProgram } from "../support/run-program";
import { cluster, inputsByName, loadBalancer, network, refusal } from "./support";

const happy = (): LogSearchArgs => ({
  cluster,
  network,
  loadBalancer: { ...loadBalancer, protocol: "https" },
  folder: "shop-dev",
  services: { api: { logGroupName: "api-logs-1a2b" }, web: { logGroupName: "web-logs-1a2b" } },
});

const make = (changes: Partial<LogSearchArgs>) =>
  runProgram(() => new LogSearch("log-search", { ...happy(), ...changes }));

const QUERY = "aws:cloudwatch/queryDefinition:QueryDefinition";
const DOMAIN = "aws:opensearch/domain:Domain";
const FUNCTION = "aws:lambda/function:Function";
const FILTER = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const LOG_GROUP_ARN = "arn:aws:logs:us-east-1:123456789012:log-group";

function statements(run: Run, role: string): unknown {
  const { Statement } = run
    .one("aws:iam/rolePolicy:RolePolicy", role)
    .jsonInput("policy") as unknown as { Statement: Record<string, unknown>[] };
  return Statement.map(({ Action, Resource }) => [Action, Resource]);
}

describe("LogSearch with saved queries", () => {
  it("saves these, for the logs of all services, under the stack's name", async () => {
    const run = await make({ insights: {} });
    const logGroupNames = ["api-logs-1a2b", "web-logs-1a2b"];
    assert.deepEqual(inputsByName(run, QUERY), {
      "log-search-latest-errors": {
        name: "shop-dev/latest-errors",
        queryString:
          'fields @timestamp, @log, message\n| filter level = "error"\n| sort @timestamp desc\n| limit 100',
        logGroupNames,
      },
      "log-search-errors-by-service": {
        name: "shop-dev/errors-by-service",
        queryString: 'filter level = "error"\n| stats count(*) as errors by @log, bin(5m)',
        logGroupNames,
      },
      "log-search-slow-requests": {
        name: "shop-dev/slow-requests",
        queryString:
          "fields @timestamp, @log, durationMs, message\n| filter durationMs > 1000\n| sort durationMs desc\n| limit 100",
        logGroupNames,
      },
      "log-search-lines-by-level": {
        name: "shop-dev/lines-by-level",
        queryString: "stats count(*) as lines by @log, level\n| sort lines desc",
        logGroupNames,
      },
    });
    assert.deepEqual(run.all(DOMAIN), []);
    assert.deepEqual(run.all("aws:ecs/service:Service"), []);
  });

  it("asks for the fields that the services log", async () => {
    const insights = {
      levelField: "severity",
      errorLevel: "ERROR",
      messageField: "msg",
      durationField: "http.ms",
      slowMilliseconds: 250,
    };
    const run = await make({ insights });
    const queries = run.all(QUERY).map((query) => query.input("queryString"));
    assert.deepEqual(queries, [
      'filter severity = "ERROR"\n| stats count(*) as errors by @log, bin(5m)',
      'fields @timestamp, @log, msg\n| filter severity = "ERROR"\n| sort @timestamp desc\n| limit 100',
      "stats count(*) as lines by @log, severity\n| sort lines desc",
      "fields @timestamp, @log, http.ms, msg\n| filter http.ms > 250\n| sort http.ms desc\n| limit 100",
    ]);
  });

  it("saves one for stopped tasks where they are recorded", async () => {
    const stoppedTasksLogGroupName = "/aws/events/shop-dev-stopped-tasks";
    const run = await make({ insights: {}, stoppedTasksLogGroupName });
    const query = run.one(QUERY, "log-search-stopped-tasks");
    assert.equal(query.input("name"), "shop-dev/stopped-tasks");
    assert.deepEqual(query.input("logGroupNames"), [stoppedTasksLogGroupName]);
    assert.match(JSON.stringify(query.input("queryString")), /detail\.stoppedReason/);
  });
});

describe("LogSearch with OpenSearch", () => {
  it("has a store that is encrypted, private and of one node by default", async () => {
    const run = await make({ opensearch: {} });
    assert.deepEqual(run.one(DOMAIN).inputs, {
      engineVersion: "OpenSearch_2.19",
      clusterConfig: {
        instanceType: "t3.small.search",
        instanceCount: 1,
        zoneAwarenessEnabled: false,
      },
      ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: 20 },
      vpcOptions: {
        subnetIds: ["subnet-app-a"],
        securityGroupIds: ["log-search-security-group-id"],
      },
      encryptAtRest: { enabled: true },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: {
        enforceHttps: true,
        tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10",
      },
      advancedSecurityOptions: {
        enabled: true,
        internalUserDatabaseEnabled: true,
        masterUserOptions: {
          masterUserName: "admin",
          masterUserPassword: "log-search-master-password!",
        },
      },
      softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
    });
    assert.ok(
      run.one(DOMAIN).isSecret("advancedSecurityOptions.masterUserOptions.masterUserPassword"),
    );
  });

  it("previews what it creates", async () => {
    const args = { ...happy(), opensearch: {} };
    const preview = await runProgram(() => new LogSearch("log-search", args), { preview: true });
    assert.deepEqual(preview.names(), (await make({ opensearch: {} })).names());
  });

  it("spreads several nodes over two zones", async () => {
    const domain = (await make({ opensearch: { instances: 4 } })).one(DOMAIN);
    assert.deepEqual(domain.input("clusterConfig"), {
      instanceType: "t3.small.search",
      instanceCount: 4,
      zoneAwarenessEnabled: true,
      zoneAwarenessConfig: { availabilityZoneCount: 2 },
    });
    assert.deepEqual(domain.input("vpcOptions.subnetIds"), ["subnet-app-a", "subnet-app-b"]);
  });

  it("makes OpenSearch's role in the account where that is asked for", async () => {
    const ROLE = "aws:iam/serviceLinkedRole:ServiceLinkedRole";
    assert.deepEqual((await make({ opensearch: {} })).all(ROLE), []);
    const run = await make({ opensearch: { createServiceLinkedRole: true } });
    const role = run.one(ROLE);
    assert.deepEqual(role.inputs, { awsServiceName: "opensearchservice.amazonaws.com" });
    assert.ok(run.one(DOMAIN).dependencies.includes(role.urn));
  });

  it("is fed with every line of every service", async () => {
    const run = await make({ opensearch: {} });
    const forwarder = run.one(FUNCTION, "log-search-forwarder-function");
    const filter = (logGroup: string) => ({
      logGroup,
      destinationArn: forwarder.outputs["arn"],
      filterPattern: "",
      distribution: "ByLogStream",
    });
    assert.deepEqual(inputsByName(run, FILTER), {
      "log-search-from-api": filter("api-logs-1a2b"),
      "log-search-from-web": filter("web-logs-1a2b"),
    });
    const permission = (logGroup: string) => ({
      action: "lambda:InvokeFunction",
      function: forwarder.outputs["name"],
      principal: "logs.amazonaws.com",
      sourceArn: `${LOG_GROUP_ARN}:${logGroup}:*`,
      sourceAccount: "123456789012",
    });
    assert.deepEqual(inputsByName(run, "aws:lambda/permission:Permission"), {
      "log-search-from-api": permission("api-logs-1a2b"),
      "log-search-from-web": permission("web-logs-1a2b"),
    });
  });

  it("has functions that may no more than their work", async () => {
    const run = await make({ opensearch: {} });
    const logs = (name: string) => [
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      [`${LOG_GROUP_ARN}:log-search-${name}-logs-1a2b3c4:*`],
    ];
    const secretArns = ["log-search-master-secret", "log-search-ui-secret"].map(
      (name) => run.one("aws:secretsmanager/secret:Secret", name).outputs["arn"],
    );
    assert.deepEqual(statements(run, "log-search-forwarder-policy"), [
      logs("forwarder"),
      [["es:ESHttpPost"], [`${String(run.one(DOMAIN).outputs["arn"] as string)}/_bulk`]],
    ]);
    assert.deepEqual(statements(run, "log-search-setup-policy"), [
      logs("setup"),
      [["secretsmanager:GetSecretValue"], secretArns],
    ]);
  });

  it("has functions in the app subnets, with their code and logs", async () => {
    const run = await make({ opensearch: {} });
    const { code, environment, ...inputs } = run.one(
      FUNCTION,
      "log-search-forwarder-function",
    ).inputs;
    assert.ok(code !== undefined);
    assert.deepEqual(environment, {
      variables: { ENDPOINT: run.one(DOMAIN).outputs["endpoint"], INDEX_PREFIX: "logs" },
    });
    assert.deepEqual(inputs, {
      role: run.one("aws:iam/role:Role", "log-search-forwarder-role").outputs["arn"],
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "forwarder.handler",
      memorySize: 256,
      timeout: 60,
      vpcConfig: {
        subnetIds: ["subnet-app-a", "subnet-app-b"],
        securityGroupIds: ["log-search-feeder-security-group-id"],
      },
      loggingConfig: { logFormat: "JSON", logGroup: "log-search-forwarder-logs-1a2b3c4" },
    });
  });

  it("sets the store up again when what it is told changes, or the store is another", async () => {
    const run = await make({ opensearch: { retentionDays: 30, instances: 2 } });
    const invocation = run.one("aws:lambda/invocation:Invocation");
    assert.deepEqual(invocation.jsonInput("input"), {
      indexPrefix: "logs",
      retentionDays: 30,
      replicas: 1,
      writerRoleArn: run.one("aws:iam/role:Role", "log-search-forwarder-role").outputs["arn"],
    });
    assert.deepEqual(invocation.input("triggers"), {
      store: run.one(DOMAIN).outputs["domainId"],
    });
    const waitsFor = invocation.dependencies.map((urn) => run.byUrn(urn).name);
    assert.ok(waitsFor.includes("log-search-store-policy"));
    assert.ok(waitsFor.includes("log-search-setup-policy"));
  });

  it("lets nobody at the store but its feeder and its page", async () => {
    const run = await make({ opensearch: {} });
    const rules = run
      .all(INGRESS)
      .filter((rule) => rule.input("securityGroupId") === "log-search-security-group-id")
      .map(({ inputs }) => [inputs["referencedSecurityGroupId"], inputs["fromPort"]]);
    assert.deepEqual(rules, [
      ["log-search-feeder-security-group-id", 443],
      ["log-search-ui-security-group-id", 443],
    ]);
  });

  it("leaves who may what to the store's own users", async () => {
    const policy = (await make({ opensearch: {} })).one("aws:opensearch/domainPolicy:DomainPolicy");
    const { Statement } = policy.jsonInput("accessPolicies") as unknown as {
      Statement: Record<string, unknown>[];
    };
    assert.deepEqual(Statement, [
      {
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["es:ESHttp*"],
        Resource: ["arn:aws:es:us-east-1:123456789012:domain/log-search-store-1a2b3c4/*"],
      },
    ]);
  });

  it("keeps the passwords in Secrets Manager, secret all the way", async () => {
    const run = await make({ opensearch: {} });
    const versions = run.all("aws:secretsmanager/secretVersion:SecretVersion");
    assert.deepEqual(
      versions.map((version) => [
        version.name,
        version.jsonInput("secretString"),
        version.isSecret("secretString"),
      ]),
      [
        [
          "log-search-master-secret",
          { username: "admin", password: "log-search-master-password!" },
          true,
        ],
        [
          "log-search-ui-secret",
          {
            username: "dashboards",
            password: "log-search-ui-password!",
            cookie: "log-search-ui-cookie-password!",
          },
          true,
        ],
      ],
    );
  });
});

describe("The search page", () => {
  interface Container {
    readonly name: string;
    readonly image: string;
    readonly user: string;
    readonly readonlyRootFilesystem: boolean;
    readonly command?: readonly string[];
    readonly environment: readonly { readonly name: string; readonly value: string }[];
    readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  }

  async function containers(args: Partial<LogSearchArgs>) {
    const run = await make(args);
    const [main, init] = run
      .one("aws:ecs/taskDefinition:TaskDefinition")
      .jsonInput("containerDefinitions") as unknown as Container[];
    assert.ok(main !== undefined && init !== undefined);
    return { run, main, init };
  }

  it("is OpenSearch Dashboards of the store's version, as its own user on a read-only root", async () => {
    const { run, main } = await containers({ opensearch: { version: "3.1" } });
    assert.equal(main.image, "docker.io/opensearchproject/opensearch-dashboards:3.1.0");
    assert.equal(main.user, "1000");
    assert.equal(main.readonlyRootFilesystem, true);
    assert.equal(run.one("aws:ecs/service:Service").input("desiredCount"), 1);
    assert.deepEqual(main.environment, [
      { name: "OSD_PATH_CONF", value: "/usr/share/search-page" },
    ]);
  });

  it("logs in to the store with a user and a cookie key of its own", async () => {
    const { run, init } = await containers({ opensearch: {} });
    const arn = run.one("aws:secretsmanager/secret:Secret", "log-search-ui-secret").outputs[
      "arn"
    ] as string;
    assert.deepEqual(init.secrets, [
      { name: "UI_COOKIE", valueFrom: `${arn}:cookie::` },
      { name: "UI_PASSWORD", valueFrom: `${arn}:password::` },
      { name: "UI_USERNAME", valueFrom: `${arn}:username::` },
    ]);
    assert.deepEqual(init.environment, [
      { name: "COOKIE_SECURE", value: "false" },
      { name: "ENDPOINT", value: run.one(DOMAIN).outputs["endpoint"] },
    ]);
    const script = init.command?.at(-1) ?? "";
    for (const line of [
      'opensearch.hosts: ["https://$ENDPOINT:443"]',
      "opensearch.ssl.verificationMode: full",
      'opensearch_security.cookie.password: "$UI_COOKIE"',
      "chmod 400 /usr/share/search-page/opensearch_dashboards.yml",
    ]) {
      assert.ok(script.includes(`\n${line}\n`), line);
    }
  });

  it("waits for the store to be set up", async () => {
    const { run } = await containers({ opensearch: {} });
    const sources = run.one("aws:ecs/taskDefinition:TaskDefinition").propertyDependencies[
      "containerDefinitions"
    ];
    assert.ok(sources?.includes(run.one("aws:lambda/invocation:Invocation").urn));
  });

  it("is reached by a tunnel alone by default", async () => {
    const { run } = await containers({ opensearch: {} });
    assert.deepEqual(run.all("aws:lb/listenerRule:ListenerRule"), []);
    assert.equal(run.one("aws:ecs/service:Service").input("enableExecuteCommand"), true);
    assert.deepEqual(
      run
        .all(INGRESS)
        .filter((rule) => rule.input("securityGroupId") === "log-search-ui-security-group-id"),
      [],
    );
  });

  it("is reached by a route of its own where that is asked for", async () => {
    const route = { priority: 8, hosts: ["logs.example.com"], allowedCidrs: ["203.0.113.0/24"] };
    const { run, init } = await containers({ opensearch: { ui: { route } } });
    assert.deepEqual(run.one("aws:lb/listenerRule:ListenerRule").input("conditions"), [
      { hostHeader: { values: ["logs.example.com"] } },
      { pathPattern: { values: ["/*"] } },
      { sourceIp: { values: ["203.0.113.0/24"] } },
    ]);
    const target = run.one("aws:lb/targetGroup:TargetGroup");
    assert.equal(target.input("port"), 5601);
    assert.equal(target.input("healthCheck.path"), "/app/login");
    assert.deepEqual(init.environment[0], { name: "COOKIE_SECURE", value: "true" });
  });

  it("has no route without HTTPS, unless a reason is given", async () => {
    const plain = { ...happy(), loadBalancer: { ...loadBalancer, protocol: "http" as const } };
    const route = { priority: 8, hosts: ["logs.example.com"] };
    const error = await refusal(
      () => new LogSearch("log-search", { ...plain, opensearch: { ui: { route } } }),
    );
    assert.deepEqual(error.problems, [
      {
        key: "opensearch.ui.route",
        value: route,
        rule: "needs HTTPS: a password sent by plain HTTP can be read on the way",
        allowed: "a route on a load balancer with a certificate",
        fix: "give the load balancer a certificate, or remove route and use a tunnel",
      },
    ]);
    const reasoned = { ...route, unencryptedBecause: "inside the company's VPN only" };
    const run = await make({ ...plain, opensearch: { ui: { route: reasoned } } });
    assert.equal(run.all("aws:lb/listenerRule:ListenerRule").length, 1);
  });
});

describe("LogSearch", () => {
  it("has both where both are asked for", async () => {
    const run = await make({ insights: {}, opensearch: {} });
    assert.equal(run.all(QUERY).length, 4);
    assert.equal(run.all(DOMAIN).length, 1);
    const { outputs } = run.one("ecs-platform:index:LogSearch");
    assert.deepEqual(outputs, {
      page: {
        serviceName: "log-search-ui-service-1a2b3c4",
        securityGroupId: "log-search-ui-security-group-id",
        port: 5601,
        passwordSecretArn: run.one("aws:secretsmanager/secret:Secret", "log-search-master-secret")
          .outputs["arn"],
      },
    });
  });

  it("lists every problem and registers nothing", async () => {
    const opensearch = { version: "7.10", ui: { cpu: 300 } };
    const error = await refusal(() => new LogSearch("log-search", { ...happy(), opensearch }));
    assert.match(error.message, /^LogSearch "log-search": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["opensearch.version", "opensearch.ui.cpu"],
    );
  });
});
