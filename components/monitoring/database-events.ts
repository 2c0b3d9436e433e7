import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { WatchedDatabase } from "./watched";

/** What RDS tells of databases of either kind that people want to hear (Security Hub, controls RDS.19 to RDS.21). */
const EVENTS = {
  instance: {
    sourceType: "db-instance",
    eventCategories: ["configuration change", "failover", "failure", "maintenance"],
  },
  cluster: {
    sourceType: "db-cluster",
    eventCategories: ["configuration change", "failover", "failure", "maintenance"],
  },
} as const;

/** Has RDS itself tell what happens to databases: one subscription for instances, one for clusters, whichever there are. */
export function tellDatabaseEvents(
  name: string,
  databases: Readonly<Record<string, WatchedDatabase>>,
  topicArn: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions,
): void {
  for (const kind of ["instance", "cluster"] as const) {
    const told = Object.values(databases).filter(
      ({ kind: own = "instance" }) => (own === "instance") === (kind === "instance"),
    );
    if (told.length === 0) continue;
    const { sourceType, eventCategories } = EVENTS[kind];
    new aws.rds.EventSubscription(
      `${name}-${kind}-events`,
      {
        snsTopic: topicArn,
        sourceType,
        sourceIds: told.map(({ identifier }) => identifier),
        eventCategories: [...eventCategories],
      },
      child,
    );
  }
}
