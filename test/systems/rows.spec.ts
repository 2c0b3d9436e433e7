import * as assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { problemsOfAnswers } from "./answers";

const ROOT = path.join(__dirname, "..", "..");

function read(file: string): string | undefined {
  const full = path.join(ROOT, file);
  return existsSync(full) ? readFileSync(full, "utf8") : undefined;
}

describe("docs/systems.md", () => {
  it("answers every row of the seed documents by tests and headings that exist", () => {
    assert.deepEqual(problemsOfAnswers(read("docs/systems.md") ?? "", read), []);
  });
});
