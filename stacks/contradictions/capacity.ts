import { processorOf } from "../../components/support/instance-type";
import { taskSlots } from "../../components/ecs-cluster/network-slots";
import { capacityProblems, runsOnEc2 } from "../../components/ecs-service/capacity";
import { sharesOf } from "../../components/ecs-service/deployment";
import { shiftsTraffic } from "../../components/ecs-service/strategy";
import { DEFAULT_TASKS } from "../../components/ecs-service/settings";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";

type Services = NonNullable<SoundSections["services"]>;
/** What runs in the cluster, by its key in the stack file. */
type Users = Readonly<Record<string, Pick<Services[string], "capacity" | "architecture">>>;
type Ec2 = NonNullable<NonNullable<SoundSections["cluster"]>["ec2"]>;

/** What services and Grafana want of the cluster, and it does not have. */
export function capacityContradictions(base: string, sections: SoundSections): Problem[] {
  const { cluster, services = {}, tasks = {}, grafana } = sections;
  if (cluster === undefined) return [];
  const { ec2, fargate } = cluster;
  const users: Users = {
    ...keyed(base, "services", services),
    ...(grafana && { [joinKey(base, ["grafana"])]: grafana }),
  };
  const missing = Object.entries(users).flatMap(([key, { capacity }]) =>
    capacityProblems(key, capacity, {
      hasEc2: ec2 !== undefined,
      hasFargate: fargate !== false,
    }),
  );
  return ec2 === undefined
    ? missing
    : [
        ...missing,
        ...foreignProcessors(ec2, { ...users, ...keyed(base, "tasks", tasks) }),
        ...tooFewSlots(base, ec2, services),
      ];
}

/** What would merely be slow: shown while a stack is deployed, and no reason to refuse it. */
export function capacityWarnings({
  cluster,
  services = {},
}: Pick<SoundSections, "cluster" | "services">): string[] {
  const { ec2 } = cluster ?? {};
  const slots = ec2 && slotsOf(ec2, ec2.minSize ?? 0, Math.min);
  if (slots === undefined) return [];
  const wanted = onHosts(services)
    .map(({ tasks, maximumPercent }) => Math.floor((tasks * maximumPercent) / 100))
    .reduce((sum, tasks) => sum + tasks, 0);
  return wanted <= slots
    ? []
    : [
        `cluster.ec2: deployments want up to ${wanted} tasks at once, and ${ec2?.minSize ?? 0} hosts have network interfaces for ${slots}: they wait for new hosts, some minutes each. Larger types, a higher minSize or managedScaling.targetCapacityPercent below 100 avoid it.`,
      ];
}

function keyed<Value>(
  base: string,
  section: string,
  members: Readonly<Record<string, Value>>,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => [joinKey(base, [section, name]), member]),
  );
}

function foreignProcessors({ instanceTypes = [] }: Ec2, users: Users): Problem[] {
  const [first] = instanceTypes;
  if (first === undefined) return [];
  const wanted = processorOf(first) === "arm64" ? "ARM64" : "X86_64";
  return Object.entries(users).flatMap(([key, { capacity, architecture }]) =>
    !runsOnEc2(capacity) || architecture === undefined || architecture === wanted
      ? []
      : [
          {
            key: joinKey(key, ["architecture"]),
            value: architecture,
            rule: `cannot run on the cluster's hosts, which are ${first}`,
            allowed: wanted,
            fix: `build the image for ${wanted}, or take other instanceTypes`,
          },
        ],
  );
}

/** A stack that never gets as many tasks as it is to have at least would fail after twenty minutes of waiting. */
function tooFewSlots(base: string, ec2: Ec2, services: Services): Problem[] {
  const slots = slotsOf(ec2, ec2.maxSize ?? Infinity, Math.max);
  if (slots === undefined) return [];
  const given = onHosts(services);
  const needed =
    given.reduce((sum, { tasks }) => sum + tasks, 0) +
    Math.max(0, ...given.map(({ fewestBeside }) => fewestBeside));
  return needed <= slots
    ? []
    : [
        {
          key: joinKey(base, ["cluster", "ec2", "maxSize"]),
          value: ec2.maxSize,
          rule: `leaves no room: the services have ${needed} tasks at least, those of a deployment included, and the hosts network interfaces for ${slots}`,
          allowed: "enough hosts for all tasks, each with a network interface of its own",
          fix: "raise it, take larger instanceTypes, or run fewer tasks",
        },
      ];
}

/** Tasks that so many hosts can have at once; undefined where that depends on more than their types. */
function slotsOf(
  { instanceTypes = [] }: Ec2,
  hosts: number,
  choose: (...slots: number[]) => number,
): number | undefined {
  const slots = instanceTypes.map(taskSlots);
  const known = slots.filter((count) => count !== undefined);
  return slots.length === 0 || known.length < slots.length ? undefined : hosts * choose(...known);
}

function onHosts(
  services: Services,
): { readonly tasks: number; readonly maximumPercent: number; readonly fewestBeside: number }[] {
  return Object.values(services)
    .filter(({ capacity }) => runsOnEc2(capacity))
    .map(({ scaling, desiredCount, deployment = {} }) => {
      const tasks = scaling?.min ?? desiredCount ?? DEFAULT_TASKS;
      const { minimumHealthyPercent, maximumPercent } = sharesOf(deployment);
      // New tasks that a deployment starts before any old one may stop.
      const fewestOfRolling = minimumHealthyPercent === 100 ? 1 : 0;
      const fewestBeside = shiftsTraffic(deployment) ? tasks : fewestOfRolling;
      return { tasks, maximumPercent, fewestBeside };
    });
}
