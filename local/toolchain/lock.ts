import { open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * A lock's holder shows that it is alive by touching the file. A lock that nobody touched for
 * longer was left by a crash; on the same machine the process number tells sooner.
 */
const HEARTBEAT_MILLISECONDS = 5_000;
const STALE_MILLISECONDS = 60_000;

/**
 * Takes a lock file, waiting while another run has it; gives what releases it. It keeps runs from
 * doing the same work twice, no more: a machine that was asleep may find its lock taken over.
 */
export async function takeLock(file: string, onWait: () => void): Promise<() => Promise<void>> {
  while (!(await create(file))) {
    if (await isStale(file)) {
      // Moving it away first lets only one of several waiting runs succeed.
      const away = `${file}.${process.pid}`;
      await rename(file, away).catch(() => {});
      await rm(away, { force: true });
    } else {
      onWait();
      await sleep(1000);
    }
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, HEARTBEAT_MILLISECONDS);
  return async () => {
    clearInterval(heartbeat);
    await rm(file, { force: true });
  };
}

async function create(file: string): Promise<boolean> {
  try {
    const lock = await open(file, "wx");
    await lock.writeFile(JSON.stringify({ host: hostname(), process: process.pid }));
    await lock.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

async function isStale(file: string): Promise<boolean> {
  try {
    if (Date.now() - (await stat(file)).mtimeMs > STALE_MILLISECONDS) return true;
    const holder = JSON.parse(await readFile(file, "utf8")) as { host: string; process: number };
    return holder.host === hostname() && !isRunning(holder.process);
  } catch {
    return false; // gone, or just being written
  }
}

function isRunning(processNumber: number): boolean {
  try {
    return process.kill(processNumber, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it runs, but is somebody else's
  }
}
