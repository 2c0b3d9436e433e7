/** Says whether a build leaves out a path (relative to the context, with slashes), as Docker reads a .dockerignore. */
export interface Dockerignore {
  readonly leavesOut: (path: string) => boolean;
  /** A line takes something back in, so folders that are left out may hold files that are not. */
  readonly hasExceptions: boolean;
}

/** Reads the text of a .dockerignore: the last line that fits a path decides. */
export function parseDockerignore(text: string): Dockerignore {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const isException = line.startsWith("!");
      return { isException, pattern: toRegExp(isException ? line.slice(1).trim() : line) };
    });
  return {
    leavesOut: (path) =>
      lines.filter(({ pattern }) => pattern.test(path)).at(-1)?.isException === false,
    hasExceptions: lines.some(({ isException }) => isException),
  };
}

/** A pattern fits what it names and everything below. */
function toRegExp(line: string): RegExp {
  const parts = line.split("/").filter((part) => part !== "" && part !== ".");
  const source = parts.map((part, position) => {
    const isLast = position === parts.length - 1;
    if (part === "**") return isLast ? ".*" : "(?:.*/)?";
    return part.replace(/\\.|\*+|\?|\[[^\]]*\]|./g, translate) + (isLast ? "" : "/");
  });
  return new RegExp(`^${source.join("")}(?:/.*)?$`);
}

/** One token of a pattern; behind a backslash every character is only itself. */
function translate(token: string): string {
  if (token.startsWith("*")) return "[^/]*";
  if (token === "?") return "[^/]";
  if (token.startsWith("[") && token.length > 1) return token;
  return token.slice(-1).replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
