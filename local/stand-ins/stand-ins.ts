import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Toolchain } from "../toolchain/toolchain";
import { countRequests } from "./recording";

/** Packages whose real plugin would need an account that nobody emulates, or Docker. */
export const STAND_INS = ["awsx", "cloudflare", "pulumiservice"] as const;
export type StandInName = (typeof STAND_INS)[number];

/** What a stand-in did in a run. */
export interface Served {
  readonly name: StandInName;
  readonly requests: number;
  /** The file that has all requests, one JSON object a line. */
  readonly record: string;
}

/** Plugins that take the place of real ones, on this machine and in local runs only. */
export interface StandIns {
  /** For the project's `plugins.providers`: so the engine starts them, and looks for no others. */
  readonly plugins: Toolchain["plugins"];
  /** Those that were asked anything since they were prepared. */
  readonly served: () => readonly Served[];
}

/** Lays the stand-ins out in the folder of a stack. The engine starts those that the program needs. */
export function prepareStandIns(stackFolder: string): StandIns {
  const parts = STAND_INS.map((name) => {
    const record = join(standInsFolder(stackFolder), `${name}.jsonl`);
    const path = join(standInsFolder(stackFolder), name);
    mkdirSync(path, { recursive: true });
    const start = join(path, `pulumi-resource-${name}`);
    writeFileSync(start, startScript(name, record), { mode: 0o755 });
    return { name, path, record, before: countRequests(record) };
  });
  return {
    plugins: parts.map(({ name, path }) => ({ name, path })),
    served: () =>
      parts.flatMap(({ name, record, before }) => {
        const requests = countRequests(record) - before;
        return requests > 0 ? [{ name, requests, record }] : [];
      }),
  };
}

/** Removes what stand-ins keep in the folder of a stack. */
export function forgetStandIns(stackFolder: string): void {
  rmSync(standInsFolder(stackFolder), { recursive: true, force: true });
}

function standInsFolder(stackFolder: string): string {
  return join(stackFolder, "stand-ins");
}

/** Where a plugin's executable is expected: this starts the same Node in the project's folder, as a program would be. */
function startScript(name: StandInName, record: string): string {
  const command = [
    process.execPath,
    "-r",
    require.resolve("ts-node/register/transpile-only"),
    join(__dirname, "serve.ts"),
    name,
    packageVersion(name),
    record,
  ];
  const root = join(__dirname, "..", "..");
  return `#!/bin/sh\ncd ${quoted(root)} && exec ${command.map(quoted).join(" ")} "$@"\n`;
}

function packageVersion(name: StandInName): string {
  const manifest = require.resolve(`@pulumi/${name}/package.json`);
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
