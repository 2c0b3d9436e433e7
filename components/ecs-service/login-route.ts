import { z } from "zod";
import { joinKey } from "../support/parse-settings";
import type { Problem } from "../support/problem";
import { reason } from "../support/rules";
import { route } from "./route";

/** A way in from the internet to something that asks for a password by itself. */
export const loginRoute = z.strictObject({
  priority: route.shape.priority,
  hosts: route.shape.hosts.unwrap().describe("Hosts that lead there, such as grafana.example.com."),
  allowedCidrs: route.shape.allowedCidrs,
  unencryptedBecause: reason
    .optional()
    .describe("Lets people log in by plain HTTP, which anybody on the way can read, and says why."),
});

export type LoginRoute = z.output<typeof loginRoute>;

/** The route as a service takes it. */
export function routeOfLogin({ priority, hosts, allowedCidrs }: LoginRoute): z.input<typeof route> {
  return { priority, hosts, ...(allowedCidrs && { allowedCidrs }) };
}

/** A route for people's passwords that anybody on the way can read. `base` is the key of what has the route. */
export function unencryptedRoute(
  base: string,
  given: { readonly unencryptedBecause?: unknown } | undefined,
  isEncrypted: boolean,
): Problem[] {
  if (given === undefined || isEncrypted || given.unencryptedBecause !== undefined) return [];
  return [
    {
      key: joinKey(base, ["route"]),
      value: given,
      rule: "needs HTTPS: a password sent by plain HTTP can be read on the way",
      allowed: "a route on a load balancer with a certificate",
      fix: "give the load balancer a certificate, or remove route and use a tunnel",
    },
  ];
}
