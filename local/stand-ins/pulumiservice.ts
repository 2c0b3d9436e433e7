import type { provider } from "@pulumi/pulumi";
import { obedientStandIn } from "./obedient";

/** Takes what is set up in Pulumi Cloud. Whatever belongs to a stack stays with it. */
export function pulumiserviceStandIn(version: string, recordFile: string): provider.Provider {
  const service = {
    package: "pulumiservice",
    computed: (type: string) =>
      type.endsWith("Schedule") ? { scheduleId: "00000000-0000-4000-8000-000000000001" } : {},
    fixedKeys: () => ["organization", "project", "stack"],
  };
  return obedientStandIn(service, version, recordFile);
}
