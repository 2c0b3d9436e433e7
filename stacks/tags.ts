import type { PlatformConfig } from "./config";

/** Tags for everything that AWS lets be tagged. */
export function stackTags(
  config: Pick<PlatformConfig, "project" | "stack" | "tags">,
): Record<string, string> {
  return {
    Project: config.project,
    Environment: config.stack,
    ManagedBy: "pulumi",
    // Sorted, so that the order of the stack file means nothing.
    ...Object.fromEntries(
      Object.entries(config.tags).sort(([left], [right]) => (left < right ? -1 : 1)),
    ),
  };
}
