import { join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import { version as sdkVersion } from "@pulumi/pulumi/version";
import { execa } from "execa";
import type { Progress } from "../progress";
import { pluginFolder, pulumiHome, type Plugin } from "./plugin";

const INSTALLER = "https://get.pulumi.com/install.sh";

/** How long the host may take to answer at all; a download may then take as long as it takes. */
const ANSWER_MILLISECONDS = 5_000;

/** Pulumi's own installation of CLI and plugins. */
export interface Vendor {
  /** Installs the CLI of the SDK's version, beside those of Pulumi's own launcher. */
  installCli(progress: Progress): Promise<PulumiCommand>;
  /** Installs a plugin where every engine of this user finds it; gives the folder. */
  installPlugin(command: PulumiCommand, plugin: Plugin, progress: Progress): Promise<string>;
}

/**
 * A host that does not answer is given up after seconds: a firewall that swallows packets costs
 * minutes otherwise. Whoever insists, because there is no other source, gets the installation's own
 * attempts and messages instead. That helps behind a proxy, too, of which Node's fetch knows
 * nothing: where the CLI is there, it downloads the plugins through the proxy.
 */
export function vendor({ insist }: { readonly insist: boolean }): Vendor {
  let answers: Promise<boolean> | undefined;
  const reachHost = async () => {
    if (insist) return;
    answers ??= hostAnswers();
    if (!(await answers)) throw new Error(`${new URL(INSTALLER).host} does not answer`);
  };

  return {
    async installCli(progress) {
      await reachHost();
      return progress.step(`Installing the Pulumi CLI ${sdkVersion}`, () =>
        PulumiCommand.install({ root: join(pulumiHome(), "versions", sdkVersion) }),
      );
    },
    async installPlugin({ command }, plugin, progress) {
      await reachHost();
      const { name, version } = plugin;
      await progress.step(`Installing the ${name} plugin ${version}`, () =>
        execa(command, ["plugin", "install", "resource", name, version]),
      );
      return pluginFolder(plugin);
    },
  };
}

async function hostAnswers(): Promise<boolean> {
  const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
  return fetch(INSTALLER, { method: "HEAD", signal }).then(
    (response) => response.ok,
    () => false,
  );
}
