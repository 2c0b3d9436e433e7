import * as pulumi from "@pulumi/pulumi";

/** The value, known only when the resources are there: whoever uses it waits for them. */
export function afterwards(
  value: pulumi.Output<string>,
  ...resources: readonly pulumi.CustomResource[]
): pulumi.Output<string> {
  return pulumi.all([value, pulumi.all(resources.map(({ id }) => id))]).apply(([known]) => known);
}
