/** `npm run local`: deploys a stack with the real engine to an emulated AWS. `npm run local -- --help` explains it. */
import { join } from "node:path";
import { messageOf, UsageError } from "./errors";
import { EXIT } from "./exit-codes";
import { parseOptions } from "./options";
import { consoleProgress } from "./progress";
import { supervise } from "./supervisor";

async function main(): Promise<number> {
  // A reader that went away, or a terminal that was closed, must not keep the run from ending in order.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  try {
    const options = parseOptions(process.argv.slice(2), join(__dirname, ".."));
    return options === undefined ? EXIT.ok : await supervise(options, consoleProgress());
  } catch (error) {
    console.error(messageOf(error));
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

void main().then((code) => process.exit(code));
