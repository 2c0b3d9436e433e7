import * as assert from "node:assert/strict";
import { EcsService, type EcsServiceArgs } from "../../components";
import { build, cluster, inputsByName, loadBalancer, network, refusal } from "./support";

const happy = (): EcsServiceArgs => ({
  cluster,
  network,
  loadBalancer,
  image: "nginx:1.29",
  desiredCount: 1,
  route: { priority: 100 },
});

const SERVICE = "aws:ecs/service:Service";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
const LISTENER_RULE = "aws:lb/listenerRule:ListenerRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const TARGET_GROUP_ARN =
  "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/api-tg-1a2b3c4/50dc6c495c0c9188";

describe("EcsService, route", () => {
  it("checks health, and gives a stopping task 30 seconds", async () => {
    const run = await build(() => new EcsService("api", happy()));
    assert.deepEqual(run.one(TARGET_GROUP).inputs, {
      vpcId: "vpc-1",
      port: 3000,
      protocol: "HTTP",
      targetType: "ip",
      deregistrationDelay: 30,
      healthCheck: {
        path: "/health",
        matcher: "200",
        interval: 30,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
    });
  });

  it("speaks HTTPS to the tasks where the settings say so, also for health checks", async () => {
    const route = { priority: 100, protocol: "HTTPS" } as const;
    const run = await build(() => new EcsService("api", { ...happy(), route }));
    assert.equal(run.one(TARGET_GROUP).input("protocol"), "HTTPS");
    assert.equal(run.one(TARGET_GROUP).input("healthCheck.protocol"), "HTTPS");
  });

  it("checks health as the settings say", async () => {
    const healthCheck = {
      path: "/up",
      statusCodes: "200-299",
      intervalSeconds: 10,
      timeoutSeconds: 4,
      healthyThreshold: 5,
      unhealthyThreshold: 6,
      gracePeriodSeconds: 120,
    };
    const args = { ...happy(), healthCheck, deregistrationDelaySeconds: 90, port: 8081 };
    const run = await build(() => new EcsService("api", args));
    assert.deepEqual(run.one(TARGET_GROUP).inputs, {
      vpcId: "vpc-1",
      port: 8081,
      protocol: "HTTP",
      targetType: "ip",
      deregistrationDelay: 90,
      healthCheck: {
        path: "/up",
        matcher: "200-299",
        interval: 10,
        timeout: 4,
        healthyThreshold: 5,
        unhealthyThreshold: 6,
      },
    });
    assert.equal(run.one(SERVICE).input("healthCheckGracePeriodSeconds"), 120);
  });

  it("claims all paths at the load balancer's own name by default", async () => {
    const run = await build(() => new EcsService("api", happy()));
    assert.deepEqual(run.one(LISTENER_RULE).inputs, {
      listenerArn: loadBalancer.listenerArn,
      priority: 100,
      conditions: [
        { hostHeader: { values: ["lb.example.com"] } },
        { pathPattern: { values: ["/*"] } },
      ],
      actions: [{ type: "forward", targetGroupArn: TARGET_GROUP_ARN }],
    });
  });

  it("claims the hosts and paths of the settings", async () => {
    const route = { priority: 7, hosts: ["api.example.com"], paths: ["/v1/*", "/v2/*"] };
    const run = await build(() => new EcsService("api", { ...happy(), route }));
    const { priority, conditions } = run.one(LISTENER_RULE).inputs;
    assert.equal(priority, 7);
    assert.deepEqual(conditions, [
      { hostHeader: { values: ["api.example.com"] } },
      { pathPattern: { values: ["/v1/*", "/v2/*"] } },
    ]);
  });

  it("registers its tasks with the target group", async () => {
    const run = await build(() => new EcsService("api", { ...happy(), port: 3000 }));
    const { loadBalancers, healthCheckGracePeriodSeconds } = run.one(SERVICE).inputs;
    assert.deepEqual(loadBalancers, [
      { targetGroupArn: TARGET_GROUP_ARN, containerName: "api", containerPort: 3000 },
    ]);
    assert.equal(healthCheckGracePeriodSeconds, 60);
  });

  it("lets the load balancer in, and nobody else, on the container's port", async () => {
    const run = await build(() => new EcsService("api", { ...happy(), port: 3000 }));
    const through = {
      description: "Requests from the load balancer to api",
      ipProtocol: "tcp",
      fromPort: 3000,
      toPort: 3000,
    };
    assert.deepEqual(inputsByName(run, INGRESS), {
      "api-from-load-balancer-in": {
        securityGroupId: "api-security-group-id",
        referencedSecurityGroupId: "sg-load-balancer",
        ...through,
      },
    });
    assert.deepEqual(run.one(EGRESS, "api-from-load-balancer-out").inputs, {
      securityGroupId: "sg-load-balancer",
      referencedSecurityGroupId: "api-security-group-id",
      ...through,
    });
  });

  it("leaves the load balancer alone where there is no route", async () => {
    const { route: _, ...args } = happy();
    const { children, component } = await build(() => new EcsService("api", args));
    assert.deepEqual(
      children.filter((child) => /:lb\/|load-balancer/.test(child)),
      [],
    );
    assert.equal(component.outputs["targetGroupArnSuffix"], undefined);
  });

  it("needs a load balancer", async () => {
    const { loadBalancer: _, ...args } = happy();
    const error = await refusal(() => new EcsService("api", args));
    assert.deepEqual(error.problems, [
      {
        key: "loadBalancer",
        value: undefined,
        rule: "is required with route",
        allowed: "a LoadBalancer, or an object with its outputs",
        fix: "pass the load balancer, or remove route",
      },
    ]);
  });
});
