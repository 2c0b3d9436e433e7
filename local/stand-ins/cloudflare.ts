import { createHash } from "node:crypto";
import type { provider } from "@pulumi/pulumi";
import { record } from "./recording";

type Properties = Readonly<Record<string, unknown>>;

const PACKAGE = "cloudflare";

/** What Cloudflare would fill in, by type, as far as a program can make use of it. */
const COMPUTED: Readonly<Record<string, Properties>> = {
  "cloudflare:index/dnsRecord:DnsRecord": { proxiable: true, proxied: false },
  "cloudflare:index/zone:Zone": {
    nameServers: ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
    status: "active",
  },
};

/** Whatever lies in a zone or an account stays there. */
const REPLACING = ["accountId", "zoneId"];
/** What else is fixed for the life of a resource. */
const REPLACING_BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  "cloudflare:index/zone:Zone": ["name"],
  "cloudflare:index/zoneSetting:ZoneSetting": ["settingId"],
};

/** Takes any resource of Cloudflare as it is and records it. It remembers nothing: the engine's state has it all. */
export function cloudflareStandIn(version: string, recordFile: string): provider.Provider {
  return {
    version,
    schema: JSON.stringify({ name: PACKAGE, version }),
    // Saying nothing of changes leaves the comparison of the inputs to the engine, which also names them.
    diff: (_id, urn, olds: Properties, news: Properties) =>
      Promise.resolve({ replaces: fixedKeys(urn).filter((key) => !isSame(olds[key], news[key])) }),
    create: (urn, inputs: Properties) => {
      record(recordFile, { operation: "create", urn, inputs });
      return Promise.resolve({ id: idOf(urn, inputs), outs: outputsOf(urn, inputs) });
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

function outputsOf(urn: string, inputs: Properties): Properties {
  return { ...COMPUTED[typeOf(urn)], ...inputs };
}

/** The same for the same resource in every run, another for one that takes its place; as long as Cloudflare's ids. */
function idOf(urn: string, inputs: Properties): string {
  const identity = [urn, ...fixedKeys(urn).map((key) => inputs[key] ?? null)];
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32);
}

function fixedKeys(urn: string): readonly string[] {
  return [...REPLACING, ...(REPLACING_BY_TYPE[typeOf(urn)] ?? [])];
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
