import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { factsOf, parameterFamily } from "./engines";
import type { CheckedSettings } from "./settings";

/** The group of parameters that forces TLS, and its name. Those of Aurora count for the whole cluster. */
export function createParameterGroup(
  name: string,
  settings: CheckedSettings,
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { isCluster, tls, logParameters } = factsOf(settings.engine);
  const group = {
    family: parameterFamily(settings.engine, settings.engineVersion),
    description: `Database ${name}`,
    parameters: parameterList({
      ...logParameters,
      ...settings.parameters,
      [tls.parameter]: tls.value,
    }),
  };
  return isCluster
    ? new aws.rds.ClusterParameterGroup(`${name}-parameters`, group, child).name
    : new aws.rds.ParameterGroup(`${name}-parameters`, group, child).name;
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
