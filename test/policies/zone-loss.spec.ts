import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Graph, graphOf } from "../../policies/graph";
import { referringTo, withInput, without } from "../../policies/mutants";
import { zoneLosses } from "../../policies/zone-loss/zone-loss";
import { markdownTable } from "../../scripts/markdown";
import { resource } from "./fixtures";
import { shippedGraphs } from "./graphs";

type Losses = Readonly<Record<string, readonly string[]>>;

function lossesIn(graph: Graph): Losses {
  return Object.fromEntries(
    Object.entries(zoneLosses(graph)).map(([zone, losses]) => [
      zone,
      losses.map(({ resource: { name }, message }) => `${name}: ${message}`),
    ]),
  );
}

const wayOut = (zone: string) =>
  `network-app-b: goes out through network-nat-a, which is in ${zone}`;
const onlyTask = (service: string, zone: string) =>
  `${service}-service: may have its only task in ${zone}`;
const noStandby = (database: string, zone: string) =>
  `${database}-instance: may be in ${zone}, and nothing elsewhere takes over`;

/** The table in docs/stress-tests.md, of the stacks below. */
function tableOf(graphs: Readonly<Record<string, Graph>>): string {
  const rows = Object.keys(EXPECTED).flatMap((name) =>
    Object.entries(graphs[name] === undefined ? {} : lossesIn(graphs[name])).map(
      ([zone, losses]) => [`\`${name}\``, zone, losses.join("<br>") || "nothing"],
    ),
  );
  return markdownTable(["stack", "without", "it loses"], rows);
}

/** What each shipped stack loses with each of its zones. */
const EXPECTED: Readonly<Record<string, Losses>> = {
  dev: {
    "us-east-1a": [
      wayOut("us-east-1a"),
      onlyTask("api", "us-east-1a"),
      noStandby("database", "us-east-1a"),
    ],
    "us-east-1b": [onlyTask("api", "us-east-1b"), noStandby("database", "us-east-1b")],
  },
  pr: {
    "us-east-1a": [onlyTask("api", "us-east-1a")],
    "us-east-1b": [onlyTask("api", "us-east-1b")],
  },
  staging: {
    "us-east-1a": [wayOut("us-east-1a"), noStandby("database", "us-east-1a")],
    "us-east-1b": [noStandby("database", "us-east-1b")],
  },
  prod: { "us-east-1a": [], "us-east-1b": [], "us-east-1c": [] },
  "ec2-production": { "us-east-1a": [], "us-east-1b": [] },
  "fargate-reference": { "us-west-2a": [], "us-west-2b": [] },
};

describe("the loss of a zone", () => {
  const graphs: Record<string, Graph> = {};
  before(async function () {
    this.timeout(120_000);
    for (const { name, graph } of await shippedGraphs()) graphs[name] = graph;
  });
  const named = (name: string): Graph => graphs[name] ?? assert.fail(`no graph ${name}`);

  for (const [name, losses] of Object.entries(EXPECTED)) {
    const takes = Object.values(losses).flat().length === 0 ? "nothing" : "exactly what is known";
    it(`takes ${takes} from ${name}`, () => {
      assert.deepEqual(lossesIn(named(name)), losses);
    });
  }

  it("is told in docs/stress-tests.md", () => {
    const page = readFileSync(join(__dirname, "../../docs/stress-tests.md"), "utf8");
    const [, told] = /<!-- zone-losses -->\n\n([^]*?)\n\n<!-- \/zone-losses -->/.exec(page) ?? [];
    assert.equal(told, tableOf(graphs));
  });

  it("is looked at for every zone that the program has subnets in", () => {
    const zones = Object.keys(zoneLosses(named("two-regions")));
    assert.deepEqual(zones, ["us-east-1a", "us-east-1b", "us-west-2a", "us-west-2b"]);
  });

  /** Production with one thing broken, and what is found then, in every zone. */
  function finds(name: string, broken: (graph: Graph) => Graph, expected: Losses): void {
    const [before, after] = [named(name), broken(named(name))];
    assert.deepEqual(Object.values(lossesIn(before)).flat(), []);
    assert.deepEqual(lossesIn(after), expected);
  }
  const one = (graph: Graph, type: string, name: string) =>
    graph.ofType(type).find((found) => found.name === name) ?? assert.fail(`no ${type} ${name}`);
  const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];
  const inAll = (loss: (zone: string) => string): Losses =>
    Object.fromEntries(ZONES.map((zone) => [zone, [loss(zone)]]));

  it("takes the way out where all zones have one NAT gateway", () => {
    finds(
      "prod",
      (graph) => {
        const gateway = one(graph, "aws:ec2/natGateway:NatGateway", "network-nat-a");
        return ["b", "c"].reduce(
          (changed, letter) =>
            referringTo(
              changed,
              one(changed, "aws:ec2/route:Route", `network-app-${letter}-nat`),
              "natGatewayId",
              [gateway],
            ),
          graph,
        );
      },
      {
        "us-east-1a": ["b", "c"].map(
          (letter) =>
            `network-app-${letter}: goes out through network-nat-a, which is in us-east-1a`,
        ),
        "us-east-1b": [],
        "us-east-1c": [],
      },
    );
  });

  it("takes a database without a standby", () => {
    finds(
      "prod",
      (graph) =>
        withInput(
          graph,
          one(graph, "aws:rds/instance:Instance", "database-instance"),
          "multiAz",
          false,
        ),
      inAll((zone) => noStandby("database", zone)),
    );
  });

  it("takes a service of one task, also where a schedule says so, and not one of none", () => {
    const target = (graph: Graph) => one(graph, "aws:appautoscaling/target:Target", "api-scaling");
    const only = inAll((zone) => onlyTask("api", zone));
    finds("prod", (graph) => withInput(graph, target(graph), "minCapacity", 1), only);
    finds(
      "prod",
      (graph) =>
        graphOf([
          ...graph.resources,
          resource(
            "aws:appautoscaling/scheduledAction:ScheduledAction",
            "night",
            { scalableTargetAction: { minCapacity: 1, maxCapacity: 2 } },
            { resourceId: target(graph) },
          ),
        ]),
      only,
    );
    const none = withInput(named("prod"), target(named("prod")), "minCapacity", 0);
    assert.deepEqual(Object.values(lossesIn(none)).flat(), []);
  });

  it("takes a service and a load balancer that have subnets in one zone alone", () => {
    for (const [type, name, input] of [
      ["aws:ecs/service:Service", "api-service", "networkConfiguration"],
      ["aws:lb/loadBalancer:LoadBalancer", "load-balancer-alb", "subnets"],
    ] as const) {
      finds(
        "prod",
        (graph) =>
          referringTo(graph, one(graph, type, name), input, [
            one(graph, "aws:ec2/subnet:Subnet", "network-app-a"),
          ]),
        {
          "us-east-1a": [`${name}: has no subnet left without us-east-1a`],
          "us-east-1b": [],
          "us-east-1c": [],
        },
      );
    }
  });

  it("takes a database whose subnets in the other zones are gone", () => {
    finds(
      "prod",
      (graph) =>
        without(
          graph,
          ...["b", "c"].map((letter) =>
            one(graph, "aws:ec2/subnet:Subnet", `network-data-${letter}`),
          ),
        ),
      {
        "us-east-1a": ["database-instance: has no subnet left without us-east-1a"],
        "us-east-1b": [],
        "us-east-1c": [],
      },
    );
  });

  it("takes the only host", () => {
    finds(
      "ec2-production",
      (graph) =>
        withInput(graph, one(graph, "aws:autoscaling/group:Group", "platform-hosts"), "minSize", 1),
      {
        "us-east-1a": ["platform-hosts: may have its only host in us-east-1a"],
        "us-east-1b": ["platform-hosts: may have its only host in us-east-1b"],
      },
    );
  });
});

describe("the loss of a zone, for stores of each kind", () => {
  const subnet = (letter: string) =>
    resource("aws:ec2/subnet:Subnet", `data-${letter}`, { availabilityZone: `zone-${letter}` });
  const [a, b] = [subnet("a"), subnet("b")];
  const takesOver = (name: string) =>
    Object.fromEntries(
      ["zone-a", "zone-b"].map((zone) => [
        zone,
        [`${name}: may be in ${zone}, and nothing elsewhere takes over`],
      ]),
    );
  const NOTHING = { "zone-a": [], "zone-b": [] };

  it("takes a cluster of Aurora with one instance, and none with a replica", () => {
    const subnets = resource("aws:rds/subnetGroup:SubnetGroup", "s", {}, { subnetIds: [a, b] });
    const cluster = resource("aws:rds/cluster:Cluster", "c", {}, { dbSubnetGroupName: subnets });
    const member = (name: string) =>
      resource("aws:rds/clusterInstance:ClusterInstance", name, {}, { clusterIdentifier: cluster });
    const all = [a, b, subnets, cluster, member("first")];
    assert.deepEqual(lossesIn(graphOf(all)), takesOver("c"));
    assert.deepEqual(lossesIn(graphOf([...all, member("replica")])), NOTHING);
  });

  it("leaves a read replica out: what it holds, the database holds", () => {
    const subnets = resource("aws:rds/subnetGroup:SubnetGroup", "s", {}, { subnetIds: [a, b] });
    const replica = resource(
      "aws:rds/instance:Instance",
      "r",
      { replicateSourceDb: "orders" },
      { dbSubnetGroupName: subnets },
    );
    assert.deepEqual(lossesIn(graphOf([a, b, subnets, replica])), NOTHING);
  });

  it("takes a cache whose nodes do not take over from each other", () => {
    const subnets = resource(
      "aws:elasticache/subnetGroup:SubnetGroup",
      "s",
      {},
      { subnetIds: [a, b] },
    );
    const cache = (multiAzEnabled: boolean, automaticFailoverEnabled: boolean) =>
      resource(
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "c",
        { multiAzEnabled, automaticFailoverEnabled },
        { subnetGroupName: subnets },
      );
    const losses = (...flags: [boolean, boolean]) =>
      lossesIn(graphOf([a, b, subnets, cache(...flags)]));
    assert.deepEqual(losses(false, true), takesOver("c"));
    assert.deepEqual(losses(true, false), takesOver("c"));
    assert.deepEqual(losses(true, true), NOTHING);
  });

  it("takes a serverless cache with one subnet, and none with two", () => {
    const cache = (...subnetIds: (typeof a)[]) =>
      resource("aws:elasticache/serverlessCache:ServerlessCache", "c", {}, { subnetIds });
    assert.deepEqual(lossesIn(graphOf([a, b, cache(a, b)])), NOTHING);
    assert.deepEqual(lossesIn(graphOf([a, b, cache(a)])), {
      "zone-a": ["c: has no subnet left without zone-a"],
      "zone-b": [],
    });
  });

  it("takes a file system in one zone, or with a way to it in one zone", () => {
    const files = (inputs = {}) => resource("aws:efs/fileSystem:FileSystem", "f", inputs);
    const target = (name: string, of: ReturnType<typeof files>, subnetId: typeof a) =>
      resource("aws:efs/mountTarget:MountTarget", name, {}, { fileSystemId: of, subnetId });
    const regional = files();
    const both = [target("ta", regional, a), target("tb", regional, b)];
    assert.deepEqual(lossesIn(graphOf([a, b, regional, ...both])), NOTHING);
    assert.deepEqual(lossesIn(graphOf([a, b, regional, ...both.slice(0, 1)])), {
      "zone-a": ["f: has no subnet left without zone-a"],
      "zone-b": [],
    });
    const oneZone = files({ availabilityZoneName: "zone-a" });
    const all = [a, b, oneZone, target("ta", oneZone, a), target("tb", oneZone, b)];
    assert.deepEqual(lossesIn(graphOf(all)), takesOver("f"));
  });

  it("takes a NAT instance with its zone, and no regional gateway", () => {
    const table = resource("aws:ec2/routeTable:RouteTable", "t");
    const association = resource(
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      "ta",
      {},
      { subnetId: b, routeTableId: table },
    );
    const route = (input: string, through: typeof a) =>
      resource(
        "aws:ec2/route:Route",
        "r",
        { destinationCidrBlock: "0.0.0.0/0" },
        { routeTableId: table, [input]: through },
      );
    const instance = resource("aws:ec2/instance:Instance", "nat", {}, { subnetId: a });
    const regional = resource("aws:ec2/natGateway:NatGateway", "nat");
    const losses = (...others: (typeof a)[]) =>
      lossesIn(graphOf([a, b, table, association, ...others]));
    assert.deepEqual(losses(instance, route("networkInterfaceId", instance)), {
      "zone-a": ["data-b: goes out through nat, which is in zone-a"],
      "zone-b": [],
    });
    assert.deepEqual(losses(regional, route("natGatewayId", regional)), NOTHING);
  });

  it("says nothing of a network that the program does not make", () => {
    const service = resource("aws:ecs/service:Service", "api", { desiredCount: 1 });
    assert.deepEqual(lossesIn(graphOf([service])), {});
  });
});
