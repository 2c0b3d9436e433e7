import type { Graph, PolicyResource } from "../graph";
import { lostTasks } from "./services";
import { lostStores } from "./stores";
import { lostWaysOut } from "./ways-out";
import { zonesOf } from "./zones";

/** What no longer does its work when a zone is gone. */
export interface Loss {
  readonly resource: PolicyResource;
  readonly message: string;
}

/**
 * What each Availability Zone takes with it when it fails, by the zone's name: everything in it is gone, and nothing new
 * can be started there. Nothing is lost of what keeps a subnet, a way out, a task, a standby elsewhere.
 *
 * It speaks of what answers requests and of what they need. A bastion, a read replica and a search page, each of which
 * stands in one zone, are for people or for reports, and not counted. Of a network that the program does not make it knows
 * no zones, and says nothing.
 */
export function zoneLosses(graph: Graph): Readonly<Record<string, readonly Loss[]>> {
  return Object.fromEntries(
    zonesOf(graph).map((zone) => [
      zone,
      [...lostWaysOut(graph, zone), ...lostTasks(graph, zone), ...lostStores(graph, zone)],
    ]),
  );
}
