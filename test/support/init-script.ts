import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * The files that Grafana's init container writes, by path: its script is run by a real shell, in a folder of its own, and
 * without handing the folder over, which only root can.
 */
export function filesOfInitScript(
  script: string,
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const root = mkdtempSync(join(tmpdir(), "init-script-"));
  try {
    const inRoot = script.replaceAll("/var/lib/grafana", root).replace(/^chown .*$/m, "");
    execFileSync("/bin/sh", ["-c", inRoot], {
      env: { PATH: process.env["PATH"] ?? "", ...environment },
    });
    return Object.fromEntries(
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [path.replace(root, "/var/lib/grafana"), readFileSync(path, "utf8").trim()]),
    );
  } finally {
    rmSync(root, { recursive: true });
  }
}
