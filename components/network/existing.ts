import * as pulumi from "@pulumi/pulumi";
import type { ExistingSettings } from "./existing-settings";
import type { NetworkOutputs } from "./outputs";

/** A VPC that somebody else looks after: nothing is created, what is known of it is handed on. */
export function adoptVpc(existing: ExistingSettings): NetworkOutputs {
  const outputs = (ids: readonly pulumi.Input<string>[]) => ids.map((id) => pulumi.output(id));
  return {
    vpcId: pulumi.output(existing.vpcId),
    accountId: pulumi.output(existing.accountId),
    vpcCidr: pulumi.output(existing.cidr),
    ipv6Cidr: existing.ipv6Cidr === undefined ? undefined : pulumi.output(existing.ipv6Cidr),
    availabilityZones: existing.availabilityZones,
    publicSubnetIds: outputs(existing.publicSubnetIds),
    appSubnetIds: outputs(existing.appSubnetIds),
    dataSubnetIds: outputs(existing.dataSubnetIds),
    natPublicIps: pulumi.output<string[]>([]),
    natGatewayIds: {},
    flowLogGroupName: undefined,
    natInstanceId: undefined,
  };
}
