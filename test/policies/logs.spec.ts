import * as assert from "node:assert/strict";
import { findings, resource } from "./fixtures";
import { shippedGraphs } from "./graphs";

const GROUP = "aws:cloudwatch/logGroup:LogGroup";

describe("policies about logs", () => {
  it("LOG-01: reports a log without an end", () => {
    assert.deepEqual(
      findings("LOG-01", [
        resource(GROUP, "kept", { retentionInDays: 7 }),
        resource(GROUP, "for-ever", { retentionInDays: 0 }),
        resource(GROUP, "as-aws-makes-it"),
      ]),
      ["for-ever: is kept and paid for ever", "as-aws-makes-it: is kept and paid for ever"],
    );
  });

  it("LOG-02: leaves the encryption of logs to CloudWatch, so that they outlive every key", async function () {
    this.timeout(120_000);
    for (const { name, graph } of await shippedGraphs()) {
      const groups = graph.ofType(GROUP);
      assert.ok(groups.length > 0, name);
      assert.deepEqual(
        groups.filter(({ inputs }) => inputs["kmsKeyId"] !== undefined).map((group) => group.name),
        [],
        name,
      );
    }
  });
});
