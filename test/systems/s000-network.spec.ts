import * as assert from "node:assert/strict";
import type { Run } from "../support/run";
import {
  type PolicyStatement,
  containerOf,
  environmentOf,
  managedPoliciesOf,
  routesOf,
  rulesInto,
  rulesOutOf,
  secretsOf,
  statementsOf,
  subnetsOf,
} from "./reading";
import { difference, runExample } from "./support";

const DATABASE = "aws:rds/instance:Instance";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const IDS = (names: readonly string[]) => names.map((name) => `${name}-id`);

describe("seed 000, the network", () => {
  let run: Run;
  before(async () => {
    run = await runExample("java-and-dotnet");
  });

  it("S000-10: one public tier, a subnet in each zone, with the internet gateway as its way out", () => {
    assert.deepEqual(subnetsOf(run, "public"), ["network-public-a", "network-public-b"]);
    for (const subnet of subnetsOf(run, "public")) {
      assert.deepEqual(routesOf(run, subnet), ["0.0.0.0/0 → network-internet-gateway"]);
    }
  });

  it("S000-11: a private tier for the applications, which holds all capacity of the cluster", () => {
    const subnets = subnetsOf(run, "app");
    assert.deepEqual(subnets, ["network-app-a", "network-app-b"]);
    for (const subnet of subnets) {
      assert.deepEqual(routesOf(run, subnet), ["0.0.0.0/0 → network-nat-a"]);
    }
    const hosts = run.one("aws:autoscaling/group:Group");
    assert.deepEqual(hosts.input("vpcZoneIdentifiers"), IDS(subnets));
  });

  it("S000-12: a private tier for the databases, and for nothing else", () => {
    const subnets = subnetsOf(run, "data");
    assert.deepEqual(subnets, ["network-data-a", "network-data-b"]);
    for (const subnet of subnets) assert.deepEqual(routesOf(run, subnet), []);
    for (const group of run.all("aws:rds/subnetGroup:SubnetGroup")) {
      assert.deepEqual(group.input("subnetIds"), IDS(subnets));
    }
    const users = run.resources
      .filter(({ inputs }) => JSON.stringify(inputs).includes("network-data-a-id"))
      .map(({ type }) => type);
    assert.deepEqual([...new Set(users)].sort(), [
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
      "aws:rds/subnetGroup:SubnetGroup",
    ]);
  });

  it("S000-13: the load balancer stands in the public subnets, open to the internet", () => {
    const loadBalancer = run.one("aws:lb/loadBalancer:LoadBalancer");
    assert.deepEqual(loadBalancer.input("subnets"), IDS(subnetsOf(run, "public")));
    assert.notEqual(loadBalancer.input("internal"), true);
  });

  it("S000-14: it forwards to tasks in the app subnets", () => {
    const groups = run.all("aws:lb/targetGroup:TargetGroup").map(({ outputs }) => outputs["arn"]);
    assert.equal(groups.length, 4);
    const forwarded = run
      .all("aws:lb/listenerRule:ListenerRule")
      .map((rule) => rule.input("actions.0.targetGroupArn"));
    assert.deepEqual(forwarded.sort(), groups.sort());
    for (const service of run.all("aws:ecs/service:Service")) {
      assert.deepEqual(
        service.input("networkConfiguration.subnets"),
        IDS(subnetsOf(run, "app")),
        service.name,
      );
      const group = service.input("loadBalancers.0.targetGroupArn");
      assert.equal(groups.includes(group ?? null), service.name !== "grafana-service");
    }
  });

  it("S000-15: a NAT gateway in the public tier", () => {
    assert.equal(run.one("aws:ec2/natGateway:NatGateway").input("subnetId"), "network-public-a-id");
  });

  it("S000-16: it is how the agents reach the internet, by HTTPS", () => {
    for (const subnet of subnetsOf(run, "app")) {
      assert.deepEqual(routesOf(run, subnet), ["0.0.0.0/0 → network-nat-a"]);
    }
    assert.deepEqual(rulesOutOf(run, "platform-hosts-security-group"), ["tcp 443 to 0.0.0.0/0"]);
  });

  it("S000-17: a bastion instance, as long as the stack file has one", async () => {
    assert.equal(run.one("aws:ec2/instance:Instance").name, "bastion-instance");
    const without = await runExample("java-and-dotnet", { bastion: undefined });
    const { added, removed, changed } = difference(run, without);
    assert.deepEqual([added, changed], [[], []]);
    assert.ok(removed.includes("aws:ec2/instance:Instance bastion-instance"));
    assert.deepEqual(
      removed.filter((name) => !/ bastion/.test(name)),
      [],
    );
  });

  it("S000-18: the bastion leads to hosts and to both databases", () => {
    assert.deepEqual(rulesInto(run, "platform-hosts-security-group"), [
      "tcp 22 from bastion-security-group",
    ]);
    for (const [database, port] of [
      ["java-db", 5432],
      ["dotnet-db", 3306],
    ] as const) {
      const rules = rulesInto(run, `${database}-security-group`);
      assert.ok(rules.includes(`tcp ${port} from bastion-security-group`), rules.join());
    }
  });

  it("S000-19: two databases in the private data tier", () => {
    const databases = run.all(DATABASE);
    assert.deepEqual(
      databases.map(({ name }) => name),
      ["dotnet-db-instance", "java-db-instance"],
    );
    for (const database of databases) {
      const group = run.one(
        "aws:rds/subnetGroup:SubnetGroup",
        database.name.replace("instance", "subnets"),
      );
      assert.equal(database.input("dbSubnetGroupName"), group.outputs["name"]);
      assert.equal(database.input("publiclyAccessible"), false);
      assert.equal(database.input("replicateSourceDb"), undefined);
    }
  });

  it("S000-20: each back end reaches its own database, with its secret, and not the other's", () => {
    const own = { "java-backend": "JAVA_DB", "dotnet-backend": "DOTNET_DB" };
    for (const [service, prefix] of Object.entries(own)) {
      const container = containerOf(run, service);
      const variables = [
        ...Object.keys(environmentOf(container)),
        ...Object.keys(secretsOf(container)),
      ].filter((name) => /_DB_/.test(name));
      const parts = ["HOST", "NAME", "PASSWORD", "PORT", "USERNAME"];
      assert.deepEqual(
        variables.sort(),
        parts.map((part) => `${prefix}_${part}`),
      );
      const database = service.replace("backend", "db-instance");
      const [secret] = run.one(DATABASE, database).outputs["masterUserSecrets"] as unknown as {
        secretArn: string;
      }[];
      assert.deepEqual(Object.values(secretsOf(container)).sort(), [
        `${String(secret?.secretArn)}:password::`,
        `${String(secret?.secretArn)}:username::`,
      ]);
    }
    for (const frontend of ["java-frontend", "dotnet-frontend"]) {
      assert.deepEqual(secretsOf(containerOf(run, frontend)), {});
    }
    assert.deepEqual(rulesInto(run, "java-db-security-group"), [
      "tcp 5432 from bastion-security-group",
      "tcp 5432 from java-backend-security-group",
    ]);
    assert.deepEqual(rulesInto(run, "dotnet-db-security-group"), [
      "tcp 3306 from bastion-security-group",
      "tcp 3306 from dotnet-backend-security-group",
    ]);
  });

  it("S000-21, S000-22: Postgres for Java, MySQL for .NET", () => {
    const enginesAndPorts = ["java-db-instance", "dotnet-db-instance"].map((name) => {
      const database = run.one(DATABASE, name);
      return [database.input("engine"), database.input("engineVersion"), database.input("port")];
    });
    assert.deepEqual(enginesAndPorts, [
      ["postgres", "17", 5432],
      ["mysql", "8.4", 3306],
    ]);
  });

  it("S000-54: a policy lets engineers open sessions on the bastion, and on no other instance", () => {
    const { Statement } = run
      .one("aws:iam/policy:Policy", "bastion-session-policy")
      .jsonInput("policy") as unknown as { Statement: readonly PolicyStatement[] };
    const targets = Statement.filter(({ Action }) => Action.includes("ssm:StartSession"))
      .flatMap(({ Resource }) => Resource)
      .filter((resource) => !/:document\//.test(resource));
    assert.deepEqual(targets, [run.one("aws:ec2/instance:Instance").outputs["arn"]]);
  });

  it("S000-56: from the bastion to a host by SSH, or to the host itself by Session Manager", () => {
    assert.deepEqual(rulesInto(run, "platform-hosts-security-group"), [
      "tcp 22 from bastion-security-group",
    ]);
    assert.ok(
      managedPoliciesOf(run, "platform-hosts-role").includes("AmazonSSMManagedInstanceCore"),
    );
    const { host } = run.outputs["commands"] as unknown as { readonly host: string };
    assert.match(host, /^aws ssm start-session --target "\$\(.* platform-hosts-1a2b3c4 /);
  });

  it("S000-60: the bastion forwards towards what is private, and has no other right or duty", () => {
    assert.deepEqual(rulesOutOf(run, "bastion-security-group"), [
      "tcp 22 to platform-hosts-security-group",
      "tcp 3000 to grafana-security-group",
      "tcp 3306 to dotnet-db-security-group",
      "tcp 443 to 0.0.0.0/0",
      "tcp 5432 to java-db-security-group",
    ]);
    assert.deepEqual(managedPoliciesOf(run, "bastion-role"), ["AmazonSSMManagedInstanceCore"]);
    assert.deepEqual(statementsOf(run, "bastion-role"), []);
    assert.deepEqual(run.all("aws:lb/targetGroupAttachment:TargetGroupAttachment"), []);
  });

  it("S000-61: nothing private can be reached from outside", () => {
    for (const subnet of [...subnetsOf(run, "app"), ...subnetsOf(run, "data")]) {
      assert.ok(!routesOf(run, subnet).join().includes("internet-gateway"), subnet);
      const { inputs } = run.one("aws:ec2/subnet:Subnet", subnet);
      assert.notEqual(inputs["mapPublicIpOnLaunch"], true);
    }
    for (const template of run.all("aws:ec2/launchTemplate:LaunchTemplate")) {
      assert.equal(template.input("networkInterfaces"), undefined);
    }
    const bastion = run.one("aws:ec2/instance:Instance");
    assert.equal(bastion.input("subnetId"), "network-app-a-id");
    assert.notEqual(bastion.input("associatePublicIpAddress"), true);
    for (const service of run.all("aws:ecs/service:Service")) {
      assert.equal(service.input("networkConfiguration.assignPublicIp"), false);
    }
    const open = run
      .all(INGRESS)
      .filter((rule) => rule.input("referencedSecurityGroupId") === undefined)
      .map((rule) => rule.input("securityGroupId"));
    assert.deepEqual(open, ["load-balancer-security-group-id"]);
  });

  it("S000-62: the hosts of the agents have a security group of their own", () => {
    assert.deepEqual(
      run
        .one("aws:ec2/launchTemplate:LaunchTemplate", "platform-hosts-template")
        .input("vpcSecurityGroupIds"),
      ["platform-hosts-security-group-id"],
    );
  });

  it("S000-63, S000-64, S000-65: the port of each back end is open to the load balancer, Grafana's to the bastion", () => {
    assert.deepEqual(rulesInto(run, "java-backend-security-group"), [
      "tcp 8080 from load-balancer-security-group",
    ]);
    assert.deepEqual(rulesInto(run, "dotnet-backend-security-group"), [
      "tcp 8081 from load-balancer-security-group",
    ]);
    assert.deepEqual(rulesInto(run, "grafana-security-group"), [
      "tcp 3000 from bastion-security-group",
    ]);
    for (const service of ["java-backend", "dotnet-backend", "grafana"]) {
      assert.deepEqual(
        run
          .one("aws:ecs/service:Service", `${service}-service`)
          .input("networkConfiguration.securityGroups"),
        [`${service}-security-group-id`],
      );
    }
  });
});
