import { SERVICE_VARIABLES } from "../../components/ecs-service/connect";
import { connectionProblems } from "../../components/ecs-service/connection";
import { findCircle } from "../../components/ecs-service/container-rules";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import { mapOf } from "../../components/support/rules";
import type { SoundSections } from "../config";
import { nearest } from "./nearest";
import { CONNECTED_KINDS } from "../connected";

type Services = NonNullable<SoundSections["services"]>;

/** What is wrong with the calls from service to service. */
export function callProblems(base: string, { cluster, services = {} }: SoundSections): Problem[] {
  return [
    ...Object.entries(services).flatMap(([name, { calls = [] }]) =>
      calls.flatMap((target, position) =>
        wrongTarget(joinKey(base, ["services", name, "calls", position]), target, services),
      ),
    ),
    ...circles(base, services),
    ...sharedNames(base, services),
    ...hiddenVariables(base, services),
    ...(cluster === undefined || cluster.serviceConnect === true
      ? []
      : namespaceMissing(base, services)),
  ];
}

function wrongTarget(key: string, target: string, services: Services): Problem[] {
  const known = Object.keys(services);
  if (!known.includes(target)) {
    const meant = nearest(target, known);
    return [
      {
        key,
        value: target,
        rule: "names no service of this stack",
        allowed: known.join(", "),
        fix: meant === undefined ? "correct it, or remove it" : `did you mean "${meant}"?`,
      },
    ];
  }
  return services[target]?.connect === undefined
    ? [
        {
          key,
          value: target,
          rule: "names a service without connect, which nobody finds",
          allowed: "a service with connect",
          fix: `add connect: {} to ${target}`,
        },
      ]
    : [];
}

/** A task learns only those names that are there when its service is deployed: one of a circle would never learn. */
function circles(base: string, services: Services): Problem[] {
  const circle = findCircle(
    new Map(Object.entries(services).map(([name, { calls = [] }]) => [name, calls])),
  );
  const [first] = circle ?? [];
  if (circle === undefined || first === undefined) return [];
  return [
    {
      key: joinKey(base, ["services", first, "calls"]),
      value: services[first]?.calls,
      rule: `goes round in a circle: ${[...circle, first].join(" calls ")}. Tasks learn only those names that are there when they are deployed`,
      allowed: "calls in one direction",
      fix: "let one of them be called through the load balancer",
    },
  ];
}

/** The variables of both would have the same names, and so would their rules. */
function sharedNames(base: string, services: Services): Problem[] {
  return Object.entries(services).flatMap(([name, service]) =>
    (service.calls ?? []).flatMap((target, position) => {
      const others: Readonly<Record<string, unknown>> = mapOf(service);
      const kind = Object.keys(CONNECTED_KINDS).find((key) =>
        namesIn(others[key]).includes(target),
      );
      return kind === undefined
        ? []
        : [
            {
              key: joinKey(base, ["services", name, "calls", position]),
              value: target,
              rule: `names what ${kind} of this service names too, and both would give the same variables`,
              allowed: "a name of its own for everything that a service is connected to",
              fix: "rename one of the two",
            },
          ];
    }),
  );
}

function namesIn(keys: unknown): string[] {
  return Array.isArray(keys) ? keys.map(String) : Object.keys(mapOf(keys));
}

function hiddenVariables(base: string, services: Services): Problem[] {
  return Object.entries(services).flatMap(([name, service]) =>
    connectionProblems(
      joinKey(base, ["services", name]),
      service,
      Object.fromEntries((service.calls ?? []).map((key) => [key, SERVICE_VARIABLES])),
    ),
  );
}

function namespaceMissing(base: string, services: Services): Problem[] {
  const using = Object.entries(services).filter(([, { connect }]) => connect !== undefined);
  return using.map(([name, { connect }]) => ({
    key: joinKey(base, ["services", name, "connect"]),
    value: connect,
    rule: "needs Service Connect, which is off in the cluster",
    allowed: "connect with cluster.serviceConnect: true",
    fix: `set ${base}cluster.serviceConnect: true, or remove connect`,
  }));
}
