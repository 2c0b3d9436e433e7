import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endProcesses, identityOf, processesOfRun, RUN_MARK } from "../../local/processes";
import type { Progress } from "../../local/progress";
import { BusyError, claim, readRecord, release, updateRecord } from "../../local/run-record";

const silent: Progress = { note: () => undefined, step: (_title, work) => work(() => undefined) };

describe("the record of a run", () => {
  let folder = "";
  const write = (change: object) => {
    const record = { action: "deploy", startedAt: "2026-01-01", phase: "running", recover: true };
    writeFileSync(join(folder, "run.json"), JSON.stringify({ ...record, ...change }));
  };
  const dead = { pid: process.pid, identity: "an earlier process of that number" };

  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), "runner-record-")), "dev");
  });
  afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

  it("says who is at work, and is gone when that ended well", async () => {
    assert.deepEqual(await claim(folder, "deploy", silent), { recover: false });
    assert.equal(readRecord(folder)?.pid, process.pid);
    assert.equal(readRecord(folder)?.identity, identityOf(process.pid));
    updateRecord(folder, { phase: "ended", recover: false });
    release(folder);
    assert.equal(existsSync(folder), false);
  });

  it("stays when there is something to recover, until that is done", async () => {
    await claim(folder, "deploy", silent);
    updateRecord(folder, { phase: "ended" });
    release(folder);
    assert.equal(readRecord(folder)?.recover, true);
    write({ ...dead, phase: "ended" });
    assert.deepEqual(await claim(folder, "deploy", silent), { recover: true });
  });

  it("keeps others off while its process lives", async () => {
    await claim(folder, "destroy", silent);
    await assert.rejects(claim(folder, "deploy", silent), (error) => {
      assert.ok(error instanceof BusyError);
      assert.match(error.message, new RegExp(`process ${process.pid}, to destroy it`));
      return true;
    });
  });

  it("gives way when its process is dead, even if another has its number", async () => {
    await claim(folder, "deploy", silent);
    write(dead);
    assert.deepEqual(await claim(folder, "preview", silent), { recover: true });
    assert.equal(readRecord(folder)?.action, "preview");
  });

  it("of a run that ended well but could not remove it asks for nothing", async () => {
    await claim(folder, "deploy", silent);
    write({ ...dead, phase: "ended", recover: false });
    assert.deepEqual(await claim(folder, "deploy", silent), { recover: false });
  });

  it("counts as a crashed run's when it cannot be read", async () => {
    await claim(folder, "deploy", silent);
    writeFileSync(join(folder, "run.json"), '{"action":');
    assert.deepEqual(await claim(folder, "deploy", silent), { recover: true });
  });

  it("goes to one of several that want it at once", async () => {
    await claim(folder, "deploy", silent);
    write(dead);
    const claims = await Promise.allSettled([1, 2, 3].map(() => claim(folder, "deploy", silent)));
    assert.deepEqual(claims.map(({ status }) => status).sort(), [
      "fulfilled",
      "rejected",
      "rejected",
    ]);
  });
});

describe("the processes of a run", () => {
  const folder = join(tmpdir(), `runner-processes-${process.pid}`);
  const start = (script: string) =>
    spawn(process.execPath, ["-e", script], {
      detached: true,
      env: { ...process.env, [RUN_MARK]: folder },
      stdio: ["ignore", "pipe", "ignore"],
    });
  const find = () => processesOfRun(folder);

  it("are found by their mark, also in a group of their own, and end when asked", async () => {
    const child = start("console.log('up'); setInterval(() => {}, 1000)");
    await once(child.stdout, "data");
    assert.deepEqual(find(), [child.pid]);
    assert.equal(await endProcesses(find, 5000), 1);
    assert.deepEqual(find(), []);
  });

  it("are killed when they do not end", async () => {
    const child = start(
      "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)",
    );
    await once(child.stdout, "data");
    const ended = once(child, "exit");
    await endProcesses(find, 200);
    assert.deepEqual(await ended, [null, "SIGKILL"]);
  });

  it("are none of another stack's", async () => {
    const child = start("console.log('up'); setInterval(() => {}, 1000)");
    await once(child.stdout, "data");
    assert.deepEqual(processesOfRun(`${folder}-2`), []);
    assert.deepEqual(processesOfRun(folder.slice(0, -1)), []);
    await endProcesses(find, 5000);
  });
});
