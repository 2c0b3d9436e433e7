import { joinKey } from "../support/parse-settings";
import type { Problem } from "../support/problem";
import { type Finding, mapOf } from "../support/rules";
import type { RouteLoadBalancer } from "./route";

/** Smoke tests that would not reach the service: they come by its route, as everybody does. */
export function smokeTestFindings(service: Readonly<Record<string, unknown>>): Finding[] {
  const { hosts, paths = ["/*"] } = mapOf(service["route"]);
  return smokeTestsOf(service).flatMap(([key, gate]) => {
    const at = ["deployment", "gates", key];
    return [...hostFindings(at, gate["host"], hosts), ...pathFindings(at, gate["requests"], paths)];
  });
}

function hostFindings(at: readonly string[], host: unknown, hosts: unknown): Finding[] {
  if (!isTexts(hosts)) return [];
  if (host === undefined) {
    return hosts.some((one) => !isPattern(one))
      ? []
      : [
          {
            path: [...at, "host"],
            rule: "is required where all hosts of the route have wildcards",
            allowed: `a host that ${hosts.join(" or ")} stands for`,
            fix: "add host",
          },
        ];
  }
  return typeof host !== "string" ||
    hosts.some((one) => matches(one.toLowerCase(), host.toLowerCase()))
    ? []
    : [
        {
          path: [...at, "host"],
          rule: "is not a host of the service: the load balancer would answer 404",
          allowed: hosts.join(", "),
          fix: "correct it, or add it to route.hosts",
        },
      ];
}

function pathFindings(at: readonly string[], requests: unknown, paths: unknown): Finding[] {
  if (!isTexts(paths)) return [];
  return Object.entries(mapOf(requests)).flatMap(([name, request]) => {
    const { path = "/health" } = mapOf(request);
    if (typeof path !== "string") return [];
    const [bare = ""] = path.split("?");
    return paths.some((one) => matches(one, bare))
      ? []
      : [
          {
            path: [...at, "requests", name, "path"],
            rule: "does not lead to the service: the load balancer would answer 404",
            allowed: `what matches ${paths.join(" or ")}`,
            fix: "correct it, or add it to route.paths",
          },
        ];
  });
}

/** Smoke tests that a load balancer lets nobody make. `base` is the key of the service. */
export function smokeTestProblems(
  base: string,
  service: object,
  { scheme = "internet-facing", isOpen = true }: Pick<RouteLoadBalancer, "scheme" | "isOpen">,
): Problem[] {
  const { route } = service as Readonly<Record<string, unknown>>;
  const isLetIn = isOpen && mapOf(route)["allowedCidrs"] === undefined;
  if (scheme === "internal" || isLetIn) return [];
  return smokeTestsOf({ ...service }).map(([key, gate]) => ({
    key: joinKey(base, ["deployment", "gates", key]),
    value: gate,
    rule: "calls from an address of AWS that changes, which allowedCidrs or allowedPrefixListIds keep out",
    allowed: "smoke tests where everybody is let in, or where loadBalancer.scheme is internal",
    fix: "take a gate of kind function that runs where it is let in, or lift the restriction",
  }));
}

function smokeTestsOf(
  service: Readonly<Record<string, unknown>>,
): [string, Readonly<Record<string, unknown>>][] {
  return Object.entries(mapOf(mapOf(service["deployment"])["gates"]))
    .map(([key, gate]): [string, ReturnType<typeof mapOf>] => [key, mapOf(gate)])
    .filter(([, gate]) => gate["kind"] === "smoke-test");
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

export function isPattern(text: string): boolean {
  return /[*?]/.test(text);
}

/** As rules of a listener compare: * is any text, ? any one character. */
function matches(pattern: string, text: string): boolean {
  const parts = pattern.split(/([*?])/).map((part) => {
    if (part === "*") return ".*";
    return part === "?" ? "." : part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`).test(text);
}
