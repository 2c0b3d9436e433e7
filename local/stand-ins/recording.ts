import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

/** One thing that a stand-in was asked to do. */
export interface Request {
  readonly operation: "create" | "update" | "read" | "delete" | "construct";
  readonly urn: string;
  readonly inputs: unknown;
}

/** Adds a line to a record; a secret is only said to be one. */
export function record(file: string, request: Request): void {
  mkdirSync(dirname(file), { recursive: true });
  const line = { at: new Date().toISOString(), ...request, inputs: withoutSecrets(request.inputs) };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/** How many requests a record holds. */
export function countRequests(file: string): number {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0;
}

/** The key by which the engine marks values on the wire, and what it says of a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if ((value as Record<string, unknown>)[SIGNATURE] === SECRET) return "[secret]";
  return Object.fromEntries(
    Object.entries(value).map(([key, nested]) => [key, withoutSecrets(nested)]),
  );
}
