import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { PAGES, pageFile } from "../scripts/docs";

for (const [page, print] of Object.entries(PAGES)) {
  describe(`docs/${page}`, () => {
    it("is what `npm run docs` prints", () => {
      assert.equal(readFileSync(pageFile(page), "utf8"), print());
    });
  });
}
