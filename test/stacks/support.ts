import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { loadConfig } from "../../stacks/config";
import type { ConfigSource } from "../../stacks/config-source";
import { createPlatform } from "../../stacks/platform";
import type { Run } from "../support/run";
import { runProgram } from "../support/run-program";

/** Configuration as a stack file holds it: by full key, maps and lists unfolded. */
export type StackConfig = Record<string, unknown>;

/** The configuration that is shipped for a stack. */
export function shippedConfig(stack: string): StackConfig {
  const file = path.join(__dirname, "..", "..", `Pulumi.${stack}.yaml`);
  return (parse(readFileSync(file, "utf8")) as { config: StackConfig }).config;
}

/** The configuration of an example. */
export function exampleConfig(name: string): StackConfig {
  const file = path.join(__dirname, "..", "..", "examples", name, `Pulumi.${name}.yaml`);
  return (parse(readFileSync(file, "utf8")) as { config: StackConfig }).config;
}

/** As Pulumi hands the configuration to a program: everything as text, maps and lists as JSON. */
export function sourceOf(config: StackConfig, stack = "test"): ConfigSource {
  const values = Object.entries(config).map(([key, value]): [string, string] => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { project: "ecs-platform", stack, values: Object.fromEntries(values) };
}

/** Builds the whole platform under mocks. */
export function runPlatform(config: StackConfig, stack = "test"): Promise<Run> {
  return runProgram(() => ({ ...createPlatform(loadConfig(sourceOf(config, stack))) }), { stack });
}

/** The smallest configuration that deploys something: one service, one database. */
export function smallConfig(): StackConfig {
  return {
    "aws:region": "us-east-1",
    "ecs-platform:network": { availabilityZones: ["us-east-1a", "us-east-1b"], nat: "single" },
    "ecs-platform:loadBalancer": { plainHttpBecause: "a test sends no requests" },
    "ecs-platform:services": {
      api: {
        image: "public.ecr.aws/nginx/nginx:1.29",
        route: { priority: 100 },
        desiredCount: 2,
        databases: ["orders-db"],
      },
    },
    "ecs-platform:databases": {
      "orders-db": { engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: false },
    },
  };
}
