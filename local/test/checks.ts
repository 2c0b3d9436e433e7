import { messageOf } from "../errors";
import { EXIT } from "../exit-codes";
import { elapsed } from "../progress";

/** Runs checks and counts them; each is a line on the screen. */
export interface Checks {
  /** Runs one check; gives whether it passed. What it gives or throws is told behind its title. */
  readonly check: (title: string, body: () => Promise<string>) => Promise<boolean>;
  /** Tells how many passed and failed; gives the exit code. */
  readonly finish: () => number;
}

/** Checks that print what they find. */
export function createChecks(print: (line: string) => void = console.log): Checks {
  const count = { passed: 0, failed: 0 };
  return {
    async check(title, body) {
      const startedAt = Date.now();
      try {
        const result = await body();
        count.passed += 1;
        print(`✔ ${title} (${elapsed(startedAt)}): ${result}`);
        return true;
      } catch (error) {
        count.failed += 1;
        print(`✖ ${title} (${elapsed(startedAt)}): ${messageOf(error)}`);
        return false;
      }
    },
    finish() {
      print(`${count.passed} passed, ${count.failed} failed`);
      return count.failed === 0 && count.passed > 0 ? EXIT.ok : EXIT.failed;
    },
  };
}
