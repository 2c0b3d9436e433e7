import * as assert from "node:assert/strict";
import type { RecordedResource } from "../support/recorded-resource";
import type { Run } from "../support/run";
import { alarmsOf, dashboardMetrics, severityOf } from "./reading";
import { runExample } from "./support";

const EXAMPLE = "fargate-reference";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const CLUSTER = "platform-cluster-1a2b3c4";
const LOAD_BALANCER = "app/load-balancer-alb-1a2b3c4/50dc6c495c0c9188";
const SERVICE = { ClusterName: CLUSTER, ServiceName: "app-service-1a2b3c4" };
const TARGETS = {
  LoadBalancer: LOAD_BALANCER,
  TargetGroup: "targetgroup/app-tg-1a2b3c4/50dc6c495c0c9188",
};

function alarm(run: Run, name: string): RecordedResource {
  return alarmsOf(run)[name] ?? assert.fail(`no alarm ${name}`);
}

/** What an alarm watches, and when it is raised. */
function raised(run: Run, name: string) {
  const { inputs } = alarm(run, name);
  const { namespace, metricName, dimensions, comparisonOperator, threshold } = inputs;
  return { namespace, metricName, dimensions, comparisonOperator, threshold };
}

describe("seed 002, monitoring of the reference architecture on Fargate", () => {
  let run: Run;
  before(async () => {
    run = await runExample(EXAMPLE);
  });

  /** How the dashboard shows a metric: its dimensions and statistics. */
  function shown(namespace: string, metricName: string) {
    return dashboardMetrics(run)
      .filter((metric) => metric.namespace === namespace && metric.metricName === metricName)
      .map(({ dimensions, statistic }) => ({ dimensions, statistic }));
  }

  it("S002-116, S002-117: the dashboard shows CPU and memory of the service", () => {
    for (const metric of ["CPUUtilization", "MemoryUtilization"]) {
      assert.deepEqual(shown("AWS/ECS", metric), [{ dimensions: SERVICE, statistic: "Average" }]);
    }
  });

  it("S002-118: the dashboard shows what goes in and out of the service", () => {
    for (const metric of ["NetworkRxBytes", "NetworkTxBytes"]) {
      const [only, ...others] = shown("ECS/ContainerInsights", metric);
      assert.deepEqual(only?.dimensions, SERVICE);
      assert.deepEqual(others, []);
    }
  });

  it("S002-119: the dashboard shows the requests of load balancer and service", () => {
    assert.deepEqual(shown("AWS/ApplicationELB", "RequestCount"), [
      { dimensions: { LoadBalancer: LOAD_BALANCER }, statistic: "Sum" },
      { dimensions: TARGETS, statistic: "Sum" },
    ]);
  });

  it("S002-120: the dashboard shows how long half and 99 of 100 requests take", () => {
    assert.deepEqual(shown("AWS/ApplicationELB", "TargetResponseTime"), [
      { dimensions: TARGETS, statistic: "p50" },
      { dimensions: TARGETS, statistic: "p99" },
    ]);
  });

  it("S002-121: the dashboard shows errors of the load balancer and of the service", () => {
    for (const kind of ["5XX", "4XX"]) {
      assert.deepEqual(shown("AWS/ApplicationELB", `HTTPCode_ELB_${kind}_Count`), [
        { dimensions: { LoadBalancer: LOAD_BALANCER }, statistic: "Sum" },
      ]);
      assert.deepEqual(shown("AWS/ApplicationELB", `HTTPCode_Target_${kind}_Count`), [
        { dimensions: TARGETS, statistic: "Sum" },
      ]);
    }
  });

  it("S002-122: errors that the application logs are a metric of the stack's own, on the dashboard", () => {
    const filter = run.one("aws:cloudwatch/logMetricFilter:LogMetricFilter");
    const namespace = "ecs-platform-fargate-reference";
    assert.equal(filter.input("logGroupName"), "app-logs-1a2b3c4");
    assert.equal(filter.input("pattern"), '{ $.level = "error" }');
    assert.equal(filter.input("metricTransformation.namespace"), namespace);
    assert.equal(filter.input("metricTransformation.name"), "app-errors");
    assert.deepEqual(shown(namespace, "app-errors"), [{ dimensions: {}, statistic: "Sum" }]);
  });

  it("S002-123, S002-124: alarms above 80 % of CPU and above 90 % of memory, told to somebody", () => {
    for (const [name, metricName, threshold] of [
      ["service-app-cpu", "CPUUtilization", 80],
      ["service-app-memory", "MemoryUtilization", 90],
    ] as const) {
      assert.deepEqual(raised(run, name), {
        namespace: "AWS/ECS",
        metricName,
        dimensions: SERVICE,
        comparisonOperator: "GreaterThanThreshold",
        threshold,
      });
      assert.equal(severityOf(run, alarm(run, name)), "warning");
    }
  });

  it("S002-125: alarms above 10 answers with 5xx in a minute, of service and load balancer", () => {
    for (const [name, metricName, dimensions] of [
      ["service-app-errors", "HTTPCode_Target_5XX_Count", TARGETS],
      ["load-balancer-errors", "HTTPCode_ELB_5XX_Count", { LoadBalancer: LOAD_BALANCER }],
    ] as const) {
      assert.deepEqual(raised(run, name), {
        namespace: "AWS/ApplicationELB",
        metricName,
        dimensions,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 10,
      });
      assert.equal(alarm(run, name).input("statistic"), "Sum");
      assert.equal(alarm(run, name).input("period"), 60);
      assert.equal(alarm(run, name).input("treatMissingData"), "notBreaching");
    }
  });

  it("S002-126: an alarm on any unhealthy target", () => {
    assert.deepEqual(raised(run, "service-app-unhealthy"), {
      namespace: "AWS/ApplicationELB",
      metricName: "UnHealthyHostCount",
      dimensions: TARGETS,
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
    });
  });

  it("S002-127: an alarm on fewer tasks than the minimum, which moves with it, and silence is the worst", async () => {
    assert.deepEqual(raised(run, "service-app-tasks"), {
      namespace: "ECS/ContainerInsights",
      metricName: "RunningTaskCount",
      dimensions: SERVICE,
      comparisonOperator: "LessThanThreshold",
      threshold: 2,
    });
    assert.equal(alarm(run, "service-app-tasks").input("treatMissingData"), "breaching");
    const larger = await runExample(EXAMPLE, { "services.app.scaling.min": 4 });
    assert.equal(alarm(larger, "service-app-tasks").input("threshold"), 4);
  });

  it("S002-128: a topic for each level, and each alarm tells that of its own", () => {
    const topics = run.all("aws:sns/topic:Topic").map(({ name }) => name);
    assert.deepEqual(topics, ["monitoring-critical", "monitoring-info", "monitoring-warning"]);
    const alarms = Object.entries(alarmsOf(run)).filter(([name]) => !/^app-/.test(name));
    assert.deepEqual(
      Object.fromEntries(alarms.map(([name, made]) => [name, severityOf(run, made)])),
      {
        "certificate-main-expiry": "critical",
        "load-balancer-errors": "critical",
        "nat-a-ports": "warning",
        "nat-b-ports": "warning",
        "service-app-cpu": "warning",
        "service-app-deployment": "warning",
        "service-app-errors": "critical",
        "service-app-exits": "warning",
        "service-app-latency": "warning",
        "service-app-log-errors": "warning",
        "service-app-memory": "warning",
        "service-app-out-of-memory": "critical",
        "service-app-tasks": "critical",
        "service-app-unhealthy": "critical",
        "spot-interruptions": "info",
      },
    );
  });

  it("S002-129: critical alerts go to PagerDuty, by an address that is a secret", async () => {
    const integrationUrl = "https://events.pagerduty.com/integration/0123abcd/enqueue";
    const told = await runExample(EXAMPLE, {
      "monitoring.notifications.critical.pagerDuty.integrationUrl": integrationUrl,
    });
    const subscription = told.one(SUBSCRIPTION, "monitoring-critical-pagerduty");
    assert.deepEqual(subscription.inputs, {
      topic: told.one("aws:sns/topic:Topic", "monitoring-critical").outputs["arn"],
      protocol: "https",
      endpoint: integrationUrl,
      endpointAutoConfirms: true,
    });
    assert.ok(subscription.isSecret("endpoint"));
    assert.doesNotMatch(JSON.stringify(told.outputs), /0123abcd/);
  });

  it("S002-130: warnings go to Slack", () => {
    const channel = run.one("aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration");
    assert.deepEqual(channel.input("snsTopicArns"), [
      run.one("aws:sns/topic:Topic", "monitoring-warning").outputs["arn"],
    ]);
    assert.equal(channel.input("slackChannelId"), "C07EZ1ABC23");
  });

  it("S002-131: what is for information goes to e-mail", () => {
    assert.deepEqual(
      run.all(SUBSCRIPTION).map(({ inputs }) => inputs),
      [
        {
          topic: run.one("aws:sns/topic:Topic", "monitoring-info").outputs["arn"],
          protocol: "email",
          endpoint: "platform-team@example.com",
        },
      ],
    );
  });

  it("S002-199: the dashboard shows what the tasks use of what they reserve", () => {
    for (const metric of ["CpuUtilized", "CpuReserved", "MemoryUtilized", "MemoryReserved"]) {
      const [only, ...others] = shown("ECS/ContainerInsights", metric);
      assert.deepEqual(only?.dimensions, { ClusterName: CLUSTER });
      assert.deepEqual(others, []);
    }
  });
});
