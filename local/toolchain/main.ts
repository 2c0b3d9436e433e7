/** Fetches or builds the local toolchain ahead of time, for instance to fill a cache in CI. */
import { Command } from "commander";
import { consoleProgress } from "../progress";
import { cacheFolder } from "./cache";
import { SOURCES, SOURCES_VARIABLE } from "./sources";
import { ensureToolchain } from "./toolchain";

new Command("local/toolchain/main.ts")
  .description(
    "Provides the Pulumi CLI and plugins that local runs need, and says where they come from.",
  )
  .addHelpText(
    "after",
    `
What has to be built is kept in ${cacheFolder()}.
${SOURCES_VARIABLE}=${SOURCES.join("|")} says where to take them from.`,
  )
  .action(async () => {
    const progress = consoleProgress();
    progress.note((await ensureToolchain(progress)).origin);
  })
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
