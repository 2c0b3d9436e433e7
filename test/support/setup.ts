/** Loaded by mocha before any spec: see .mocharc.json. */
import { collectStrayRejections } from "./rejections";
import { noteIdleProcess } from "./settle";

// mocha asks for endless stack traces, and ts-node maps every frame of every error to its source.
Error.stackTraceLimit = 30;

// mocha ignores rejections that nobody handles (mochajs/mocha#5507). Thrown while a test runs they
// would end the whole process, so they are kept until all tests are done.
const strays = new Map<unknown, string>();
let currentTest = "outside of any test";

/** Hooks around the whole suite, or around each file of it under `mocha --parallel`. */
export const mochaHooks = {
  beforeAll(this: Mocha.Context): void {
    noteIdleProcess(1);
    collectStrayRejections((reason) => {
      if (!strays.has(reason)) {
        strays.set(reason, currentTest);
      }
    });
    // mocha's own forbidOnly cannot be limited to CI in a configuration file.
    const root = this.test?.parent as (Mocha.Suite & { hasOnly(): boolean }) | undefined;
    if (process.env["CI"] && root?.hasOnly()) {
      throw new Error("a test is marked .only, which skips all others: remove it");
    }
  },
  beforeEach(this: Mocha.Context): void {
    currentTest = `during or after "${this.currentTest?.fullTitle() ?? ""}"`;
    noteIdleProcess((this.currentTest?.timeout() ?? 0) > 0 ? 1 : 0);
  },
  async afterAll(): Promise<void> {
    // Node reports a rejection a moment after it happens.
    await new Promise((resolve) => setImmediate(resolve));
    if (strays.size > 0) {
      const lines = [...strays].map(([reason, when]) => `- ${when}: ${describeReason(reason)}`);
      strays.clear();
      throw new Error(["promises were rejected and nobody handled it:", ...lines].join("\n"));
    }
  },
};

function describeReason(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
}
