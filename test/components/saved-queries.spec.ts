import * as assert from "node:assert/strict";
import { Monitoring, type MonitoringArgs } from "../../components";
import { monitoringSettings } from "../../components/monitoring/settings";
import type { Run } from "../support/run";
import { build, itTakes } from "./support";

const api = {
  serviceName: "api-1a2b",
  serviceArn: "arn:aws:ecs:us-east-1:123456789012:service/platform/api-1a2b",
  targetGroupArnSuffix: "targetgroup/api/1",
  minimumTasks: 2,
  logGroupName: "api-logs",
};

const happy = (): MonitoringArgs => ({
  accountId: "123456789012",
  dashboardName: "shop-dev",
  cluster: {
    clusterName: "platform",
    arn: "arn:aws:ecs:us-east-1:123456789012:cluster/platform",
    execLogGroupArn: "arn:aws:logs:us-east-1:123456789012:log-group:sessions",
    countsRunningTasks: true,
  },
  loadBalancer: { arnSuffix: "app/lb/1" },
  services: { api, worker: { ...api, logGroupName: "worker-logs" } },
  databases: {},
  flowLogGroupName: "flow-logs",
  stoppedTasks: {},
});

const QUERY = "aws:cloudwatch/queryDefinition:QueryDefinition";

/** Name in the console and log groups of each query, by logical name. */
function queriesOf(run: Run): Record<string, readonly unknown[]> {
  return Object.fromEntries(
    run
      .all(QUERY)
      .map((query) => [query.name, [query.input("name"), query.input("logGroupNames")]]),
  );
}

const made = (args: MonitoringArgs) => build(() => new Monitoring("monitoring", args));

describe("Saved queries", () => {
  it("lie in a folder of the stack's name, each for the logs that it is about", async () => {
    const services = ["api-logs", "worker-logs"];
    assert.deepEqual(queriesOf(await made(happy())), {
      "monitoring-query-newest-errors": ["shop-dev/newest-errors", services],
      "monitoring-query-errors-over-time": ["shop-dev/errors-over-time", services],
      "monitoring-query-slowest-requests": ["shop-dev/slowest-requests", services],
      "monitoring-query-one-request": ["shop-dev/one-request", services],
      "monitoring-query-stop-reasons": [
        "shop-dev/stop-reasons",
        ["/aws/events/shop-dev-stopped-tasks"],
      ],
      "monitoring-query-failures": [
        "shop-dev/failures",
        ["/aws/events/shop-dev-failed-deployments"],
      ],
      "monitoring-query-shell-sessions": ["shop-dev/shell-sessions", ["sessions"]],
      "monitoring-query-rejected-traffic": ["shop-dev/rejected-traffic", ["flow-logs"]],
    });
  });

  it("ask this", async () => {
    const run = await made(happy());
    const texts = Object.fromEntries(
      run
        .all(QUERY)
        .map((query) => [
          query.name.replace("monitoring-query-", ""),
          (query.input("queryString") as string).split("\n| "),
        ]),
    );
    const errors = "filter @message like /(?i)(error|exception|fatal|panic)/";
    assert.deepEqual(texts, {
      "newest-errors": [
        "fields @timestamp, @log, @message",
        errors,
        "sort @timestamp desc",
        "limit 50",
      ],
      "errors-over-time": [errors, "stats count(*) as errors by @log, bin(5m)"],
      "slowest-requests": [
        "fields @timestamp, @log, durationMs, message, requestId, traceId",
        "filter ispresent(durationMs)",
        "sort durationMs desc",
        "limit 50",
      ],
      "one-request": [
        "fields @timestamp, @log, @message",
        "filter @message like /REQUEST-OR-TRACE-ID/",
        "sort @timestamp asc",
        "limit 1000",
      ],
      "stop-reasons": [
        "fields @timestamp, detail.group, detail.stopCode, detail.stoppedReason, detail.containers.0.exitCode",
        "sort @timestamp desc",
        "limit 100",
      ],
      failures: [
        "fields @timestamp, `detail-type`, resources.0, detail.group, detail.reason, detail.stoppedReason",
        "sort @timestamp desc",
        "limit 100",
      ],
      "shell-sessions": [
        "fields @timestamp, @logStream, @message",
        "sort @timestamp desc",
        "limit 500",
      ],
      "rejected-traffic": [
        'filter action = "REJECT"',
        "stats count(*) as attempts, sum(packets) as packets by srcAddr, dstAddr, dstPort, protocol",
        "sort attempts desc",
        "limit 100",
      ],
    });
  });

  it("are there for those logs alone that there are", async () => {
    const { stoppedTasks: _, flowLogGroupName: __, ...args } = happy();
    const { logGroupName: ___, ...silent } = api;
    const cluster = { clusterName: "platform", countsRunningTasks: true };
    const noAlarmsBecause = "somebody else's tool watches this";
    const few = await made({ ...args, cluster, services: { silent }, noAlarmsBecause });
    assert.deepEqual(queriesOf(few), {});
    const some = await made({ ...args, services: { silent }, noAlarmsBecause });
    assert.deepEqual(Object.keys(queriesOf(some)), ["monitoring-query-shell-sessions"]);
  });

  it("search fifty log groups at most, which is what AWS takes", async () => {
    const services = Object.fromEntries(
      Array.from({ length: 51 }, (_, index) => [
        `service-${index}`,
        { ...api, logGroupName: `logs-${index}` },
      ]),
    );
    const [, groups] = queriesOf(await made({ ...happy(), services }))[
      "monitoring-query-newest-errors"
    ] as [string, readonly string[]];
    assert.equal(groups.length, 50);
    assert.equal(groups.at(-1), "logs-49");
  });

  it("are not saved where nobody wants them", async () => {
    assert.deepEqual(queriesOf(await made({ ...happy(), savedQueries: false })), {});
  });

  itTakes(monitoringSettings, {}, { "no saved queries": { savedQueries: false } });
});
