import { readdir } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { exists } from "./cache";
import { pluginFolder, pulumiHome, type Plugin } from "./plugin";
import { isAtLeast } from "./versions";

/** A CLI on this machine that is new enough. */
export async function findCli(minimum: string): Promise<PulumiCommand> {
  for (const root of await installations()) {
    if (!(await exists(join(root, "bin", "pulumi")))) continue;
    const command = await PulumiCommand.get({ root }).catch(() => undefined); // broken
    if (command?.version && isAtLeast(command.version.version, minimum)) return command;
  }
  throw new Error(`none is on the PATH or in ${pulumiHome()}`);
}

/** The folder of a plugin that the engine finds by itself. */
export async function findPlugin(plugin: Plugin): Promise<string> {
  const folder = pluginFolder(plugin);
  // The file ".partial" is there while a download runs, and after one that broke off.
  const broken = await exists(`${folder}.partial`);
  if (!broken && (await exists(join(folder, `pulumi-resource-${plugin.name}`)))) return folder;
  throw new Error(`it is not at ${folder}`);
}

/**
 * Folders with a `bin/pulumi`, which is what the Automation API asks for: on the PATH, then where
 * Pulumi's installer and launcher put it. The `pulumi` in node_modules is that launcher: it does
 * not count, it may start a download.
 */
async function installations(): Promise<string[]> {
  const onPath = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => basename(folder) === "bin" && !folder.includes("node_modules"))
    .map((folder) => dirname(folder));
  const versions = join(pulumiHome(), "versions");
  const downloaded = await readdir(versions).catch(() => []);
  const newestFirst = downloaded.sort((one, other) => (isAtLeast(one, other) ? -1 : 1));
  return [...onPath, pulumiHome(), ...newestFirst.map((version) => join(versions, version))];
}
