import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { afterwards } from "../support/afterwards";
import { policyDocument, serviceTrust } from "../support/iam";
import { openPassage } from "../support/passage";
import { AURORA_READER, type ReaderHosts } from "./connection";
import { factsOf } from "./engines";
import type { Server, Surroundings } from "./server";
import type { CheckedSettings } from "./settings";

export interface ProxyArgs {
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    readonly accountId: pulumi.Input<string>;
    readonly dataSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  };
  readonly settings: CheckedSettings;
  readonly surroundings: Surroundings;
  readonly server: Server;
  readonly secretArn: pulumi.Output<string>;
  readonly maxConnectionsPercent: number;
}

/** What services connect to in the database's place. */
export interface Proxy {
  readonly host: pulumi.Output<string>;
  readonly readerHosts: ReaderHosts;
  readonly securityGroupId: pulumi.Output<string>;
}

/** RDS Proxy: takes TLS alone, knows the one user of the secret, and is as closed as the database behind it. */
export function createProxy(
  name: string,
  { network, settings, surroundings, server, secretArn, maxConnectionsPercent }: ProxyArgs,
  child: pulumi.CustomResourceOptions,
): Proxy {
  const { isCluster, family, port } = factsOf(settings.engine);
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-proxy-security-group`,
    { vpcId: network.vpcId, description: `Proxy of database ${name}`, tags: { Name: name } },
    child,
  );
  openPassage(
    `${name}-proxy-to-database`,
    {
      from: securityGroup.id,
      to: surroundings.securityGroupId,
      port,
      description: `Queries from the proxy to ${name}`,
    },
    child,
  );
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-proxy-logs`,
    {
      name: pulumi.interpolate`/aws/rds/proxy/${surroundings.identifier}`,
      retentionInDays: settings.logRetentionDays,
    },
    { ...child, deleteBeforeReplace: true },
  );

  const place = {
    vpcSubnetIds: network.dataSubnetIds,
    vpcSecurityGroupIds: [securityGroup.id],
    tags: { Name: name },
  };
  const proxy = new aws.rds.Proxy(
    `${name}-proxy`,
    {
      name: surroundings.identifier,
      engineFamily: family,
      auths: [{ authScheme: "SECRETS", iamAuth: "DISABLED", secretArn }],
      requireTls: true,
      roleArn: createRole(name, network.accountId, secretArn, child),
      ...place,
    },
    { ...child, dependsOn: [logGroup], deleteBeforeReplace: true },
  );
  const pool = new aws.rds.ProxyDefaultTargetGroup(
    `${name}-proxy-pool`,
    {
      dbProxyName: proxy.name,
      connectionPoolConfig: {
        maxConnectionsPercent,
        // Half of them at most lie idle, as by RDS's own default.
        maxIdleConnectionsPercent: Math.floor(maxConnectionsPercent / 2),
      },
    },
    child,
  );
  const target = new aws.rds.ProxyTarget(
    `${name}-proxy-target`,
    {
      dbProxyName: proxy.name,
      targetGroupName: pool.name,
      ...(isCluster
        ? { dbClusterIdentifier: server.identifier }
        : { dbInstanceIdentifier: server.identifier }),
    },
    child,
  );
  // A proxy without a target refuses every connection.
  const onceLeading = (host: pulumi.Output<string>) => afterwards(host, target);
  const reader =
    Object.keys(server.readerHosts).length === 0
      ? undefined
      : new aws.rds.ProxyEndpoint(
          `${name}-proxy-reader`,
          {
            dbProxyName: proxy.name,
            dbProxyEndpointName: pulumi.interpolate`${surroundings.identifier}-reader`,
            targetRole: "READ_ONLY",
            ...place,
          },
          { ...child, deleteBeforeReplace: true },
        );
  return {
    host: onceLeading(proxy.endpoint),
    readerHosts: reader === undefined ? {} : { [AURORA_READER]: onceLeading(reader.endpoint) },
    securityGroupId: securityGroup.id,
  };
}

/** The role by which the proxy reads the one secret; its key is Secrets Manager's own, which asks for no more. */
function createRole(
  name: string,
  accountId: pulumi.Input<string>,
  secretArn: pulumi.Output<string>,
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const role = new aws.iam.Role(
    `${name}-proxy-role`,
    { assumeRolePolicy: serviceTrust("rds.amazonaws.com", accountId) },
    child,
  );
  const policy = new aws.iam.RolePolicy(
    `${name}-proxy-policy`,
    {
      role: role.name,
      policy: policyDocument([
        { actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] },
      ]),
    },
    child,
  );
  // Known once the right is there: the proxy reads the secret when it is created.
  return afterwards(role.arn, policy);
}
