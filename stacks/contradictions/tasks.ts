import { capacityProblems } from "../../components/ecs-service/capacity";
import {
  fileSystemProblems,
  ownNameProblems,
  vaultProblems,
} from "../../components/ecs-service/task-problems";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";

/** What is wrong between services or tasks and the rest of the file: names, file systems, vaults, capacity. */
export function taskContradictions(base: string, sections: SoundSections): Problem[] {
  const { services = {}, tasks = {}, fileSystems = {}, cluster } = sections;
  const ofBoth = Object.entries<typeof tasks>({ services, tasks }).flatMap(([section, members]) =>
    Object.entries(members).flatMap(([name, settings]) => {
      const key = joinKey(base, [section, name]);
      return [
        ...ownNameProblems(key, name, settings),
        ...fileSystemProblems(key, settings, Object.keys(fileSystems)),
      ];
    }),
  );
  const ofTasks = Object.entries(tasks).flatMap(([name, settings]) => {
    const key = joinKey(base, ["tasks", name]);
    return [
      ...vaultProblems(key, settings, false),
      ...(cluster === undefined
        ? []
        : capacityProblems(key, settings.capacity, {
            hasEc2: cluster.ec2 !== undefined,
            hasFargate: cluster.fargate !== false,
          })),
    ];
  });
  return [...ofBoth, ...ofTasks, ...sharedNames(base, sections)];
}

/** ECS keeps the revisions of both in families, which are named after them. */
function sharedNames(base: string, { services = {}, tasks = {} }: SoundSections): Problem[] {
  return Object.keys(tasks)
    .filter((name) => Object.hasOwn(services, name))
    .map((name) => ({
      key: joinKey(base, ["tasks", name]),
      value: name,
      rule: "is the name of a service, too",
      allowed: "a name of its own",
      fix: "rename one of the two",
    }));
}
