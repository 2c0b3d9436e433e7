import * as pulumi from "@pulumi/pulumi";
import { checkSettings } from "../support/parse-settings";
import { adoptVpc } from "./existing";
import type { NetworkOutputs } from "./outputs";
import { type NetworkSettings, networkSettings } from "./settings";
import { createVpc } from "./vpc";

export interface NetworkArgs extends NetworkSettings {
  /** Whether Pulumi refuses to delete the VPC, and a bucket with flow logs outlives it. Default true. */
  readonly deletionProtection?: boolean;
}

/**
 * A VPC with three tiers of subnets in every Availability Zone: `public` for the load balancer and NAT gateways, `app`
 * for tasks, `data` for databases. Only `public` is reachable from the internet, `app` gets out as `nat` says, `data`
 * has no route out. The default security group is closed, and the traffic is recorded.
 *
 * Each subnet's addresses depend on the VPC's block, its tier and its zone's letter alone: adding a zone moves no
 * other subnet. `subnets` places them by hand instead.
 *
 * ```ts
 * const network = new Network("network", {
 *   availabilityZones: ["us-east-1a", "us-east-1b"],
 *   nat: "single",
 * });
 * ```
 *
 * With `existing` it creates nothing, and stands for a VPC that somebody else looks after.
 *
 * Cost: a NAT gateway is about 33 USD a month and 0.045 USD per GB; its public address 3.65 USD a month; an interface
 * endpoint about 7.30 USD a month in each zone; flow logs 0.50 USD per GB in CloudWatch, 0.25 in a bucket. The rest is
 * free. (AWS price pages for us-east-1, read in November 2026.)
 *
 * It does not peer, and it does not touch the VPC's main route table and network ACL.
 */
export class Network extends pulumi.ComponentResource implements NetworkOutputs {
  public readonly vpcId: pulumi.Output<string>;
  /** The account that owns the VPC. */
  public readonly accountId: pulumi.Output<string>;
  /** The VPC's IPv4 block. */
  public readonly vpcCidr: pulumi.Output<string>;
  /** Whether what stands in the network has IPv6 addresses too. */
  public readonly ipv6: boolean;
  /** The VPC's IPv6 block; undefined without IPv6. */
  public readonly ipv6Cidr: pulumi.Output<string> | undefined;
  /** The zones, in the order of the ids below: by name, or as `existing` has them. */
  public readonly availabilityZones: readonly string[];
  public readonly publicSubnetIds: pulumi.Output<string>[];
  public readonly appSubnetIds: pulumi.Output<string>[];
  /** Empty where there is no data tier. */
  public readonly dataSubnetIds: pulumi.Output<string>[];
  /** Public addresses that outside services see when tasks call them; empty without NAT and in an adopted VPC. */
  public readonly natPublicIps: pulumi.Output<string[]>;
  /** Managed NAT gateways, by the letter of their zone, or "regional"; none with a NAT instance or an adopted VPC. */
  public readonly natGatewayIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Log group with the record of its traffic; undefined where there is none, or a bucket. */
  public readonly flowLogGroupName: pulumi.Output<string> | undefined;
  /** The instance in place of a NAT gateway; undefined without. */
  public readonly natInstanceId: pulumi.Output<string> | undefined;

  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    const { deletionProtection = true, ...rest } = args;
    const settings = checkSettings(`Network "${name}"`, networkSettings, rest);
    super("ecs-platform:index:Network", name, {}, opts);

    const outputs =
      settings.existing === undefined
        ? createVpc(name, { ...settings, deletionProtection }, { parent: this })
        : adoptVpc(settings.existing);

    this.vpcId = outputs.vpcId;
    this.accountId = outputs.accountId;
    this.vpcCidr = outputs.vpcCidr;
    this.ipv6 = outputs.ipv6Cidr !== undefined;
    this.ipv6Cidr = outputs.ipv6Cidr;
    this.availabilityZones = outputs.availabilityZones;
    this.publicSubnetIds = outputs.publicSubnetIds;
    this.appSubnetIds = outputs.appSubnetIds;
    this.dataSubnetIds = outputs.dataSubnetIds;
    this.natPublicIps = outputs.natPublicIps;
    this.natGatewayIds = outputs.natGatewayIds;
    this.flowLogGroupName = outputs.flowLogGroupName;
    this.natInstanceId = outputs.natInstanceId;
    this.registerOutputs({
      vpcId: this.vpcId,
      accountId: this.accountId,
      publicSubnetIds: this.publicSubnetIds,
      appSubnetIds: this.appSubnetIds,
      dataSubnetIds: this.dataSubnetIds,
      natPublicIps: this.natPublicIps,
    });
  }
}
