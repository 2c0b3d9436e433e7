import leven from "leven";
import { connectionProblems } from "../components/ecs-service/connection";
import { joinKey } from "../components/support/parse-settings";
import type { Problem } from "../components/support/problem";
import type { SoundSections } from "./config";
import type { AwsSettings } from "./provider";

/** What is wrong between values that are right by themselves. What is missing or wrong has problems of its own. */
export function contradictions(
  base: string,
  aws: AwsSettings | undefined,
  sections: SoundSections,
): Problem[] {
  return [
    ...zonesOutsideRegion(base, aws, sections),
    ...unknownDatabases(base, sections),
    ...hiddenVariables(base, sections),
    ...sharedPriorities(base, sections),
    ...hostsMissing(base, sections),
    ...noWayOut(base, aws, sections),
  ];
}

function zonesOutsideRegion(
  base: string,
  aws: AwsSettings | undefined,
  { network }: SoundSections,
): Problem[] {
  if (aws === undefined) return [];
  return (network?.availabilityZones ?? []).flatMap((zone, position) =>
    zone.startsWith(aws.region) && zone.length === aws.region.length + 1
      ? []
      : [
          {
            key: joinKey(base, ["network", "availabilityZones", position]),
            value: zone,
            rule: `is not in the region that aws:region names, ${aws.region}`,
            allowed: `${aws.region} and a letter`,
            fix: "correct the zone, or aws:region",
          },
        ],
  );
}

function unknownDatabases(
  base: string,
  { services = {}, databases = {} }: SoundSections,
): Problem[] {
  const known = Object.keys(databases);
  return Object.entries(services).flatMap(([name, service]) =>
    (service.databases ?? []).flatMap((database, position) => {
      if (known.includes(database)) return [];
      const [nearest] = known
        .filter((candidate) => leven(candidate, database) <= 2)
        .sort((left, right) => leven(left, database) - leven(right, database));
      return [
        {
          key: joinKey(base, ["services", name, "databases", position]),
          value: database,
          rule: "names no database of this stack",
          allowed: known.length === 0 ? "none: databases is empty" : known.join(", "),
          fix:
            nearest === undefined
              ? `add it under ${base}databases, or remove it here`
              : `did you mean "${nearest}"?`,
        },
      ];
    }),
  );
}

function hiddenVariables(base: string, { services = {} }: SoundSections): Problem[] {
  return Object.entries(services).flatMap(([name, service]) =>
    connectionProblems(joinKey(base, ["services", name]), service, service.databases ?? []),
  );
}

function sharedPriorities(base: string, { services = {} }: SoundSections): Problem[] {
  const owners = new Map<number, string>();
  return Object.entries(services).flatMap(([name, { route }]) => {
    if (route === undefined) return [];
    const owner = owners.get(route.priority);
    if (owner === undefined) {
      owners.set(route.priority, name);
      return [];
    }
    return [
      {
        key: joinKey(base, ["services", name, "route", "priority"]),
        value: route.priority,
        rule: `is the priority of ${owner} too, and a listener takes each once`,
        allowed: `1 to 50000, but for ${[...owners.keys()].sort((a, b) => a - b).join(", ")}`,
        fix: "give it another number; the lower one is tried first",
      },
    ];
  });
}

/** Nobody has a certificate for the load balancer's own name. */
function hostsMissing(base: string, { services = {}, loadBalancer }: SoundSections): Problem[] {
  if (loadBalancer?.certificateArn === undefined) return [];
  return Object.entries(services).flatMap(([name, { route }]) =>
    route === undefined || route.hosts !== undefined
      ? []
      : [
          {
            key: joinKey(base, ["services", name, "route", "hosts"]),
            value: undefined,
            rule: "is required with loadBalancer.certificateArn",
            allowed: "host names that the certificate covers",
            fix: `add hosts: ["${name}.example.com"] with your own name, and point its DNS record at the load balancer`,
          },
        ],
  );
}

/** Without NAT, tasks and bastion reach only what has an endpoint in the VPC. */
function noWayOut(
  base: string,
  aws: AwsSettings | undefined,
  { network, services = {}, bastion }: SoundSections,
): Problem[] {
  if (network === undefined || aws === undefined || network.nat !== "none") return [];
  const all = Object.values(services);
  const needed: Record<string, boolean> = {
    "ecr.api": all.length > 0,
    "ecr.dkr": all.length > 0,
    logs: all.length > 0,
    secretsmanager: all.some(
      ({ secrets = {}, databases = [] }) => databases.length > 0 || Object.keys(secrets).length > 0,
    ),
    ssmmessages: bastion !== undefined || all.some(({ exec }) => exec === true),
    ssm: bastion !== undefined,
    ec2messages: bastion !== undefined,
  };
  const given: readonly string[] = network.interfaceEndpoints ?? [];
  const missing = Object.keys(needed).filter(
    (name) => needed[name] === true && !given.includes(name),
  );
  const endpointProblems =
    missing.length === 0
      ? []
      : [
          {
            key: joinKey(base, ["network", "interfaceEndpoints"]),
            value: given,
            rule: `lacks ${missing.join(", ")}, which tasks or bastion reach in no other way with nat: none`,
            allowed: `a list with ${missing.join(", ")}`,
            fix: "add them, or set network.nat to single",
          },
        ];
  const privateRegistry = new RegExp(`^\\d{12}\\.dkr\\.ecr\\.${aws.region}\\.`);
  const imageProblems = Object.entries(services).flatMap(([name, { image }]) =>
    typeof image !== "string" || privateRegistry.test(image)
      ? []
      : [
          {
            key: joinKey(base, ["services", name, "image"]),
            value: image,
            rule: "cannot be pulled with nat: none: only ECR of the same region has an endpoint",
            allowed: `ACCOUNT.dkr.ecr.${aws.region}.amazonaws.com/REPOSITORY:TAG`,
            fix: "copy the image to ECR, or set network.nat to single",
          },
        ],
  );
  return [...endpointProblems, ...imageProblems];
}
