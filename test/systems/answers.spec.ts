import * as assert from "node:assert/strict";
import { ROW_COUNTS, idsOf, idsOfTitle, problemsOfAnswers, testTitles } from "./answers";

/** What answers any row. */
const ANSWER = "`docs/network.md#Ways out`";

/** A page on which every row is answered, but for those given. */
function pageWith(rows: Record<string, string | undefined>): string {
  const sections = ROW_COUNTS.map((_, seed) => {
    const lines = idsOf(seed).flatMap((id) => {
      if (!(id in rows)) return [`| ${id} | - | - | ${ANSWER} |`];
      const given = rows[id];
      return given === undefined ? [] : given.split("\n");
    });
    return [
      `## Seed 00${seed}: a system`,
      "",
      "| id | configuration | resources | test or document |",
      "| -- | ------------- | --------- | ---------------- |",
      ...lines,
    ].join("\n");
  });
  return ["# Systems", "| id | not a table of a seed |", ...sections].join("\n\n");
}

const FILES: Record<string, string> = {
  "test/systems/s000.spec.ts": [
    'it("S000-01: a picture", () => {});',
    'it("S000-02, S000-03: a cluster", () => {});',
    'it("S000-04: pending");',
    '// it("S000-05: a comment", () => {});',
    'it.skip("S000-06: skipped", () => {});',
    'it("has its name", () => {});',
  ].join("\n"),
  "docs/network.md": "# Network\n\n## Ways out\n",
};

function problems(rows: Record<string, string | undefined>): string[] {
  return problemsOfAnswers(pageWith(rows), (file) => FILES[file]).map((problem) =>
    problem.replace(/^line \d+, /, ""),
  );
}

/** What is said of one row. */
function problemOf(id: string, answer: string): string[] {
  return problems({ [id]: `| ${id} | key | resource | ${answer} |` });
}

describe("the answers to the seed documents", () => {
  it("are for 524 rows", () => {
    assert.equal(ROW_COUNTS.map((_, seed) => idsOf(seed)).flat().length, 524);
    assert.deepEqual(
      [idsOf(0)[0], idsOf(1).at(-1), idsOf(2)[98], idsOf(2)[99], idsOf(4).at(-1)],
      ["S000-01", "S001-27", "S002-99", "S002-100", "S004-156"],
    );
  });

  it("may not be open", () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problemOf("S000-01", "open: operation (issue 6)"), ["S000-01: is open"]);
  });

  it("are there, each once", () => {
    const twice = `| S000-08 | - | - | ${ANSWER} |\n| S000-08 | - | - | ${ANSWER} |`;
    assert.deepEqual(problems({ "S000-07": undefined, "S000-08": twice }), [
      "S000-07 has no row",
      "S000-08 has 2 rows",
    ]);
  });

  it("stand below the heading of their seed, and are of known rows", () => {
    const foreign = `| S001-01 | - | - | ${ANSWER} |`;
    assert.deepEqual(problems({ "S001-01": undefined, "S000-01": foreign }), [
      "S000-01 has no row",
      "S001-01: stands below the heading of seed 000",
    ]);
    const unknown = `| S000-01 | - | - | ${ANSWER} |\n| S000-66 | - | - | ${ANSWER} |`;
    assert.deepEqual(problems({ "S000-01": unknown }), ["S000-66: is no row of any seed"]);
  });

  it("have four columns, with something in them", () => {
    assert.deepEqual(problems({ "S000-01": `| S000-01 | ${ANSWER} |` }), [
      "S000-01: has 2 columns, not id, configuration, resources, test or document",
    ]);
    assert.deepEqual(problems({ "S000-01": "| S000-01 | | | `docs/network.md#Ways out` |" }), [
      "S000-01: names neither configuration nor resources; a dash says that there is none",
    ]);
    assert.deepEqual(problemOf("S000-01", "obviously"), [
      "S000-01: names no test and no heading, as `FILE#TITLE`",
    ]);
  });

  it("name a test that starts with the id, or has the title", () => {
    assert.deepEqual(problemOf("S000-01", "`test/systems/s000.spec.ts#S000-01`"), []);
    assert.deepEqual(problemOf("S000-03", "see `test/systems/s000.spec.ts#S000-03`"), []);
    assert.deepEqual(problemOf("S000-07", "`test/systems/s000.spec.ts#has its name`"), []);
    assert.deepEqual(problemOf("S000-07", "`test/systems/s000.spec.ts#has a name`"), [
      'S000-07: test/systems/s000.spec.ts has no test "has a name"',
    ]);
    assert.deepEqual(problemOf("S000-07", "`test/systems/s000.spec.ts#S000-01`"), [
      'S000-07: test/systems/s000.spec.ts has no test "S000-01"',
    ]);
    assert.deepEqual(problemOf("S000-01", "`test/none.spec.ts#S000-01`"), [
      "S000-01: there is no test/none.spec.ts",
    ]);
  });

  for (const id of ["S000-04", "S000-05", "S000-06"]) {
    it(`name no test that does not run: ${id}`, () => {
      assert.deepEqual(problemOf(id, `\`test/systems/s000.spec.ts#${id}\``), [
        `${id}: no test of test/systems/s000.spec.ts has a title that starts with ${id}`,
      ]);
    });
  }

  it("name a heading that is there", () => {
    assert.deepEqual(problemOf("S000-01", "`docs/network.md#Ways out`"), []);
    assert.deepEqual(problemOf("S000-01", "`docs/network.md#Ways`"), [
      'S000-01: docs/network.md has no heading "Ways"',
    ]);
    assert.deepEqual(problemOf("S000-01", "`docs/none.md#Ways out`"), [
      "S000-01: there is no docs/none.md",
    ]);
  });

  it("all hold where a row names several", () => {
    assert.deepEqual(problemOf("S000-01", "`docs/network.md#Ways out`; `docs/network.md#In`"), [
      'S000-01: docs/network.md has no heading "In"',
    ]);
  });
});

describe("the titles of tests", () => {
  it("are read from the source, in any quotes, on the next line too", () => {
    const source = "it(\n  'isn\\'t',\n  () => {},\n);\n it(`has ${0}`, async () => {});";
    assert.deepEqual(testTitles(source), ["isn't", "has ${0}"]);
  });

  it("do not count in a file that skips a group", () => {
    assert.deepEqual(
      testTitles('describe.skip("x", () => {\n  it("S000-01: y", () => {});\n});'),
      [],
    );
  });

  it("begin with ids, a colon and what holds", () => {
    assert.deepEqual(idsOfTitle("S002-06: VPC CIDR block 10.0.0.0/16"), ["S002-06"]);
    assert.deepEqual(idsOfTitle("S004-11, S004-12: two"), ["S004-11", "S004-12"]);
    assert.deepEqual(idsOfTitle("S002-100: x"), ["S002-100"]);
    assert.deepEqual(idsOfTitle("S002-06 without a colon"), []);
    assert.deepEqual(idsOfTitle("S002-06:"), []);
  });
});
