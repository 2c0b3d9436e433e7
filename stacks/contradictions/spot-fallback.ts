import { hasSpot } from "../../components/ecs-cluster/ec2-settings";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";
import { nearest } from "./nearest";

/** Services and hosts that spotFallback would find nothing to do for, or must leave alone. */
export function spotFallbackProblems(base: string, sections: SoundSections): Problem[] {
  const { spotFallback, services = {}, cluster } = sections;
  if (spotFallback === undefined) return [];
  const { except = [] } = spotFallback;
  const onSpot = Object.entries(services).filter(
    ([, { capacity }]) => capacity?.FARGATE_SPOT !== undefined,
  );
  const names = onSpot.map(([name]) => name);
  const exceptKey = joinKey(base, ["spotFallback", "except"]);
  const unknown = except.flatMap((name, position) => {
    if (names.includes(name)) return [];
    const meant = nearest(name, names);
    return {
      key: `${exceptKey}[${position}]`,
      value: name,
      rule: "is no service with a share of FARGATE_SPOT",
      allowed: names.join(", ") || "nothing",
      fix: meant === undefined ? "remove it" : `did you mean "${meant}"? Rename it, or remove it`,
    };
  });
  const gated = onSpot
    .filter(
      ([name, { deployment }]) =>
        !except.includes(name) && Object.keys(deployment?.gates ?? {}).length > 0,
    )
    .map(([name]) => ({
      key: exceptKey,
      value: except,
      rule: `lacks ${name}, whose deployments wait at gates: so would its way out of a lack of capacity`,
      allowed: "every service on FARGATE_SPOT with deployment.gates",
      fix: `add ${name}, or remove its gates`,
    }));
  const { onDemandPercentageAboveBase } = cluster?.ec2 ?? {};
  const hasHosts =
    onDemandPercentageAboveBase !== undefined && hasSpot({ onDemandPercentageAboveBase });
  const idle =
    hasHosts || names.some((name) => !except.includes(name))
      ? []
      : [
          {
            key: joinKey(base, ["spotFallback"]),
            value: spotFallback,
            rule: "has nothing to do: nothing else is on Spot capacity",
            allowed: "a stack with FARGATE_SPOT in a service, or Spot hosts",
            fix: "remove it",
          },
        ];
  return [...unknown, ...gated, ...idle];
}
