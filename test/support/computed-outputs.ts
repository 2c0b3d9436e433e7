import { createHash } from "node:crypto";
import type { JsonObject } from "./json";
import {
  balancerHash,
  clusterOutputs,
  databaseOutputs,
  domainValidations,
  iam,
  loadBalancerPath,
  mockAccountId,
  nameHash,
  secretArn,
  type Row,
  type Subject,
} from "./mock-aws";

/**
 * What AWS would fill in, by resource type. A type needs a row only when it names itself by another
 * property, has an ARN of another form, or a test reads an output other than `id`, `arn`, `name`.
 */
const rows: Readonly<Record<string, Row>> = {
  "aws:acm/certificate:Certificate": {
    arn: ({ arn, id }) => arn("acm", `certificate/${id}`),
    outputs: ({ inputs }) => ({
      status: "ISSUED",
      domainValidationOptions: domainValidations(inputs),
    }),
  },
  "aws:cloudfront/distribution:Distribution": {
    outputs: ({ id }) => ({
      domainName: `${id}.cloudfront.net`,
      hostedZoneId: "Z2FDTNDATAQYW2",
    }),
  },
  "aws:cloudwatch/dashboard:Dashboard": { nameProperty: "dashboardName" },
  "aws:cloudwatch/logGroup:LogGroup": {
    arn: ({ arn, physicalName }) => arn("logs", `log-group:${physicalName}`),
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    arn: ({ arn, physicalName }) => arn("cloudwatch", `alarm:${physicalName}`),
  },
  "aws:dynamodb/table:Table": {
    outputs: ({ ownArn, inputs }) =>
      inputs["streamEnabled"] === true ? { streamArn: `${ownArn}/stream/1` } : {},
  },
  "aws:ec2/eip:Eip": { outputs: ({ id }) => ({ allocationId: id, publicIp: "203.0.113.10" }) },
  "aws:ec2/instance:Instance": {
    outputs: ({ name }) => ({
      privateIp: "10.0.0.10",
      primaryNetworkInterfaceId: `${name}-interface`,
    }),
  },
  "aws:ec2/launchTemplate:LaunchTemplate": { outputs: () => ({ latestVersion: 1 }) },
  "aws:ec2/natGateway:NatGateway": {
    outputs: () => ({
      publicIp: "203.0.113.10",
      regionalNatGatewayAddresses: [{ publicIp: "203.0.113.10" }],
    }),
  },
  "aws:ec2/securityGroup:SecurityGroup": { outputs: () => ({ ownerId: mockAccountId }) },
  "aws:ec2/vpc:Vpc": {
    arn: ({ arn, id }) => arn("ec2", `vpc/${id}`),
    outputs: ({ id, inputs }) => ({
      ownerId: mockAccountId,
      ...(inputs["assignGeneratedIpv6CidrBlock"] === true && {
        ipv6CidrBlock: "2600:1f18:0:ab00::/56",
      }),
      defaultNetworkAclId: `${id}-default-acl`,
      defaultRouteTableId: `${id}-default-routes`,
      defaultSecurityGroupId: `${id}-default-sg`,
      mainRouteTableId: `${id}-default-routes`,
    }),
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    outputs: ({ id }) => ({
      dnsEntries: [{ dnsName: `${id}.vpce.amazonaws.com`, hostedZoneId: "Z7HUB22UULQXV" }],
      prefixListId: "pl-63a5400a",
    }),
  },
  "aws:ecr/repository:Repository": {
    outputs: ({ physicalName, region }) => ({
      registryId: mockAccountId,
      repositoryUrl: `${mockAccountId}.dkr.ecr.${region}.amazonaws.com/${physicalName}`,
    }),
  },
  "aws:ecs/taskDefinition:TaskDefinition": {
    nameProperty: "family",
    arn: ({ arn, physicalName }) => arn("ecs", `task-definition/${physicalName}:1`),
    outputs: ({ ownArn }) => ({ revision: 1, arnWithoutRevision: ownArn.replace(/:1$/, "") }),
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    nameProperty: "replicationGroupId",
    arn: ({ arn, physicalName }) => arn("elasticache", `replicationgroup:${physicalName}`),
    outputs: ({ physicalName }) => ({
      primaryEndpointAddress: `master.${physicalName}.abc123.use1.cache.amazonaws.com`,
      readerEndpointAddress: `replica.${physicalName}.abc123.use1.cache.amazonaws.com`,
    }),
  },
  "aws:elasticache/serverlessCache:ServerlessCache": {
    arn: ({ arn, physicalName }) => arn("elasticache", `serverlesscache:${physicalName}`),
    outputs: ({ physicalName }) => ({
      endpoints: [
        { address: `${physicalName}-abc123.serverless.use1.cache.amazonaws.com`, port: 6379 },
      ],
    }),
  },
  "aws:iam/instanceProfile:InstanceProfile": iam("instance-profile"),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    arn: ({ inputs }) =>
      `arn:aws:iam::${mockAccountId}:oidc-provider/${(inputs["url"] as string).replace("https://", "")}`,
  },
  "aws:iam/policy:Policy": iam("policy"),
  "aws:iam/role:Role": iam("role"),
  "aws:kms/key:Key": {
    arn: ({ arn, id }) => arn("kms", `key/${id}`),
    outputs: ({ id }) => ({ keyId: id }),
  },
  "aws:lambda/invocation:Invocation": { outputs: () => ({ result: "{}" }) },
  "aws:lb/listener:Listener": {
    arn: ({ arn, name }) =>
      arn("elasticloadbalancing", `listener/app/${name}/${balancerHash}/${nameHash}`),
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    arn: (subject) =>
      subject.arn("elasticloadbalancing", `loadbalancer/${loadBalancerPath(subject)}`),
    outputs: (subject) => ({
      arnSuffix: loadBalancerPath(subject),
      dnsName: `${subject.physicalName}-1234567890.${subject.region}.elb.amazonaws.com`,
      zoneId: "Z35SXDOTRQ7X7K",
    }),
  },
  "aws:lb/targetGroup:TargetGroup": {
    arn: ({ arn, physicalName }) =>
      arn("elasticloadbalancing", `targetgroup/${physicalName}/${balancerHash}`),
    outputs: ({ physicalName }) => ({ arnSuffix: `targetgroup/${physicalName}/${balancerHash}` }),
  },
  "aws:opensearch/domain:Domain": {
    nameProperty: "domainName",
    arn: ({ arn, physicalName }) => arn("es", `domain/${physicalName}`),
    outputs: ({ physicalName, region }) => ({
      domainId: `${mockAccountId}/${physicalName}`,
      endpoint: `vpc-${physicalName}.${region}.es.amazonaws.com`,
    }),
  },
  "aws:rds/cluster:Cluster": {
    nameProperty: "clusterIdentifier",
    arn: ({ arn, physicalName }) => arn("rds", `cluster:${physicalName}`),
    outputs: clusterOutputs,
  },
  "aws:rds/clusterInstance:ClusterInstance": {
    nameProperty: "identifier",
    arn: ({ arn, physicalName }) => arn("rds", `db:${physicalName}`),
  },
  "aws:rds/instance:Instance": {
    nameProperty: "identifier",
    arn: ({ arn, physicalName }) => arn("rds", `db:${physicalName}`),
    outputs: databaseOutputs,
  },
  "aws:rds/proxy:Proxy": {
    outputs: ({ physicalName, region }) => ({
      endpoint: `${physicalName}.proxy-c1a2b3c4d5e6.${region}.rds.amazonaws.com`,
    }),
  },
  "aws:rds/proxyEndpoint:ProxyEndpoint": {
    nameProperty: "dbProxyEndpointName",
    outputs: ({ physicalName, region }) => ({
      endpoint: `${physicalName}.endpoint.proxy-c1a2b3c4d5e6.${region}.rds.amazonaws.com`,
    }),
  },
  "aws:route53/record:Record": {
    outputs: ({ inputs }) => ({ fqdn: (inputs["name"] as string).replace(/\.$/, "") }),
  },
  "aws:route53/zone:Zone": {
    outputs: ({ id }) => ({
      zoneId: id,
      nameServers: ["ns-1.awsdns-01.com", "ns-2.awsdns-02.net"],
    }),
  },
  "aws:s3/bucket:Bucket": {
    nameProperty: "bucket",
    arn: ({ physicalName }) => `arn:aws:s3:::${physicalName}`,
    outputs: ({ physicalName }) => ({ bucketDomainName: `${physicalName}.s3.amazonaws.com` }),
  },
  "aws:secretsmanager/secret:Secret": {
    arn: (subject) => secretArn(subject, subject.physicalName),
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    outputs: ({ inputs }) => ({
      // A version is known by the ARN of its secret.
      arn: inputs["secretId"],
      versionId: "00000000-0000-4000-8000-000000000001",
    }),
  },
  "aws:sns/topic:Topic": { arn: ({ arn, physicalName }) => arn("sns", physicalName) },
  "aws:sqs/queue:Queue": {
    arn: ({ arn, physicalName }) => arn("sqs", physicalName),
    outputs: ({ physicalName, region }) => ({
      url: `https://sqs.${region}.amazonaws.com/${mockAccountId}/${physicalName}`,
    }),
  },
  "awsx:ecr:Image": {
    // awsx builds the image and names it by its digest.
    outputs: ({ name, inputs }) => ({
      imageUri: `${inputs["repositoryUrl"] as string}@sha256:${createHash("sha256").update(name).digest("hex")}`,
    }),
  },
  "cloudflare:index/dnsRecord:DnsRecord": {
    outputs: () => ({ proxiable: true, proxied: false }),
  },
  "cloudflare:index/zone:Zone": {
    outputs: () => ({
      nameServers: ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
      status: "active",
    }),
  },
  "random:index/randomId:RandomId": {
    outputs: () => ({ hex: "1a2b3c4d", dec: "439041101", b64Url: "Gis8TQ", b64Std: "Gis8TQ==" }),
  },
  "random:index/randomPassword:RandomPassword": { outputs: ({ name }) => ({ result: `${name}!` }) },
  "random:index/randomString:RandomString": { outputs: ({ name }) => ({ result: name }) },
};

/** Modules of the provider whose name is not the service part of their ARNs. */
const serviceOfModule: Readonly<Record<string, string>> = {
  appautoscaling: "application-autoscaling",
  cloudwatch: "events",
  lb: "elasticloadbalancing",
  vpc: "ec2",
};

/** What identifies a resource to the table. */
export type ResourceIdentity = Pick<Subject, "type" | "name" | "id" | "region" | "inputs">;

/** The id a mocked resource gets: its logical name with a suffix, so that tests can spell it. */
export function computedId(name: string): string {
  return `${name}-id`;
}

/**
 * Everything a provider would add to a resource's inputs. Outputs that a resource class does not
 * declare are ignored by the runtime, so every AWS resource simply gets a name, ARN and region.
 */
export function computedOutputs(resource: ResourceIdentity): JsonObject {
  const { type, name, region, inputs } = resource;
  const row = rows[type] ?? {};
  const nameProperty = row.nameProperty ?? "name";
  const physicalName = physicalNameOf(name, inputs, nameProperty);
  const arn = (service: string, path: string): string =>
    `arn:aws:${service}:${region}:${mockAccountId}:${path}`;
  const subject: Subject = { ...resource, physicalName, arn };
  if (!type.startsWith("aws:")) {
    return row.outputs?.({ ...subject, ownArn: "" }) ?? {};
  }
  const ownArn = row.arn?.(subject) ?? defaultArn(subject);
  return {
    [nameProperty]: physicalName,
    arn: ownArn,
    region,
    ...row.outputs?.({ ...subject, ownArn }),
  };
}

function physicalNameOf(name: string, inputs: JsonObject, nameProperty: string): string {
  const given = inputs[nameProperty];
  const prefix = inputs[`${nameProperty}Prefix`];
  if (typeof given === "string") {
    return given;
  }
  return typeof prefix === "string" ? `${prefix}${nameHash}` : `${name}-${nameHash}`;
}

// "aws:ec2/securityGroup:SecurityGroup" becomes service "ec2" and kind "security-group".
function defaultArn({ type, physicalName, arn }: Subject): string {
  const [module = "", kind = ""] = (type.split(":")[1] ?? "").split("/");
  const dashed = kind.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return arn(serviceOfModule[module] ?? module, `${dashed}/${physicalName}`);
}
