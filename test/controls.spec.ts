import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { controls } from "../policies/catalogue";
import { contradictions } from "../policies/catalogue/contradictions";
import { configurationPage } from "../scripts/configuration-page";
import { settingsOf, testOf } from "../scripts/controls-page";

const ROOT = path.join(__dirname, "..");

/** The list that the project was given, by family and number: nothing may fall out of it. */
const ASKED: Readonly<Record<string, string>> = {
  NET: "01 02 03 04 05 06 07 08 09 10 11 12 13 14",
  ALB: "01 02 03 04 05 06 07 08 09 10 11 12",
  WAF: "01 02 03 04",
  ECS: "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21",
  EC2: "01 02 04 05",
  BAS: "01 02",
  ECR: "01 02 03",
  RDS: "01 02 03 04 05 06 07 08 09 10 11 13 14 15 16 17 18 19 20",
  SEC: "01 02 03 04 05",
  KMS: "01 02",
  S3: "01 02 03 04 05 06 07",
  DDB: "01",
  LOG: "01 02",
  MON: "01 02 03 04",
  AUD: "01 02 03",
  BKP: "01 02",
  IAM: "01 02 03 04",
  CI: "01 02 03",
  DNS: "01",
  ACM: "01",
  CFR: "01",
  RED: "01",
  PUL: "01 02 03",
  COST: "01",
};

describe("docs/controls.md", () => {
  it("answers every control that was asked for, once and in order", () => {
    const asked = Object.entries(ASKED).flatMap(([family, numbers]) =>
      numbers.split(" ").map((number) => `${family}-${number}`),
    );
    assert.equal(asked.length, 120);
    assert.deepEqual(
      controls.map(({ id }) => id),
      asked,
    );
  });

  it("has no row without a test that exists", function () {
    this.timeout(120_000);
    const tests = controls.map(testOf);
    const titles = titlesOf([...new Set(tests.map(({ file }) => file))]);
    assert.deepEqual(
      tests
        .filter(({ file, title }) => !titles.has(`${file}#${title}`))
        .map(({ file, title }) => `${file}#${title}`),
      [],
    );
  });

  it("names settings that stack files have", () => {
    const page = configurationPage();
    const own = controls
      .flatMap(settingsOf)
      // Those of the programs beside this one have pages of their own.
      .filter((setting) => !/^(account-baseline|ecs-platform-bootstrap):/.test(setting));
    assert.deepEqual(
      own.filter((setting) => !new RegExp(`\`${asPattern(setting)}(\`|\\.|\\[)`).test(page)),
      [],
    );
  });

  it("contradicts itself only where it says what was decided", () => {
    const known = controls.map(({ id }) => id);
    assert.deepEqual(
      contradictions.flatMap(({ controls: ids }) => ids).filter((id) => !known.includes(id)),
      [],
    );
  });
});

/** NAME stands for a name of one's own, and for one of several that a map has. */
function asPattern(setting: string): string {
  return setting.replaceAll(".", "\\.").replaceAll("NAME", "\\w+");
}

/** "FILE#TITLE" of every test that mocha would run in some files, with the titles that are computed. */
function titlesOf(files: readonly string[]): ReadonlySet<string> {
  const mocha = path.join(ROOT, "node_modules", "mocha", "bin", "mocha.js");
  const report = execFileSync(
    process.execPath,
    [mocha, "--dry-run", "--reporter", "json", ...files],
    { cwd: ROOT, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  const { tests } = JSON.parse(report.slice(report.indexOf("{"))) as {
    tests: readonly { title: string; file: string }[];
  };
  return new Set(tests.map(({ title, file }) => `${path.relative(ROOT, file)}#${title}`));
}
