/**
 * `npm run load-test -- scenario.yaml --target https://staging.example.com`: sends the requests of a scenario and says
 * whether the answers were good and fast enough. `--help` has the rest; docs/load-test.md explains scenarios.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { parse } from "yaml";
import { SettingsError } from "../components/support/problem";
import { type Clock, systemClock } from "./clock";
import { inWords } from "./durations";
import { EXIT, type Output } from "./exit";
import { expectedRequests, ratesOf } from "./load-test-arrivals";
import { Collector, type Numbers, type Report } from "./load-test-report";
import { runScenario } from "./load-test-run";
import { type Scenario, checkScenario } from "./load-test-scenario";
import { missingVariables, senderTo } from "./load-test-send";

const EXPLANATION = `
Requests are sent when they are due, however long the answers take, and are timed from then on. Only test what is yours,
and keep to AWS's rules for load from EC2: https://aws.amazon.com/ec2/testing/

Ctrl-C ends it early, with its report. Exit code: 0 every phase passed, 1 one did not, or it was ended early, 2 wrong
options or a wrong scenario.`;

export async function loadTest(
  commandLine: readonly string[],
  output: Output,
  stopped: AbortSignal,
  environment: NodeJS.ProcessEnv = process.env,
  clock: Clock = systemClock,
): Promise<number> {
  const command = options(output);
  try {
    command.parse(commandLine, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  const { target, json } = command.opts<{ target: string; json?: true }>();
  const scenario = readScenario(command.args[0] ?? "", environment, output);
  if (scenario === undefined) return EXIT.usage;

  const tell = json ? output.error : output.line;
  tell(describePlan(target, scenario));
  const collector = new Collector(scenario);
  await runScenario(
    scenario,
    senderTo(target, scenario.timeoutSeconds, environment),
    clock,
    stopped,
    (result) => collector.record(result),
  );
  const report = collector.report();
  if (json) output.line(JSON.stringify({ target, ...report }, null, 2));
  else for (const line of describe(report)) output.line(line);
  if (stopped.aborted) output.error("Ended early: what is above is no result.");
  return report.passed && !stopped.aborted ? EXIT.ok : EXIT.failed;
}

function options({ line, error }: Output): Command {
  const trimmed = (write: (text: string) => void) => (text: string) => write(text.trimEnd());
  return new Command("npm run load-test --")
    .exitOverride()
    .configureOutput({ writeOut: trimmed(line), writeErr: trimmed(error) })
    .argument("<scenario>", "a file as in docs/load-test.md")
    .requiredOption("--target <url>", "what to send the requests to: https://HOST", target)
    .option("--json", "the report as JSON")
    .addHelpText("after", EXPLANATION);
}

/** Paths belong to the scenario: one in the target would be lost without a word. */
function target(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname + url.search !== "/") {
    throw new InvalidArgumentError("Give https://HOST or http://HOST, without a path.");
  }
  return text;
}

/** Undefined where the file will not do; it has been told why. */
function readScenario(
  file: string,
  environment: NodeJS.ProcessEnv,
  { error }: Output,
): Scenario | undefined {
  let scenario: Scenario;
  try {
    // npm changes to the project's folder, but paths are meant from where the user is.
    const text = readFileSync(resolve(environment["INIT_CWD"] ?? process.cwd(), file), "utf8");
    scenario = checkScenario(file, parse(text));
  } catch (problem) {
    if (!(problem instanceof Error)) throw problem;
    error(problem instanceof SettingsError ? problem.message : `${file}: ${problem.message}`);
    return undefined;
  }
  const missing = missingVariables(scenario.endpoints, environment);
  if (missing.length === 0) return scenario;
  error(`${file}: headersFrom names variables that are not set: ${missing.join(", ")}`);
  return undefined;
}

function describePlan(target: string, { phases }: Scenario): string {
  const requests = phases.reduce((sum, phase) => sum + expectedRequests(phase), 0);
  const peak = Math.max(...phases.map(ratesOf).flatMap(({ from, to }) => [from, to]));
  const length = phases.reduce((sum, { seconds }) => sum + seconds, 0) * 1000;
  return `about ${Math.round(requests)} requests to ${target} in ${inWords(length)}, ${peak} a second at most`;
}

function describe({ phases, endpoints, passed }: Report): string[] {
  const width = Math.max(
    ...[...phases.map(({ name }) => name), ...Object.keys(endpoints)].map((name) => name.length),
  );
  const heads = ["requests", "errors", "p50 ms", "p95 ms", "p99 ms", "max ms"];
  const row = (name: string, cells: readonly string[], rest = "") =>
    `${name.padEnd(width)}${cells.map((cell) => cell.padStart(10)).join("")}${rest && `  ${rest}`}`;
  return [
    "",
    row("phase", heads),
    ...phases.map((phase) => row(phase.name, cells(phase), phase.broken.join("; ") || "passed")),
    "",
    row("endpoint", heads),
    ...Object.entries(endpoints).map(([name, numbers]) =>
      row(name, cells(numbers), outcomes(numbers)),
    ),
    "",
    passed ? "PASSED" : "NOT PASSED",
  ];
}

function cells(numbers: Numbers): string[] {
  const { p50Milliseconds, p95Milliseconds, p99Milliseconds, maxMilliseconds } = numbers;
  return [
    String(numbers.requests),
    `${numbers.errorPercent.toFixed(2)} %`,
    ...[p50Milliseconds, p95Milliseconds, p99Milliseconds, maxMilliseconds].map((time) =>
      time.toFixed(0),
    ),
  ];
}

function outcomes({ outcomes: counts }: Numbers): string {
  return Object.entries(counts)
    .map(([outcome, count]) => `${outcome}: ${count}`)
    .join(", ");
}

if (require.main === module) {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const output = { line: console.log, error: console.error };
  void loadTest(process.argv.slice(2), output, stop.signal).then((code) => process.exit(code));
}
