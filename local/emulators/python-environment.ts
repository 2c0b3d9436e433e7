import { execa, ExecaError } from "execa";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Progress } from "../progress";
import { buildOnce, cacheFolder, exists, markUsed } from "../toolchain/cache";

const REQUIREMENTS = join(__dirname, "python", "requirements.txt");
const OLDEST = { major: 3, minor: 10 };

/** Where `python3` is too old, as on macOS, a newer one goes by its version. */
const COMMANDS = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];

/** Prints what tells Pythons apart, or fails where virtual environments cannot be made. */
const PROBE = `
import ensurepip, json, platform, sys, venv
identity = [sys.version, sys.base_prefix, sys.platform, platform.machine()]
print(json.dumps({"version": sys.version_info[:2], "identity": identity}))
`;

const NEEDED = `The emulated AWS needs Python ${OLDEST.major}.${OLDEST.minor} or newer and its module venv.
Install them:
  Debian, Ubuntu:  sudo apt-get install python3 python3-venv
  macOS:           brew install python`;

interface Python {
  readonly command: string;
  readonly version: readonly [number, number];
  /** What its virtual environments depend on. */
  readonly identity: readonly string[];
}

/** Gives a Python that has the emulators, from the user's cache; installs them there if need be. */
export async function preparePython(progress: Progress): Promise<string> {
  const python = await findPython();
  const environment = await environmentOf(python);
  if (!(await exists(environment))) {
    await progress.step("Installing the AWS emulators", (detail) =>
      buildOnce(environment, detail, (folder) => install(python.command, folder, detail)),
    );
  }
  await markUsed(environment);
  return executableIn(environment);
}

/** Gives a Python that has the emulators if they are installed. */
export async function installedPython(): Promise<string | undefined> {
  const environment = await environmentOf(await findPython());
  return (await exists(environment)) ? executableIn(environment) : undefined;
}

async function environmentOf(python: Python): Promise<string> {
  const digest = createHash("sha256")
    .update(await readFile(REQUIREMENTS))
    .update(JSON.stringify(python.identity))
    .digest("hex");
  return join(dirname(cacheFolder()), "emulators", digest.slice(0, 16));
}

async function install(
  command: string,
  environment: string,
  detail: (text: string) => void,
): Promise<void> {
  detail("making a virtual environment");
  await runPython(command, ["-m", "venv", environment]);
  const pip = runPython(executableIn(environment), [
    ...["-m", "pip", "install", "--disable-pip-version-check", "--no-input"],
    // Nothing but what the hashes name: building a package would fetch its build tools unseen.
    ...["--progress-bar", "off", "--require-hashes", "--only-binary", ":all:"],
    ...["-r", REQUIREMENTS],
  ]);
  try {
    for await (const line of pip) {
      const collected = /^Collecting (\S+)/.exec(line)?.[1];
      if (collected !== undefined) detail(`downloading ${collected}`);
      if (line.startsWith("Installing")) detail("unpacking");
    }
  } catch (error) {
    const said = error instanceof ExecaError ? String(error.stderr) : String(error);
    throw new Error(`pip could not install the AWS emulators:\n${said}`, { cause: error });
  }
}

async function findPython(): Promise<Python> {
  for (const command of COMMANDS) {
    const { stdout, failed } = await runPython(command, ["-c", PROBE], { reject: false });
    if (failed) continue;
    const found = { command, ...(JSON.parse(stdout) as Omit<Python, "command">) };
    const [major, minor] = found.version;
    if (major === OLDEST.major && minor >= OLDEST.minor) return found;
  }
  throw new Error(NEEDED);
}

/** Runs Python free of what the user has set for it, but for where pip finds packages. */
function runPython(command: string, args: string[], { reject = true } = {}) {
  const env = {
    PIP_USER: "0",
    PYTHONHOME: undefined,
    PYTHONPATH: undefined,
    PYTHONNOUSERSITE: "1",
  };
  return execa(command, args, { reject, env });
}

function executableIn(environment: string): string {
  return join(environment, "bin", "python");
}
