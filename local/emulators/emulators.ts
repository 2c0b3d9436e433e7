import { mkdir, rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { Progress } from "../progress";
import { emulatedEnvironment, programEnvironment, providerConfig } from "./client-settings";
import { type Resources, startEmulatedAws } from "./emulated-aws";
import { checkHealth } from "./health";
import { startProxy } from "./proxy";
import { preparePython } from "./python-environment";

export { REAL_ACCOUNT_SETTINGS } from "./client-settings";
export { GAPS } from "./gaps";

/** An emulated AWS on this machine. */
export interface Emulators {
  /** Environment for the engine and its plugins: proxies, endpoint, dummy credentials. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the environment of the Pulumi program itself needs, so that its own calls of AWS reach them. */
  readonly programEnvironment: Readonly<Record<string, string>>;
  /**
   * The `aws:*` stack configuration that points the provider at the emulators, by key without the
   * namespace; values are strings, booleans, numbers or JSON-able objects. The same in every run:
   * it becomes part of the stack's state.
   */
  readonly providerConfig: Readonly<Record<string, unknown>>;
  /**
   * How the resources of the last run came back: `restored`, `new` (there were none), `older` (the
   * newest could not be read, so those of a moment before were taken) or `lost` (all gone). After
   * the last two the stack needs a refresh.
   */
  readonly resources: Resources;
  /** Resolves, with what happened, if the emulators end before they are stopped. */
  readonly failure: Promise<Error>;
  /**
   * Stops them after they saved their state. Safe to call twice. Rejects if they had ended before
   * or could not save.
   */
  stop(): Promise<void>;
}

/** Where to keep an emulated AWS, and whom to tell. */
export interface EmulatorsOptions {
  /** Folder of one stack; the emulators keep their state and log in a folder of their own in it. */
  readonly stateDirectory: string;
  readonly progress: Progress;
}

/** Starts the emulators with the resources that the last run left in `stateDirectory`. */
export async function startEmulators(options: EmulatorsOptions): Promise<Emulators> {
  const { stateDirectory, progress } = options;
  const python = await preparePython(progress);

  return progress.step("Starting the emulated AWS", async () => {
    const folder = emulatedAwsFolder(stateDirectory);
    await mkdir(folder, { recursive: true });
    const aws = await startEmulatedAws(python, folder);
    const proxy = await startProxy({ port: aws.port, failure: aws.failure });
    const stop = once(async () => {
      await proxy.close();
      await aws.stop();
    });
    try {
      await checkHealth(proxy.url);
    } catch (error) {
      await stop().catch(() => undefined);
      throw error;
    }
    if (aws.problem !== null) progress.note(aws.problem);
    return {
      environment: emulatedEnvironment(proxy.url),
      programEnvironment: programEnvironment(proxy.url),
      providerConfig,
      resources: aws.resources,
      failure: aws.failure,
      stop,
    };
  });
}

/** Forgets all emulated resources. */
export async function forgetEmulatedAws(stateDirectory: string): Promise<void> {
  await rm(emulatedAwsFolder(stateDirectory), { recursive: true, force: true });
}

/** Apart from what a caller keeps in the same folder: that must outlive `forgetEmulatedAws`. */
function emulatedAwsFolder(stateDirectory: string): string {
  return resolve(stateDirectory, "emulated-aws");
}

function once(work: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => (result ??= work());
}
