import * as assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { contextDigest } from "../../components/image/context";
import { parseDockerignore } from "../../components/image/dockerignore";

describe("the digest of a build's files", () => {
  let context = "";
  const put = (file: string, text: string) => writeFileSync(path.join(context, file), text);

  beforeEach(() => {
    context = mkdtempSync(path.join(tmpdir(), "image-context-"));
    mkdirSync(path.join(context, "src"));
    put("Dockerfile", "FROM scratch\n");
    put("src/main.go", "package main\n");
  });
  afterEach(() => rmSync(context, { recursive: true }));

  const changes: Record<string, () => void> = {
    "another Dockerfile": () => put("Dockerfile", "FROM scratch AS other\n"),
    "another text in a file": () => put("src/main.go", "package other\n"),
    "another file": () => put("src/more.go", ""),
    "another name of a file": () =>
      renameSync(path.join(context, "src/main.go"), path.join(context, "src/program.go")),
    "a file that can be executed": () => chmodSync(path.join(context, "src/main.go"), 0o755),
    "a link": () => symlinkSync("main.go", path.join(context, "src/link.go")),
  };
  for (const [title, change] of Object.entries(changes)) {
    it(`is another with ${title}`, () => {
      const before = contextDigest(context);
      change();
      assert.notEqual(contextDigest(context), before);
    });
  }

  it("tells a link to one file from a link to another", () => {
    const link = path.join(context, "link");
    symlinkSync("Dockerfile", link);
    const before = contextDigest(context);
    rmSync(link);
    symlinkSync("nowhere", link);
    assert.notEqual(contextDigest(context), before);
  });

  it("is the same at another time and at another place", () => {
    const before = contextDigest(context);
    utimesSync(path.join(context, "src/main.go"), 1, 1);
    const moved = `${context}-moved`;
    renameSync(context, moved);
    context = moved;
    assert.equal(contextDigest(context), before);
  });

  it("is the same whatever happens to files that .dockerignore leaves out", () => {
    mkdirSync(path.join(context, "logs"));
    put(".dockerignore", "logs\n*.md\n");
    const before = contextDigest(context);
    put("logs/today", "much");
    put("README.md", "text");
    assert.equal(contextDigest(context), before);
    put("src/README.md", "text");
    assert.notEqual(contextDigest(context), before);
  });

  it("sees a file that .dockerignore takes back in", () => {
    mkdirSync(path.join(context, "logs"));
    put(".dockerignore", "logs\n!logs/keep\n");
    const before = contextDigest(context);
    put("logs/keep", "this");
    assert.notEqual(contextDigest(context), before);
  });

  it("sees a Dockerfile that .dockerignore leaves out", () => {
    put(".dockerignore", "Dockerfile\n");
    const before = contextDigest(context);
    put("Dockerfile", "FROM scratch AS other\n");
    assert.notEqual(contextDigest(context), before);
  });

  it("follows the .dockerignore of a Dockerfile's own name", () => {
    put(".dockerignore", "src\n");
    const whole = contextDigest(context);
    put("Dockerfile.dockerignore", "*.md\n");
    const before = contextDigest(context);
    assert.notEqual(before, whole);
    put("src/main.go", "package other\n");
    assert.notEqual(contextDigest(context), before);
  });
});

describe(".dockerignore", () => {
  const leftOut = (text: string, ...paths: string[]) => {
    const { leavesOut } = parseDockerignore(text);
    return paths.filter((candidate) => leavesOut(candidate));
  };

  // The examples of Docker's own reference, and what its words imply.
  const cases: [title: string, text: string, leavesOut: string[], keeps: string[]][] = [
    ["takes names from the context on", "build", ["build", "build/x"], ["src/build", "building"]],
    ["does not mind slashes at either end", "/build/", ["build", "build/x"], ["src/build"]],
    ["does not mind a dot before", "./build", ["build"], ["src/build"]],
    ["takes * for a part of a name", "*/temp*", ["a/temp", "a/tempo"], ["temp", "a/b/temp"]],
    ["takes ? for one character", "temp?", ["tempa"], ["temp", "temp/a", "tempab"]],
    ["takes a choice of characters", "[a-c]1", ["a1", "c1"], ["d1", "[a-c]1"]],
    ["takes ** for any folders", "**/*.log", ["a.log", "a/b.log", "a/b/c.log"], ["a.logs"]],
    ["takes ** in the middle", "a/**/z", ["a/z", "a/b/z", "a/b/c/z"], ["b/a/z"]],
    ["takes ** at the end", "a/**", ["a/b", "a/b/c"], ["a", "ab"]],
    ["takes a backslash for the character behind it", "a\\*b", ["a*b"], ["axb"]],
    ["takes a dot for a dot", "a.b", ["a.b"], ["axb"]],
    ["passes over comments and empty lines", "# a\n\n  b  \n", ["b"], ["a", "# a"]],
    ["takes back in by !", "*.md\n!README.md", ["a.md"], ["README.md"]],
    ["lets the last line decide", "!README.md\n*.md", ["README.md"], []],
    ["leaves nothing out by itself", "", [], ["a"]],
  ];
  for (const [title, text, out, kept] of cases) {
    it(title, () => assert.deepEqual(leftOut(text, ...out, ...kept), out));
  }

  it("says whether something is taken back in", () => {
    assert.equal(parseDockerignore("a\n!b").hasExceptions, true);
    assert.equal(parseDockerignore("a\n#!b").hasExceptions, false);
  });
});
