import { smokeTestProblems } from "../../components/ecs-service/gate-problems";
import { isOpen } from "../../components/load-balancer/settings";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";
import type { AwsSettings } from "../provider";

/** Gates that would never open: tests that the load balancer keeps out, and functions that lie elsewhere. */
export function gateProblems(
  base: string,
  aws: AwsSettings | undefined,
  { services = {}, loadBalancer, secondRegion }: SoundSections,
): Problem[] {
  const { scheme, allowedCidrs, allowedPrefixListIds = [] } = loadBalancer ?? {};
  const facts = { scheme, isOpen: isOpen({ allowedCidrs, allowedPrefixListIds }) };
  const regions = [aws?.region, secondRegion?.region].filter((region) => region !== undefined);
  return Object.entries(services).flatMap(([name, service]) => {
    const key = joinKey(base, ["services", name]);
    return [
      ...smokeTestProblems(key, service, facts),
      ...Object.entries(service.deployment?.gates ?? {}).flatMap(([gate, given]) =>
        given.kind === "function"
          ? farFunction(
              joinKey(key, ["deployment", "gates", gate, "functionArn"]),
              given.functionArn,
              regions,
            )
          : [],
      ),
    ];
  });
}

function farFunction(key: string, functionArn: unknown, regions: readonly string[]): Problem[] {
  const own = String(functionArn).split(":")[3];
  const far = regions.find((region) => region !== own);
  return far === undefined
    ? []
    : [
        {
          key,
          value: functionArn,
          rule: `is in ${own ?? "no region"}, and ECS in ${far} calls functions of its own region`,
          allowed: `a function in ${far}; no gates of this kind in a stack of two regions`,
          fix: "name one in the same region, or remove the gate",
        },
      ];
}
