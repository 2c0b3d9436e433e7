import { join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import type { Progress } from "../progress";
import { cliPart, ensureBuilt, pinnedCliVersion, pluginPart, type Part } from "./build";
import { exists } from "./cache";
import { findCli, findPlugin } from "./machine";
import { neededPlugins } from "./plugin";
import { chosenSources, firstOf, SOURCES, type Source } from "./sources";
import { vendor } from "./vendor";

/** A plugin that the engine is pointed at. */
export interface PluginFolder {
  readonly name: string;
  readonly path: string;
}

/** What it takes to run this project's programs with the real Pulumi engine. */
export interface Toolchain {
  /** The Pulumi CLI, for the Automation API's `pulumiCommand` option. */
  readonly command: PulumiCommand;
  /**
   * Plugins the engine is pointed at by folder (project setting `plugins.providers`); empty where
   * it finds its own.
   */
  readonly plugins: readonly PluginFolder[];
  /** Likewise what runs policy packs (`plugins.analyzers`); the CLI from Pulumi brings its own. */
  readonly analyzers: readonly PluginFolder[];
  /** Environment variables the engine needs, e.g. to stop it from looking for downloads. */
  readonly environment: Readonly<Record<string, string>>;
  /** One line for a person: where CLI and plugins come from. */
  readonly origin: string;
}

const ORIGINS: Readonly<Record<Source, string>> = {
  machine: "found on this machine",
  vendor: "installed from Pulumi",
  build: "built from source",
};

/** Its name is the one that the engine looks for. */
const POLICY_RUNNER: PluginFolder = { name: "policy-nodejs", path: join(__dirname, "analyzer") };

/** Keeps the engine from asking hosts that cannot be reached, which takes it minutes. */
const OFFLINE = {
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  PULUMI_SKIP_UPDATE_CHECK: "true",
};

/**
 * Provides the Pulumi CLI and the plugins: those on this machine, else Pulumi's own, installed the
 * usual way, else (where Pulumi's host cannot be reached) built once from Go modules. What is built
 * serves emulator runs only: the aws plugin refuses to talk to anything but a proxy on this
 * machine. The environment variable ECS_PLATFORM_TOOLCHAIN names the sources to try instead
 * (machine, vendor, build), with commas between several.
 */
export async function ensureToolchain(progress: Progress): Promise<Toolchain> {
  const chosen = chosenSources(process.env);
  const host = vendor({ insist: chosen?.length === 1 });
  // For what was built before, the host that did not answer then is not asked again.
  const sourcesOf = async (part: Part): Promise<readonly Source[]> =>
    chosen ?? ((await exists(part.folder)) ? ["machine", "build"] : SOURCES);

  const cliBuild = await cliPart();
  const minimum = await pinnedCliVersion();
  const cli = await firstOf(`${cliBuild.title} or newer`, await sourcesOf(cliBuild), progress, {
    machine: () => findCli(minimum),
    vendor: () => host.installCli(progress),
    build: async () => PulumiCommand.get({ root: await ensureBuilt(cliBuild, progress) }),
  });
  const version = cli.found.version?.version ?? minimum;
  const origins = [`Pulumi CLI ${version} (${ORIGINS[cli.source]})`];

  const plugins: PluginFolder[] = [];
  for (const plugin of await neededPlugins()) {
    const build = await pluginPart(plugin);
    const { source, found } = await firstOf(build.title, await sourcesOf(build), progress, {
      machine: () => findPlugin(plugin),
      vendor: () => host.installPlugin(cli.found, plugin, progress),
      build: () => ensureBuilt(build, progress),
    });
    if (source === "build") plugins.push({ name: plugin.name, path: found });
    origins.push(`${build.title} (${ORIGINS[source]})`);
  }

  return {
    command: cli.found,
    plugins,
    analyzers: cli.source === "build" ? [POLICY_RUNNER] : [],
    environment: plugins.length > 0 || cli.source === "build" ? OFFLINE : {},
    origin: origins.join(", "),
  };
}
