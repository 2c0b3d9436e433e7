import * as assert from "node:assert/strict";
import { Monitoring, type MonitoringArgs } from "../../components";
import { build } from "./support";

const api = { serviceName: "api-1a2b", targetGroupArnSuffix: "targetgroup/api/1", minimumTasks: 2 };
const worker = { serviceName: "worker-1a2b", targetGroupArnSuffix: undefined, minimumTasks: 1 };

const happy = (): MonitoringArgs => ({
  accountId: "123456789012",
  dashboardName: "shop-dev",
  cluster: { clusterName: "platform", countsRunningTasks: true },
  loadBalancer: { arnSuffix: "app/lb/1" },
  services: { api },
  databases: { orders: { identifier: "orders-1a2b" } },
});

const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

type MetricRow = readonly (string | Readonly<Record<string, unknown>>)[];

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly metrics?: readonly MetricRow[];
    readonly alarms?: readonly string[];
    readonly annotations?: unknown;
  };
}

async function widgetsOf(args: MonitoringArgs): Promise<readonly Widget[]> {
  const run = await build(() => new Monitoring("monitoring", args));
  const { widgets, ...rest } = run.one(DASHBOARD).jsonInput("dashboardBody") as unknown as {
    widgets: readonly Widget[];
  };
  assert.deepEqual(rest, {});
  return widgets;
}

/** What each graph shows, by its question. */
async function metricsByTitle(args: MonitoringArgs): Promise<Record<string, unknown>> {
  const graphs = (await widgetsOf(args)).filter(({ type }) => type === "metric");
  return Object.fromEntries(
    graphs.map(({ properties }): [string, unknown] => [properties.title ?? "", properties.metrics]),
  );
}

/** Headings and questions, from top to bottom. */
async function textsOf(args: MonitoringArgs): Promise<readonly string[]> {
  const [, ...others] = await widgetsOf(args);
  return others.map(({ properties: { title, markdown } }) => title ?? markdown ?? "");
}

const load = ["LoadBalancer", "app/lb/1"];
const target = [...load, "TargetGroup", "targetgroup/api/1"];
const inCluster = ["ClusterName", "platform"];
const service = [...inCluster, "ServiceName", "api-1a2b"];
const identifier = ["DBInstanceIdentifier", "orders-1a2b"];

const search = (namespace: string, within: string, terms: string, each: string, stat: string) => [
  {
    expression: `SEARCH('{${namespace},${within},${each}} ${terms}', '${stat}')`,
    label: `\${PROP('Dim.${each}')}`,
    id: "metric1",
  },
];
const targets = (metricName: string, stat: string) => [
  search(
    "AWS/ApplicationELB",
    "LoadBalancer",
    `MetricName="${metricName}" LoadBalancer="app/lb/1"`,
    "TargetGroup",
    stat,
  ),
];
const services = (namespace: string, metricName: string, stat: string) => [
  search(
    namespace,
    "ClusterName",
    `MetricName="${metricName}" ClusterName="platform"`,
    "ServiceName",
    stat,
  ),
];

describe("Dashboard", () => {
  it("has its name, and makes way before another takes it", async () => {
    const run = await build(() => new Monitoring("monitoring", happy()));
    const dashboard = run.one(DASHBOARD);
    assert.equal(dashboard.input("dashboardName"), "shop-dev");
    assert.equal(dashboard.deleteBeforeReplace, true);
  });

  it("answers these questions by these metrics", async () => {
    const [elb, ecs, rds] = ["AWS/ApplicationELB", "AWS/ECS", "AWS/RDS"];
    const insights = "ECS/ContainerInsights";
    assert.deepEqual(await metricsByTitle(happy()), {
      "Is anybody getting errors?": [
        [elb, "HTTPCode_ELB_5XX_Count", ...load, { stat: "Sum" }],
        [elb, "HTTPCode_ELB_4XX_Count", ...load, { stat: "Sum" }],
        [
          {
            expression:
              "SUM(SEARCH('{AWS/ApplicationELB,LoadBalancer,TargetGroup} MetricName=\"HTTPCode_Target_5XX_Count\" LoadBalancer=\"app/lb/1\"', 'Sum'))",
            label: "5xx of all services",
            id: "metric3",
          },
        ],
      ],
      "Which service answers with errors?": targets("HTTPCode_Target_5XX_Count", "Sum"),
      "Which service is slow?": targets("TargetResponseTime", "p99"),
      "How many requests come in?": [[elb, "RequestCount", ...load, { stat: "Sum" }]],
      "Which service has unhealthy tasks?": targets("UnHealthyHostCount", "Maximum"),
      "What was deployed then?": services(insights, "DeploymentCount", "Maximum"),
      "Which service lost tasks?": services(insights, "RunningTaskCount", "Minimum"),
      "Which service waits for tasks to start?": services(insights, "PendingTaskCount", "Maximum"),
      "Which service is short of CPU?": services(ecs, "CPUUtilization", "Average"),
      "Which service is short of memory?": services(ecs, "MemoryUtilization", "Average"),
      "Cluster: how much of the reserved CPU is used?": [
        [insights, "CpuUtilized", ...inCluster, { stat: "Average" }],
        [insights, "CpuReserved", ...inCluster, { stat: "Average" }],
      ],
      "Cluster: how much of the reserved memory is used?": [
        [insights, "MemoryUtilized", ...inCluster, { stat: "Average" }],
        [insights, "MemoryReserved", ...inCluster, { stat: "Average" }],
      ],
      "Cluster: how many tasks run?": [[insights, "TaskCount", ...inCluster, { stat: "Average" }]],
      "api: is it short of CPU or memory?": [
        [ecs, "CPUUtilization", ...service, { stat: "Average" }],
        [ecs, "MemoryUtilization", ...service, { stat: "Average" }],
      ],
      "api: how many tasks run, and how many should?": [
        [insights, "RunningTaskCount", ...service, { stat: "Minimum" }],
        [insights, "DesiredTaskCount", ...service, { stat: "Maximum" }],
      ],
      "api: how much goes in and out?": [
        [insights, "NetworkRxBytes", ...service, { stat: "Average" }],
        [insights, "NetworkTxBytes", ...service, { stat: "Average" }],
      ],
      "api: how many requests, how many errors?": [
        [elb, "RequestCount", ...target, { stat: "Sum" }],
        [elb, "HTTPCode_Target_5XX_Count", ...target, { stat: "Sum" }],
        [elb, "HTTPCode_Target_4XX_Count", ...target, { stat: "Sum" }],
      ],
      "api: how long do requests take?": [
        [elb, "TargetResponseTime", ...target, { stat: "p50" }],
        [elb, "TargetResponseTime", ...target, { stat: "p99" }],
      ],
      "api: how many tasks pass their health check?": [
        [elb, "HealthyHostCount", ...target, { stat: "Minimum" }],
        [elb, "UnHealthyHostCount", ...target, { stat: "Maximum" }],
      ],
      "orders: is it short of CPU?": [[rds, "CPUUtilization", ...identifier, { stat: "Average" }]],
      "orders: how many connections?": [
        [rds, "DatabaseConnections", ...identifier, { stat: "Average" }],
      ],
      "orders: how much storage is left?": [
        [rds, "FreeStorageSpace", ...identifier, { stat: "Average" }],
      ],
      "orders: how much memory is left?": [
        [rds, "FreeableMemory", ...identifier, { stat: "Average" }],
      ],
    });
  });

  it("shows NAT gateways, waiting hosts and replicas where there are any", async () => {
    const shown = await metricsByTitle({
      ...happy(),
      cluster: { ...happy().cluster, ec2CapacityProviderName: "hosts" },
      databases: {
        orders: { identifier: "orders-1a2b", replicaIdentifiers: { reports: "orders-reports" } },
        shop: {
          identifier: "shop-1a2b",
          kind: "cluster",
          replicaIdentifiers: { reader: "shop-2" },
        },
      },
      natGatewayIds: { a: "nat-1", b: "nat-2" },
    });
    const nat = (metricName: string) =>
      ["nat-1", "nat-2"].map((id) => [
        "AWS/NATGateway",
        metricName,
        "NatGatewayId",
        id,
        { stat: "Sum" },
      ]);
    const titles = [
      "NAT: are connections refused for lack of ports?",
      "NAT: how much goes out?",
      "NAT: how much comes in?",
      "Cluster: do tasks wait for a host?",
      "orders: how far are its replicas behind?",
      "shop: how far are its replicas behind?",
    ];
    assert.deepEqual(
      titles.map((title) => shown[title]),
      [
        nat("ErrorPortAllocation"),
        nat("BytesOutToDestination"),
        nat("BytesInFromDestination"),
        [
          [
            "AWS/ECS/ManagedScaling",
            "CapacityProviderReservation",
            ...inCluster,
            "CapacityProviderName",
            "hosts",
            { stat: "Average" },
          ],
        ],
        [["AWS/RDS", "ReplicaLag", "DBInstanceIdentifier", "orders-reports", { stat: "Minimum" }]],
        [
          [
            "AWS/RDS",
            "AuroraReplicaLagMaximum",
            "DBClusterIdentifier",
            "shop-1a2b",
            { stat: "Maximum" },
          ],
        ],
      ],
    );
  });

  it("draws graphs by the minute, in the stack's region", async () => {
    const widgets = await widgetsOf(happy());
    const graph = widgets.find(
      ({ properties }) => properties.title === "How many requests come in?",
    );
    const { title: _, metrics: __, ...properties } = graph?.properties ?? {};
    assert.deepEqual(
      [graph?.type, properties],
      ["metric", { region: "us-east-1", view: "timeSeries", stat: "Average", period: 60 }],
    );
  });

  it("begins with the ways that lead further", async () => {
    const [first] = await widgetsOf(happy());
    const console = "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1";
    const links = `Look from top to bottom. Then: [All alarms](${console}#alarmsV2:) · [Search the logs](${console}#logsV2:logs-insights)`;
    assert.deepEqual(first, {
      type: "text",
      x: 0,
      y: 0,
      width: 24,
      height: 1,
      properties: { markdown: links },
    });
    const traced = await widgetsOf({ ...happy(), services: { api: { ...api, isTraced: true } } });
    assert.equal(
      traced[0]?.properties.markdown,
      `${links} · [Traces](${console}#xray:service-map/map)`,
    );
  });

  it("then has every alarm of the stack that rings, by severity", async () => {
    const run = await build(() => new Monitoring("monitoring", happy()));
    const { widgets } = run.one(DASHBOARD).jsonInput("dashboardBody") as unknown as {
      widgets: readonly Widget[];
    };
    const shown = widgets.filter(({ type }) => type === "alarm");
    assert.deepEqual(
      shown.map(({ y, properties: { alarms: _, ...rest } }) => [y, rest]),
      ["What must be looked at now?", "What must be looked at today?"].map((title) => [
        1,
        { title, states: ["ALARM"], sortBy: "stateUpdatedTimestamp" },
      ]),
    );
    const topics = run.one("ecs-platform:index:Monitoring").outputs["topicArns"] as Record<
      string,
      string
    >;
    assert.deepEqual(
      shown.map(({ properties }) => [...(properties.alarms ?? [])].sort()),
      ["critical", "warning"].map((severity) =>
        run
          .all(ALARM)
          .filter((alarm) => alarm.input("alarmActions.0") === topics[severity])
          .map(({ outputs }) => outputs["arn"])
          .sort(),
      ),
    );
  });

  it("has no alarms to show where there are none", async () => {
    const noAlarmsBecause = "somebody else's tool watches this";
    const widgets = await widgetsOf({ ...happy(), noAlarmsBecause });
    assert.deepEqual(
      widgets.filter(({ type }) => type === "alarm"),
      [],
    );
    assert.deepEqual(
      widgets.filter(({ properties }) => properties.annotations !== undefined),
      [],
    );
  });

  it("draws the limits of the alarms", async () => {
    const limits = async (args: MonitoringArgs) =>
      Object.fromEntries(
        (await widgetsOf(args)).flatMap(({ properties: { title, annotations } }) =>
          annotations === undefined ? [] : [[title, annotations]],
        ),
      ) as Record<string, unknown>;
    const at = (...lines: [string, number, string][]) => ({
      horizontal: lines.map(([metricName, value, fill]) => ({
        label: `alarm on ${metricName}`,
        value,
        fill,
      })),
    });
    const thresholds = { errorsPerMinute: 7, latencySeconds: 3, serviceCpuPercent: 61 };
    const two = { api, other: { ...api, minimumTasks: 5 } };
    assert.deepEqual(await limits({ ...happy(), services: two, thresholds }), {
      "Is anybody getting errors?": at(["HTTPCode_ELB_5XX_Count", 7, "above"]),
      "Which service answers with errors?": at(["HTTPCode_Target_5XX_Count", 7, "above"]),
      "Which service is slow?": at(["TargetResponseTime", 3, "above"]),
      "Which service has unhealthy tasks?": at(["UnHealthyHostCount", 0, "above"]),
      "Which service is short of CPU?": at(["CPUUtilization", 61, "above"]),
      "Which service is short of memory?": at(["MemoryUtilization", 90, "above"]),
      ...Object.fromEntries(
        Object.entries(two).flatMap(([name]) => [
          [
            `${name}: is it short of CPU or memory?`,
            at(["CPUUtilization", 61, "above"], ["MemoryUtilization", 90, "above"]),
          ],
          [
            `${name}: how many requests, how many errors?`,
            at(["HTTPCode_Target_5XX_Count", 7, "above"]),
          ],
          [`${name}: how long do requests take?`, at(["TargetResponseTime", 3, "above"])],
          [
            `${name}: how many tasks pass their health check?`,
            at(["UnHealthyHostCount", 0, "above"]),
          ],
          // Both share the name of their service here: each graph has the limits of both.
          [
            `${name}: how many tasks run, and how many should?`,
            at(["RunningTaskCount", 2, "below"], ["RunningTaskCount", 5, "below"]),
          ],
        ]),
      ),
      "orders: is it short of CPU?": at(["CPUUtilization", 80, "above"]),
      "orders: how many connections?": at(["DatabaseConnections", 80, "above"]),
      "orders: how much storage is left?": at(["FreeStorageSpace", 5 * 1024 ** 3, "below"]),
      "orders: how much memory is left?": at(["FreeableMemory", 100 * 1024 ** 2, "below"]),
    });
  });

  it("shows the newest errors of the services' logs", async () => {
    const logged = {
      api: { ...api, logGroupName: "api-logs" },
      worker: { ...worker, logGroupName: "worker-logs" },
    };
    const widgets = await widgetsOf({ ...happy(), services: logged });
    const [log, ...others] = widgets.filter(({ type }) => type === "log");
    assert.deepEqual(others, []);
    assert.deepEqual(log?.properties, {
      title: "Which errors were logged last?",
      region: "us-east-1",
      view: "table",
      query:
        "SOURCE 'api-logs' | SOURCE 'worker-logs' | fields @timestamp, @log, @message\n| filter @message like /(?i)(error|exception|fatal|panic)/\n| sort @timestamp desc\n| limit 50",
    });
    assert.deepEqual(
      (await widgetsOf(happy())).filter(({ type }) => type === "log"),
      [],
    );
  });

  it("goes from what rings to each service and database", async () => {
    assert.deepEqual(
      (await textsOf({ ...happy(), natGatewayIds: { a: "nat-1" } })).filter((text) =>
        /^# |^What must/.test(text),
      ),
      [
        "What must be looked at now?",
        "What must be looked at today?",
        "# What do users notice?",
        "# Since when, and what has changed?",
        "# Has the cluster room?",
        "# Is the way out open?",
        "# Service api",
        "# Database orders",
      ],
    );
  });

  it("asks nothing about requests of a service without", async () => {
    const args = { ...happy(), services: { worker }, databases: {} };
    assert.deepEqual((await textsOf(args)).slice(-4), [
      "# Service worker",
      "worker: is it short of CPU or memory?",
      "worker: how many tasks run, and how many should?",
      "worker: how much goes in and out?",
    ]);
  });

  it("asks nothing about running tasks where nobody counts them", async () => {
    const cluster = { clusterName: "platform", countsRunningTasks: false };
    assert.deepEqual(Object.keys(await metricsByTitle({ ...happy(), cluster, databases: {} })), [
      "Is anybody getting errors?",
      "Which service answers with errors?",
      "Which service is slow?",
      "How many requests come in?",
      "Which service has unhealthy tasks?",
      "Which service is short of CPU?",
      "Which service is short of memory?",
      "Cluster: is it short of CPU or memory?",
      "api: is it short of CPU or memory?",
      "api: how many requests, how many errors?",
      "api: how long do requests take?",
      "api: how many tasks pass their health check?",
    ]);
  });

  describe("of fifty services and ten databases", () => {
    const many = (): MonitoringArgs => ({
      ...happy(),
      services: Object.fromEntries(
        Array.from({ length: 50 }, (_, index) => [
          `service-${index}`,
          {
            serviceName: `service-${index}-1a2b`,
            targetGroupArnSuffix: `targetgroup/${index}/1`,
            alternateTargetGroupArnSuffix: `targetgroup/${index}/2`,
            minimumTasks: 2,
            logGroupName: `logs-${index}`,
          },
        ]),
      ),
      databases: Object.fromEntries(
        Array.from({ length: 10 }, (_, index) => [`db-${index}`, { identifier: `db-${index}` }]),
      ),
      natGatewayIds: { a: "nat-1", b: "nat-2", c: "nat-3" },
      applicationErrors: {},
    });
    let widgets: readonly Widget[];
    before(async () => {
      widgets = await widgetsOf(many());
    });

    it("fills each row of its page, and nothing covers anything", () => {
      const cells = new Set<string>();
      for (const { x, y, width, height } of widgets) {
        assert.ok([x, y, width, height].every(Number.isInteger), "a place between the columns");
        for (let column = x; column < x + width; column += 1) {
          for (let row = y; row < y + height; row += 1) {
            assert.ok(column < 24 && !cells.has(`${column} ${row}`), `${column} ${row} is taken`);
            cells.add(`${column} ${row}`);
          }
        }
      }
    });

    it("keeps to what CloudWatch takes: widgets, metrics and alarms", () => {
      assert.ok(widgets.length <= 500, `${widgets.length} widgets`);
      const rows = widgets.map(({ properties: { metrics = [] } }) => metrics.length);
      assert.ok(Math.max(...rows) <= 500);
      const all = rows.reduce((sum, count) => sum + count, 0);
      assert.ok(all <= 2500, `${all} metrics`);
      const alarms = widgets.flatMap(({ properties: { title, alarms: some } }) =>
        some === undefined ? [] : [{ title, count: some.length }],
      );
      assert.ok(alarms.every(({ count }) => count > 0 && count <= 100));
      const critical = "What must be looked at now?";
      const warning = "What must be looked at today?";
      assert.deepEqual(
        alarms.map(({ title }) => title),
        [critical, `${critical} (2)`, warning, `${warning} (2)`, `${warning} (3)`],
      );
    });

    it("leaves out what comes last where there are still more", async () => {
      const { services, ...args } = many();
      const more = Object.entries(services).map(([name, each]) => [`${name}-more`, each]);
      const shown = await widgetsOf({
        ...args,
        services: { ...services, ...(Object.fromEntries(more) as typeof services) },
      });
      assert.ok(shown.length > 490 && shown.length <= 500, `${shown.length} widgets`);
      const headings = shown.flatMap(({ properties: { markdown = "" } }) => markdown);
      assert.ok(headings.includes("# What do the logs say?"));
      assert.ok(headings.includes("# Service service-49"));
      assert.ok(!headings.includes("# Service service-49-more"));
    });

    it("asks every metric by namespace, name and whole dimensions, or by a search", () => {
      const rows = widgets.flatMap(({ properties: { metrics = [] } }) => metrics);
      assert.ok(rows.length > 1000);
      for (const row of rows) {
        const options = row.at(-1);
        const names = row.slice(0, -1);
        assert.equal(typeof options, "object");
        if (names.length === 0) {
          assert.match(
            String((options as { expression: unknown }).expression),
            /^(SUM|MAX|SEARCH)\(/,
          );
          continue;
        }
        assert.ok(names.length >= 2 && names.length % 2 === 0, JSON.stringify(row));
        assert.ok(names.every((name) => typeof name === "string" && name !== ""));
      }
    });
  });
});
