import { shiftSettingsOf } from "../../components/ecs-service/deployment";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";

type Services = NonNullable<SoundSections["services"]>;

/** A rule of the listener, and the number that it is tried at. */
export interface Claim {
  readonly owner: string;
  readonly path: readonly string[];
  readonly priority: number;
  /** What the stack file says; undefined where the number follows from another. */
  readonly given: number | undefined;
}

/** The rules of all services: those that everybody meets, and then those of test requests. */
export function claimsOf(services: Services): Claim[] {
  const routed = Object.entries(services).flatMap(([name, { route, deployment }]) =>
    route === undefined ? [] : [{ name, route, deployment }],
  );
  const routes = routed.map(({ name, route: { priority } }) => ({
    owner: name,
    path: ["services", name, "route", "priority"],
    priority,
    given: priority,
  }));
  const tests = routed.flatMap(({ name, route, deployment = {} }) => {
    const shift = shiftSettingsOf(deployment, route);
    return shift === undefined
      ? []
      : [
          {
            owner: `${name}'s test requests`,
            path: ["services", name, "deployment", "testTraffic", "priority"],
            priority: shift.testPriority,
            given: deployment.testTraffic?.priority,
          },
        ];
  });
  return [...routes, ...tests];
}

export function sharedPriorities(base: string, { services = {} }: SoundSections): Problem[] {
  const owners = new Map<number, string>();
  return claimsOf(services).flatMap(({ owner: own, path, priority, given }) => {
    const owner = owners.get(priority);
    if (owner === undefined) {
      owners.set(priority, own);
      return [];
    }
    const number = given === undefined ? `is ${priority} by default, ` : "is ";
    return [
      {
        key: joinKey(base, path),
        value: given,
        rule: `${number}the priority of ${owner} too, and a listener takes each once`,
        allowed: `1 to 50000, but for ${[...owners.keys()].sort((a, b) => a - b).join(", ")}`,
        fix: "give it another number; the lower one is tried first",
      },
    ];
  });
}
