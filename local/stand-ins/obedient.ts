import { createHash } from "node:crypto";
import type { provider } from "@pulumi/pulumi";
import { record } from "./recording";

export type Properties = Readonly<Record<string, unknown>>;

/** What a service does with a resource beyond taking it as it is. */
export interface Service {
  readonly package: string;
  /** What it would fill in, as far as a program can make use of it. */
  readonly computed: (type: string) => Properties;
  /** What is fixed for the life of a resource. */
  readonly fixedKeys: (type: string) => readonly string[];
}

/** Takes any resource of a service as it is and records it. It remembers nothing: the engine's state has it all. */
export function obedientStandIn(
  service: Service,
  version: string,
  recordFile: string,
): provider.Provider {
  const fixedKeys = (urn: string) => service.fixedKeys(typeOf(urn));
  const outputsOf = (urn: string, inputs: Properties): Properties => ({
    ...service.computed(typeOf(urn)),
    ...inputs,
  });
  return {
    version,
    schema: JSON.stringify({ name: service.package, version }),
    // Saying nothing of changes leaves the comparison of the inputs to the engine, which also names them.
    diff: (_id, urn, olds: Properties, news: Properties) =>
      Promise.resolve({ replaces: fixedKeys(urn).filter((key) => !isSame(olds[key], news[key])) }),
    create: (urn, inputs: Properties) => {
      record(recordFile, { operation: "create", urn, inputs });
      const identity = [urn, ...fixedKeys(urn).map((key) => inputs[key] ?? null)];
      return Promise.resolve({ id: idOf(identity), outs: outputsOf(urn, inputs) });
    },
    update: (_id, urn, _olds, inputs: Properties) => {
      record(recordFile, { operation: "update", urn, inputs });
      return Promise.resolve({ outs: outputsOf(urn, inputs) });
    },
    read: (id, urn, props) => {
      record(recordFile, { operation: "read", urn, inputs: props });
      return Promise.resolve({ id, props: props as unknown });
    },
    delete: (_id, urn, props) => {
      record(recordFile, { operation: "delete", urn, inputs: props });
      return Promise.resolve();
    },
  };
}

/** The same for the same resource in every run, another for one that takes its place; as long as Cloudflare's ids. */
function idOf(identity: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32);
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
