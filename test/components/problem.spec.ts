import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { type Problem, SettingsError } from "../../components/support/problem";

const problem = (value: unknown): Problem => ({
  key: "route.priority",
  value,
  rule: "must be so",
  allowed: "1 to 9",
  fix: "set 1",
});

const valueLine = (value: unknown) =>
  new SettingsError("Thing", [problem(value)]).message.split("\n")[3];

describe("SettingsError", () => {
  it("says for each problem the key, the value, the rule, what is allowed and the fix", () => {
    const error = new SettingsError("Pulumi.dev.yaml", [
      problem(0),
      { ...problem("x"), key: "route.paths[0]" },
    ]);
    assert.equal(
      error.message,
      [
        "Pulumi.dev.yaml: 2 problems; nothing was created.",
        "",
        "1. route.priority",
        "   value    0",
        "   rule     must be so",
        "   allowed  1 to 9",
        "   fix      set 1",
        "",
        "2. route.paths[0]",
        '   value    "x"',
        "   rule     must be so",
        "   allowed  1 to 9",
        "   fix      set 1",
      ].join("\n"),
    );
  });

  it("counts one problem as one", () => {
    assert.match(new SettingsError("Thing", [problem(0)]).message, /^Thing: 1 problem; nothing/);
  });

  it("is an error that Pulumi shows without a stack trace", () => {
    assert.ok(pulumi.RunError.isInstance(new SettingsError("Thing", [])));
  });

  it("keeps the problems for programs", () => {
    assert.deepEqual(new SettingsError("Thing", [problem(0)]).problems, [problem(0)]);
  });

  it("shows a missing value as such", () => {
    assert.equal(valueLine(undefined), "   value    (not set)");
  });

  it("shows maps and lists as JSON", () => {
    assert.equal(valueLine({ a: [1, null] }), '   value    {"a":[1,null]}');
  });

  it("shows a value of 100 characters whole, and cuts a longer one", () => {
    assert.equal(valueLine("x".repeat(98)), `   value    "${"x".repeat(98)}"`);
    assert.equal(valueLine("x".repeat(99)), `   value    "${"x".repeat(96)}...`);
  });

  it("does not wait for a computed value", () => {
    assert.equal(valueLine(pulumi.output("x")), "   value    (known after deployment)");
  });
});
