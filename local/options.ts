import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command, CommanderError, Option } from "commander";
import { UsageError } from "./errors";
import { findExamples } from "./examples";

/** What a run does: each is a command line option but `deploy`, which needs none. */
export type Action = "deploy" | "preview" | "drift" | "destroy";

/** What the command line asks for. All paths are absolute. */
export interface Options {
  readonly action: Action;
  /** The folder of the program and its Pulumi.yaml. */
  readonly project: string;
  readonly stack: string;
  /** The file the stack's configuration is read from; never written to. */
  readonly stackFile: string;
  /** Everything a stack's runs keep: the engine's state, the emulated AWS, the record of the last run. */
  readonly folder: string;
  /** Folder of the policies that what is deployed or previewed must keep to. Default: none. */
  readonly policyPack?: string;
}

const DEFAULT_STACK = "dev";
const DEFAULT_STATE_FOLDER = ".local";

const explanation = (root: string) => `
Without --preview, --drift or --destroy it deploys: the real Pulumi engine and the real AWS provider create the stack in
an AWS that is emulated on this machine. No account is needed and none is touched. A second run says what changed.

Examples:
  npm run local                                deploy the stack ${DEFAULT_STACK}
  npm run local -- --stack prod                deploy the stack prod
  npm run local -- --stack prod --destroy      destroy it again
  npm run local -- --config-file try.yaml      deploy ${DEFAULT_STACK} with the configuration in try.yaml
  npm run local -- --example go-server         deploy the example in examples/go-server

There is an example for each of these systems, with a page in examples/NAME/README.md:
${exampleNames(root)
  .map((name) => `  ${name}`)
  .join("\n")}

The state of a stack is in ${DEFAULT_STATE_FOLDER}/<stack>, which is no part of the repository. Ctrl-C stops a run when what is in
flight is done, a second Ctrl-C at once; the next run carries on from there. Deleting the folder while no run uses it
starts from nothing.

Exit code: 0 done, 1 failed, 2 wrong options, 130 stopped.`;

/** Reads the command line. Gives nothing where it asked for help, which is printed. */
export function parseOptions(
  commandLine: readonly string[],
  root: string,
  environment: NodeJS.ProcessEnv = process.env,
): Options | undefined {
  const command = describeOptions(root);
  refuseOptionsNpmKept(command, environment);
  try {
    command.parse(commandLine, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw new UsageError(`${error.message.replace(/^error: /, "")}\n\n${listOptions(command)}`);
  }

  const given = command.opts<{
    stack: string;
    example?: string;
    configFile?: string;
    stateFolder: string;
    preview?: true;
    drift?: true;
    destroy?: true;
    policies?: true;
  }>();
  const action = (["preview", "drift", "destroy"] as const).find((name) => given[name]) ?? "deploy";
  // npm changes to the project's folder, but paths are meant from where the user is.
  const here = environment["INIT_CWD"] ?? process.cwd();
  const configFile = given.configFile === undefined ? undefined : resolve(here, given.configFile);
  const stateFolder =
    given.stateFolder === DEFAULT_STATE_FOLDER
      ? join(root, DEFAULT_STATE_FOLDER)
      : resolve(here, given.stateFolder);
  const { project, stack, shipped } =
    given.example === undefined ? ownStack(given.stack, root) : exampleStack(given.example, root);
  const stackFile = configFile ?? shipped;
  if (!existsSync(stackFile)) {
    throw new UsageError(`There is no file ${stackFile}. It should look like ${shipped}.`);
  }
  const folder = join(stateFolder, stack);
  const policies = given.policies && { policyPack: join(root, "policies") };
  return { action, project, stack, stackFile, folder, ...policies };
}

function describeOptions(root: string): Command {
  return new Command("npm run local --")
    .usage("[options]")
    .addOption(
      new Option("--stack <stack>", "the stack Pulumi.<stack>.yaml").default(DEFAULT_STACK),
    )
    .addOption(
      new Option("--example <name>", "the stack of examples/<name>, instead").conflicts("stack"),
    )
    .addOption(
      new Option("--preview", "show what a deployment would change").conflicts([
        "drift",
        "destroy",
      ]),
    )
    .addOption(
      new Option("--drift", "show where the emulated AWS differs from the state").conflicts(
        "destroy",
      ),
    )
    .addOption(new Option("--destroy", "destroy the stack and forget its emulated AWS"))
    .addOption(
      new Option("--policies", "refuse what breaks a policy (docs/policies.md)").conflicts([
        "drift",
        "destroy",
      ]),
    )
    .addOption(
      new Option(
        "--config-file <file>",
        "the configuration, instead of that in Pulumi.<stack>.yaml",
      ),
    )
    .addOption(
      new Option("--state-folder <folder>", "where the stacks' state is kept").default(
        DEFAULT_STATE_FOLDER,
      ),
    )
    .helpOption("--help", "show this")
    .addHelpText("after", explanation(root))
    .configureHelp({ helpWidth: 120 })
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
}

/** `npm run local --destroy`, without the lone `--`, would deploy: npm takes the option for one of its own. */
function refuseOptionsNpmKept(command: Command, environment: NodeJS.ProcessEnv): void {
  for (const option of command.options) {
    const long = option.long ?? "";
    const value = environment[`npm_config_${long.slice(2).replaceAll("-", "_")}`];
    if (value === undefined || value === "") continue;
    throw new UsageError(
      `npm kept the option ${long} for itself. Put -- before it:\n  npm run local -- ${long} …`,
    );
  }
}

/** The files that a stack is made of. */
interface StackFiles {
  readonly project: string;
  readonly stack: string;
  /** The stack file that is part of the repository. */
  readonly shipped: string;
}

function ownStack(stack: string, root: string): StackFiles {
  const shipped = join(root, `Pulumi.${stack}.yaml`);
  if (!/^[\w.-]+$/.test(stack) || !existsSync(shipped)) {
    throw new UsageError(
      `There is no stack "${stack}": no file Pulumi.${stack}.yaml. There is: ${stacks(root).join(", ")}.\n` +
        `Deploy one of them, for instance with\n  npm run local -- --stack ${stacks(root)[0] ?? DEFAULT_STACK}`,
    );
  }
  return { project: root, stack, shipped };
}

function exampleStack(name: string, root: string): StackFiles {
  const example = findExamples(root).find((candidate) => candidate.name === name);
  if (example === undefined) {
    throw new UsageError(
      `There is no example "${name}": no file examples/${name}/Pulumi.${name}.yaml. ` +
        `There is: ${exampleNames(root).join(", ")}.`,
    );
  }
  return { project: example.project, stack: name, shipped: example.stackFile };
}

function exampleNames(root: string): string[] {
  return findExamples(root).map(({ name }) => name);
}

function stacks(root: string): string[] {
  return readdirSync(root).flatMap((name) => /^Pulumi\.([\w.-]+)\.yaml$/.exec(name)?.[1] ?? []);
}

function listOptions(command: Command): string {
  const help = command.createHelp();
  const options = help.visibleOptions(command);
  const lines = options.map(
    (option) => `  ${help.optionTerm(option).padEnd(26)}${help.optionDescription(option)}`,
  );
  return ["There is:", ...lines].join("\n");
}
