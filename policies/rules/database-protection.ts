import type { Control } from "../control";
import { without, withInput, withResource } from "../mutants";
import { allOf, inputRule, type Rule } from "../rule";
import { inputAt, isAbsent } from "../values";
import {
  CLUSTER,
  databasesOf,
  INSTANCE,
  isNoReplica,
  MEMBER,
  ofDatabases,
  ofInstances,
} from "./database-types";

/** RDS-03: an instance has a standby in another zone; of a cluster any other instance takes over. */
const standsInTwoZones = allOf(
  inputRule({
    type: INSTANCE,
    of: isNoReplica,
    path: "multiAz",
    holds: (value) => value === true,
    message: "has no standby in another zone",
    fix: "set databases.NAME.multiAz to true",
    wrong: [false, undefined],
  }),
  {
    check: (graph) =>
      graph
        .ofType(CLUSTER)
        .filter((cluster) => graph.referrers(cluster, MEMBER, "clusterIdentifier").length < 2)
        .map((resource) => ({
          resource,
          message: "has one instance, with nothing to take over when it fails",
          fix: "add a replica under databases.NAME.replicas",
        })),
    mutants: (graph) =>
      graph.ofType(CLUSTER).map((cluster) => ({
        title: `${cluster.name}: one instance`,
        graph: without(graph, ...graph.referrers(cluster, MEMBER, "clusterIdentifier").slice(1)),
        finds: cluster.urn,
      })),
  },
);

/** RDS-07: production asks for a week, as RDS.11 does; one day is enough to undo a mistake elsewhere. */
const keepsBackups: Rule = {
  check: (graph, { level }) => {
    const least = level === "production" ? 7 : 1;
    return inputRule(
      ...ofDatabases({
        path: "backupRetentionPeriod",
        holds: (value) => Number(value) >= least,
        message: `keeps its backups for less than ${least} ${least === 1 ? "day" : "days"}`,
        fix: `set databases.NAME.backupRetentionDays to ${least} or more`,
        wrong: [],
      }),
    ).check(graph, { level, exceptions: [] });
  },
  mutants: (graph) =>
    databasesOf(graph).flatMap((database) =>
      [0, 6, undefined].map((days) => ({
        title: `${database.name}: backups of ${days ?? "no"} days`,
        graph: withInput(graph, database, "backupRetentionPeriod", days),
        finds: database.urn,
      })),
    ),
};

/** RDS-06: the last snapshot has a name, and Pulumi deletes nothing by accident. */
const leavesSnapshot = allOf(
  inputRule(
    ...ofDatabases({
      path: "skipFinalSnapshot",
      holds: (value) => value !== true,
      message: "is deleted without a last snapshot",
      fix: "remove databases.NAME.noFinalSnapshotBecause",
      wrong: [true],
    }),
    ...ofDatabases({
      path: "finalSnapshotIdentifier",
      holds: (value, resource) =>
        inputAt(resource, "skipFinalSnapshot") === true || !isAbsent(value),
      message: "has no name for its last snapshot, so that AWS refuses to delete it",
      fix: "set finalSnapshotIdentifier",
      wrong: [undefined, ""],
    }),
  ),
  {
    check: (graph) =>
      databasesOf(graph)
        .filter((database) => !database.protect)
        .map((resource) => ({
          resource,
          message: "may be deleted by any change that replaces it",
          fix: "remove unprotectedBecause, or set protect",
        })),
    mutants: (graph) =>
      databasesOf(graph).map((database) => ({
        title: `${database.name}: unprotected`,
        graph: withResource(graph, { ...database, protect: false }),
        finds: database.urn,
      })),
  },
);

/** What keeps the data of databases. */
export const databaseProtectionControls: readonly Control[] = [
  {
    id: "RDS-01",
    title: "No database has an address on the internet",
    severity: "critical",
    appliesTo: "every-stack",
    sources: ["RDS.2", "CIS 3.2.3", "CKV_AWS_17"],
    status: { kind: "held" },
    rule: inputRule(
      ...ofInstances({
        path: "publiclyAccessible",
        // AWS's own default depends on the subnet group, so it must be said.
        holds: (value) => value === false,
        message: "may get a public address",
        fix: "set publiclyAccessible to false",
        wrong: [true, undefined],
      }),
    ),
  },
  {
    id: "RDS-02",
    title: "The storage of databases is encrypted",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["RDS.3", "CIS 3.2.1", "CKV_AWS_16"],
    status: { kind: "held" },
    rule: inputRule(
      ...ofDatabases({
        path: "storageEncrypted",
        holds: (value) => value === true,
        message: "stores its data in plain",
        fix: "set storageEncrypted to true",
        wrong: [false, undefined],
      }),
    ),
  },
  {
    id: "RDS-03",
    title: "A database of production outlives the loss of a zone",
    severity: "medium",
    appliesTo: "production",
    sources: ["RDS.5", "CIS 3.2.4", "CKV_AWS_157"],
    status: {
      kind: "optional",
      setting: "databases.NAME.multiAz",
      because:
        "a standby doubles the price, so the key has no default: every stack file says true or false",
    },
    rule: standsInTwoZones,
  },
  {
    id: "RDS-05",
    title: "AWS refuses to delete a database of production",
    severity: "low",
    appliesTo: "production",
    sources: ["RDS.7", "RDS.8", "CKV_AWS_293"],
    status: { kind: "held", setting: "unprotectedBecause" },
    rule: inputRule(
      ...ofDatabases({
        path: "deletionProtection",
        holds: (value) => value === true,
        message: "can be deleted by one call",
        fix: "remove unprotectedBecause",
        wrong: [false, undefined],
      }),
    ),
  },
  {
    id: "RDS-06",
    title: "A database of production leaves a snapshot, and Pulumi refuses to delete it",
    severity: "high",
    appliesTo: "production",
    sources: ["REL09", "seed 004"],
    status: { kind: "held", setting: "databases.NAME.noFinalSnapshotBecause" },
    rule: leavesSnapshot,
  },
  {
    id: "RDS-07",
    title: "Databases keep daily backups, those of production for a week or longer",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["RDS.11", "RDS.50", "CKV_AWS_133"],
    status: { kind: "held", setting: "databases.NAME.backupRetentionDays" },
    rule: keepsBackups,
  },
  {
    id: "RDS-11",
    title: "Snapshots have the tags of their database",
    severity: "low",
    appliesTo: "every-stack",
    sources: ["RDS.16", "RDS.17", "CKV2_AWS_60"],
    status: { kind: "held" },
    rule: inputRule(
      ...ofDatabases({
        path: "copyTagsToSnapshot",
        holds: (value) => value === true,
        message: "makes snapshots without tags, which no bill and no cleaning finds",
        fix: "set copyTagsToSnapshot to true",
        wrong: [false, undefined],
      }),
    ),
  },
];
