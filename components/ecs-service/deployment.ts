import { z } from "zod";
import { reason } from "../support/rules";

export const deployment = z.strictObject({
  minimumHealthyPercent: z
    .int()
    .min(0)
    .max(100)
    .default(100)
    .describe("Tasks that keep running while a deployment replaces them, in per cent."),
  maximumPercent: z
    .int()
    .min(100)
    .max(200)
    .default(200)
    .describe("Old and new tasks that may run at once, in per cent."),
  noRollbackBecause: reason
    .optional()
    .describe("Leaves a deployment that does not get healthy as it is, and says why."),
});

/** How ECS replaces the tasks of a service. */
export function deploymentSettings({
  minimumHealthyPercent,
  maximumPercent,
  noRollbackBecause,
}: z.output<typeof deployment>) {
  return {
    deploymentMinimumHealthyPercent: minimumHealthyPercent,
    deploymentMaximumPercent: maximumPercent,
    deploymentCircuitBreaker: { enable: true, rollback: noRollbackBecause === undefined },
    // Evening tasks out over zones starts the new one first, so ECS refuses it without room above 100 %.
    availabilityZoneRebalancing: maximumPercent > 100 ? "ENABLED" : "DISABLED",
  };
}
