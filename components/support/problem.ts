import * as pulumi from "@pulumi/pulumi";

/** One thing wrong with one value, said so that a stranger can mend it without reading the source. */
export interface Problem {
  /** Path of the value, as `pulumi config set --path` takes it. */
  readonly key: string;
  /** The value as given; undefined where the key is missing. */
  readonly value: unknown;
  /** What must hold, e.g. "must be a Fargate CPU size". */
  readonly rule: string;
  /** The values that would do. */
  readonly allowed: string;
  /** What to do about it. */
  readonly fix: string;
}

/** Refuses settings. Pulumi prints a RunError's message without a stack trace. */
export class SettingsError extends pulumi.RunError {
  constructor(
    subject: string,
    public readonly problems: readonly Problem[],
  ) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`${subject}: ${count}; nothing was created.`, ...problems.map(format)].join("\n\n"));
  }
}

function format(problem: Problem, position: number): string {
  const lines = [
    `${position + 1}. ${problem.key}`,
    `   value    ${show(problem.value)}`,
    `   rule     ${problem.rule}`,
    `   allowed  ${problem.allowed}`,
    `   fix      ${problem.fix}`,
  ];
  return lines.join("\n");
}

/** Long values are cut: the key says where to find the rest. */
function show(value: unknown): string {
  if (value === undefined) return "(not set)";
  if (pulumi.Output.isInstance(value)) return "(known after deployment)";
  const text = String(JSON.stringify(value));
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}
