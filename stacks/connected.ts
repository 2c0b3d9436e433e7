import { z } from "zod";
import type { Connectable } from "../components/support/connection";
import { different } from "../components/support/rules";

const accessLevel = z.enum(["read", "read-write"]);

/** What a service or a task of a stack file talks to, by key. */
export const connected = {
  databases: z
    .array(z.string())
    .default([])
    .describe(
      'Databases it talks to, by key. "orders-db" gives it ORDERS_DB_HOST, _PORT, _NAME, _USERNAME and _PASSWORD.',
    ),
  caches: different(z.array(z.string()), "caches")
    .default([])
    .describe(
      'Caches it talks to, by key. "sessions" gives it SESSIONS_HOST, _READER_HOST, _PORT, _URL, _USERNAME and _PASSWORD.',
    ),
  buckets: z
    .record(z.string(), accessLevel)
    .default({})
    .describe(
      'Buckets it uses, by key: read or read-write. "uploads" gives it UPLOADS_NAME and UPLOADS_REGION.',
    ),
  tables: z
    .record(z.string(), accessLevel)
    .default({})
    .describe('Tables it uses, by key: read or read-write. "orders" gives it ORDERS_NAME.'),
};

/** Kinds of things that a service is connected to by key, and what one of them is called. */
export const CONNECTED_KINDS = {
  databases: "database",
  caches: "cache",
  buckets: "bucket",
  tables: "table",
} as const;

type Access = z.output<typeof accessLevel>;
interface Keys {
  readonly databases: readonly string[];
  readonly caches: readonly string[];
  readonly buckets: Readonly<Record<string, Access>>;
  readonly tables: Readonly<Record<string, Access>>;
}

/** Something that can be used with fewer rights. */
interface Readable extends Connectable {
  readonly readConnection: Connectable["connection"];
}

/** What there is in a region to connect to. */
export interface Stores {
  readonly databases: Readonly<Record<string, Connectable>>;
  readonly caches: Readonly<Record<string, Connectable>>;
  readonly buckets: Readonly<Record<string, Readable>>;
  readonly tables: Readonly<Record<string, Readable>>;
}

/**
 * Puts what a service is connected to in the place of its keys. In the order of the stores, so that the order in which
 * the stack file names them means nothing.
 */
export function connect<Settings extends Keys>(
  { databases, caches, buckets, tables, ...settings }: Settings,
  stores: Stores,
): Omit<Settings, keyof Keys> & { connections: Record<string, Connectable> } {
  const connections = Object.fromEntries([
    ...Object.entries(stores.databases).filter(([key]) => databases.includes(key)),
    ...Object.entries(stores.caches).filter(([key]) => caches.includes(key)),
    ...Object.entries(stores.buckets).flatMap(withAccess(buckets)),
    ...Object.entries(stores.tables).flatMap(withAccess(tables)),
  ]);
  return { ...settings, connections };
}

function withAccess(wanted: Readonly<Record<string, Access>>) {
  return ([key, store]: [string, Readable]): [string, Connectable][] => {
    const access = wanted[key];
    if (access === undefined) return [];
    return [[key, access === "read" ? { connection: store.readConnection } : store]];
  };
}
