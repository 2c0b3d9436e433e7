import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { managedPolicyArn, serviceTrust } from "../support/iam";
import { checkSettings } from "../support/parse-settings";
import { type DatabaseSettings, databaseSettings } from "./settings";

const POSTGRES_PORT = 5432;

/** Logs that RDS for PostgreSQL can hand to CloudWatch. */
const POSTGRES_LOGS = ["postgresql", "upgrade"];

export interface DatabaseArgs extends DatabaseSettings {
  /** Where it stands; a `Network` will do. */
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    readonly accountId: pulumi.Input<string>;
    readonly dataSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  };
  /** Whether AWS and Pulumi refuse to delete it. Default true. */
  readonly deletionProtection?: boolean;
}

/**
 * A PostgreSQL database on RDS in the data subnets: encrypted, TLS only, backed up, closed to everybody until a service
 * or bastion opens a passage from its own security group. RDS makes up the password, keeps it in Secrets Manager and
 * rotates it; this program never sees it.
 *
 * ```ts
 * const database = new Database("database", {
 *   network, engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: false,
 * });
 * ```
 *
 * Cost: db.t4g.micro with 20 GiB is about 14 USD a month, twice that with `multiAz`; the secret 0.40 USD. (AWS price pages
 * for us-east-1, read in November 2026.)
 */
export class Database extends pulumi.ComponentResource {
  public readonly host: pulumi.Output<string>;
  public readonly port: number = POSTGRES_PORT;
  public readonly databaseName: pulumi.Output<string>;
  /** Names it in CloudWatch metrics and to the AWS CLI. */
  public readonly identifier: pulumi.Output<string>;
  public readonly securityGroupId: pulumi.Output<string>;
  /** Secret with the keys "username" and "password". */
  public readonly secretArn: pulumi.Output<string>;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    const { network, deletionProtection = true, ...rest } = args;
    const settings = checkSettings(`Database "${name}"`, databaseSettings, rest);
    super("ecs-platform:index:Database", name, {}, opts);
    const child = { parent: this };

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
    const parameterGroup = new aws.rds.ParameterGroup(
      `${name}-parameters`,
      {
        family: `postgres${majorVersion(settings.engineVersion)}`,
        description: `Database ${name}`,
        parameters: parameterList({ ...settings.parameters, "rds.force_ssl": "1" }),
      },
      child,
    );

    // RDS writes its logs to groups that are named after the instance, and makes them without retention unless they are
    // there before it: so the identifier must be known beforehand. It is stable, for the last snapshot to be found by.
    const suffix = new random.RandomId(`${name}-suffix`, { byteLength: 4 }, child);
    const identifier = pulumi.interpolate`${name}-${suffix.hex}`;
    const logGroups = POSTGRES_LOGS.map(
      (log) =>
        new aws.cloudwatch.LogGroup(
          `${name}-${log}-logs`,
          {
            name: pulumi.interpolate`/aws/rds/instance/${identifier}/${log}`,
            retentionInDays: settings.logRetentionDays,
          },
          { ...child, deleteBeforeReplace: true },
        ),
    );

    const instance = new aws.rds.Instance(
      `${name}-instance`,
      {
        identifier,
        engine: settings.engine,
        engineVersion: settings.engineVersion,
        autoMinorVersionUpgrade: true,
        // A major upgrade happens when the stack file names another major version, and only then.
        allowMajorVersionUpgrade: true,
        // Staying on an expired major version is charged by the vCPU and hour; we would rather be told.
        engineLifecycleSupport: "open-source-rds-extended-support-disabled",
        instanceClass: settings.instanceClass,
        multiAz: settings.multiAz,
        applyImmediately: settings.applyImmediately,
        maintenanceWindow: settings.maintenanceWindow,

        storageType: "gp3",
        allocatedStorage: settings.storageGiB,
        maxAllocatedStorage: settings.maxStorageGiB,
        storageEncrypted: true,

        dbName: settings.databaseName,
        username: settings.username,
        manageMasterUserPassword: true,
        iamDatabaseAuthenticationEnabled: true,

        dbSubnetGroupName: subnetGroup.name,
        vpcSecurityGroupIds: [securityGroup.id],
        publiclyAccessible: false,
        port: POSTGRES_PORT,
        parameterGroupName: parameterGroup.name,

        backupRetentionPeriod: settings.backupRetentionDays,
        backupWindow: settings.backupWindow,
        copyTagsToSnapshot: true,
        deletionProtection,
        ...(settings.noFinalSnapshotBecause === undefined
          ? { finalSnapshotIdentifier: pulumi.interpolate`${identifier}-final` }
          : { skipFinalSnapshot: true }),

        enabledCloudwatchLogsExports: POSTGRES_LOGS,
        performanceInsightsEnabled: true,
        performanceInsightsRetentionPeriod: settings.performanceInsightsRetentionDays,
        ...createMonitoring(name, settings.monitoringIntervalSeconds, network.accountId, child),
        tags: { Name: name },
      },
      {
        ...child,
        protect: deletionProtection,
        dependsOn: logGroups,
        // A Multi-AZ instance with a large storage takes its time, and so does its last snapshot.
        customTimeouts: { create: "60m", update: "80m", delete: "60m" },
      },
    );

    this.host = instance.address;
    this.databaseName = instance.dbName;
    this.identifier = instance.identifier;
    this.securityGroupId = securityGroup.id;
    this.secretArn = instance.masterUserSecrets.apply(([secret]) => secret?.secretArn ?? "");
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

/** "17" of "17.4". */
function majorVersion(version: string): string {
  return version.replace(/\..*$/, "");
}

/** Sorted, so that the order of the stack file means nothing. */
function parameterList(
  parameters: Readonly<Record<string, string>>,
): { name: string; value: string; applyMethod: string }[] {
  return Object.entries(parameters)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([parameter, value]) => ({
      name: parameter,
      value,
      // Taken at the next restart where the parameter is static; RDS refuses "immediate" for those.
      applyMethod: "pending-reboot",
    }));
}

function createMonitoring(
  name: string,
  intervalSeconds: number,
  accountId: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions,
): { monitoringInterval: number; monitoringRoleArn?: pulumi.Output<string> } {
  if (intervalSeconds === 0) return { monitoringInterval: 0 };
  const role = new aws.iam.Role(
    `${name}-monitoring-role`,
    { assumeRolePolicy: serviceTrust("monitoring.rds.amazonaws.com", accountId) },
    child,
  );
  const attachment = new aws.iam.RolePolicyAttachment(
    `${name}-monitoring-policy`,
    {
      role: role.name,
      policyArn: managedPolicyArn(role.arn, "service-role/AmazonRDSEnhancedMonitoringRole"),
    },
    child,
  );
  return {
    monitoringInterval: intervalSeconds,
    // Known once the policy is attached: RDS tries the role when it creates the instance.
    monitoringRoleArn: pulumi.all([role.arn, attachment.id]).apply(([arn]) => arn),
  };
}
