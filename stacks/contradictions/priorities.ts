import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";

export function sharedPriorities(base: string, { services = {} }: SoundSections): Problem[] {
  const owners = new Map<number, string>();
  return Object.entries(services).flatMap(([name, { route }]) => {
    if (route === undefined) return [];
    const owner = owners.get(route.priority);
    if (owner === undefined) {
      owners.set(route.priority, name);
      return [];
    }
    return [
      {
        key: joinKey(base, ["services", name, "route", "priority"]),
        value: route.priority,
        rule: `is the priority of ${owner} too, and a listener takes each once`,
        allowed: `1 to 50000, but for ${[...owners.keys()].sort((a, b) => a - b).join(", ")}`,
        fix: "give it another number; the lower one is tried first",
      },
    ];
  });
}
