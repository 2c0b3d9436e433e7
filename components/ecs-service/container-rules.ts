import { type Finding, mapOf } from "../support/rules";
import { MAIN_CONTAINER } from "./container";
import { givenCollector, tracingFindings } from "./tracing";

/** A container as its settings may be while they are still unchecked. */
interface Given {
  readonly name: string;
  /** Where its settings are, below the task's. */
  readonly path: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly isEssential: boolean;
  /** Condition by the name of the container that it waits for. */
  readonly dependsOn: Readonly<Record<string, unknown>>;
}

/** What is wrong between the containers of a task: names, order, ports and shares of the task's size. */
export function containerFindings(task: Readonly<Record<string, unknown>>): Finding[] {
  const containers = containersOf(task);
  return [
    ...sharedNames(task),
    ...containers.flatMap((container) => wrongConditions(container, containers)),
    ...cycles(containers),
    ...sharedPorts(containers),
    ...tracingFindings(task, containers),
    ...sharesBeyond(task, containers, "cpu", 256),
    ...sharesBeyond(task, containers, "memoryMiB", 512),
  ];
}

/** The containers of a task, its own first. It waits for all init containers. */
export function containersOf(task: Readonly<Record<string, unknown>>): Given[] {
  const inits = mapOf(task["initContainers"]);
  const waits = Object.fromEntries(Object.keys(inits).map((name) => [name, "SUCCESS"]));
  const named = (section: string, isEssential: (settings: Given["settings"]) => boolean) =>
    Object.entries(mapOf(task[section])).map(([name, value]) => {
      const settings = mapOf(value);
      const dependsOn = mapOf(settings["dependsOn"]);
      return {
        name,
        path: [section, name],
        settings,
        isEssential: isEssential(settings),
        dependsOn,
      };
    });
  return [
    {
      name: MAIN_CONTAINER,
      path: [],
      settings: task,
      isEssential: true,
      dependsOn: { ...waits, ...mapOf(task["dependsOn"]) },
    },
    ...named("sidecars", ({ essential }) => essential !== false),
    ...named("initContainers", () => false),
    ...givenCollector(task),
  ];
}

function sharedNames(task: Readonly<Record<string, unknown>>): Finding[] {
  const sidecars = mapOf(task["sidecars"]);
  return Object.keys(mapOf(task["initContainers"]))
    .filter((name) => Object.hasOwn(sidecars, name))
    .map((name) => ({
      path: ["initContainers", name],
      rule: "has the name of a sidecar",
      allowed: "a name of its own",
      fix: "rename one of the two",
    }));
}

function wrongConditions({ path, settings }: Given, containers: readonly Given[]): Finding[] {
  return Object.entries(mapOf(settings["dependsOn"])).flatMap(([target, condition]) => {
    const at = [...path, "dependsOn", target];
    const other = containers.find(({ name }) => name === target);
    if (other === undefined) {
      return [
        {
          path: at,
          rule: "names no container of this task",
          allowed: containers.map(({ name }) => name).join(", "),
          fix: "correct the name, or remove it",
        },
      ];
    }
    if ((condition === "COMPLETE" || condition === "SUCCESS") && other.isEssential) {
      return [
        {
          path: at,
          rule: `waits for the end of ${target}, and with an essential container the whole task ends`,
          allowed: "START, HEALTHY",
          fix: "choose one of them, or wait for an init container",
        },
      ];
    }
    if (condition === "HEALTHY" && other.settings["containerHealthCheck"] === undefined) {
      return [
        {
          path: at,
          rule: `waits for the health of ${target}, which has no containerHealthCheck`,
          allowed: "START; HEALTHY with a containerHealthCheck",
          fix: `give ${target} a containerHealthCheck`,
        },
      ];
    }
    return [];
  });
}

/** The first circle of containers that wait for each other: none of them would ever start. */
function cycles(containers: readonly Given[]): Finding[] {
  const waitsFor = new Map(containers.map(({ name, dependsOn }) => [name, Object.keys(dependsOn)]));
  const circle = findCircle(waitsFor);
  const first = containers.find(({ name }) => name === circle?.[0]);
  if (circle === undefined || first === undefined) return [];
  return [
    {
      path: [...first.path, "dependsOn"],
      rule: `goes round in a circle: ${[...circle, circle[0]].join(" waits for ")}`,
      allowed: "an order in which one container starts first",
      fix: "remove one of these, and mind that the task's own container waits for all init containers",
    },
  ];
}

/** A way along the edges that comes back to its start, beginning at its first member in the given order. */
export function findCircle(edges: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const isFree = new Set<string>();
  const walk = (name: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(name)) return way.slice(way.indexOf(name));
    if (isFree.has(name)) return undefined;
    for (const next of edges.get(name) ?? []) {
      const circle = walk(next, [...way, name]);
      if (circle !== undefined) return circle;
    }
    isFree.add(name);
    return undefined;
  };
  for (const name of edges.keys()) {
    const circle = walk(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

/** The containers of a task share one network interface. */
function sharedPorts(containers: readonly Given[]): Finding[] {
  const owners = new Map<unknown, string>();
  return containers.flatMap(({ name, path, settings: { port } }) => {
    if (typeof port !== "number") return [];
    const owner = owners.get(port);
    if (owner === undefined) {
      owners.set(port, name);
      return [];
    }
    return [
      {
        path: [...path, "port"],
        rule: `is the port of ${owner} too, and the containers of a task share one address`,
        allowed: "a port of its own",
        fix: "give it another one",
      },
    ];
  });
}

/** What sidecars and init containers are held to must leave something for the task's own container. */
function sharesBeyond(
  task: Readonly<Record<string, unknown>>,
  [, ...others]: readonly Given[],
  key: "cpu" | "memoryMiB",
  byDefault: number,
): Finding[] {
  const { [key]: size = byDefault } = task;
  if (typeof size !== "number") return [];
  let left = size;
  return others.flatMap(({ path, settings: { [key]: part } }) => {
    if (typeof part !== "number") return [];
    left -= part;
    return left > 0
      ? []
      : [
          {
            path: [...path, key],
            rule: `leaves nothing of the task's ${key} of ${size} for its own container`,
            allowed: `parts that come to less than ${size} together`,
            fix: `lower it, or raise the task's ${key}`,
          },
        ];
  });
}
