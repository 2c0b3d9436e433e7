import * as assert from "node:assert/strict";
import type { Run } from "../support/run";
import { routing, subnetsOf } from "./reading";
import { runExample } from "./support";

const LISTENER = "aws:lb/listener:Listener";

describe("seed 002, the load balancer of the reference on Fargate", () => {
  let run: Run;
  before(async () => {
    run = await runExample("fargate-reference");
  });

  it("S002-58, S002-59: an Application Load Balancer that the internet reaches", () => {
    const loadBalancer = run.one("aws:lb/loadBalancer:LoadBalancer");
    assert.equal(loadBalancer.input("loadBalancerType"), "application");
    assert.notEqual(loadBalancer.input("internal"), true);
  });

  it("S002-60: it is in a public subnet of each of two zones", () => {
    const subnets = run.one("aws:lb/loadBalancer:LoadBalancer").input("subnets");
    assert.deepEqual(
      subnets,
      subnetsOf(run, "public").map((name) => `${name}-id`),
    );
    const zones = subnetsOf(run, "public").map((name) =>
      run.one("aws:ec2/subnet:Subnet", name).input("availabilityZone"),
    );
    assert.deepEqual(zones, ["us-west-2a", "us-west-2b"]);
  });

  it("S002-61: port 80 sends clients to HTTPS for good", () => {
    const http = run.one(LISTENER, "load-balancer-http");
    assert.equal(http.input("port"), 80);
    assert.equal(http.input("defaultActions.0.type"), "redirect");
    assert.deepEqual(http.input("defaultActions.0.redirect"), {
      protocol: "HTTPS",
      port: "443",
      statusCode: "HTTP_301",
    });
  });

  it("S002-62: port 443 speaks HTTPS and forwards to the target group", () => {
    const https = run.one(LISTENER, "load-balancer-https");
    assert.equal(https.input("port"), 443);
    assert.equal(https.input("protocol"), "HTTPS");
    assert.equal(
      run.one("aws:lb/listenerRule:ListenerRule").input("listenerArn"),
      https.outputs["arn"],
    );
    assert.deepEqual(routing(run), [
      { priority: 100, hosts: ["app.example.com"], paths: ["/*"], to: "app-tg" },
    ]);
  });

  it("S002-63, S002-67: TLS ends at the load balancer, which speaks HTTP to the targets", () => {
    assert.equal(
      run.one(LISTENER, "load-balancer-https").input("certificateArn"),
      run.one("aws:acm/certificateValidation:CertificateValidation").outputs["certificateArn"],
    );
    assert.equal(run.one("aws:lb/targetGroup:TargetGroup").input("protocol"), "HTTP");
  });

  it("S002-65, S002-66: one target group, whose targets are addresses of tasks", () => {
    const group = run.one("aws:lb/targetGroup:TargetGroup");
    assert.equal(group.input("targetType"), "ip");
    assert.equal(
      run.one("aws:ecs/service:Service").input("loadBalancers.0.targetGroupArn"),
      group.outputs["arn"],
    );
  });

  it("S002-64, S002-70, S002-71, S002-72, S002-73, S002-74: asks /health every 30 s for 5 s, and counts to 2 and to 3", () => {
    const groups = run.all("aws:lb/targetGroup:TargetGroup");
    assert.deepEqual(
      groups.map((group) => group.input("healthCheck")),
      [
        {
          path: "/health",
          matcher: "200",
          interval: 30,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 3,
        },
      ],
    );
  });
});
