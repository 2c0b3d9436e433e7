import { lookup as systemLookup } from "node:dns";
import { lookup as lookupAll } from "node:dns/promises";
import * as http from "node:http";
import * as https from "node:https";
import type { LookupFunction } from "node:net";
import type { Clock } from "./clock";
import type { Answer } from "./drill-outages";

export interface Question {
  readonly url: string;
  /** Status that counts as served; without it any below 400. */
  readonly expect?: number;
  readonly timeoutMilliseconds: number;
  /** Names of load balancers by what to call them, to say which one answered. */
  readonly places: Readonly<Record<string, string>>;
}

/**
 * Asks once, as a new client would: it looks the name up anew, opens a connection of its own and takes no redirect.
 * What the machine's own resolver keeps, it keeps for as long as the record's TTL says.
 */
export async function ask(
  { url, expect, timeoutMilliseconds, places }: Question,
  clock: Clock,
  lookup: LookupFunction = systemLookup,
): Promise<Answer> {
  const at = clock.now();
  const { get } = url.startsWith("https:") ? https : http;
  const { outcome, status, address } = await new Promise<Reply>((resolve) => {
    let peer: string | undefined;
    const request = get(
      url,
      { agent: false, lookup, signal: AbortSignal.timeout(timeoutMilliseconds) },
      (response) => {
        const { statusCode: status = 0 } = response;
        const { remoteAddress: address } = response.socket;
        // An answer that breaks off is none.
        response.on("error", (error) => resolve({ outcome: reason(error), address }));
        response.on("end", () => resolve({ outcome: String(status), status, address }));
        response.resume();
      },
    );
    request.on("socket", (socket) => socket.on("connect", () => (peer = socket.remoteAddress)));
    request.on("error", (error) => resolve({ outcome: reason(error), address: peer }));
  });
  const served = status !== undefined && isServed(status, expect);
  return { at, served, outcome, place: address && (await placeOf(address, places)) };
}

interface Reply {
  readonly outcome: string;
  readonly status?: number;
  readonly address: string | undefined;
}

function isServed(status: number, expect: number | undefined): boolean {
  return expect === undefined ? status < 400 : status === expect;
}

function reason(error: NodeJS.ErrnoException): string {
  return error.name === "TimeoutError" || error.name === "AbortError"
    ? "timeout"
    : (error.code ?? error.message);
}

/** A load balancer's addresses change, so they are looked up for each answer. */
async function placeOf(address: string, places: Question["places"]): Promise<string> {
  for (const [name, host] of Object.entries(places)) {
    const found = await lookupAll(host, { all: true }).catch(() => []);
    if (found.some((entry) => entry.address === address)) return name;
  }
  return address;
}
