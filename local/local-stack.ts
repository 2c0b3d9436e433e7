import { mkdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { LocalWorkspace, type LocalWorkspaceOptions, Stack } from "@pulumi/pulumi/automation";
import {
  type Emulators,
  forgetEmulatedAws,
  REAL_ACCOUNT_SETTINGS,
  startEmulators,
} from "./emulators/emulators";
import { Stopped } from "./errors";
import type { Options } from "./options";
import type { Program } from "./program";
import type { Progress } from "./progress";
import { countByComponent, isCounted, resourcesOf, type StateResource } from "./resources";
import { operate, type Operation } from "./operation";
import { forgetStandIns, prepareStandIns, type StandIns } from "./stand-ins/stand-ins";
import { forgetState, readState, stackFolders } from "./state-files";
import { type Config, projectName, readConfig, writeWorkspace } from "./stack-files";
import type { Toolchain } from "./toolchain/toolchain";

/** What all parts of a run share. */
export interface Session {
  readonly options: Options;
  readonly progress: Progress;
  readonly stop: AbortSignal;
  readonly program: Program;
  /** Puts something between the stack and its emulated AWS. Default: nothing. */
  readonly reach?: (emulators: Emulators) => Promise<Emulators>;
  /** An earlier run may have left things that state and emulated AWS do not agree on. */
  recover: boolean;
  /** What such a run left was put in order first. */
  recovered: boolean;
  /** What could not be put in order was thrown away. */
  startedAnew: boolean;
}

/** A stack, the emulated AWS that it lives in, and the engine. */
export interface LocalStack {
  readonly emulators: Emulators;
  readonly standIns: StandIns;
  readonly needsRecovery: boolean;
  operate(operation: Operation, title: string): ReturnType<typeof operate>;
  /** Everything in the state, components included. */
  resources(): Promise<readonly StateResource[]>;
  /** Changes configuration for what follows in this run. */
  configure(config: Config): void;
  /** Ends a lock that a dead engine left. */
  unlock(): Promise<void>;
  /** Saves the emulated AWS and stops it. */
  close(): Promise<void>;
}

/** The state on disk is encrypted with this. It holds nothing but emulated things: no secret, only a formality. */
const PASSPHRASE = "emulated";

/** Whatever the user has set: the state is read without the engine, too. Nobody needs old states of emulated things. */
const STATE_FORMAT = {
  PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
  PULUMI_DIY_BACKEND_GZIP: "false",
  PULUMI_DIY_BACKEND_LEGACY_LAYOUT: "false",
  PULUMI_DIY_BACKEND_ZSTD: "false",
};

/** Starts the emulators and opens the stack. */
export async function openLocalStack(session: Session, toolchain: Toolchain): Promise<LocalStack> {
  const { options, progress, program, stop } = session;
  const { folder, stack: name } = options;
  const project = projectName(options.project);
  const onDisk = readState(folder, project, name);
  // Whatever the emulated AWS has then is nobody's, and would be in the way.
  if (!hasAwsResources(onDisk.resources)) await forgetLocalStack(folder);

  const { reach = (started: Emulators) => Promise.resolve(started) } = session;
  const emulators = await reach(
    await unlessStopped(stop, startEmulators({ stateDirectory: folder, progress })),
  );
  // The program runs in this process: hooks of its resources call AWS themselves.
  Object.assign(process.env, emulators.programEnvironment);
  try {
    const { config, madeUp } = readConfig(options.stackFile, project);
    if (madeUp.length > 0) {
      progress.note(`Encrypted configuration is replaced by a made-up value: ${madeUp.join(", ")}`);
    }
    const { state, workspace } = stackFolders(folder);
    const standIns = prepareStandIns(folder);
    const configure = (changes: Config) =>
      writeWorkspace(workspace, {
        root: options.project,
        stack: name,
        plugins: [...toolchain.plugins, ...standIns.plugins],
        analyzers: toolchain.analyzers,
        config: { ...emulatedConfig(config, emulators), ...changes },
      });
    configure({});
    mkdirSync(state, { recursive: true });
    const stack = await openStack(name, {
      workDir: workspace,
      program: program.run,
      pulumiCommand: toolchain.command,
      envVars: {
        ...toolchain.environment,
        ...emulators.environment,
        PULUMI_BACKEND_URL: pathToFileURL(state).href,
        PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
        ...STATE_FORMAT,
      },
    });
    const resources = async () => resourcesOf(await stack.exportStack());
    return {
      emulators,
      standIns,
      needsRecovery:
        hasAwsResources(onDisk.resources) &&
        (session.recover || onDisk.cutOff || emulators.resources !== "restored"),
      operate: async (operation, title) => {
        const runsProgram = operation === "up" || operation === "preview";
        const before = runsProgram ? [] : await resources();
        const expected = runsProgram ? program.registered : () => countByComponent(before);
        const { policyPack } = options;
        const shared = { title, progress, stop, expected, resources: before, policyPack };
        return operate(stack, operation, shared);
      },
      resources,
      configure,
      unlock: () => stack.cancel(),
      close: () => emulators.stop(),
    };
  } catch (error) {
    await emulators.stop().catch(() => undefined);
    throw error;
  }
}

/** Forgets state, emulated AWS and what stand-ins recorded. */
export async function forgetLocalStack(folder: string): Promise<void> {
  forgetState(folder);
  forgetStandIns(folder);
  await forgetEmulatedAws(folder);
}

/** Gives the result of work that cannot be stopped, or nothing of it as soon as the run is stopped. */
export async function unlessStopped<T>(stop: AbortSignal, work: Promise<T>): Promise<T> {
  if (stop.aborted) throw new Stopped();
  return new Promise((resolve, reject) => {
    stop.addEventListener("abort", () => reject(new Stopped()), { once: true });
    work.then(resolve, reject);
  });
}

async function openStack(name: string, options: LocalWorkspaceOptions): Promise<Stack> {
  return Stack.createOrSelect(name, await LocalWorkspace.create(options));
}

/** The stack's configuration, with the provider's settings for the emulated AWS in place of those for an account. */
export function emulatedConfig(
  config: Config,
  { providerConfig }: Pick<Emulators, "providerConfig">,
): Config {
  const forAccounts: readonly string[] = REAL_ACCOUNT_SETTINGS.map((key) => `aws:${key}`);
  return {
    ...Object.fromEntries(Object.entries(config).filter(([key]) => !forAccounts.includes(key))),
    ...Object.fromEntries(
      Object.entries(providerConfig).map(([key, value]) => [`aws:${key}`, value]),
    ),
  };
}

/** Providers have a URN, too, but nothing in AWS. */
function hasAwsResources(resources: readonly StateResource[]): boolean {
  return resources.some(
    ({ urn, type, custom }) => isCounted(urn, custom) && !type.startsWith("pulumi:providers:"),
  );
}
