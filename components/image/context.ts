import { createHash, type Hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Dockerignore, parseDockerignore } from "./dockerignore";

const DOCKERFILE = "Dockerfile";

/** Path of the Dockerfile of a build; `dockerfile` is relative to the context. */
export function dockerfilePath(context: string, dockerfile = DOCKERFILE): string {
  return join(context, dockerfile);
}

/**
 * A digest of everything that a build can see: the Dockerfile, and all files of the context that its .dockerignore does
 * not leave out, by path, content and whether they can be executed. Times and owners do not count: a checkout changes them.
 */
export function contextDigest(context: string, dockerfile = dockerfilePath(context)): string {
  const hash = createHash("sha256");
  addFile(hash, "the Dockerfile", dockerfile);
  const ignore = dockerignoreOf(context, dockerfile);
  for (const path of filesOf(context, "", ignore)) addFile(hash, path, join(context, path));
  return hash.digest("hex");
}

/** A file of the Dockerfile's own name comes before that of the context. */
function dockerignoreOf(context: string, dockerfile: string): Dockerignore {
  const file = [`${dockerfile}.dockerignore`, join(context, ".dockerignore")].find((candidate) =>
    existsSync(candidate),
  );
  return parseDockerignore(file === undefined ? "" : readFileSync(file, "utf8"));
}

function filesOf(context: string, folder: string, ignore: Dockerignore): string[] {
  const entries = readdirSync(join(context, folder), { withFileTypes: true });
  return entries
    .sort(({ name: one }, { name: other }) => (one < other ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      const isLeftOut = ignore.leavesOut(path);
      if (!entry.isDirectory()) return isLeftOut ? [] : [path];
      return isLeftOut && !ignore.hasExceptions ? [] : filesOf(context, path, ignore);
    });
}

/** Lengths keep two files from looking like one. */
function addFile(hash: Hash, name: string, file: string): void {
  const content = contentOf(file);
  hash.update(`${name}\0${content.kind}\0${content.bytes.length}\0`).update(content.bytes);
}

function contentOf(file: string): { kind: "link" | "program" | "file"; bytes: Buffer } {
  try {
    return { kind: "link", bytes: Buffer.from(readlinkSync(file)) };
  } catch {
    const isProgram = (statSync(file).mode & 0o111) !== 0;
    return { kind: isProgram ? "program" : "file", bytes: readFileSync(file) };
  }
}
