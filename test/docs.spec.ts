import * as assert from "node:assert/strict";
import { PAGES, readPage } from "../scripts/docs";

for (const [page, print] of Object.entries(PAGES)) {
  describe(page, () => {
    it("is what `npm run docs` prints", () => {
      const current = readPage(page);
      assert.equal(current, print(current));
    });
  });
}
