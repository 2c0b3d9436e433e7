/**
 * Runs before every npm command of this project (the `pre*` scripts of package.json) and installs
 * the dependencies when they are missing or belong to another package-lock.json, so that a fresh
 * clone or a switched branch needs no command of its own. Otherwise it does nothing, at once.
 *
 * Plain Node without dependencies, in syntax that a Node too old for the project still understands.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const oldestNode = [20, 19];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockfile = join(root, "package-lock.json");
const modules = join(root, "node_modules");
const installed = join(modules, ".package-lock.json");
const marker = join(modules, ".ecs-platform-lock");
const busy = join(root, ".local", "install");

main();

function main() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    fail(
      `Node ${process.versions.node} is too old: this project needs ${oldestNode.join(".")} or newer.`,
      "Install the version in .nvmrc, for example with `nvm install`, and run the command again.",
    );
  }
  // npm would empty the folder that a link leads to, and that is another checkout's.
  if (isLink(modules) || whyStale() === undefined) {
    return;
  }
  whileNobodyElseInstalls(() => {
    // Whoever held the lock until now may have installed just what was missing.
    const reason = whyStale();
    if (reason !== undefined) {
      install(reason);
    }
  });
}

/** Why the installed dependencies do not do; undefined when they do. */
function whyStale() {
  const text = read(lockfile);
  if (text === undefined) {
    fail(
      "package-lock.json is missing, and it says which dependencies to install.",
      "Restore it with `git checkout package-lock.json`.",
    );
  }
  const hash = createHash("sha256").update(text).digest("hex");
  if (read(marker) === hash) {
    return undefined;
  }
  // npm writes this file last, so without it an installation has not come to its end.
  if (read(installed) === undefined) {
    return "not installed yet";
  }
  if (!isInstalled(JSON.parse(text))) {
    return "package-lock.json has changed";
  }
  // Installed by hand; remembering it spares the comparison next time.
  writeFileSync(marker, hash);
  return undefined;
}

/** True when what the lockfile lists is there, except for other platforms' packages. */
function isInstalled({ packages }) {
  return Object.entries(packages).every(([path, { version, optional, devOptional }]) => {
    const manifest = path === "" ? undefined : read(join(root, path, "package.json"));
    if (manifest === undefined) {
      return path === "" || optional || devOptional;
    }
    return JSON.parse(manifest).version === version;
  });
}

function install(reason) {
  console.error(`Installing dependencies (${reason}) ...`);
  const flags = ["--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const [command, args] = npm();
  const { status, error } = spawnSync(command, [...args, "ci", ...flags], {
    cwd: root,
    stdio: "inherit",
    // npm is a script of the shell on Windows.
    shell: process.platform === "win32" && command === "npm",
  });
  if (error !== undefined || status !== 0) {
    fail(
      `The dependencies could not be installed: ${error ? error.message : `npm ci ended with ${status}`}.`,
      "See npm's message above; once its cause is gone, run the command again (it will retry).",
    );
  }
  writeFileSync(marker, createHash("sha256").update(readFileSync(lockfile)).digest("hex"));
}

/** The npm that runs this script, or the one on the path. */
function npm() {
  const script = process.env.npm_execpath;
  return script && basename(script).startsWith("npm-cli")
    ? [process.execPath, [script]]
    : ["npm", []];
}

/**
 * Runs `body` while holding a lock, so that two commands started together do not both replace
 * node_modules. A lock whose process is gone counts for nothing.
 */
function whileNobodyElseInstalls(body) {
  mkdirSync(dirname(busy), { recursive: true });
  for (let attempt = 0; !take(); attempt += 1) {
    if (attempt === 1) {
      console.error("Waiting for another command to install the dependencies ...");
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, attempt === 0 ? 0 : 200);
  }
  process.on("exit", release);
  body();
}

function take() {
  try {
    writeFileSync(busy, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") {
      throw error;
    }
    const owner = Number(read(busy));
    if (owner > 0 && !isRunning(owner)) {
      release();
    }
    return false;
  }
}

function release() {
  rmSync(busy, { force: true });
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function isLink(path) {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function fail(problem, nextStep) {
  console.error(`${problem}\n${nextStep}`);
  process.exit(1);
}
