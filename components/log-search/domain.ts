import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { policyDocument } from "../support/iam";
import type { OpenSearchSettings } from "./settings";

export const MASTER = "admin";
export const UI_USER = "dashboards";

export interface LogStore {
  readonly domain: aws.opensearch.Domain;
  readonly securityGroup: aws.ec2.SecurityGroup;
  /** Secret with "username" and "password" of the user who may everything. */
  readonly masterSecret: aws.secretsmanager.Secret;
  /** Secret with "username", "password" and "cookie" of the search page. */
  readonly uiSecret: aws.secretsmanager.Secret;
  /** Nobody gets an answer from the domain before it stands. */
  readonly policy: aws.opensearch.DomainPolicy;
}

/** The store: an OpenSearch domain in the app subnets, encrypted, closed, with users of its own. */
export function createLogStore(
  name: string,
  args: {
    readonly settings: OpenSearchSettings;
    readonly vpcId: pulumi.Input<string>;
    readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  },
  child: pulumi.CustomResourceOptions,
): LogStore {
  const { settings } = args;
  const inTwoZones = settings.instances > 1;
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-security-group`,
    { vpcId: args.vpcId, description: "Log store", tags: { Name: name } },
    child,
  );
  const serviceLinkedRole =
    settings.createServiceLinkedRole &&
    new aws.iam.ServiceLinkedRole(
      `${name}-service-linked-role`,
      { awsServiceName: "opensearchservice.amazonaws.com" },
      child,
    );
  const masterPassword = createPassword(`${name}-master`, child);
  const subnetIds = pulumi.output(args.subnetIds);

  const domain = new aws.opensearch.Domain(
    `${name}-store`,
    {
      engineVersion: `OpenSearch_${settings.version}`,
      clusterConfig: {
        instanceType: settings.instanceType,
        instanceCount: settings.instances,
        zoneAwarenessEnabled: inTwoZones,
        ...(inTwoZones && { zoneAwarenessConfig: { availabilityZoneCount: 2 } }),
      },
      ebsOptions: { ebsEnabled: true, volumeType: "gp3", volumeSize: settings.volumeGiB },
      vpcOptions: {
        subnetIds: subnetIds.apply((ids) => ids.slice(0, inTwoZones ? 2 : 1)),
        securityGroupIds: [securityGroup.id],
      },
      encryptAtRest: { enabled: true },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: {
        enforceHttps: true,
        tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10",
      },
      advancedSecurityOptions: {
        enabled: true,
        internalUserDatabaseEnabled: true,
        masterUserOptions: {
          masterUserName: MASTER,
          masterUserPassword: masterPassword.result,
        },
      },
      softwareUpdateOptions: { autoSoftwareUpdateEnabled: true },
    },
    {
      ...child,
      dependsOn: serviceLinkedRole === false ? [] : [serviceLinkedRole],
      customTimeouts: { create: "90m", update: "180m", delete: "90m" },
    },
  );
  const policy = new aws.opensearch.DomainPolicy(
    `${name}-store-policy`,
    {
      domainName: domain.domainName,
      accessPolicies: policyDocument([
        {
          // A browser's login carries no signature of IAM: the domain's own users decide, and the security group.
          principal: { AWS: "*" },
          actions: ["es:ESHttp*"],
          resources: [pulumi.interpolate`${domain.arn}/*`],
        },
      ]),
    },
    child,
  );

  return {
    domain,
    securityGroup,
    policy,
    masterSecret: createSecret(
      `${name}-master`,
      `User of ${name} who may everything`,
      { username: MASTER, password: masterPassword.result },
      child,
    ),
    uiSecret: createSecret(
      `${name}-ui`,
      `User of the search page of ${name}`,
      {
        username: UI_USER,
        password: createPassword(`${name}-ui`, child).result,
        // Signs the sessions of people who have logged in; the image's own is known to everybody.
        cookie: createPassword(`${name}-ui-cookie`, child).result,
      },
      child,
    ),
  };
}

/** OpenSearch wants a letter of each case, a digit and something else. */
function createPassword(name: string, child: pulumi.CustomResourceOptions): random.RandomPassword {
  return new random.RandomPassword(
    `${name}-password`,
    {
      length: 32,
      overrideSpecial: "-_",
      minLower: 1,
      minUpper: 1,
      minNumeric: 1,
      minSpecial: 1,
    },
    child,
  );
}

function createSecret(
  name: string,
  description: string,
  value: Readonly<Record<string, pulumi.Input<string>>>,
  child: pulumi.CustomResourceOptions,
): aws.secretsmanager.Secret {
  const secret = new aws.secretsmanager.Secret(
    `${name}-secret`,
    { description, recoveryWindowInDays: 7 },
    child,
  );
  new aws.secretsmanager.SecretVersion(
    `${name}-secret`,
    { secretId: secret.id, secretString: pulumi.jsonStringify(value) },
    child,
  );
  return secret;
}
