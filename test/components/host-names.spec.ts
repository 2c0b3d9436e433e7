import * as assert from "node:assert/strict";
import {
  isCovered,
  isWildcard,
  logicalPart,
  validatedName,
} from "../../components/support/host-names";

describe("host names", () => {
  for (const [name, wildcard, validated, part] of [
    ["example.com", false, "example.com", "example.com"],
    ["app.example.com", false, "app.example.com", "app.example.com"],
    ["*.example.com", true, "example.com", "_any.example.com"],
  ] as const) {
    it(`are what they are: ${name}`, () => {
      assert.equal(isWildcard(name), wildcard);
      assert.equal(validatedName(name), validated);
      assert.equal(logicalPart(name), part);
    });
  }

  for (const [host, names, covered] of [
    ["app.example.com", ["app.example.com"], true],
    ["App.Example.com", ["app.example.com"], true],
    ["app.example.com", ["*.example.com"], true],
    ["*.example.com", ["*.example.com"], true],
    ["app-?.example.com", ["*.example.com"], true],
    ["example.com", ["*.example.com"], false],
    ["a.b.example.com", ["*.example.com"], false],
    ["*.example.com", ["app.example.com"], false],
    ["app.example.org", ["app.example.com", "*.example.com"], false],
    ["shop.example.org", ["app.example.com", "shop.example.org"], true],
    ["app.example.com", [], false],
  ] as const) {
    it(`${covered ? "cover" : "do not cover"} ${host} with ${names.join(" and ") || "none"}`, () => {
      assert.equal(isCovered(host, names), covered);
    });
  }
});
