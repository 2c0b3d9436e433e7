import { ENGINES } from "../../components/database/engines";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";
import { nearest } from "./nearest";
import { windowProblems } from "./off-hours-windows";

/** What cannot sleep, or must not. */
export function offHoursProblems(base: string, sections: SoundSections): Problem[] {
  const { offHours, services = {}, databases = {} } = sections;
  if (offHours === undefined) return [];
  const key = (...path: string[]) => joinKey(base, ["offHours", ...path]);
  const awake = {
    services: offHours.except?.services ?? [],
    databases: offHours.except?.databases ?? [],
  };
  return [
    ...unknownNames(key("except", "services"), awake.services, services, "service"),
    ...unknownNames(key("except", "databases"), awake.databases, databases, "database"),
    ...sleepsProtected(key("protectedSleepsBecause"), sections),
    ...secondRegionSleeps(key(), sections),
    ...withoutDatabase(key("except", "databases"), awake, services),
    ...withReplicas(key("except", "databases"), awake.databases, databases),
    ...withSchedules(key("except", "services"), awake.services, services),
    ...withoutWayOut(key("nat"), sections),
    ...windowProblems(base, sections),
  ];
}

type Section<Key extends "services" | "databases"> = NonNullable<SoundSections[Key]>;

function unknownNames(
  key: string,
  names: readonly string[],
  known: Readonly<Record<string, unknown>>,
  kind: "service" | "database",
): Problem[] {
  return names.flatMap((name, position) => {
    if (Object.hasOwn(known, name)) return [];
    const meant = nearest(name, Object.keys(known));
    return {
      key: `${key}[${position}]`,
      value: name,
      rule: `is no ${kind} of this stack`,
      allowed: Object.keys(known).join(", ") || "nothing",
      fix: meant === undefined ? "remove it" : `did you mean "${meant}"? Rename it, or remove it`,
    };
  });
}

/** What is protected is production as a rule, and its users are awake when nobody expects it. */
function sleepsProtected(key: string, { offHours, unprotectedBecause }: SoundSections): Problem[] {
  if (unprotectedBecause !== undefined || offHours?.protectedSleepsBecause !== undefined) return [];
  return [
    {
      key,
      value: undefined,
      rule: "is required in a protected stack: nobody gets an answer from it at night",
      allowed: "a reason in 10 characters or more; nothing in a stack with unprotectedBecause",
      fix: "say why it may sleep, or remove offHours",
    },
  ];
}

function secondRegionSleeps(key: string, { secondRegion }: SoundSections): Problem[] {
  if (secondRegion === undefined) return [];
  return [
    {
      key,
      value: undefined,
      rule: "stands beside secondRegion, which is there so that somebody always answers",
      allowed: "one of the two",
      fix: "remove one of the two",
    },
  ];
}

/** A service that is awake needs its databases. */
function withoutDatabase(
  key: string,
  awake: Record<"services" | "databases", readonly string[]>,
  services: Section<"services">,
): Problem[] {
  return awake.services.flatMap((name) =>
    (services[name]?.databases ?? [])
      .filter((database) => !awake.databases.includes(database))
      .map((database) => ({
        key,
        value: awake.databases,
        rule: `lacks ${database}, which the service ${name} talks to and ${name} stays awake`,
        allowed: "the databases of all services that stay awake",
        fix: `add ${database}, or let ${name} sleep`,
      })),
  );
}

/** RDS user guide, "Stopping a DB instance": neither an instance with replicas nor a replica can be stopped. */
function withReplicas(
  key: string,
  awake: readonly string[],
  databases: Section<"databases">,
): Problem[] {
  return Object.entries(databases).flatMap(([name, { engine = "postgres", replicas = {} }]) =>
    ENGINES[engine].isCluster || Object.keys(replicas).length === 0 || awake.includes(name)
      ? []
      : [
          {
            key,
            value: awake,
            rule: `lacks ${name}: RDS stops no instance that has replicas`,
            allowed: "every database with replicas, but those of Aurora",
            fix: `add ${name}, or remove its replicas`,
          },
        ],
  );
}

/** What a schedule would have said while its scaling was suspended, nobody says again in the morning. */
function withSchedules(
  key: string,
  awake: readonly string[],
  services: Section<"services">,
): Problem[] {
  return Object.entries(services).flatMap(([name, { scaling }]) =>
    Object.keys(scaling?.schedules ?? {}).length === 0 || awake.includes(name)
      ? []
      : [
          {
            key,
            value: awake,
            rule: `lacks ${name}, whose scaling has schedules: one that comes at night is lost`,
            allowed: "every service with scaling.schedules",
            fix: `add ${name}, or remove its schedules`,
          },
        ],
  );
}

function withoutWayOut(key: string, { offHours, network }: SoundSections): Problem[] {
  if (offHours?.nat !== true || network === undefined) return [];
  if (network.nat !== "instance") {
    return [
      {
        key,
        value: true,
        rule: "needs a NAT instance: AWS cannot stop a NAT gateway",
        allowed: "true with network.nat: instance",
        fix: "remove it, or set network.nat to instance",
      },
    ];
  }
  const awake = offHours.except?.services ?? [];
  return awake.length === 0
    ? []
    : [
        {
          key,
          value: true,
          rule: `leaves ${awake.join(", ")} without a way out, and ${awake.length === 1 ? "it stays" : "they stay"} awake`,
          allowed: "false while services stay awake",
          fix: "remove it, or let all services sleep",
        },
      ];
}
