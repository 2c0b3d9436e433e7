/** Run by test/harness.spec.ts in a mocha of its own, to see it fail. */
describe("a test", () => {
  it("passes too early", () => {
    void Promise.reject(new Error("after the test"));
  });
});
