import * as assert from "node:assert/strict";
import { Grafana, Monitoring } from "../../components";
import { filesOfInitScript } from "../support/init-script";
import { runProgram } from "../support/run-program";
import { cluster, loadBalancer, network } from "./support";

/** Everything that a panel can be about. */
const watched = {
  cluster: { ...cluster, countsRunningTasks: true, ec2CapacityProviderName: "hosts" },
  loadBalancer: { ...loadBalancer, arnSuffix: "app/lb/1", protocol: "https" as const },
  services: {
    api: {
      serviceName: "api-1a2b",
      targetGroupArnSuffix: "targetgroup/api/1",
      alternateTargetGroupArnSuffix: "targetgroup/api/2",
      minimumTasks: 2,
      logGroupName: "api-logs",
      isTraced: true,
    },
    worker: { serviceName: "worker-1a2b", targetGroupArnSuffix: undefined, minimumTasks: 1 },
  },
  databases: {
    orders: { identifier: "orders-1a2b", replicaIdentifiers: { reports: "orders-reports" } },
    ledger: { identifier: "ledger-1a2b", kind: "serverless" as const },
  },
  natGatewayIds: { a: "nat-1", b: "nat-2" },
};

interface Query {
  readonly namespace?: string;
  readonly metricName?: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly statistic?: string;
  readonly expression?: string;
}

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly Query[];
  readonly panels?: readonly Panel[];
  readonly fieldConfig?: {
    readonly defaults: { readonly thresholds: { readonly steps: readonly { value: number }[] } };
  };
}

interface Widget {
  readonly type: string;
  readonly properties: {
    readonly title: string;
    readonly query?: string;
    readonly metrics?: readonly (readonly unknown[])[];
    readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
  };
}

/** What each question is answered by, and its limits, in words that both sides can be put into. */
type Answers = Record<string, { readonly by: readonly string[]; readonly limits: number[] }>;

function answersOfCloudWatch(widgets: readonly Widget[]): Answers {
  const graphs = widgets.filter(({ type }) => type === "metric" || type === "log");
  return Object.fromEntries(
    graphs.map(({ properties: { title, metrics = [], query, annotations } }) => [
      title,
      {
        by: [
          ...(query === undefined ? [] : [query.replace(/SOURCE '[^']*' \| /g, "")]),
          ...metrics.map((row) => {
            const names = row.slice(0, -1);
            const { stat, expression } = row.at(-1) as Record<string, string>;
            return names.length === 0 ? String(expression) : [...names, stat].join(" ");
          }),
        ],
        limits: [...new Set(annotations?.horizontal.map(({ value }) => value))].sort(ascending),
      },
    ]),
  );
}

function answersOfGrafana(panels: readonly Panel[]): Answers {
  const flat = panels.flatMap(({ panels: folded = [], ...panel }) => [panel, ...folded]);
  return Object.fromEntries(
    flat
      .filter(({ type }) => type !== "row")
      .map(({ title, targets = [], fieldConfig }) => {
        const [, ...steps] = fieldConfig?.defaults.thresholds.steps ?? [];
        return [
          title,
          {
            by: targets.map(
              ({ expression, namespace, metricName, dimensions = {}, statistic }) =>
                expression ??
                [namespace, metricName, ...Object.entries(dimensions).flat(), statistic].join(" "),
            ),
            limits: [...new Set(steps.map(({ value }) => value))].sort(ascending),
          },
        ];
      }),
  );
}

const ascending = (left: number, right: number) => left - right;

describe("The dashboards of CloudWatch and Grafana", () => {
  it("ask the same questions, answer them by the same metrics, and draw the same limits", async () => {
    const run = await runProgram(() => {
      const monitoring = new Monitoring("monitoring", {
        ...watched,
        accountId: "123456789012",
        dashboardName: "shop-dev",
      });
      return new Grafana("grafana", { ...watched, network, alarms: monitoring.alarms });
    });
    const { widgets } = run
      .one("aws:cloudwatch/dashboard:Dashboard")
      .jsonInput("dashboardBody") as unknown as { widgets: readonly Widget[] };
    const containers = run
      .one("aws:ecs/taskDefinition:TaskDefinition")
      .jsonInput("containerDefinitions") as unknown as {
      readonly name: string;
      readonly command: readonly string[];
      readonly environment: readonly { readonly name: string; readonly value: string }[];
    }[];
    const init = containers.find(({ name }) => name === "provisioning");
    assert.ok(init !== undefined);
    const files = filesOfInitScript(
      init.command.at(-1) ?? "",
      Object.fromEntries(init.environment.map(({ name, value }) => [name, value])),
    );
    const panels = Object.entries(files)
      .filter(([path]) => path.endsWith(".json"))
      .flatMap(([, text]) => (JSON.parse(text) as { panels: readonly Panel[] }).panels);

    const shown = answersOfCloudWatch(widgets);
    assert.ok(Object.keys(shown).length > 30);
    assert.ok(Object.values(shown).some(({ limits }) => limits.length > 0));
    assert.deepEqual(answersOfGrafana(panels), shown);
  });
});
