/** What the files of both name must be there: scripts, stacks, folders, the report of the coverage. */
import * as assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readText, ROOT, stackNames } from "./support";

const WORKFLOWS = readdirSync(join(ROOT, ".github", "workflows")).map((file) =>
  join(".github", "workflows", file),
);
const FILES = [...WORKFLOWS, ".gitlab-ci.yml"];

/** What a pattern captures in each file, once. */
function found(pattern: RegExp): string[] {
  const all = FILES.flatMap((file) =>
    [...readText(file).matchAll(pattern)].map(([, captured]) => captured ?? ""),
  );
  return [...new Set(all)].sort();
}

describe("The pipelines", () => {
  const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };

  it("call scripts of package.json", () => {
    const called = found(/\bnpm run ([\w:]+)/g);
    assert.deepEqual(called, ["coverage", "lint", "preview", "test:local", "typecheck"]);
    assert.deepEqual(
      called.filter((name) => scripts[name] === undefined),
      [],
    );
    assert.ok(scripts["test"] !== undefined);
  });

  it("deploy stacks that have a file", () => {
    const named = found(/(?:^ +stack: |STACK: )(\w+)/gm);
    assert.deepEqual(named, ["dev", "prod", "staging"]);
    assert.deepEqual(
      named.filter((stack) => !stackNames().includes(stack)),
      [],
    );
  });

  it("run the commands of the gate", () => {
    for (const command of ["npm run typecheck", "npm run lint", "npm test", "npm run test:local"]) {
      for (const file of [join(".github", "workflows", "check.yml"), ".gitlab-ci.yml"]) {
        assert.ok(readText(file).includes(command), `${file} lacks ${command}`);
      }
    }
    const nodes = ["20.19", "22", "24"].map((version) => `"${version}"`).join(", ");
    assert.match(readText(".github", "workflows", "check.yml"), new RegExp(`node: \\[${nodes}\\]`));
    assert.match(readText(".gitlab-ci.yml"), new RegExp(`NODE_VERSION: \\[${nodes}\\]`));
    assert.equal(readText(".nvmrc").trim(), "20.19");
  });

  it("use the CLI of the lockfile alone", () => {
    assert.deepEqual(found(/(\S*) ?pulumi (?:up|refresh|preview|login)\b/g), ["npx"]);
  });

  it("use the same scanner", () => {
    const digests = found(/aquasec\/trivy[\w:.]*@(sha256:[0-9a-f]{64})/g);
    assert.equal(digests.length, 1);
    const { scan, ignorefile } = parse(readText("trivy.yaml")) as {
      scan: { "skip-dirs": string[] };
      ignorefile: string;
    };
    assert.deepEqual(scan["skip-dirs"], ["node_modules", ".local", "local", "test"]);
    const { misconfigurations } = parse(readText(ignorefile)) as {
      misconfigurations: { paths: string[]; statement: string }[];
    };
    for (const { paths, statement } of misconfigurations) {
      assert.ok(statement.length > 0);
      for (const path of paths) assert.match(readText(path), /^FROM \S+\/nginx-unprivileged:/m);
    }
  });
});

/** Whether a file, or a folder in a folder of the repository, is TypeScript. */
function isProgram(folder: string, file: string): boolean {
  return file.endsWith(".ts") || existsSync(join(ROOT, folder, file, "settings.ts"));
}

describe("Sonar", () => {
  const properties = Object.fromEntries(
    readText("sonar-project.properties")
      .split("\n")
      .filter((line) => /^\w/.test(line))
      .map((line) => line.split("=") as [string, string]),
  );

  it("is told of sources and tests that are there", () => {
    const { "sonar.sources": sources = "", "sonar.tests": tests = "" } = properties;
    const all = [...sources.split(","), tests, properties["sonar.typescript.tsconfigPaths"] ?? ""];
    assert.deepEqual(
      all.filter((path) => path === "" || !existsSync(join(ROOT, path))),
      [],
    );
  });

  it("is told of every program, and hears how much of it the tests cover", () => {
    // Tests, examples and measurements are no part of what is deployed.
    const others = ["bench", "examples", "node_modules", "test"];
    const folders = readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map(({ name }) => name)
      .filter((name) => !others.includes(name))
      .filter((name) => readdirSync(join(ROOT, name)).some((file) => isProgram(name, file)));
    const { "sonar.sources": sources = "", "sonar.coverage.exclusions": uncovered = "" } =
      properties;
    assert.deepEqual(sources.split(",").sort(), [...folders, "index.ts"].sort());
    const { include } = JSON.parse(readText(".c8rc.json")) as { include: string[] };
    const counted = folders.filter((name) => !uncovered.split(",").includes(`${name}/**`));
    assert.deepEqual(
      include.slice().sort(),
      ["index.ts", ...counted.map((name) => `${name}/**/*.ts`)].sort(),
    );
  });

  it("gets the coverage where it is written", () => {
    const { "reports-dir": folder, reporter } = JSON.parse(readText(".c8rc.json")) as {
      "reports-dir": string;
      reporter: string[];
    };
    assert.ok(reporter.includes("lcovonly"));
    assert.equal(properties["sonar.javascript.lcov.reportPaths"], `${folder}/lcov.info`);
  });

  it("has neither address nor token in the repository", () => {
    assert.deepEqual(
      Object.keys(properties).filter((key) => /host|token|login|password/i.test(key)),
      [],
    );
  });
});
