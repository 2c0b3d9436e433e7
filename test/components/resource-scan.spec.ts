import * as assert from "node:assert/strict";
import { ResourceScan, type ResourceScanArgs } from "../../components";
import { build } from "./support";

const ANALYZER = "aws:accessanalyzer/analyzer:Analyzer";
const ENABLER = "aws:inspector2/enabler:Enabler";

const scan = (args: Partial<ResourceScanArgs> = {}) =>
  build(() => new ResourceScan("scan", { accountId: "123456789012", ...args }));

describe("ResourceScan", () => {
  it("looks for access from outside, and for images with holes", async () => {
    const run = await scan();
    assert.deepEqual(run.children, [
      `${ANALYZER} scan-outside-access`,
      `${ENABLER} scan-inspector`,
    ]);
    assert.deepEqual(run.one(ANALYZER).inputs, { analyzerName: "outside-access", type: "ACCOUNT" });
    assert.deepEqual(run.one(ENABLER).inputs, {
      accountIds: ["123456789012"],
      resourceTypes: ["ECR"],
    });
  });

  it("looks into hosts and functions where that is asked for, and into nothing where nothing is", async () => {
    const all = await scan({ hosts: true, functions: true });
    assert.deepEqual(all.one(ENABLER).input("resourceTypes"), ["EC2", "ECR", "LAMBDA"]);
    const none = await scan({ images: false });
    assert.deepEqual(none.children, [`${ANALYZER} scan-outside-access`]);
  });
});
