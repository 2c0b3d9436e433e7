import { access, mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { takeLock } from "./lock";

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/**
 * The folder everything built is kept in. It may be deleted at any time; the next run builds again.
 */
export function cacheFolder(): string {
  const xdg = process.env["XDG_CACHE_HOME"];
  // The XDG specification says to ignore a relative path.
  const cache = xdg?.startsWith("/") === true ? xdg : join(homedir(), ".cache");
  return join(cache, "ecs-platform", "toolchain");
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * Builds a folder unless it is there. It appears whole or not at all: it is built aside and renamed
 * at the end. Of two runs that build at once after all, whoever ends first wins.
 */
export async function buildOnce(
  target: string,
  detail: (text: string) => void,
  build: (folder: string) => Promise<void>,
): Promise<void> {
  const cache = dirname(target);
  await mkdir(cache, { recursive: true });
  const release = await takeLock(`${target}.lock`, () => detail("waiting for another run's build"));
  let aside: string | undefined;
  try {
    if (await exists(target)) return;
    await removeUnused(cache);
    aside = await mkdtemp(`${target}.building-`);
    await build(aside);
    await rename(aside, target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error;
    });
  } finally {
    if (aside !== undefined) await rm(aside, { recursive: true, force: true });
    await release();
  }
}

/** Keeps a result from being taken for one that nobody uses any more. */
export async function markUsed(folder: string): Promise<void> {
  const now = new Date();
  await utimes(folder, now, now);
}

/**
 * Results take some hundred megabytes each: what was not used for a month goes, and what runs that
 * were interrupted left half built goes after a day.
 */
async function removeUnused(cache: string): Promise<void> {
  for (const entry of await readdir(cache)) {
    const path = join(cache, entry);
    const keptDays = entry.includes(".building-") ? 1 : 30;
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() })); // gone meanwhile
    if (Date.now() - mtimeMs < keptDays * DAY_MILLISECONDS) continue;
    await rm(path, { recursive: true, force: true });
  }
}
