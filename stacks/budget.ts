import type * as pulumi from "@pulumi/pulumi";
import { Budget } from "../components";
import type { PlatformConfig } from "./config";
import type { Region } from "./outputs";
import { stackTags } from "./tags";

/** What the stack may cost; undefined without budget. */
export function createBudget(
  config: PlatformConfig,
  { monitoring }: Pick<Region, "monitoring">,
  opts: pulumi.ComponentResourceOptions,
): Budget | undefined {
  if (config.budget === undefined) return undefined;
  const { Environment = "" } = stackTags(config);
  return new Budget(
    "budget",
    {
      ...config.budget,
      tag: { key: "Environment", value: Environment },
      telling: monitoring.telling,
    },
    opts,
  );
}
