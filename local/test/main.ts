/** `npm run test:local`: deploys stacks to an emulated AWS as `npm run local` does, and checks that all goes well. */
import { Command } from "commander";
import { EXIT } from "../exit-codes";
import { checkCrashes } from "./crash-checks";
import { createChecks } from "./checks";
import { checkDeployment } from "./deployment-checks";

const STACKS = ["dev", "prod"];

const EXPLANATION = `
Deploys each stack with the real engine to an AWS that is emulated on this machine, deploys it again, changes one value,
looks for drift and destroys it, and checks what each step did. The state is in .local/test, apart from that of
\`npm run local\`, and so is a log of all output.

With --crash it kills runs at many moments, with no chance to clean up, and checks that the next run carries on.

Prints a line for each check, and at the end how many passed and failed. Exit code: 0 if all passed, 1 if not.`;

async function main(): Promise<number> {
  const command = new Command("npm run test:local --")
    .argument("[stacks...]", "the stacks to deploy", STACKS)
    .option("--crash", "check runs that are killed, instead")
    .helpOption("--help", "show this")
    .addHelpText("after", EXPLANATION)
    .configureHelp({ helpWidth: 120 })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.ok : EXIT.usage))
    .parse();
  const { crash } = command.opts<{ crash?: true }>();
  const stacks = command.args.length > 0 ? command.args : STACKS;

  // Ctrl-C reaches the runs, too: they stop in order, and the checks fail.
  process.on("SIGINT", () => undefined);
  const checks = createChecks();
  const work = crash
    ? [checkCrashes(checks)]
    : stacks.map((stack) => checkDeployment(stack, checks));
  await Promise.all(work);
  return checks.finish();
}

void main().then((code) => process.exit(code));
