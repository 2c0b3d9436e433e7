import * as assert from "node:assert/strict";
import { Network, type NetworkArgs } from "../../components";
import { build, dependsOn, inputsByName } from "./support";

const happy = (): NetworkArgs => ({
  cidr: "10.20.0.0/16",
  availabilityZones: ["us-east-1a", "us-east-1b"],
  nat: "instance",
});

const INSTANCE = "aws:ec2/instance:Instance";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

describe("Network, NAT instance", () => {
  it("adds this and nothing else", async () => {
    const none = await build(() => new Network("network", { ...happy(), nat: "none" }));
    const { children } = await build(() => new Network("network", happy()));
    assert.deepEqual(
      children.filter((child) => !none.children.includes(child)),
      [
        "aws:ec2/eip:Eip network-nat-instance",
        "aws:ec2/instance:Instance network-nat-instance",
        "aws:ec2/launchTemplate:LaunchTemplate network-nat-instance-template",
        "aws:ec2/route:Route network-app-a-nat",
        "aws:ec2/route:Route network-app-b-nat",
        "aws:ec2/securityGroup:SecurityGroup network-nat-instance",
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule network-nat-instance-https-out",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule network-nat-instance-port-443-from-app-a",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule network-nat-instance-port-443-from-app-b",
      ],
    );
  });

  it("is where the routes of all app subnets lead, and no other route", async () => {
    const run = await build(() => new Network("network", happy()));
    const routes = Object.entries(inputsByName(run, "aws:ec2/route:Route")).filter(([name]) =>
      name.endsWith("-nat"),
    );
    const route = (zone: string) => ({
      routeTableId: `network-app-${zone}-routes-id`,
      destinationCidrBlock: "0.0.0.0/0",
      networkInterfaceId: "network-nat-instance-interface",
    });
    assert.deepEqual(Object.fromEntries(routes), {
      "network-app-a-nat": route("a"),
      "network-app-b-nat": route("b"),
    });
  });

  it("stands in the first public subnet, and passes on what is not its own", async () => {
    const run = await build(() => new Network("network", happy()));
    const { userData: _, ...instance } = run.one(INSTANCE).inputs;
    assert.deepEqual(instance, {
      launchTemplate: { id: "network-nat-instance-template-id", version: "1" },
      subnetId: "network-public-a-id",
      sourceDestCheck: false,
      userDataReplaceOnChange: true,
      maintenanceOptions: { autoRecovery: "default" },
      tags: { Name: "network-nat-instance" },
    });
  });

  it("starts from Amazon Linux 2023, with tokens for metadata and an encrypted disk", async () => {
    const run = await build(() => new Network("network", happy()));
    assert.deepEqual(run.one(TEMPLATE).inputs, {
      imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
      instanceType: "t4g.nano",
      vpcSecurityGroupIds: ["network-nat-instance-id"],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: 8,
            encrypted: "true",
            deleteOnTermination: "true",
          },
        },
      ],
      updateDefaultVersion: true,
    });
  });

  it("takes the image of its processor", async () => {
    const natInstance = { instanceType: "t3.nano" };
    const run = await build(() => new Network("network", { ...happy(), natInstance }));
    assert.equal(run.one(TEMPLATE).input("instanceType"), "t3.nano");
    assert.equal(
      run.one(TEMPLATE).input("imageId"),
      "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
    );
  });

  it("forwards, and hides the VPC's addresses behind its own, after every start", async () => {
    const run = await build(() => new Network("network", happy()));
    const script = run.one(INSTANCE).input("userData");
    assert.ok(typeof script === "string");
    const lines = script.split("\n").map((line) => line.trim());
    for (const line of [
      "#!/bin/bash",
      "until dnf install -y nftables; do sleep 5; done",
      "net.ipv4.ip_forward = 1",
      "sysctl --system",
      "type nat hook postrouting priority srcnat; policy accept;",
      "ip saddr 10.20.0.0/16 ip daddr != 10.20.0.0/16 masquerade",
      "systemctl enable --now nftables",
    ]) {
      assert.ok(lines.includes(line), `the script lacks "${line}"`);
    }
    assert.equal(lines[0], "#!/bin/bash");
  });

  it("takes and passes on HTTPS alone, from the app subnets alone", async () => {
    const run = await build(() => new Network("network", happy()));
    const ingress = (zone: string, cidrIpv4: string) => ({
      securityGroupId: "network-nat-instance-id",
      description: `Port 443 on its way out of app-${zone}`,
      cidrIpv4,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
    assert.deepEqual(run.one("aws:ec2/securityGroup:SecurityGroup").inputs, {
      vpcId: "network-vpc-id",
      description: "Way out of the app subnets",
      tags: { Name: "network-nat-instance" },
    });
    assert.deepEqual(inputsByName(run, INGRESS), {
      "network-nat-instance-port-443-from-app-a": ingress("a", "10.20.0.0/20"),
      "network-nat-instance-port-443-from-app-b": ingress("b", "10.20.32.0/20"),
    });
    assert.deepEqual(inputsByName(run, EGRESS), {
      "network-nat-instance-https-out": {
        securityGroupId: "network-nat-instance-id",
        description: "HTTPS of the app subnets, and its own",
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      },
    });
  });

  it("passes further ports on", async () => {
    const natInstance = { extraPorts: [80] };
    const run = await build(() => new Network("network", { ...happy(), natInstance }));
    const port80 = { ipProtocol: "tcp", fromPort: 80, toPort: 80 };
    assert.deepEqual(run.one(EGRESS, "network-nat-instance-port-80-out").inputs, {
      securityGroupId: "network-nat-instance-id",
      description: "Port 80 of the app subnets",
      cidrIpv4: "0.0.0.0/0",
      ...port80,
    });
    assert.deepEqual(run.one(INGRESS, "network-nat-instance-port-80-from-app-b").inputs, {
      securityGroupId: "network-nat-instance-id",
      description: "Port 80 on its way out of app-b",
      cidrIpv4: "10.20.32.0/20",
      ...port80,
    });
  });

  it("has an address that stays, which is the one the outside sees", async () => {
    const run = await build(() => new Network("network", happy()));
    assert.deepEqual(run.one("aws:ec2/eip:Eip").inputs, {
      domain: "vpc",
      instance: "network-nat-instance-id",
      tags: { Name: "network-nat-instance" },
    });
    assert.deepEqual(run.component.outputs["natPublicIps"], ["203.0.113.10"]);
  });

  it("waits for the internet gateway, without which it could fetch nothing", async () => {
    const run = await build(() => new Network("network", happy()));
    const internetGateway = ["aws:ec2/internetGateway:InternetGateway network-internet-gateway"];
    assert.deepEqual(dependsOn(run, run.one(INSTANCE)), internetGateway);
    assert.deepEqual(dependsOn(run, run.one("aws:ec2/eip:Eip")), internetGateway);
  });
});
