import * as assert from "node:assert/strict";
import { cdnSettings } from "../../components/cdn/settings";
import { itBounds, itRefuses, itTakes, listWith, noChoice, outOfBounds } from "./support";

const PATH =
  "a slash, then letters, digits and _-.$/~\"'@:+&, with * and ? as wildcards, at most 255 characters";
const paths = (count: number) => Array.from({ length: count }, (_, index) => `/static/${index}/*`);
const noPath = (path: string) => ({
  change: { cachedPaths: [path] },
  problem: {
    key: "cachedPaths[0]",
    value: path,
    rule: "must be a path pattern of a cache behavior",
    allowed: PATH,
    fix: 'write it like "/static/*"',
  },
});

describe("Cdn settings", () => {
  it("have these defaults", () => {
    assert.deepEqual(cdnSettings.parse({}), {
      cachedPaths: [],
      priceClass: "PriceClass_100",
      answerTimeoutSeconds: 30,
    });
  });

  itTakes(
    cdnSettings,
    {},
    {
      "24 paths": { cachedPaths: paths(24) },
      "a path of 255 characters": { cachedPaths: [`/${"a".repeat(254)}`] },
      "every place": { priceClass: "PriceClass_All" },
    },
  );
  itBounds(cdnSettings, {}, { answerTimeoutSeconds: [1, 60] });
  itRefuses(
    cdnSettings,
    {},
    {
      "25 paths": {
        change: { cachedPaths: paths(25) },
        problem: outOfBounds("cachedPaths", paths(25), listWith("at most 24 entries", PATH)),
      },
      "a path twice": {
        change: { cachedPaths: ["/a", "/a"] },
        problem: {
          key: "cachedPaths",
          value: ["/a", "/a"],
          rule: "has an entry twice",
          allowed: "different paths",
          fix: "remove the repeated entry",
        },
      },
      "a path without slash": noPath("static/*"),
      "a path with a space": noPath("/static files/*"),
      "a path of 256 characters": noPath(`/${"a".repeat(255)}`),
      "a price class that there is not": {
        change: { priceClass: "all" },
        problem: noChoice("priceClass", "all", [
          "PriceClass_100",
          "PriceClass_200",
          "PriceClass_All",
        ]),
      },
    },
  );
});
