/** `npm run test:local`: deploys stacks to an emulated AWS as `npm run local` does, and checks that all goes well. */
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { findExamples } from "../examples";
import { EXIT } from "../exit-codes";
import { checkChanges } from "./change-checks";
import { checkCrashes } from "./crash-checks";
import { type Checks, createChecks } from "./checks";
import { checkDeployment, type Deployment } from "./deployment-checks";
import { checkDeployments } from "./deployments-checks";
import { checkFailures } from "./failure-checks";
import { checkFaults } from "./fault-checks";
import { ROOT } from "./local-run";
import { checkPolicies } from "./policy-checks";
import { checkRollouts } from "./rollout-checks";
import { type Job, runJobs } from "./schedule";
import { checkSecrets } from "./secret-checks";
import { checkStateBackend } from "./state-checks";
import { checkUpgrade } from "./upgrade-checks";
import { checkVaults } from "./vault-checks";

const STACKS = ["prod", "staging", "dev", "pr"];
/** Those that the last release deployed, too. */
const RELEASED = ["prod", "dev"];

/** Much of a deployment is waiting: it keeps a processor busy for a third of its time, and takes about 1 GB at its peak. */
const AT_ONCE_BY_PROCESSOR = 2;
const MEMORY_FOR_ONE = 1.5 * 2 ** 30;

const explanation = (names: readonly string[]) => `
Deploys each stack with the real engine to an AWS that is emulated on this machine, deploys it again, changes one value,
looks for drift and destroys it, and checks what each step did. Each has emulators of its own. The state is in .local/test,
apart from that of \`npm run local\`, and so is a log of all output.

  changes     adds to a stack file, reorders it and removes from it: nothing else may change
  bootstrap   makes the bucket for states, keeps one in it, goes back to a former version, and meets its lock
  rollouts    moves requests as ECS does: no deployment may move them back, and a service may change its strategy
  deployments sets up Pulumi Deployments, in a Pulumi Cloud that a stand-in answers for
  faults      disturbs each kind of call to AWS by a throttle, an error 500 and a reset: running again must do, with nothing twice
  secrets     gives secrets and has others made up: none may stand in state, outputs or logs
  failures    deploys images and runs releases that fail: the run must fail with them and say why
  vaults      enters values as people do: no deployment may overwrite or learn them
  policies    deploys what keeps to the policies, and is refused what does not
  upgrade     compares this program with stacks that the last release deployed: nothing may be made anew
  others      stacks of this project, and examples

There is: ${names.join(", ")}.

With --crash it kills runs at twenty moments, with no chance to clean up, and checks that the next run carries on.

Prints a line for each check, and at the end how many passed and failed. Exit code: 0 if all passed, 1 if not.`;

async function main(): Promise<number> {
  const checks = createChecks();
  const jobs = allJobs(checks);
  const names = jobs.map(({ name }) => name);
  const command = new Command("npm run test:local --")
    .option("--only <name...>", "do these alone", (name: string, others: string[] = []) => {
      if (!names.includes(name)) throw new InvalidArgumentError(`There is: ${names.join(", ")}.`);
      return [...others, name];
    })
    .option("--at-once <number>", "how many to do at the same time", positive, bearable())
    .option("--crash", "check runs that are killed, instead")
    .helpOption("--help", "show this")
    .addHelpText("after", explanation(names))
    .configureHelp({ helpWidth: 120 })
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.ok : EXIT.usage))
    .parse();
  const { crash, only, atOnce } = command.opts<{
    crash?: true;
    only?: readonly string[];
    atOnce: number;
  }>();

  // Ctrl-C reaches the runs, too: they stop in order, and the checks fail.
  process.on("SIGINT", () => undefined);
  if (crash) await checkCrashes(checks);
  else
    await runJobs(
      jobs.filter(({ name }) => only?.includes(name) ?? true),
      atOnce,
    );
  return checks.finish();
}

/** What takes longest comes first, so that nothing is left to do alone in the end. */
function allJobs(checks: Checks): Job[] {
  const stacks = STACKS.map((name): Deployment => {
    return { name, stackFile: join(ROOT, `Pulumi.${name}.yaml`), isExample: false };
  });
  const examples = findExamples(ROOT).map(({ name, stackFile }): Deployment => {
    return { name, stackFile, isExample: true };
  });
  const deploy = (deployment: Deployment): Job => ({
    name: deployment.name,
    work: () => checkDeployment(deployment, checks),
  });
  return [
    { name: "changes", work: () => checkChanges(checks) },
    { name: "rollouts", work: () => checkRollouts(checks) },
    { name: "failures", work: () => checkFailures(checks) },
    ...examples.map(deploy),
    // These wait for "rollouts", which runs in this process as they do.
    { name: "vaults", work: () => checkVaults(checks) },
    { name: "bootstrap", work: () => checkStateBackend(checks) },
    { name: "deployments", work: () => checkDeployments(checks) },
    { name: "policies", work: () => checkPolicies(checks) },
    { name: "secrets", work: () => checkSecrets(checks) },
    { name: "faults", work: () => checkFaults(checks) },
    ...stacks.map(deploy),
    {
      name: "upgrade",
      async work() {
        for (const stack of RELEASED) await checkUpgrade(stack, checks);
      },
    },
  ];
}

/** As many as this machine does well at the same time. */
function bearable(): number {
  const byMemory = Math.floor(totalmem() / MEMORY_FOR_ONE);
  return Math.max(1, Math.min(AT_ONCE_BY_PROCESSOR * availableParallelism(), byMemory));
}

function positive(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new InvalidArgumentError("It must be a whole number from 1 on.");
}

void main().then((code) => process.exit(code));
