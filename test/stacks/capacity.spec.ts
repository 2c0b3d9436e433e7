import * as assert from "node:assert/strict";
import { SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import { capacityWarnings } from "../../stacks/contradictions/capacity";
import type { Run } from "../support/run";
import { type StackConfig, runPlatform, smallConfig, sourceOf } from "./support";

const hosts = { instanceTypes: ["t3.medium", "t3a.medium"], minSize: 2, maxSize: 10 };

/** The small configuration with hosts, and its service on them. */
function onHosts(ec2: object = {}, service: object = {}): StackConfig {
  const config = smallConfig();
  const { api } = config["ecs-platform:services"] as { api: object };
  return {
    ...config,
    "ecs-platform:cluster": { fargate: false, ec2: { ...hosts, ...ec2 } },
    "ecs-platform:services": { api: { ...api, capacity: { EC2: {} }, ...service } },
  };
}

function problemsOf(config: StackConfig) {
  try {
    loadConfig(sourceOf(config));
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.problems;
  }
  return [];
}

describe("a stack with hosts", () => {
  it("runs its service on them", async () => {
    const run = await runPlatform(onHosts());
    assert.deepEqual(run.one("aws:ecs/service:Service").input("capacityProviderStrategies"), [
      { capacityProvider: "platform-ec2-1a2b3c4", base: 0, weight: 1 },
    ]);
    assert.deepEqual(
      run.one("aws:ecs/taskDefinition:TaskDefinition").input("requiresCompatibilities"),
      ["EC2"],
    );
  });

  it("tags them as everything else", async () => {
    const run = await runPlatform({ ...onHosts(), "ecs-platform:tags": { Owner: "team" } });
    assert.deepEqual(run.one("aws:autoscaling/group:Group").input("tags"), [
      { key: "Name", value: "platform-hosts", propagateAtLaunch: true },
      { key: "Project", value: "ecs-platform", propagateAtLaunch: true },
      { key: "Environment", value: "test", propagateAtLaunch: true },
      { key: "ManagedBy", value: "pulumi", propagateAtLaunch: true },
      { key: "Owner", value: "team", propagateAtLaunch: true },
      { key: "AmazonECSManaged", value: "true", propagateAtLaunch: true },
    ]);
  });

  it("tells a person how to get in", async () => {
    const { outputs } = await runPlatform({ ...onHosts(), "ecs-platform:bastion": {} });
    const { host } = outputs["commands"] as Record<string, string>;
    assert.equal(
      host,
      `aws ssm start-session --target "$(aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names platform-hosts-1a2b3c4 --query 'AutoScalingGroups[0].Instances[0].InstanceId' --output text --region us-east-1)" --region us-east-1`,
    );
    const ids = outputs["ids"] as Record<string, string>;
    assert.equal(ids["hostSecurityGroupId"], "platform-hosts-security-group-id");
    assert.match(ids["bastionSessionPolicyArn"] ?? "", /:policy\/bastion-session-policy-/);
  });
});

describe("a bastion", () => {
  const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
  const inputs = (run: Run) =>
    Object.fromEntries(run.resources.map(({ urn, inputs: given }) => [urn, given]));

  it("changes nothing but itself and the ways that it opens", async () => {
    const [without, run] = await Promise.all([
      runPlatform(onHosts()),
      runPlatform({ ...onHosts(), "ecs-platform:bastion": {} }),
    ]);
    const bastion = run.one("ecs-platform:index:Bastion");
    const own = [bastion, ...run.childrenOf(bastion)].map(({ urn }) => urn);
    const rest = Object.fromEntries(
      Object.entries(inputs(run)).filter(([urn]) => !own.includes(urn)),
    );
    assert.deepEqual(rest, inputs(without));
    assert.deepEqual(without.all("aws:ec2/instance:Instance"), []);
  });

  it("leads to hosts and databases, to one port each", async () => {
    const run = await runPlatform({ ...onHosts(), "ecs-platform:bastion": {} });
    const ways = run
      .all(INGRESS)
      .filter((rule) => rule.input("referencedSecurityGroupId") === "bastion-security-group-id")
      .map((rule) => [rule.input("securityGroupId"), rule.input("fromPort"), rule.input("toPort")]);
    assert.deepEqual(ways, [
      ["platform-hosts-security-group-id", 22, 22],
      ["orders-db-security-group-id", 5432, 5432],
    ]);
  });
});

describe("what services want of the cluster", () => {
  const service = "ecs-platform:services.api";

  it("is refused by key where there are no hosts", () => {
    const { "ecs-platform:cluster": _, ...config } = onHosts();
    assert.deepEqual(problemsOf(config), [
      {
        key: `${service}.capacity`,
        value: { EC2: { base: 0, weight: 1 } },
        rule: "names EC2, and the cluster has no hosts",
        allowed: "FARGATE, FARGATE_SPOT or both",
        fix: "add ec2 to the cluster, or take Fargate",
      },
    ]);
  });

  it("is refused where there are only hosts, also when it is left out", () => {
    assert.deepEqual(
      problemsOf(onHosts({}, { capacity: undefined })).map(({ key, rule }) => ({ key, rule })),
      [
        {
          key: `${service}.capacity`,
          rule: "is Fargate, also when it is left out, and the cluster has fargate: false",
        },
      ],
    );
  });

  it("is refused where the hosts have another processor", () => {
    assert.deepEqual(problemsOf(onHosts({}, { architecture: "ARM64" })), [
      {
        key: `${service}.architecture`,
        value: "ARM64",
        rule: "cannot run on the cluster's hosts, which are t3.medium",
        allowed: "X86_64",
        fix: "build the image for X86_64, or take other instanceTypes",
      },
    ]);
    const grafana = { capacity: { EC2: {} }, architecture: "ARM64" };
    assert.deepEqual(
      problemsOf({ ...onHosts(), "ecs-platform:grafana": grafana }).map(({ key }) => key),
      ["ecs-platform:grafana.architecture"],
    );
    const graviton = { instanceTypes: ["t4g.medium"] };
    assert.deepEqual(problemsOf(onHosts(graviton, { architecture: "ARM64" })), []);
  });
});

describe("network interfaces of hosts", () => {
  const warningsOf = (config: StackConfig) => capacityWarnings(loadConfig(sourceOf(config)));

  it("are enough for the tasks that always run, and one of a deployment", () => {
    const three = { minSize: 1, maxSize: 2 };
    assert.deepEqual(problemsOf(onHosts(three, { desiredCount: 3 })), []);
    assert.deepEqual(problemsOf(onHosts(three, { desiredCount: 4 })), [
      {
        key: "ecs-platform:cluster.ec2.maxSize",
        value: 2,
        rule: "leaves no room: the services have 5 tasks at least, those of a deployment included, and the hosts network interfaces for 4",
        allowed: "enough hosts for all tasks, each with a network interface of its own",
        fix: "raise it, take larger instanceTypes, or run fewer tasks",
      },
    ]);
  });

  it("are counted by the best type before a stack is refused, by the worst for the warning", () => {
    const mixed = { instanceTypes: ["t3.medium", "t3.xlarge"], minSize: 2, maxSize: 2 };
    const config = onHosts(mixed, { desiredCount: 5 });
    assert.deepEqual(problemsOf(config), []);
    assert.match(warningsOf(config)[0] ?? "", /up to 10 tasks .* interfaces for 4:/);
  });

  it("need none for a deployment that stops tasks first", () => {
    const stops = { desiredCount: 4, deployment: { minimumHealthyPercent: 50 } };
    assert.deepEqual(problemsOf(onHosts({ minSize: 1, maxSize: 2 }, stops)), []);
  });

  it("are not counted where an interface may serve several tasks", () => {
    const large = { instanceTypes: ["m6i.large", "t3.medium"], minSize: 1, maxSize: 1 };
    assert.deepEqual(problemsOf(onHosts(large, { desiredCount: 50 })), []);
  });

  it("are warned of where a deployment waits for new hosts", () => {
    assert.deepEqual(warningsOf(onHosts({}, { desiredCount: 2 })), []);
    assert.deepEqual(warningsOf(onHosts({}, { desiredCount: 3 })), [
      "cluster.ec2: deployments want up to 6 tasks at once, and 2 hosts have network interfaces for 4: they wait for new hosts, some minutes each. Larger types, a higher minSize or managedScaling.targetCapacityPercent below 100 avoid it.",
    ]);
  });

  it("are no matter for a stack without hosts", () => {
    assert.deepEqual(warningsOf(smallConfig()), []);
  });
});

describe("hosts without a way out", () => {
  it("need endpoints for their agent", () => {
    const network = { availabilityZones: ["us-east-1a", "us-east-1b"], nat: "none" };
    const [problem] = problemsOf({ ...onHosts(), "ecs-platform:network": network });
    assert.equal(problem?.key, "ecs-platform:network.interfaceEndpoints");
    assert.match(problem.rule, /\becs, ecs-agent, ecs-telemetry\b/);
  });
});
