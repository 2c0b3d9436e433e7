import type * as pulumi from "@pulumi/pulumi";

/** What others need to know of a network, be it one's own or an adopted one. */
export interface NetworkOutputs {
  readonly vpcId: pulumi.Output<string>;
  readonly accountId: pulumi.Output<string>;
  readonly vpcCidr: pulumi.Output<string>;
  readonly ipv6Cidr: pulumi.Output<string> | undefined;
  readonly availabilityZones: readonly string[];
  readonly publicSubnetIds: pulumi.Output<string>[];
  readonly appSubnetIds: pulumi.Output<string>[];
  readonly dataSubnetIds: pulumi.Output<string>[];
  readonly natPublicIps: pulumi.Output<string[]>;
  /** Managed NAT gateways, by the letter of their zone, or "regional". */
  readonly natGatewayIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Log group with the record of its traffic; undefined where there is none, or a bucket. */
  readonly flowLogGroupName: pulumi.Output<string> | undefined;
  /** The instance in place of a NAT gateway; undefined without. */
  readonly natInstanceId: pulumi.Output<string> | undefined;
}
