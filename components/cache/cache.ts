import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Connection } from "../support/connection";
import { checkSettings } from "../support/parse-settings";
import { createReplicationGroup } from "./replication-group";
import { createServerlessCache } from "./serverless";
import { type CacheSettings, cacheSettings } from "./settings";
import { createUser } from "./user";

const VALKEY_PORT = 6379;

/** Variables that a service gets, by what follows the key. */
export const CACHE_VARIABLES = ["HOST", "READER_HOST", "PORT", "URL", "USERNAME", "PASSWORD"];

export interface CacheArgs extends CacheSettings {
  /** Where it stands; a `Network` will do. */
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    readonly dataSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  };
  /** Whether Pulumi refuses to delete it, and its password can be had back for 30 days. Default true. */
  readonly deletionProtection?: boolean;
}

/** Where a cache answers. */
export interface Endpoints {
  readonly host: pulumi.Output<string>;
  readonly readerHost: pulumi.Output<string>;
}

/**
 * A Valkey cache on ElastiCache in the data subnets: encrypted, TLS only, closed to everybody until a service opens a
 * passage from its own security group, and to everybody without its user name and password, which lie in Secrets
 * Manager. Either nodes of a fixed size, or serverless.
 *
 * ```ts
 * const sessions = new Cache("sessions", {
 *   network, engineVersion: "8.1", nodes: { type: "cache.t4g.micro", replicas: 1 },
 * });
 * ```
 *
 * Cost: cache.t4g.micro is about 9.30 USD a month for each node, serverless from 6.13; the secret 0.40 USD. (AWS price
 * pages for us-east-1, read in November 2026.)
 *
 * A user with a password, and not IAM: tokens of IAM end connections after twelve hours, and few clients renew them.
 */
export class Cache extends pulumi.ComponentResource {
  public readonly host: pulumi.Output<string>;
  /** Spreads reads over the replicas; where there are none, the same as `host`. */
  public readonly readerHost: pulumi.Output<string>;
  public readonly port: number = VALKEY_PORT;
  /** Names it in CloudWatch metrics and to the AWS CLI. */
  public readonly identifier: pulumi.Output<string>;
  public readonly securityGroupId: pulumi.Output<string>;
  /** Secret with the keys "username" and "password". */
  public readonly secretArn: pulumi.Output<string>;
  /** What a service needs to use it. */
  public readonly connection: Connection;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: CacheArgs, opts?: pulumi.ComponentResourceOptions) {
    const { network, deletionProtection = true, ...rest } = args;
    const settings = checkSettings(`Cache "${name}"`, cacheSettings, rest);
    super("ecs-platform:index:Cache", name, {}, opts);
    const child = { parent: this };

    const securityGroup = new aws.ec2.SecurityGroup(
      `${name}-security-group`,
      { vpcId: network.vpcId, description: `Cache ${name}`, tags: { Name: name } },
      child,
    );
    // Users and their groups have no names but those one gives, and must differ in an account.
    const suffix = new random.RandomId(`${name}-suffix`, { byteLength: 4 }, child);
    const identifier = pulumi.interpolate`${name}-${suffix.hex}`;
    const { userGroup, secretArn } = createUser(name, { identifier, deletionProtection }, child);

    const shared = {
      identifier,
      engineVersion: settings.engineVersion,
      backupRetentionDays: settings.backupRetentionDays,
      subnetIds: network.dataSubnetIds,
      securityGroupId: securityGroup.id,
      userGroupId: userGroup.id,
      protect: deletionProtection,
    };
    const { host, readerHost } =
      settings.nodes === undefined
        ? createServerlessCache(name, { ...shared, limits: settings.serverless ?? {} }, child)
        : createReplicationGroup(name, { ...shared, nodes: settings.nodes }, child);

    this.host = host;
    this.readerHost = readerHost;
    this.identifier = identifier;
    this.securityGroupId = securityGroup.id;
    this.secretArn = secretArn;
    this.connection = {
      environment: {
        HOST: host,
        READER_HOST: readerHost,
        PORT: String(VALKEY_PORT),
        // "rediss" with two s is how clients are told to speak TLS.
        URL: pulumi.interpolate`rediss://${host}:${VALKEY_PORT}`,
      },
      secrets: {
        USERNAME: pulumi.interpolate`${secretArn}:username::`,
        PASSWORD: pulumi.interpolate`${secretArn}:password::`,
      },
      listener: { securityGroupId: securityGroup.id, port: VALKEY_PORT },
      permissions: [],
    };
    this.registerOutputs({
      host: this.host,
      readerHost: this.readerHost,
      port: this.port,
      identifier: this.identifier,
      securityGroupId: this.securityGroupId,
      secretArn: this.secretArn,
    });
  }
}
