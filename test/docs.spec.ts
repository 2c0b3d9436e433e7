import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { configurationPage } from "../scripts/configuration-page";

describe("docs/configuration.md", () => {
  it("is what `npm run docs` prints", () => {
    const file = path.join(__dirname, "..", "docs", "configuration.md");
    assert.equal(readFileSync(file, "utf8"), configurationPage());
  });
});
