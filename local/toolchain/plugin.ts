import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/**
 * A provider plugin the engine needs: the one of an installed package, in that package's version.
 */
export interface Plugin {
  readonly name: "aws" | "random";
  readonly version: string;
  /** Where the package is, with the names the plugin must know. */
  readonly packageFolder: string;
}

/** The plugins a program of this project needs. */
export async function neededPlugins(): Promise<Plugin[]> {
  return Promise.all((["aws", "random"] as const).map(neededPlugin));
}

async function neededPlugin(name: Plugin["name"]): Promise<Plugin> {
  const manifest = require.resolve(`@pulumi/${name}/package.json`);
  const { version } = JSON.parse(await readFile(manifest, "utf8")) as { version: string };
  return { name, version, packageFolder: dirname(manifest) };
}

/** Where Pulumi itself keeps versions and plugins. */
export function pulumiHome(): string {
  const home = process.env["PULUMI_HOME"] ?? "";
  return home === "" ? join(homedir(), ".pulumi") : home;
}

/** The folder of a plugin there. */
export function pluginFolder({ name, version }: Plugin): string {
  return join(pulumiHome(), "plugins", `resource-${name}-v${version}`);
}
