import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { backupTag } from "../support/backup-tag";
import type { Connection } from "../support/connection";
import { checkSettings } from "../support/parse-settings";
import { createCluster } from "./cluster";
import { databaseConnection } from "./connection";
import { factsOf } from "./engines";
import { createInstance } from "./instance";
import { createLogGroups, createOsReadings } from "./observation";
import { createParameterGroup } from "./parameters";
import { createPassword, createRotation, createSecret } from "./password";
import { createProxy } from "./proxy";
import type { Surroundings } from "./server";
import { type DatabaseSettings, databaseSettings } from "./settings";

export interface DatabaseArgs extends DatabaseSettings {
  /** Where it stands; a `Network` will do. */
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    readonly accountId: pulumi.Input<string>;
    readonly dataSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  };
  /** Whether AWS and Pulumi refuse to delete it. Default true. */
  readonly deletionProtection?: boolean;
  /** Value of its tag `Backup`, by which a `Backups` finds it. Without it: no tag. */
  readonly backupTag?: string | undefined;
}

/**
 * A database on RDS in the data subnets, PostgreSQL or MySQL, as an instance or as a cluster of Aurora: encrypted, TLS only,
 * backed up, closed to everybody until a service or bastion opens a passage from its own security group. RDS makes up the
 * password, keeps it in Secrets Manager and rotates it; this program never sees it, unless `password: "generated"`.
 *
 * ```ts
 * const database = new Database("database", {
 *   network, engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: false,
 * });
 * const orders = new Database("orders", {
 *   network, engine: "aurora-mysql", engineVersion: "8.0", serverless: { minAcu: 0.5, maxAcu: 4 }, replicas: { a: {} },
 * });
 * ```
 *
 * Cost: db.t4g.micro with 20 GiB is about 14 USD a month, twice that with `multiAz`, once more for each replica; Aurora
 * Serverless 44 USD for each half capacity unit that an instance keeps, and 0.10 for each GB; the secret 0.40 USD. (AWS price
 * pages for us-east-1, read in November 2026.)
 */
export class Database extends pulumi.ComponentResource {
  /** What monitoring can watch of it: an instance, or a cluster with fixed capacity or without. */
  public readonly kind: "instance" | "cluster" | "serverless";
  /** Address of the database itself, past its proxy where it has one. */
  public readonly host: pulumi.Output<string>;
  public readonly port: number;
  public readonly databaseName: pulumi.Output<string>;
  /** Names it in CloudWatch metrics and to the AWS CLI. */
  public readonly identifier: pulumi.Output<string>;
  /** The data subnets as RDS knows them. */
  public readonly subnetGroupName: pulumi.Output<string>;
  /** Names of its read replicas in CloudWatch metrics, by key. */
  public readonly replicaIdentifiers: Readonly<Record<string, pulumi.Output<string>>>;
  public readonly securityGroupId: pulumi.Output<string>;
  /** Secret with the keys "username" and "password". */
  public readonly secretArn: pulumi.Output<string>;
  /** What a service needs to query it. */
  public readonly connection: Connection;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    const { network, deletionProtection = true, backupTag: backup, ...rest } = args;
    const settings = checkSettings(`Database "${name}"`, databaseSettings, rest);
    super("ecs-platform:index:Database", name, {}, opts);
    const child = { parent: this };
    const { isCluster, port } = factsOf(settings.engine);

    const securityGroup = new aws.ec2.SecurityGroup(
      `${name}-security-group`,
      { vpcId: network.vpcId, description: `Database ${name}`, tags: { Name: name } },
      child,
    );
    const subnetGroup = new aws.rds.SubnetGroup(
      `${name}-subnets`,
      { subnetIds: network.dataSubnetIds, description: `Database ${name}` },
      child,
    );
    const suffix = new random.RandomId(`${name}-suffix`, { byteLength: 4 }, child);
    const identifier = pulumi.interpolate`${name}-${suffix.hex}`;
    const password = createPassword(name, settings, child);
    const surroundings: Surroundings = {
      identifier,
      subnetGroupName: subnetGroup.name,
      securityGroupId: securityGroup.id,
      parameterGroupName: createParameterGroup(name, settings, child),
      logGroups: createLogGroups(name, identifier, settings, child),
      osReadings: createOsReadings(
        name,
        settings.monitoringIntervalSeconds,
        network.accountId,
        child,
      ),
      password,
      deletionProtection,
      tags: { Name: name, ...backupTag(backup) },
    };
    const server = (isCluster ? createCluster : createInstance)(
      name,
      settings,
      surroundings,
      child,
    );
    const secretArn =
      password === undefined
        ? server.managedSecretArn
        : createSecret(name, settings, { password, server }, deletionProtection, child);
    if (settings.rotationDays !== undefined) {
      createRotation(name, secretArn, settings.rotationDays, child);
    }
    const proxy =
      settings.proxy &&
      createProxy(
        name,
        { network, settings, surroundings, server, secretArn, ...settings.proxy },
        child,
      );

    this.kind = isCluster ? (settings.serverless ? "serverless" : "cluster") : "instance";
    this.host = server.host;
    this.port = port;
    this.databaseName = server.databaseName;
    this.identifier = server.identifier;
    this.replicaIdentifiers = server.replicaIdentifiers;
    this.subnetGroupName = subnetGroup.name;
    this.securityGroupId = securityGroup.id;
    this.secretArn = secretArn;
    this.connection = databaseConnection({
      host: proxy?.host ?? server.host,
      port,
      databaseName: server.databaseName,
      readerHosts: proxy?.readerHosts ?? server.readerHosts,
      secretArn,
      securityGroupId: proxy?.securityGroupId ?? securityGroup.id,
    });
    this.registerOutputs({
      host: this.host,
      port: this.port,
      databaseName: this.databaseName,
      identifier: this.identifier,
      securityGroupId: this.securityGroupId,
      secretArn: this.secretArn,
    });
  }
}
