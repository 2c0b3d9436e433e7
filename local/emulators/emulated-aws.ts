import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** How the resources of the last run came back. */
export type Resources = "restored" | "new" | "older" | "lost";

/** What the process says once it listens. */
interface Ready {
  readonly port: number;
  readonly resources: Resources;
  /** Why not all resources of the last run came back. */
  readonly problem: string | null;
}

/** The process in which the emulators run. */
export interface EmulatedAws extends Ready {
  /** Resolves if the process ends before it is stopped. */
  readonly failure: Promise<Error>;
  stop(): Promise<void>;
}

/** Saving takes well under a second, but the machine may be busy. */
const GRACE_MILLISECONDS = 20_000;
const LOG_LINES_SHOWN = 15;

/** Starts the emulators on a free port, with the resources that they left in `folder`. */
export async function startEmulatedAws(python: string, folder: string): Promise<EmulatedAws> {
  const logFile = join(folder, "emulators.log");
  const log = await open(logFile, "a"); // not "w": it may be a running emulator's
  const child = spawn(python, ["-B", "-m", "emulated_aws", folder], {
    cwd: join(__dirname, "python"),
    // Out of the terminal's process group: at Ctrl-C the engine has work under way that needs them.
    // They end when this process does, whose end of their standard input then closes.
    detached: true,
    env: pythonEnvironment(),
    stdio: ["pipe", "pipe", log.fd],
  });
  const ended = endOf(child);
  child.stdin?.on("error", () => undefined); // nothing is written: it only closes
  await log.close();

  const endedByItself = async () =>
    withLog(`The emulated AWS ended by itself (${await ended})`, logFile);
  const line = await Promise.race([
    firstLine(child.stdout as Readable),
    ended.then(() => undefined),
  ]);
  if (line === undefined) throw await endedByItself();

  let stopping = false;
  const failure = new Promise<Error>((resolve) => {
    void ended.then(async () => {
      if (!stopping) resolve(await endedByItself());
    });
  });
  return {
    ...(JSON.parse(line) as Ready),
    failure,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) throw await failure;
      stopping = true;
      child.stdin?.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MILLISECONDS);
      const how = await ended;
      clearTimeout(timer);
      if (how === "exit code 0") return;
      throw await withLog(`The emulated AWS may not have saved its resources (${how})`, logFile);
    },
  };
}

/**
 * Nothing of the user's that could change what Python loads or what the emulators do; but the marks
 * by which a run finds its processes again.
 */
function pythonEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => ["HOME", "PATH", "TMPDIR", "TZ"].includes(name) || name.startsWith("ECS_PLATFORM_"),
  );
  return { ...Object.fromEntries(kept), LANG: "C.UTF-8", PYTHONNOUSERSITE: "1" };
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
    return code === null ? `signal ${signal ?? "unknown"}` : `exit code ${code}`;
  } catch (error) {
    return String(error); // it did not even start
  }
}

async function firstLine(output: Readable): Promise<string | undefined> {
  for await (const line of createInterface({ input: output })) return line;
  return undefined;
}

async function withLog(message: string, logFile: string): Promise<Error> {
  const lines = (await readFile(logFile, "utf8")).trimEnd().split("\n");
  const end = lines.slice(-LOG_LINES_SHOWN).join("\n");
  return new Error(`${message}. The end of its log, ${logFile}:\n${end}`);
}
