import * as assert from "node:assert/strict";
import { EcsService, type EcsServiceArgs } from "../../components";
import { ecsServiceSettings } from "../../components/ecs-service/settings";
import {
  build,
  cluster,
  inputsByName,
  itBounds,
  itRefuses,
  itTakes,
  network,
  noReason,
  refusal,
} from "./support";

const happy = (): EcsServiceArgs => ({ cluster, network, image: "nginx:1.29" });

const withHosts = { ...cluster, ec2CapacityProviderName: "hosts" };
const onHosts = (): EcsServiceArgs => ({
  ...happy(),
  cluster: withHosts,
  capacity: { EC2: { base: 2 } },
});

const VAULT = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/api-AbCdEf";

const SERVICE = "aws:ecs/service:Service";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const POLICY = "aws:iam/rolePolicy:RolePolicy";

const problem = (key: string, value: unknown, rule: string, allowed: string, fix: string) => ({
  key,
  value,
  rule,
  allowed,
  fix,
});

describe("EcsService, way out", () => {
  const out = (port: number, description: string) => ({
    securityGroupId: "api-security-group-id",
    description,
    ipProtocol: "tcp",
    fromPort: port,
    toPort: port,
  });
  const https = out(443, "HTTPS to AWS and the internet");
  const http = out(80, "Port 80 on the internet");

  it("is open on the ports of the settings, too", async () => {
    const run = await build(() => new EcsService("api", { ...happy(), egress: [80] }));
    assert.deepEqual(inputsByName(run, EGRESS), {
      "api-https-out": { ...https, cidrIpv4: "0.0.0.0/0" },
      "api-port-80-out": { ...http, cidrIpv4: "0.0.0.0/0" },
    });
  });

  it("is open by IPv6, too, where the network has that", async () => {
    const args = { ...happy(), network: { ...network, ipv6: true }, egress: [80] };
    const run = await build(() => new EcsService("api", args));
    assert.deepEqual(inputsByName(run, EGRESS), {
      "api-https-out": { ...https, cidrIpv4: "0.0.0.0/0" },
      "api-https-out-ipv6": { ...https, cidrIpv6: "::/0" },
      "api-port-80-out": { ...http, cidrIpv4: "0.0.0.0/0" },
      "api-port-80-out-ipv6": { ...http, cidrIpv6: "::/0" },
    });
  });

  const settings = { image: "nginx:1.29", egress: [80, 8443] };
  itTakes(ecsServiceSettings, settings, {});
  itRefuses(ecsServiceSettings, settings, {
    "a port that is open anyway": {
      change: { egress: [443] },
      problem: problem("egress[0]", 443, "is open anyway", "1 to 65535, but for 443", "remove it"),
    },
    "a port twice": {
      change: { egress: [80, 80] },
      problem: problem(
        "egress",
        [80, 80],
        "has an entry twice",
        "different ports",
        "remove the repeated entry",
      ),
    },
  });

  it("is by public addresses where somebody says why, and lets nobody in by that", async () => {
    const args = { ...happy(), publicIpBecause: "there is no NAT in this network" };
    const run = await build(() => new EcsService("api", args));
    assert.deepEqual(run.one(SERVICE).input("networkConfiguration"), {
      subnets: ["subnet-public-a", "subnet-public-b"],
      securityGroups: ["api-security-group-id"],
      assignPublicIp: true,
    });
    assert.deepEqual(run.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"), []);
  });

  it("needs public subnets for that", async () => {
    const { publicSubnetIds: _, ...privateNetwork } = network;
    const args = { ...happy(), network: privateNetwork, publicIpBecause: "there is no NAT here" };
    const error = await refusal(() => new EcsService("api", args));
    assert.deepEqual(error.problems, [
      problem(
        "network.publicSubnetIds",
        undefined,
        "is required with publicIpBecause",
        "ids of subnets that have a route to an internet gateway",
        "pass a Network, or the ids",
      ),
    ]);
  });

  itRefuses(ecsServiceSettings, settings, {
    "public addresses without a reason": {
      change: { publicIpBecause: "" },
      problem: noReason("publicIpBecause", ""),
    },
  });
});

describe("EcsService, on hosts of the cluster", () => {
  it("runs there, over zones first and then over hosts", async () => {
    const run = await build(() => new EcsService("api", onHosts()));
    const service = run.one(SERVICE);
    assert.deepEqual(service.input("capacityProviderStrategies"), [
      { capacityProvider: "hosts", base: 2, weight: 1 },
    ]);
    assert.deepEqual(service.input("orderedPlacementStrategies"), [
      { type: "spread", field: "attribute:ecs.availability-zone" },
      { type: "spread", field: "instanceId" },
    ]);
    assert.equal(service.input("networkConfiguration.assignPublicIp"), false);
  });

  it("has a task for such hosts, each with an address of its own", async () => {
    const run = await build(() => new EcsService("api", onHosts()));
    assert.deepEqual(run.one(TASK).input("requiresCompatibilities"), ["EC2"]);
    assert.equal(run.one(TASK).input("networkMode"), "awsvpc");
  });

  it("has no strategy of placement on Fargate, which refuses them", async () => {
    const run = await build(() => new EcsService("api", happy()));
    assert.equal(run.one(SERVICE).input("orderedPlacementStrategies"), undefined);
  });

  it("needs hosts", async () => {
    const error = await refusal(() => new EcsService("api", { ...onHosts(), cluster }));
    assert.deepEqual(
      error.problems.map(({ key, rule }) => ({ key, rule })),
      [{ key: "capacity", rule: "names EC2, and the cluster has no hosts" }],
    );
  });

  const settings = { image: "nginx:1.29", capacity: { EC2: {} } };

  itTakes(ecsServiceSettings, settings, {
    "a size that Fargate does not have": { cpu: 384, memoryMiB: 700 },
    "the smallest CPU that ECS takes": { cpu: 128 },
    "the largest CPU that ECS takes": { cpu: 196608 },
    "the smallest memory": { memoryMiB: 6 },
  });

  itBounds(ecsServiceSettings, { image: "nginx:1.29" }, { ephemeralStorageGiB: [21, 200] });

  itRefuses(ecsServiceSettings, settings, {
    "less CPU than ECS takes": {
      change: { cpu: 127 },
      problem: problem(
        "cpu",
        127,
        "is out of bounds",
        "a whole number from 128 to 196608",
        "set a whole number from 128 to 196608",
      ),
    },
    "a disk of Fargate": {
      change: { ephemeralStorageGiB: 30 },
      problem: problem(
        "ephemeralStorageGiB",
        30,
        "is for tasks on Fargate, and these run on the cluster's own hosts",
        "nothing with capacity: EC2",
        "remove it: the hosts' own disks decide",
      ),
    },
    "public addresses": {
      change: { publicIpBecause: "there is no NAT in this network" },
      problem: problem(
        "publicIpBecause",
        "there is no NAT in this network",
        "is for tasks on Fargate, and these run on the cluster's own hosts",
        "nothing with capacity: EC2",
        "remove it, or run the tasks on Fargate",
      ),
    },
  });
});

describe("EcsService, vault", () => {
  const withVault = (): EcsServiceArgs => ({
    ...happy(),
    vault: { secretArn: VAULT },
    vaultKeys: ["API_TOKEN"],
  });

  it("gives the container its port and the keys of the settings, by ARN", async () => {
    const run = await build(() => new EcsService("api", withVault()));
    const [container] = run.one(TASK).jsonInput("containerDefinitions") as [
      Record<string, unknown>,
    ];
    assert.deepEqual(container["secrets"], [
      { name: "API_TOKEN", valueFrom: `${VAULT}:API_TOKEN::` },
      { name: "PORT", valueFrom: `${VAULT}:PORT::` },
    ]);
  });

  it("is read by the execution role, and by nobody else", async () => {
    const run = await build(() => new EcsService("api", withVault()));
    const readers = run
      .all(POLICY)
      .filter((policy) => JSON.stringify(policy.jsonInput("policy")).includes(VAULT))
      .map(({ name }) => name);
    assert.deepEqual(readers, ["api-execution-policy"]);
  });

  it("takes the port among its keys, once", async () => {
    const run = await build(() => new EcsService("api", { ...withVault(), vaultKeys: ["PORT"] }));
    const [container] = run.one(TASK).jsonInput("containerDefinitions") as [
      Record<string, unknown>,
    ];
    assert.deepEqual(container["secrets"], [{ name: "PORT", valueFrom: `${VAULT}:PORT::` }]);
  });

  it("is needed for its keys", async () => {
    const error = await refusal(() => new EcsService("api", { ...withVault(), vault: undefined }));
    assert.deepEqual(error.problems, [
      problem(
        "vaultKeys",
        ["API_TOKEN"],
        "needs a vault",
        "no keys without a vault",
        "give it a vault, or remove vaultKeys",
      ),
    ]);
  });

  it("refuses variables that it gives itself", async () => {
    const args = {
      ...withVault(),
      environment: { PORT: "80" },
      secrets: { API_TOKEN: `${VAULT}:OTHER::` },
    };
    const error = await refusal(() => new EcsService("api", args));
    const taken = (key: string, value: string) =>
      problem(
        key,
        value,
        "is a variable that the vault gives",
        "any other name than PORT, API_TOKEN",
        "remove it, or rename it",
      );
    assert.deepEqual(error.problems, [
      taken("environment.PORT", "80"),
      taken("secrets.API_TOKEN", "(hidden)"),
    ]);
  });
});
