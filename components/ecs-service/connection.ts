import * as pulumi from "@pulumi/pulumi";
import { joinKey } from "../support/parse-settings";
import type { Problem } from "../support/problem";

/** A database that a service talks to; a `Database` will do. */
export interface DatabaseConnection {
  readonly host: pulumi.Input<string>;
  readonly port: number;
  readonly databaseName: pulumi.Input<string>;
  /** Its own group, closed until a service adds itself. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Secret with the keys "username" and "password". */
  readonly secretArn: pulumi.Input<string>;
}

/** Names of the variables that a connection gives a service: "orders-db" gives ORDERS_DB_HOST and so on. */
export function connectionVariables(key: string): {
  readonly host: string;
  readonly port: string;
  readonly name: string;
  readonly username: string;
  readonly password: string;
} {
  const prefix = key.toUpperCase().replace(/-/g, "_");
  return {
    host: `${prefix}_HOST`,
    port: `${prefix}_PORT`,
    name: `${prefix}_NAME`,
    username: `${prefix}_USERNAME`,
    password: `${prefix}_PASSWORD`,
  };
}

/** The plain variables of all connections. */
export function connectionEnvironment(
  connections: Readonly<Record<string, DatabaseConnection>>,
): Record<string, pulumi.Input<string>> {
  return Object.fromEntries(
    Object.entries(connections).flatMap(([key, connection]) => {
      const variables = connectionVariables(key);
      return [
        [variables.host, connection.host],
        [variables.port, String(connection.port)],
        [variables.name, connection.databaseName],
      ];
    }),
  );
}

/** The variables that the agent reads from the databases' secrets when a task starts, by ARN. */
export function connectionSecrets(
  connections: Readonly<Record<string, DatabaseConnection>>,
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    Object.entries(connections).flatMap(([key, { secretArn }]) => {
      const variables = connectionVariables(key);
      return [
        [variables.username, pulumi.interpolate`${secretArn}:username::`],
        [variables.password, pulumi.interpolate`${secretArn}:password::`],
      ];
    }),
  );
}

/** A variable that the settings give and a connection gives too would hide one of the two. */
export function connectionProblems(
  base: string,
  settings: {
    readonly environment?: Readonly<Record<string, unknown>>;
    readonly secrets?: Readonly<Record<string, unknown>>;
  },
  connectionKeys: readonly string[],
): Problem[] {
  const maps = { environment: settings.environment ?? {}, secrets: settings.secrets ?? {} };
  return connectionKeys.flatMap((key) =>
    Object.values(connectionVariables(key)).flatMap((variable) =>
      Object.entries(maps)
        .filter(([, map]) => Object.hasOwn(Object(map) as object, variable))
        .map(([kind, map]) => ({
          key: joinKey(base, [kind, variable]),
          value: map[variable],
          rule: `is a variable that the connection to "${key}" gives`,
          allowed: `any other name than ${Object.values(connectionVariables(key)).join(", ")}`,
          fix: "remove it, or rename it",
        })),
    ),
  );
}
