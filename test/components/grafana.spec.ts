import * as assert from "node:assert/strict";
import { Grafana, type GrafanaArgs, Monitoring } from "../../components";
import type { Alarm } from "../../components/support/alarm";
import { grafanaSettings } from "../../components/grafana/settings";
import type { Run } from "../support/run";
import { filesOfInitScript } from "../support/init-script";
import { runProgram } from "../support/run-program";
import { itRefuses, itTakes, cluster, loadBalancer, network, noReason, refusal } from "./support";

const happy = (): GrafanaArgs => ({
  cluster: { ...cluster, countsRunningTasks: true },
  network,
  loadBalancer: { ...loadBalancer, arnSuffix: "app/lb/1", protocol: "https" },
  services: {
    api: {
      serviceName: "api-1a2b",
      targetGroupArnSuffix: "targetgroup/api/1",
      minimumTasks: 1,
      logGroupName: "api-logs-1a2b",
    },
  },
  databases: { orders: { identifier: "orders-1a2b" } },
});

const CONSOLE = "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1";

const make = (args: GrafanaArgs) => runProgram(() => new Grafana("grafana", args));

interface Container {
  readonly name: string;
  readonly image: string;
  readonly user: string;
  readonly essential: boolean;
  readonly readonlyRootFilesystem: boolean;
  readonly command?: readonly string[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly dependsOn?: readonly { readonly containerName: string; readonly condition: string }[];
  readonly mountPoints: readonly {
    readonly sourceVolume: string;
    readonly containerPath: string;
  }[];
}

function containers(run: Run): { main: Container; init: Container } {
  const all = run
    .one("aws:ecs/taskDefinition:TaskDefinition")
    .jsonInput("containerDefinitions") as unknown as Container[];
  const [main, init] = ["grafana", "provisioning"].map((name) =>
    all.find((container) => container.name === name),
  );
  assert.ok(main !== undefined && init !== undefined && all.length === 2);
  return { main, init };
}

function variables({ environment }: Container): Record<string, string> {
  return Object.fromEntries(environment.map(({ name, value }) => [name, value]));
}

/** The files that the init container writes, by path. */
function files(run: Run): Record<string, string> {
  const { init } = containers(run);
  return filesOfInitScript(init.command?.at(-1) ?? "", variables(init));
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly editable: boolean;
  readonly links?: unknown;
  readonly panels: readonly {
    readonly type: string;
    readonly title: string;
    readonly collapsed?: boolean;
    readonly panels?: readonly unknown[];
    readonly fieldConfig?: unknown;
    readonly datasource: unknown;
    readonly gridPos: {
      readonly x: number;
      readonly y: number;
      readonly w: number;
      readonly h: number;
    };
    readonly targets: readonly Record<string, unknown>[];
  }[];
}

function dashboard(run: Run, name: string): Dashboard {
  const text = files(run)[`/var/lib/grafana/dashboards/${name}.json`];
  assert.ok(text !== undefined, `no dashboard ${name}`);
  return JSON.parse(text) as Dashboard;
}

describe("Grafana", () => {
  it("is a service of one task, with a password in Secrets Manager", async () => {
    const run = await make(happy());
    const { component, children } = ((): { component: string; children: string[] } => {
      const root = run.one("ecs-platform:index:Grafana");
      return {
        component: root.name,
        children: run.childrenOf(root).map(({ type, name }) => `${type} ${name}`),
      };
    })();
    assert.equal(component, "grafana");
    assert.deepEqual(children, [
      "aws:secretsmanager/secret:Secret grafana-password",
      "aws:secretsmanager/secretVersion:SecretVersion grafana-password",
      "ecs-platform:index:EcsService grafana",
      "random:index/randomPassword:RandomPassword grafana-password",
    ]);
    assert.equal(run.one("aws:ecs/service:Service").input("desiredCount"), 1);
    assert.deepEqual(run.all("aws:lb/targetGroup:TargetGroup"), []);
  });

  it("previews what it creates", async () => {
    const preview = await runProgram(() => new Grafana("grafana", happy()), { preview: true });
    assert.deepEqual(preview.names(), (await make(happy())).names());
  });

  it("runs the official image as its own user on a read-only root", async () => {
    const { main } = containers(await make(happy()));
    assert.equal(main.image, "docker.io/grafana/grafana:13.1.1");
    assert.equal(main.user, "472");
    assert.equal(main.readonlyRootFilesystem, true);
    assert.deepEqual(main.dependsOn, [{ containerName: "provisioning", condition: "SUCCESS" }]);
  });

  it("shares its data and /tmp with the container that writes its files", async () => {
    const { main, init } = containers(await make(happy()));
    const mounts = (container: Container) =>
      container.mountPoints
        .filter(({ containerPath }) => ["/tmp", "/var/lib/grafana"].includes(containerPath))
        .map(({ sourceVolume, containerPath }) => `${sourceVolume} at ${containerPath}`)
        .sort();
    assert.equal(mounts(main).length, 2);
    assert.deepEqual(mounts(main), mounts(init));
    assert.equal(init.essential, false);
    assert.equal(init.user, "0");
    assert.match(
      init.command?.at(-1) ?? "",
      /^set -eu\n[^]*\nchown -R 472:0 \/var\/lib\/grafana \/tmp$/,
    );
  });

  it("has a password of its own, secret from its making to its container", async () => {
    const run = await make(happy());
    const password = run.one("random:index/randomPassword:RandomPassword");
    assert.deepEqual(password.inputs, { length: 32, special: false });
    const version = run.one("aws:secretsmanager/secretVersion:SecretVersion");
    assert.equal(version.input("secretString"), "grafana-password!");
    assert.equal(version.isSecret("secretString"), true);
    const secretArn = run.one("aws:secretsmanager/secret:Secret").outputs["arn"];
    const { main, init } = containers(run);
    assert.deepEqual(main.secrets, [{ name: "GF_SECURITY_ADMIN_PASSWORD", valueFrom: secretArn }]);
    assert.deepEqual(init.secrets, []);
    assert.equal(run.one("ecs-platform:index:Grafana").outputs["passwordSecretArn"], secretArn);
  });

  it("lets nobody in without logging in, and tells nobody about itself", async () => {
    const { main } = containers(await make(happy()));
    assert.deepEqual(variables(main), {
      GF_PATHS_PROVISIONING: "/var/lib/grafana/provisioning",
      GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: "/var/lib/grafana/dashboards/overview.json",
      GF_AUTH_ANONYMOUS_ENABLED: "false",
      GF_USERS_ALLOW_SIGN_UP: "false",
      GF_SECURITY_COOKIE_SAMESITE: "strict",
      GF_SECURITY_COOKIE_SECURE: "false",
      GF_SECURITY_DISABLE_GRAVATAR: "true",
      GF_ANALYTICS_REPORTING_ENABLED: "false",
      GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
      GF_PLUGINS_PREINSTALL_DISABLED: "true",
    });
  });

  it("asks CloudWatch with the rights of its task", async () => {
    const written = files(await make(happy()));
    assert.deepEqual(
      JSON.parse(written["/var/lib/grafana/provisioning/datasources/cloudwatch.yaml"] ?? ""),
      {
        apiVersion: 1,
        datasources: [
          {
            name: "CloudWatch",
            type: "cloudwatch",
            uid: "cloudwatch",
            access: "proxy",
            isDefault: true,
            editable: false,
            jsonData: { authType: "default", defaultRegion: "us-east-1" },
          },
        ],
      },
    );
    assert.deepEqual(
      JSON.parse(written["/var/lib/grafana/provisioning/dashboards/stack.yaml"] ?? ""),
      {
        apiVersion: 1,
        providers: [
          {
            name: "stack",
            type: "file",
            disableDeletion: true,
            allowUiUpdates: false,
            options: { path: "/var/lib/grafana/dashboards" },
          },
        ],
      },
    );
  });

  it("may read metrics, and the logs of the stack's services, and write nothing", async () => {
    const run = await make(happy());
    const policy = run.one("aws:iam/rolePolicy:RolePolicy", "grafana-task-policy");
    const { Statement } = policy.jsonInput("policy") as unknown as {
      Statement: { Action: string[]; Resource: string[] }[];
    };
    const [metrics, groups, logs] = Statement;
    assert.deepEqual(metrics, {
      Effect: "Allow",
      Action: [
        "cloudwatch:DescribeAlarmHistory",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:DescribeAlarmsForMetric",
        "cloudwatch:GetMetricData",
        "cloudwatch:ListMetrics",
        "logs:GetQueryResults",
        "logs:StopQuery",
        "tag:GetResources",
      ],
      Resource: ["*"],
    });
    assert.deepEqual(groups, {
      Effect: "Allow",
      Action: ["logs:DescribeLogGroups"],
      Resource: ["arn:aws:logs:us-east-1:123456789012:log-group:*"],
    });
    assert.deepEqual(logs, {
      Effect: "Allow",
      Action: ["logs:GetLogEvents", "logs:GetLogGroupFields", "logs:StartQuery"],
      Resource: ["arn:aws:logs:us-east-1:123456789012:log-group:api-logs-1a2b:*"],
    });
  });

  it("has an overview, and a dashboard for each service and database", async () => {
    const run = await make(happy());
    assert.deepEqual(
      Object.keys(files(run)).filter((file) => file.endsWith(".json")),
      [
        "/var/lib/grafana/dashboards/database-orders.json",
        "/var/lib/grafana/dashboards/overview.json",
        "/var/lib/grafana/dashboards/service-api.json",
      ],
    );
    const titles = (name: string) => dashboard(run, name).panels.map(({ title }) => title);
    assert.deepEqual(titles("overview"), [
      "What do users notice?",
      "Is anybody getting errors?",
      "Which service answers with errors?",
      "Which service is slow?",
      "How many requests come in?",
      "Which service has unhealthy tasks?",
      "Since when, and what has changed?",
      "What was deployed then?",
      "Which service lost tasks?",
      "Which service waits for tasks to start?",
      "Which service is short of CPU?",
      "Which service is short of memory?",
      "Has the cluster room?",
      "Cluster: how much of the reserved CPU is used?",
      "Cluster: how much of the reserved memory is used?",
      "Cluster: how many tasks run?",
      "What do the logs say?",
    ]);
    assert.ok(titles("service-api").includes("api: how long do requests take?"));
    assert.ok(titles("database-orders").includes("orders: how many connections?"));
  });

  it("draws each panel from CloudWatch", async () => {
    const { panels, ...rest } = dashboard(await make(happy()), "service-api");
    assert.deepEqual(rest, {
      uid: "service-api",
      title: "Service api",
      editable: false,
      schemaVersion: 39,
      refresh: "1m",
      time: { from: "now-6h", to: "now" },
    });
    const latency = panels.find(({ title }) => title === "api: how long do requests take?");
    assert.deepEqual(latency, {
      id: 5,
      type: "timeseries",
      title: "api: how long do requests take?",
      datasource: { type: "cloudwatch", uid: "cloudwatch" },
      gridPos: { x: 8, y: 8, w: 8, h: 8 },
      targets: ["p50", "p99"].map((statistic, index) => ({
        refId: "AB"[index],
        queryMode: "Metrics",
        metricQueryType: 0,
        metricEditorMode: 0,
        region: "default",
        namespace: "AWS/ApplicationELB",
        metricName: "TargetResponseTime",
        dimensions: { LoadBalancer: "app/lb/1", TargetGroup: "targetgroup/api/1" },
        matchExact: true,
        statistic,
        period: "",
      })),
    });
  });

  it("leads from its overview to AWS's console", async () => {
    const api = { ...happy().services["api"], serviceName: "api-1a2b", minimumTasks: 1 };
    const services = { api: { targetGroupArnSuffix: undefined, ...api, isTraced: true } };
    const { links } = dashboard(await make({ ...happy(), services }), "overview");
    assert.deepEqual(
      links,
      (
        [
          ["All alarms", "alarmsV2:"],
          ["Search the logs", "logsV2:logs-insights"],
          ["Traces", "xray:service-map/map"],
        ] as const
      ).map(([title, page]) => ({
        title,
        url: `${CONSOLE}#${page}`,
        type: "link",
        targetBlank: true,
      })),
    );
  });

  it("finds the services that a question is about by a search", async () => {
    const { panels } = dashboard(await make(happy()), "overview");
    const slow = panels.find(({ title }) => title === "Which service is slow?");
    assert.deepEqual(slow?.targets, [
      {
        refId: "A",
        queryMode: "Metrics",
        metricQueryType: 0,
        metricEditorMode: 1,
        statistic: "Average",
        region: "default",
        id: "metric1",
        expression:
          "SEARCH('{AWS/ApplicationELB,LoadBalancer,TargetGroup} MetricName=\"TargetResponseTime\" LoadBalancer=\"app/lb/1\"', 'p99')",
        label: "${PROP('Dim.TargetGroup')}",
        period: "",
      },
    ]);
  });

  it("asks the logs only where somebody unfolds the row", async () => {
    const { panels } = dashboard(await make(happy()), "overview");
    const rows = panels.filter(({ type }) => type === "row");
    assert.deepEqual(
      rows.map(({ title, collapsed }) => [title, collapsed]),
      [
        ["What do users notice?", false],
        ["Since when, and what has changed?", false],
        ["Has the cluster room?", false],
        ["What do the logs say?", true],
      ],
    );
    const { gridPos } = rows.at(-1) ?? { gridPos: { y: 0 } };
    assert.deepEqual(rows.at(-1)?.panels, [
      {
        id: 1000,
        type: "logs",
        title: "Which errors were logged last?",
        datasource: { type: "cloudwatch", uid: "cloudwatch" },
        gridPos: { x: 0, y: gridPos.y + 1, w: 24, h: 8 },
        targets: [
          {
            refId: "A",
            id: "",
            queryMode: "Logs",
            region: "default",
            expression:
              "fields @timestamp, @log, @message\n| filter @message like /(?i)(error|exception|fatal|panic)/\n| sort @timestamp desc\n| limit 50",
            logGroups: [
              {
                name: "api-logs-1a2b",
                arn: "arn:aws:logs:us-east-1:123456789012:log-group:api-logs-1a2b",
              },
            ],
          },
        ],
      },
    ]);
    const { api } = happy().services;
    assert.ok(api !== undefined);
    const { logGroupName: _, ...silent } = api;
    const { panels: others } = dashboard(
      await make({ ...happy(), services: { api: silent } }),
      "overview",
    );
    assert.ok(!others.some(({ title }) => title === "What do the logs say?"));
  });

  it("draws the limits of the alarms", async () => {
    const metric = {
      namespace: "AWS/ECS",
      metricName: "MemoryUtilization",
      dimensions: { ClusterName: "platform", ServiceName: "api-1a2b" },
      statistic: "Average",
    };
    const alarm = (above: number): Alarm => ({
      metric,
      above,
      minutes: 5,
      periods: 2,
      silence: "notBreaching",
      severity: "warning",
      runbook: "service-memory",
      description: "",
    });
    const run = await make({ ...happy(), alarms: [alarm(90), alarm(70)] });
    const limited = dashboard(run, "service-api").panels.filter(
      ({ fieldConfig }) => fieldConfig !== undefined,
    );
    assert.deepEqual(
      limited.map(({ title, fieldConfig }) => [title, fieldConfig]),
      [
        [
          "api: is it short of CPU or memory?",
          {
            defaults: {
              custom: { thresholdsStyle: { mode: "line" } },
              thresholds: {
                mode: "absolute",
                steps: [
                  { color: "transparent", value: null },
                  { color: "red", value: 70 },
                  { color: "red", value: 90 },
                ],
              },
            },
            overrides: [],
          },
        ],
      ],
    );
  });

  it("covers no panel by another", async () => {
    const run = await make(happy());
    for (const name of ["overview", "service-api", "database-orders"]) {
      const cells = new Set<string>();
      for (const { gridPos } of dashboard(run, name).panels) {
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            assert.ok(x < 24 && !cells.has(`${x} ${y}`), `${name}: ${x} ${y} is taken`);
            cells.add(`${x} ${y}`);
          }
        }
      }
    }
  });

  it("has dashboards for what is named alone", async () => {
    const run = await make({ ...happy(), dashboards: { services: [] } });
    assert.deepEqual(
      Object.keys(files(run)).filter((file) => file.endsWith(".json")),
      [
        "/var/lib/grafana/dashboards/database-orders.json",
        "/var/lib/grafana/dashboards/overview.json",
      ],
    );
  });

  it("refuses more dashboards than a task definition has room for", async () => {
    const { api } = happy().services;
    assert.ok(api !== undefined);
    const services = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`service-${index}`, api]),
    );
    await assert.rejects(
      make({ ...happy(), services }),
      /Grafana's dashboards take \d+ bytes, and a task definition has room for 57344\. Name under grafana\.dashboards/,
    );
    const few = { services: ["service-1"] };
    assert.ok(await make({ ...happy(), services, dashboards: few }));
  });

  for (const [targetGroups, room] of [
    ["one target group", 12],
    ["two target groups", 8],
  ] as const) {
    it(`has room for ${room} services with ${targetGroups}, and ECS for what it asks for`, async () => {
      const services = (count: number) =>
        Object.fromEntries(
          Array.from({ length: count }, (_, index) => [
            `service-${index}`,
            {
              serviceName: `service-${index}-service-1a2b3c4`,
              targetGroupArnSuffix: `targetgroup/service-${index}-tg-1a2b3c4/6d0ecf831eec9f09`,
              ...(room === 8 && {
                alternateTargetGroupArnSuffix: `targetgroup/service-${index}-alt-1a2b3c4/6d0ecf831eec9f0a`,
              }),
              minimumTasks: 2,
              logGroupName: `service-${index}-logs-1a2b3c4`,
            },
          ]),
        );
      const sizeOf = async (count: number) => {
        const args = { ...happy(), services: services(count) };
        const run = await runProgram(() => {
          const about = { accountId: "123456789012", dashboardName: "shop-dev" };
          const { cluster, loadBalancer, databases } = args;
          const watched = { cluster, loadBalancer, services: args.services, databases };
          const { alarms } = new Monitoring("monitoring", { ...watched, ...about });
          new Grafana("grafana", { ...args, alarms });
        });
        const definition = run.one("aws:ecs/taskDefinition:TaskDefinition");
        const containerDefinitions = definition.jsonInput("containerDefinitions");
        return JSON.stringify({ ...definition.inputs, containerDefinitions }).length;
      };
      for (let count = room; ; count += 1) {
        const size = await sizeOf(count).catch((error: unknown) => {
          assert.match(String(error), /Grafana's dashboards take/);
          return undefined;
        });
        if (size === undefined) {
          assert.ok(count > room, `no room for ${count}`);
          return;
        }
        assert.ok(size <= 64 * 1024, `${count} services: ${size} bytes`);
      }
    });
  }

  it("gets requests by a route of its own", async () => {
    const route = { priority: 7, hosts: ["grafana.example.com"], allowedCidrs: ["203.0.113.0/24"] };
    const run = await make({ ...happy(), route });
    const rule = run.one("aws:lb/listenerRule:ListenerRule");
    assert.equal(rule.input("priority"), 7);
    assert.deepEqual(rule.input("conditions"), [
      { hostHeader: { values: ["grafana.example.com"] } },
      { pathPattern: { values: ["/*"] } },
      { sourceIp: { values: ["203.0.113.0/24"] } },
    ]);
    const target = run.one("aws:lb/targetGroup:TargetGroup");
    assert.equal(target.input("port"), 3000);
    assert.equal(target.input("healthCheck.path"), "/api/health");
    const variable = variables(containers(run).main);
    assert.equal(variable["GF_SECURITY_COOKIE_SECURE"], "true");
    assert.equal(variable["GF_SERVER_ROOT_URL"], "https://grafana.example.com/");
  });

  it("is reached from the load balancer's group alone, on its port", async () => {
    const run = await make({ ...happy(), route: { priority: 7, hosts: ["grafana.example.com"] } });
    const rules = run.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    assert.deepEqual(
      rules.map(({ inputs }) => [
        inputs["securityGroupId"],
        inputs["referencedSecurityGroupId"],
        inputs["fromPort"],
        inputs["cidrIpv4"],
      ]),
      [["grafana-security-group-id", "sg-load-balancer", 3000, undefined]],
    );
  });

  it("opens no route without HTTPS, unless a reason is given", async () => {
    const args = {
      ...happy(),
      loadBalancer: { ...happy().loadBalancer, protocol: "http" as const },
    };
    const route = { priority: 7, hosts: ["grafana.example.com"] };
    const error = await refusal(() => new Grafana("grafana", { ...args, route }));
    assert.deepEqual(error.problems, [
      {
        key: "route",
        value: route,
        rule: "needs HTTPS: a password sent by plain HTTP can be read on the way",
        allowed: "a route on a load balancer with a certificate",
        fix: "give the load balancer a certificate, or remove route and use a tunnel",
      },
    ]);
    const unencryptedBecause = "only reached through the company's VPN";
    const run = await make({ ...args, route: { ...route, unencryptedBecause } });
    const variable = variables(containers(run).main);
    assert.equal(variable["GF_SECURITY_COOKIE_SECURE"], "false");
    assert.equal(variable["GF_SERVER_ROOT_URL"], "http://grafana.example.com/");
  });

  it("lists every problem and registers nothing", async () => {
    const dashboards = { services: ["web"], databases: ["orders"] };
    const wrong = { ...happy(), cpu: 300, dashboards };
    const error = await refusal(() => new Grafana("grafana", wrong));
    assert.match(error.message, /^Grafana "grafana": 2 problems; nothing was created\.\n/);
    assert.deepEqual(error.problems.at(-1), {
      key: "dashboards.services[0]",
      value: "web",
      rule: "names none of the services",
      allowed: "api",
      fix: "correct it, or remove it",
    });
  });
});

describe("Grafana settings", () => {
  const route = { priority: 1, hosts: ["grafana.example.com"] };
  itTakes(
    grafanaSettings,
    {},
    {
      "nothing at all": {},
      "a route": { route },
      "a reason for a route without HTTPS": {
        route: { ...route, unencryptedBecause: "inside a VPN only" },
      },
      "hosts of its own": { capacity: { EC2: {} } },
    },
  );
  itRefuses(
    grafanaSettings,
    {},
    {
      "a route without a host": {
        change: { route: { priority: 1 } },
        problem: {
          key: "route.hosts",
          value: undefined,
          rule: "must be a list",
          allowed:
            "a list; each entry: labels of letters, digits and hyphens joined by dots, with * and ? as wildcards",
          fix: "add the key route.hosts",
        },
      },
      "a route without HTTPS for no reason": {
        change: { route: { ...route, unencryptedBecause: "because" } },
        problem: noReason("route.unencryptedBecause", "because"),
      },
    },
  );
});
