import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "./iam";

/**
 * What a service needs to use something: variables that say where it is, the way through the security groups, and the
 * rights. A database, cache, bucket or table offers one; a service takes it and knows nothing of its kind.
 */
export interface Connection {
  /** Plain variables, by the part of their name that follows the key: HOST of "orders-db" becomes ORDERS_DB_HOST. */
  readonly environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** Likewise variables that are read when a task starts: the ARN of the secret, with `:KEY::` for one key of its JSON. */
  readonly secrets: Readonly<Record<string, pulumi.Input<string>>>;
  /** Who listens, and where; undefined for what is reached through AWS's own interface. */
  readonly listener?: {
    readonly securityGroupId: pulumi.Input<string>;
    readonly port: number;
  };
  /** What the service's code may do with it. */
  readonly permissions: readonly Statement[];
  /** Whether only those find it by its name who join the cluster's Service Connect namespace. Default false. */
  readonly isFoundByServiceConnect?: boolean;
}

/** Something a service can be connected to. */
export interface Connectable {
  readonly connection: Connection;
}

/** "ORDERS_DB_HOST" for the key "orders-db" and the part "HOST". */
export function variableName(key: string, part: string): string {
  return `${key.toUpperCase().replace(/-/g, "_")}_${part}`;
}
