import * as pulumi from "@pulumi/pulumi";
import type { EcsService } from "../components";

type Outputs = Readonly<Record<string, pulumi.Output<string>>>;

/** How to ask the new tasks of a service before anybody else does. Nothing where no service has such requests. */
export function testCommands(
  services: Readonly<Record<string, Pick<EcsService, "testHeader">>>,
  endpoints: Outputs,
): { readonly test?: Outputs } {
  const commands = Object.entries(services).flatMap(([name, { testHeader: header }]) => {
    const endpoint = endpoints[name];
    return header === undefined || endpoint === undefined
      ? []
      : [
          [
            name,
            pulumi.interpolate`curl --include --header '${header.name}: ${header.value}' ${endpoint}`,
          ],
        ];
  });
  return commands.length === 0 ? {} : { test: Object.fromEntries(commands) as Outputs };
}
