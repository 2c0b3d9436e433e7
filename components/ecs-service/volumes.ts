import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Statement } from "../support/iam";
import { type Finding, mapOf, nameKey } from "../support/rules";
import { MAIN_CONTAINER, absolutePath } from "./container";
import { containersOf } from "./container-rules";

const readOnly = z.boolean().default(false).describe("Whether the container may only read there.");

/** Folders that containers of one task share while it runs, by name and container. */
export const sharedVolumes = z.record(
  nameKey,
  z.record(
    nameKey,
    z.strictObject({ path: absolutePath.describe("Where the container sees it."), readOnly }),
  ),
);

/** Folders of a file system that outlives tasks, by name. */
export const fileSystemVolumes = z.record(
  nameKey,
  z.strictObject({
    fileSystem: nameKey.describe("File system, by key."),
    path: absolutePath.describe("Where the container sees it."),
    readOnly,
    container: nameKey
      .default(MAIN_CONTAINER)
      .describe(`Container that sees it: ${MAIN_CONTAINER} is the task's own.`),
  }),
);

/** A file system that tasks may mount; a `FileSystem` will do. */
export interface MountableFileSystem {
  readonly fileSystemId: pulumi.Input<string>;
  readonly arn: pulumi.Input<string>;
  readonly accessPointId: pulumi.Input<string>;
  readonly accessPointArn: pulumi.Input<string>;
  /** Its own group, closed until a task's adds itself. */
  readonly securityGroupId: pulumi.Input<string>;
  readonly port: number;
}

/** One folder of a container, and the volume behind it. */
export interface Mount {
  readonly container: string;
  readonly volume: string;
  readonly path: string;
  readonly readOnly: boolean;
  /** Key of the file system behind it; undefined for a folder that lives as long as the task. */
  readonly fileSystem?: string;
}

/** What the settings of a task say about its volumes. */
export interface VolumeSettings {
  readonly sharedVolumes: z.output<typeof sharedVolumes>;
  readonly volumes: z.output<typeof fileSystemVolumes>;
}

/**
 * The folders that containers share or keep, in an order that does not depend on the settings'. A volume's name cannot
 * be that of a path: `volumeName` never puts an "s" or a "v" behind an underscore.
 */
export function commonMounts({ sharedVolumes: shared, volumes }: VolumeSettings): Mount[] {
  const mounts: Mount[] = [
    ...Object.entries(shared).flatMap(([name, places]) =>
      Object.entries(places).map(([container, place]) => ({
        container,
        volume: `${name}_shared`,
        ...place,
      })),
    ),
    ...Object.entries(volumes).map(([name, volume]) => ({ volume: `${name}_volume`, ...volume })),
  ];
  return mounts.sort((left, right) => (left.volume < right.volume ? -1 : 1));
}

/** "/var/cache/nginx" becomes "var-cache-nginx"; other characters that ECS refuses go by their code, so names differ. */
export function volumeName(path: string): string {
  return path
    .slice(1)
    .replace(/[^A-Za-z0-9/]/g, (character) => `_${character.charCodeAt(0).toString(16)}`)
    .replace(/\//g, "-");
}

/** What a task's code may do with the file systems it mounts: no more than its volumes say. */
export function fileSystemStatements(
  volumes: VolumeSettings["volumes"],
  fileSystems: Readonly<Record<string, MountableFileSystem>>,
): Statement[] {
  return Object.entries(fileSystems)
    .filter(([key]) => Object.values(volumes).some(({ fileSystem }) => fileSystem === key))
    .map(([key, { arn, accessPointArn }]) => {
      const writes = Object.values(volumes).some(
        ({ fileSystem, readOnly: isReadOnly }) => fileSystem === key && !isReadOnly,
      );
      return {
        actions: [
          "elasticfilesystem:ClientMount",
          ...(writes ? ["elasticfilesystem:ClientWrite"] : []),
        ],
        resources: [arn],
        conditions: { StringEquals: { "elasticfilesystem:AccessPointArn": accessPointArn } },
      };
    });
}

/** Volumes of containers that the task does not have, and folders that would hide one another. */
export function volumeFindings(task: Readonly<Record<string, unknown>>): Finding[] {
  const containers = containersOf(task);
  const names = containers.map(({ name }) => name);
  const taken = new Set(
    containers.flatMap(({ name, settings: { writablePaths = ["/tmp"] } }) =>
      (Array.isArray(writablePaths) ? writablePaths : []).map((path) => `${name} ${String(path)}`),
    ),
  );
  return placesOf(task).flatMap(({ at, containerAt, container, path }): Finding[] => {
    if (!names.includes(container)) {
      return [
        {
          path: containerAt,
          rule: "names no container of this task",
          allowed: names.join(", "),
          fix: "correct the name",
        },
      ];
    }
    const place = `${container} ${String(path)}`;
    if (!taken.has(place)) {
      taken.add(place);
      return [];
    }
    return [
      {
        path: [...at, "path"],
        rule: `is a folder of ${container} already`,
        allowed: "a path that the container has neither in writablePaths nor in another volume",
        fix: "choose another path, or remove the other one",
      },
    ];
  });
}

function placesOf(task: Readonly<Record<string, unknown>>) {
  const shared = Object.entries(mapOf(task["sharedVolumes"])).flatMap(([name, places]) =>
    Object.entries(mapOf(places)).map(([container, place]) => {
      const at = ["sharedVolumes", name, container];
      return { at, containerAt: at, container, path: mapOf(place)["path"] };
    }),
  );
  const kept = Object.entries(mapOf(task["volumes"])).map(([name, volume]) => {
    const at = ["volumes", name];
    const { container = MAIN_CONTAINER, path } = mapOf(volume);
    return { at, containerAt: [...at, "container"], container: String(container), path };
  });
  return [...shared, ...kept];
}
