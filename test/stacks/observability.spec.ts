import * as assert from "node:assert/strict";
import type { Problem } from "../../components/support/problem";
import { SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import { filesOfInitScript } from "../support/init-script";
import type { Run } from "../support/run";
import { type StackConfig, runPlatform, smallConfig, sourceOf } from "./support";

const GRAFANA = "ecs-platform:grafana";
const LOG_SEARCH = "ecs-platform:logSearch";
const BASTION = "ecs-platform:bastion";

const certificateArn =
  "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000";

/** The small stack behind HTTPS. */
function encrypted(): StackConfig {
  const config = smallConfig();
  const { api } = config["ecs-platform:services"] as Record<string, Record<string, unknown>>;
  return {
    ...config,
    "ecs-platform:loadBalancer": { certificateArn },
    "ecs-platform:services": {
      api: { ...api, route: { priority: 100, hosts: ["api.example.com"] } },
    },
  };
}

function problemsOf(config: StackConfig): readonly Problem[] {
  try {
    loadConfig(sourceOf(config));
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

function commandsOf(run: Run): Record<string, Record<string, string>> {
  return run.outputs["commands"] as Record<string, Record<string, string>>;
}

const names = (run: Run) => new Set(run.names());

describe("Grafana in a stack", () => {
  it("is there where its section is, and changes nothing else", async () => {
    const without = await runPlatform(smallConfig());
    const run = await runPlatform({ ...smallConfig(), [GRAFANA]: {} });
    assert.ok(run.one("ecs-platform:index:Grafana", "grafana"));
    const before = names(without);
    const added = run.names().filter((name) => !before.has(name));
    assert.ok(added.every((name) => / grafana(-|$)/.test(name)));
    assert.equal(run.names().length, without.names().length + added.length);
  });

  it("is reached by a tunnel to its task, with the password from Secrets Manager", async () => {
    const run = await runPlatform({ ...smallConfig(), [GRAFANA]: {} });
    const { tunnels, passwords } = commandsOf(run);
    assert.equal(
      tunnels?.["grafana"],
      "TASK=$(aws ecs list-tasks --cluster platform-cluster-1a2b3c4 --service-name grafana-service-1a2b3c4 --query 'taskArns[0]' --output text --region us-east-1); " +
        "aws ssm start-session --target ecs:platform-cluster-1a2b3c4_${TASK##*/}_" +
        "$(aws ecs describe-tasks --cluster platform-cluster-1a2b3c4 --tasks $TASK --query \"tasks[0].containers[?name=='grafana'].runtimeId | [0]\" --output text --region us-east-1) " +
        "--document-name AWS-StartPortForwardingSession --parameters portNumber=3000,localPortNumber=13000 --region us-east-1",
    );
    assert.match(
      passwords?.["grafana"] ?? "",
      /^aws secretsmanager get-secret-value --secret-id arn:aws:secretsmanager:\S+:secret:grafana-password-1a2b3c4-AbCdEf --query SecretString --output text --region us-east-1$/,
    );
  });

  it("is reached by the bastion where its tasks let no session in", async () => {
    const config = { ...smallConfig(), [GRAFANA]: { exec: false } };
    assert.equal(commandsOf(await runPlatform(config))["tunnels"]?.["grafana"], undefined);
    const run = await runPlatform({ ...config, [BASTION]: {} });
    assert.match(
      commandsOf(run)["tunnels"]?.["grafana"] ?? "",
      /; aws ssm start-session --target bastion-instance-id --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters host=\$\(.*privateIPv4Address.*\),portNumber=3000,localPortNumber=13000 /,
    );
  });

  it("lets the bastion in, on its port alone", async () => {
    const run = await runPlatform({ ...smallConfig(), [GRAFANA]: {}, [BASTION]: {} });
    const rule = run.one(
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "bastion-to-grafana-in",
    );
    assert.equal(rule.input("securityGroupId"), "grafana-security-group-id");
    assert.equal(rule.input("referencedSecurityGroupId"), "bastion-security-group-id");
    assert.deepEqual([rule.input("fromPort"), rule.input("toPort")], [3000, 3000]);
  });

  it("shows no password in the outputs", async () => {
    const run = await runPlatform({ ...smallConfig(), [GRAFANA]: {} });
    assert.doesNotMatch(JSON.stringify(run.outputs), /grafana-password!/);
  });
});

describe("Log search in a stack", () => {
  it("saves queries under the stack's name, that for stopped tasks included", async () => {
    const run = await runPlatform({
      ...smallConfig(),
      [LOG_SEARCH]: { insights: {} },
      "ecs-platform:monitoring": { stoppedTasks: {} },
    });
    const queries = run
      .all("aws:cloudwatch/queryDefinition:QueryDefinition")
      .filter(({ name }) => name.startsWith("log-search-"));
    assert.deepEqual(
      queries.map((query) => query.input("name")),
      [
        "ecs-platform-test/errors-by-service",
        "ecs-platform-test/latest-errors",
        "ecs-platform-test/lines-by-level",
        "ecs-platform-test/slow-requests",
        "ecs-platform-test/stopped-tasks",
      ],
    );
    assert.deepEqual(queries[0]?.input("logGroupNames"), ["api-logs-1a2b3c4"]);
    assert.deepEqual(queries.at(-1)?.input("logGroupNames"), [
      "/aws/events/ecs-platform-test-stopped-tasks",
    ]);
  });

  it("has a page that tunnels and the bastion lead to", async () => {
    const run = await runPlatform({
      ...smallConfig(),
      [LOG_SEARCH]: { opensearch: {} },
      [BASTION]: {},
    });
    const { tunnels, passwords } = commandsOf(run);
    assert.match(tunnels?.["log-search"] ?? "", /portNumber=5601,localPortNumber=15601 /);
    assert.match(tunnels?.["log-search"] ?? "", /containers\[\?name=='log-search-ui'\]/);
    assert.match(passwords?.["log-search"] ?? "", /:secret:log-search-master-secret-/);
    const rule = run.one(
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "bastion-to-log-search-in",
    );
    assert.equal(rule.input("securityGroupId"), "log-search-ui-security-group-id");
  });
});

describe("What everybody gets to look at", () => {
  it("are saved queries for the logs of services, of failures, of shells and of the network", async () => {
    const run = await runPlatform(smallConfig());
    const queries = run.all("aws:cloudwatch/queryDefinition:QueryDefinition");
    const services = ["api-logs-1a2b3c4"];
    assert.deepEqual(
      Object.fromEntries(
        queries.map((query) => [query.input("name"), query.input("logGroupNames")]),
      ),
      {
        "ecs-platform-test/newest-errors": services,
        "ecs-platform-test/errors-over-time": services,
        "ecs-platform-test/slowest-requests": services,
        "ecs-platform-test/one-request": services,
        "ecs-platform-test/failures": ["/aws/events/ecs-platform-test-failed-deployments"],
        "ecs-platform-test/shell-sessions": ["platform-exec-logs-1a2b3c4"],
        "ecs-platform-test/rejected-traffic": ["network-flow-logs-1a2b3c4"],
      },
    );
  });

  it("are the same limits in Grafana as in CloudWatch", async () => {
    const run = await runPlatform({
      ...smallConfig(),
      [GRAFANA]: {},
      "ecs-platform:monitoring": { thresholds: { latencySeconds: 1.25 } },
    });
    const dashboard = run.one("aws:cloudwatch/dashboard:Dashboard").input("dashboardBody");
    assert.match(dashboard as string, /"label":"alarm on TargetResponseTime","value":1\.25/);
    const containers = run
      .one("aws:ecs/taskDefinition:TaskDefinition", "grafana-task")
      .jsonInput("containerDefinitions") as unknown as {
      readonly name: string;
      readonly command: readonly string[];
      readonly environment: readonly { readonly name: string; readonly value: string }[];
    }[];
    const init = containers.find(({ name }) => name === "provisioning");
    const overview = filesOfInitScript(
      init?.command.at(-1) ?? "",
      Object.fromEntries(init?.environment.map(({ name, value }) => [name, value]) ?? []),
    )["/var/lib/grafana/dashboards/overview.json"];
    assert.match(
      overview ?? "",
      /"steps":\[\{"color":"transparent","value":null\},\{"color":"red","value":1\.25\}\]/,
    );
    assert.match(overview ?? "", /NAT: are connections refused for lack of ports\?/);
  });

  it("is the way to the traces where a service has some", async () => {
    const config = smallConfig();
    const { api } = config["ecs-platform:services"] as Record<string, Record<string, unknown>>;
    const traced = { ...config, "ecs-platform:services": { api: { ...api, tracing: {} } } };
    for (const [given, count] of [
      [config, 0],
      [traced, 1],
      [{ ...traced, "ecs-platform:monitoring": { applicationErrors: {} } }, 1],
    ] as const) {
      const run = await runPlatform(given);
      const body = run.one("aws:cloudwatch/dashboard:Dashboard").input("dashboardBody");
      assert.equal((body as string).split("#xray:service-map/map").length - 1, count);
    }
  });
});

describe("NAT gateways in a stack", () => {
  it("raise an alarm where that is asked for", async () => {
    const config = { ...smallConfig(), "ecs-platform:monitoring": { natErrors: true } };
    const alarm = (await runPlatform(config)).one(
      "aws:cloudwatch/metricAlarm:MetricAlarm",
      "monitoring-nat-a-ports",
    );
    assert.deepEqual(alarm.input("dimensions"), { NatGatewayId: "network-nat-a-id" });
  });
});

describe("Grafana and log search beside the rest of the file", () => {
  const route = { priority: 7, hosts: ["pages.example.com"] };

  it("take a route behind HTTPS", () => {
    const logSearch = { opensearch: { ui: { route: { ...route, priority: 8 } } } };
    assert.deepEqual(
      problemsOf({ ...encrypted(), [GRAFANA]: { route }, [LOG_SEARCH]: logSearch }),
      [],
    );
  });

  it("take none without", () => {
    const logSearch = { opensearch: { ui: { route: { ...route, priority: 8 } } } };
    const problems = problemsOf({
      ...smallConfig(),
      [GRAFANA]: { route },
      [LOG_SEARCH]: logSearch,
    });
    assert.deepEqual(
      problems.map(({ key, rule }) => [key, rule]),
      [`${GRAFANA}.route`, `${LOG_SEARCH}.opensearch.ui.route`].map((key) => [
        key,
        "needs HTTPS: a password sent by plain HTTP can be read on the way",
      ]),
    );
  });

  it("share no priority with a service or each other", () => {
    const config = {
      ...encrypted(),
      [GRAFANA]: { route: { ...route, priority: 100 } },
      [LOG_SEARCH]: { opensearch: { ui: { route: { ...route, priority: 100 } } } },
    };
    const taken = (owner: string, key: string) => ({
      key,
      value: 100,
      rule: `is the priority of ${owner} too, and a listener takes each once`,
      allowed: "1 to 50000, but for 100",
      fix: "give it another number; the lower one is tried first",
    });
    assert.deepEqual(problemsOf(config), [
      taken("api", `${GRAFANA}.route.priority`),
      taken("api", `${LOG_SEARCH}.opensearch.ui.route.priority`),
    ]);
    const other = {
      ...encrypted(),
      [GRAFANA]: { route },
      [LOG_SEARCH]: { opensearch: { ui: { route } } },
    };
    assert.deepEqual(
      problemsOf(other).map(({ key, rule }) => [key, rule]),
      [
        [
          `${LOG_SEARCH}.opensearch.ui.route.priority`,
          "is the priority of grafana too, and a listener takes each once",
        ],
      ],
    );
  });

  it("have names that no service takes", () => {
    const image = "nginx:1.29";
    const services = {
      grafana: { image, desiredCount: 1 },
      "log-search-ui": { image, desiredCount: 1 },
    };
    const config = { ...smallConfig(), "ecs-platform:services": services };
    assert.deepEqual(problemsOf(config), []);
    const both = { ...config, [GRAFANA]: {}, [LOG_SEARCH]: { opensearch: {} } };
    const taken = (name: string, section: string) => ({
      key: `ecs-platform:services.${name}`,
      value: name,
      rule: `is the name of what ${section} runs`,
      allowed: "any other name",
      fix: "rename it, or remove the section",
    });
    assert.deepEqual(problemsOf(both), [
      taken("grafana", "grafana"),
      taken("log-search-ui", "logSearch.opensearch"),
    ]);
    assert.deepEqual(problemsOf({ ...config, [LOG_SEARCH]: { insights: {} } }), []);
  });

  it("need endpoints and images of their own where there is no way out", () => {
    const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/page:1";
    const endpoints = ["ecr.api", "ecr.dkr", "logs"];
    const config = (interfaceEndpoints: string[]) => ({
      "aws:region": "us-east-1",
      "ecs-platform:loadBalancer": smallConfig()["ecs-platform:loadBalancer"],
      "ecs-platform:network": {
        availabilityZones: ["us-east-1a", "us-east-1b"],
        nat: "none",
        interfaceEndpoints,
      },
    });
    const all = [...endpoints, "monitoring", "secretsmanager", "ssmmessages"];
    const own = { [GRAFANA]: { image }, [LOG_SEARCH]: { opensearch: { ui: { image } } } };
    assert.deepEqual(problemsOf({ ...config(all), ...own }), []);
    assert.deepEqual(
      problemsOf({ ...config(endpoints), [GRAFANA]: { image } }).map(({ key, rule }) => [
        key,
        rule,
      ]),
      [
        [
          "ecs-platform:network.interfaceEndpoints",
          "lacks monitoring, secretsmanager, ssmmessages, which tasks, hosts or bastion reach in no other way with nat: none",
        ],
      ],
    );
    const official = { [GRAFANA]: {}, [LOG_SEARCH]: { opensearch: {} } };
    assert.deepEqual(
      problemsOf({ ...config(all), ...official }).map(({ key }) => key),
      [`${GRAFANA}.image`, `${LOG_SEARCH}.opensearch.ui.image`],
    );
  });

  it("need an endpoint and an image of their own for traces, too", () => {
    const registry = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
    const { api } = smallConfig()["ecs-platform:services"] as Record<
      string,
      Record<string, unknown>
    >;
    const config = (tracing: object, interfaceEndpoints: string[]) => ({
      ...smallConfig(),
      "ecs-platform:network": {
        availabilityZones: ["us-east-1a", "us-east-1b"],
        nat: "none",
        interfaceEndpoints,
      },
      "ecs-platform:services": { api: { ...api, image: `${registry}/api:1`, tracing } },
    });
    const endpoints = ["ecr.api", "ecr.dkr", "logs", "secretsmanager"];
    const own = { image: `${registry}/collector:1` };
    assert.deepEqual(problemsOf(config(own, [...endpoints, "xray"])), []);
    assert.deepEqual(
      problemsOf(config({}, endpoints)).map(({ key, rule }) => [key, rule]),
      [
        [
          "ecs-platform:network.interfaceEndpoints",
          "lacks xray, which tasks, hosts or bastion reach in no other way with nat: none",
        ],
        [
          "ecs-platform:services.api.tracing.image",
          "cannot be pulled with nat: none: only ECR of the same region has an endpoint",
        ],
      ],
    );
  });

  it("have dashboards for services and databases that are there", () => {
    const dashboards = { services: ["api", "web"], databases: ["orders-db"] };
    assert.deepEqual(problemsOf({ ...smallConfig(), [GRAFANA]: { dashboards } }), [
      {
        key: `${GRAFANA}.dashboards.services[1]`,
        value: "web",
        rule: "names none of the services",
        allowed: "api",
        fix: "correct it, or remove it",
      },
    ]);
  });
});
