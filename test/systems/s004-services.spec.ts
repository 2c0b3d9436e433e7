import * as assert from "node:assert/strict";
import type { Run } from "../support/run";
import { containerOf, routing, rulesInto, rulesOutOf, serviceKeys } from "./reading";
import { difference, exampleConfig, runExample } from "./support";

const SERVICE = "aws:ecs/service:Service";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const POLICY = "aws:appautoscaling/policy:Policy";
const TRACKING = "targetTrackingScalingPolicyConfiguration";

const KEYS = ["nginx", "api"];

describe("seed 004, two services on one load balancer", () => {
  let run: Run;
  before(async () => {
    run = await runExample("ec2-production");
  });

  /** The service's policy that follows this metric. */
  const policyOf = (key: string, metric: string) => {
    const [policy, ...more] = run
      .all(POLICY)
      .filter(
        (candidate) =>
          candidate.name.startsWith(`${key}-`) &&
          candidate.input(`${TRACKING}.predefinedMetricSpecification.predefinedMetricType`) ===
            metric,
      );
    assert.ok(policy !== undefined && more.length === 0, `one policy of ${key} for ${metric}`);
    return policy;
  };

  const everyService = (type: string, suffix: string, path: string, expected: unknown) => {
    for (const key of KEYS)
      assert.deepEqual(run.one(type, `${key}-${suffix}`).input(path), expected);
  };

  it("S004-03: old tasks run and drain until new ones are healthy", () => {
    for (const key of KEYS) {
      const service = run.one(SERVICE, `${key}-service`);
      assert.equal(service.input("deploymentMinimumHealthyPercent"), 100);
      assert.equal(service.input("deploymentMaximumPercent"), 200);
      assert.deepEqual(service.input("deploymentCircuitBreaker"), { enable: true, rollback: true });
      assert.equal(service.input("waitForSteadyState"), true);
      assert.equal(run.one(TARGETS, `${key}-tg`).input("deregistrationDelay"), 30);
      assert.equal(containerOf(run, key).stopTimeout, 30);
    }
  });

  it("S004-07: the number of each service's tasks follows the load", () => {
    const targets = run.all("aws:appautoscaling/target:Target");
    assert.deepEqual(
      targets.map((target) => target.input("resourceId")),
      ["api", "nginx"].map(
        (key) =>
          `service/production-cluster/${run.one(SERVICE, `${key}-service`).outputs["name"] as string}`,
      ),
    );
  });

  it("S004-15: both services share one load balancer", () => {
    assert.deepEqual(serviceKeys(run), ["api", "nginx"]);
    assert.equal(run.all("aws:lb/loadBalancer:LoadBalancer").length, 1);
  });

  it("S004-16, S004-54, S004-55, S004-60, S004-61: /nginx* at 100, /api* at 110", () => {
    assert.deepEqual(routing(run), [
      { priority: 100, hosts: ["www.example.com"], paths: ["/nginx*"], to: "nginx-tg" },
      { priority: 110, hosts: ["www.example.com"], paths: ["/api*"], to: "api-tg" },
    ]);
  });

  it("S004-20, S004-96, S004-108: CPU is kept at 70 %", () => {
    for (const key of KEYS) {
      const policy = policyOf(key, "ECSServiceAverageCPUUtilization");
      assert.equal(policy.input(`${TRACKING}.targetValue`), 70);
    }
  });

  it("S004-21, S004-97, S004-109: memory is kept at 80 %", () => {
    for (const key of KEYS) {
      const policy = policyOf(key, "ECSServiceAverageMemoryUtilization");
      assert.equal(policy.input(`${TRACKING}.targetValue`), 80);
    }
  });

  it("S004-22, S004-98, S004-110: 1000 requests for each task", () => {
    const loadBalancer = run.one("aws:lb/loadBalancer:LoadBalancer").outputs["arnSuffix"];
    for (const key of KEYS) {
      const policy = policyOf(key, "ALBRequestCountPerTarget");
      assert.equal(policy.input(`${TRACKING}.targetValue`), 1000);
      const targets = run.one(TARGETS, `${key}-tg`).outputs["arnSuffix"];
      assert.equal(
        policy.input(`${TRACKING}.predefinedMetricSpecification.resourceLabel`),
        `${loadBalancer as string}/${targets as string}`,
      );
    }
  });

  it("S004-111, S004-112: 60 s before it scales out again, 300 s before it scales in", () => {
    const policies = run.all(POLICY);
    assert.equal(policies.length, 6);
    for (const policy of policies) {
      assert.equal(policy.input(`${TRACKING}.scaleOutCooldown`), 60);
      assert.equal(policy.input(`${TRACKING}.scaleInCooldown`), 300);
    }
  });

  it("S004-32, S004-52: a service between two others adds what is its own, and changes nothing", async () => {
    const { api, nginx } = exampleConfig("ec2-production")["ecs-platform:services"] as {
      api: object;
      nginx: object;
    };
    const more = await runExample("ec2-production", {
      services: { nginx, cron: { ...api, route: { priority: 105, paths: ["/cron*"] } }, api },
    });
    const { added, removed, changed } = difference(run, more);
    assert.deepEqual(removed, []);
    // The dashboard shows it, queries search its log, the endpoint of nobody else moves.
    assert.deepEqual(changed, [
      "aws:cloudwatch/dashboard:Dashboard monitoring-dashboard",
      ...["errors-over-time", "newest-errors", "one-request", "slowest-requests"].map(
        (key) => `aws:cloudwatch/queryDefinition:QueryDefinition monitoring-query-${key}`,
      ),
    ]);
    assert.ok(added.includes("aws:ecs/service:Service cron-service"));
    assert.deepEqual(
      added.filter((name) => !/ (monitoring-service-)?cron(-|$)/.test(name)),
      [],
    );
    for (const key of ["api", "cron", "nginx"]) {
      const service = more.one(SERVICE, `${key}-service`);
      assert.equal(more.parentOf(service)?.type, "ecs-platform:index:EcsService");
      assert.equal(more.parentOf(service)?.name, key);
    }
  });

  it("S004-53, S004-59: two tasks of each to begin with; scaling owns the number, until it is removed", async () => {
    everyService(SERVICE, "service", "desiredCount", 2);
    for (const service of run.all(SERVICE)) {
      assert.ok(service.ignoreChanges.includes("desiredCount"));
    }
    const fixed = await runExample("ec2-production", { "services.nginx.scaling": undefined });
    const nginx = fixed.one(SERVICE, "nginx-service");
    assert.equal(nginx.input("desiredCount"), 2);
    assert.ok(!nginx.ignoreChanges.includes("desiredCount"));
  });

  it("S004-56, S004-62: port 80 in container, target group, service and security groups", () => {
    everyService(TARGETS, "tg", "port", 80);
    everyService(SERVICE, "service", "loadBalancers.0.containerPort", 80);
    for (const key of KEYS) {
      const ports = containerOf(run, key).portMappings?.map(({ containerPort }) => containerPort);
      assert.deepEqual(ports, [80]);
      assert.deepEqual(rulesInto(run, `${key}-security-group`), [
        "tcp 80 from load-balancer-security-group",
      ]);
    }
    const ways = rulesOutOf(run, "load-balancer-security-group");
    assert.deepEqual(ways, ["tcp 80 to api-security-group", "tcp 80 to nginx-security-group"]);
  });

  it("S004-57, S004-58, S004-63, S004-64: 256 units of CPU and 512 MiB each", () => {
    everyService(TASK, "task", "cpu", "256");
    everyService(TASK, "task", "memory", "512");
  });

  it("S004-68: an output with the load balancer's address", () => {
    const { dnsName } = run.one("aws:lb/loadBalancer:LoadBalancer").outputs;
    assert.equal(run.outputs["albUrl"], `https://${dnsName as string}`);
  });

  it("S004-69: an output with the address of each service", () => {
    assert.deepEqual(run.outputs["serviceEndpoints"], {
      api: "https://www.example.com/api",
      nginx: "https://www.example.com/nginx",
    });
  });

  it("S004-77, S004-78: while a deployment runs, 100 to 200 % of the tasks do", () => {
    everyService(SERVICE, "service", "deploymentMaximumPercent", 200);
    everyService(SERVICE, "service", "deploymentMinimumHealthyPercent", 100);
  });

  it("S004-79, S004-80: a deployment that fails is stopped and rolled back", () => {
    everyService(SERVICE, "service", "deploymentCircuitBreaker.enable", true);
    everyService(SERVICE, "service", "deploymentCircuitBreaker.rollback", true);
  });

  it("S004-81, S004-82, S004-83: a health check every 30 s, two for a change of mind", () => {
    everyService(TARGETS, "tg", "healthCheck.interval", 30);
    everyService(TARGETS, "tg", "healthCheck.healthyThreshold", 2);
    everyService(TARGETS, "tg", "healthCheck.unhealthyThreshold", 2);
    // Where the image answers, unlike the path of the route.
    everyService(TARGETS, "tg", "healthCheck.path", "/");
  });

  it("S004-84, S004-85: 30 s to drain, and the container lives as long", () => {
    everyService(TARGETS, "tg", "deregistrationDelay", 30);
    for (const key of KEYS) {
      const delay = Number(run.one(TARGETS, `${key}-tg`).input("deregistrationDelay"));
      assert.ok((containerOf(run, key).stopTimeout ?? 0) >= delay);
    }
  });

  it("S004-117, S004-118: a log group for each service, kept for 14 days", () => {
    everyService("aws:cloudwatch/logGroup:LogGroup", "logs", "retentionInDays", 14);
    for (const key of KEYS) {
      assert.equal(
        containerOf(run, key).logConfiguration?.options["awslogs-group"],
        run.one("aws:cloudwatch/logGroup:LogGroup", `${key}-logs`).outputs["name"],
      );
    }
  });
});
