import * as assert from "node:assert/strict";
import { Network, type NetworkArgs } from "../../components";
import { build, inputsByName } from "./support";

const happy = (): NetworkArgs => ({
  availabilityZones: ["us-east-1a", "us-east-1b"],
  nat: "none",
  interfaceEndpoints: ["ecr.api", "logs"],
});

const ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint";

const inRegion = {
  resources: { "aws:ec2/vpc:Vpc": () => ({ region: "eu-central-1" }) },
};

describe("Network, endpoints", () => {
  it("always has the free one for S3, in the app subnets' route tables", async () => {
    const run = await build(
      () => new Network("network", { ...happy(), interfaceEndpoints: [] }),
      inRegion,
    );
    assert.deepEqual(inputsByName(run, ENDPOINT), {
      "network-s3": {
        vpcId: "network-vpc-id",
        serviceName: "com.amazonaws.eu-central-1.s3",
        vpcEndpointType: "Gateway",
        routeTableIds: ["network-app-a-routes-id", "network-app-b-routes-id"],
        tags: { Name: "network-s3" },
      },
    });
  });

  it("has the free one for DynamoDB where it is named", async () => {
    const run = await build(
      () => new Network("network", { ...happy(), gatewayEndpoints: ["dynamodb"] }),
      inRegion,
    );
    assert.deepEqual(run.one(ENDPOINT, "network-dynamodb").inputs, {
      vpcId: "network-vpc-id",
      serviceName: "com.amazonaws.eu-central-1.dynamodb",
      vpcEndpointType: "Gateway",
      routeTableIds: ["network-app-a-routes-id", "network-app-b-routes-id"],
      tags: { Name: "network-dynamodb" },
    });
  });

  it("has no other and no security group by default", async () => {
    const { interfaceEndpoints: _, ...args } = happy();
    const run = await build(() => new Network("network", args));
    assert.equal(run.all(ENDPOINT).length, 1);
    assert.deepEqual(run.all("aws:ec2/securityGroup:SecurityGroup"), []);
  });

  it("adds the named ones with a security group, and nothing else", async () => {
    const none = await build(() => new Network("network", { ...happy(), interfaceEndpoints: [] }));
    const { children } = await build(() => new Network("network", happy()));
    assert.deepEqual(
      children.filter((child) => !none.children.includes(child)),
      [
        "aws:ec2/securityGroup:SecurityGroup network-endpoints",
        "aws:ec2/vpcEndpoint:VpcEndpoint network-ecr-api",
        "aws:ec2/vpcEndpoint:VpcEndpoint network-logs",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule network-endpoints-from-vpc",
      ],
    );
  });

  it("makes them answer to AWS's own names, in the app subnets", async () => {
    const run = await build(() => new Network("network", happy()), inRegion);
    assert.deepEqual(run.one(ENDPOINT, "network-ecr-api").inputs, {
      vpcId: "network-vpc-id",
      serviceName: "com.amazonaws.eu-central-1.ecr.api",
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: ["network-app-a-id", "network-app-b-id"],
      securityGroupIds: ["network-endpoints-id"],
      tags: { Name: "network-ecr.api" },
    });
  });

  it("lets only HTTPS from the VPC reach them", async () => {
    const run = await build(() => new Network("network", { ...happy(), cidr: "10.20.0.0/16" }));
    assert.deepEqual(run.one("aws:ec2/securityGroup:SecurityGroup").inputs, {
      vpcId: "network-vpc-id",
      description: "Interface endpoints of the VPC",
      tags: { Name: "network-endpoints" },
    });
    assert.deepEqual(
      inputsByName(run, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
      {
        "network-endpoints-from-vpc": {
          securityGroupId: "network-endpoints-id",
          description: "HTTPS from the VPC",
          cidrIpv4: "10.20.0.0/16",
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
        },
      },
    );
  });
});
