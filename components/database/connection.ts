import * as pulumi from "@pulumi/pulumi";
import { type Connection, variableName } from "../support/connection";
import { ENGINES, type Engine } from "./engines";

/** Where the readers of a database are, by the part of the variable's name. */
export type ReaderHosts = Readonly<Record<string, pulumi.Output<string>>>;

/** READER_HOST of Aurora leads to any of its replicas; an instance's replica "reports" has REPORTS_HOST. */
export const AURORA_READER = "READER_HOST";

export function readerPart(replica: string): string {
  return variableName(replica, "HOST");
}

/** Parts of the names of the variables that a connection to a database gives, as far as its settings are right. */
export function databaseVariables(settings: {
  readonly engine?: Engine;
  readonly replicas?: Readonly<Record<string, unknown>>;
}): string[] {
  const { engine = "postgres", replicas = {} } = settings;
  const names = Object.keys(replicas);
  const shared = ENGINES[engine].isCluster && names.length > 0 ? [AURORA_READER] : [];
  const readers = ENGINES[engine].isCluster ? shared : names.map(readerPart);
  return ["HOST", "PORT", "NAME", ...readers, "USERNAME", "PASSWORD"];
}

/** What a service gets: where the database is, its user from the secret, and the way through its security group. */
export function databaseConnection(database: {
  readonly host: pulumi.Input<string>;
  readonly port: number;
  readonly databaseName: pulumi.Input<string>;
  readonly readerHosts: ReaderHosts;
  readonly secretArn: pulumi.Input<string>;
  readonly securityGroupId: pulumi.Input<string>;
}): Connection {
  const { host, port, databaseName, readerHosts, secretArn, securityGroupId } = database;
  return {
    environment: { HOST: host, PORT: String(port), NAME: databaseName, ...readerHosts },
    secrets: {
      USERNAME: pulumi.interpolate`${secretArn}:username::`,
      PASSWORD: pulumi.interpolate`${secretArn}:password::`,
    },
    listener: { securityGroupId, port },
    permissions: [],
  };
}
