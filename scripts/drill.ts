/**
 * `npm run drill -- --url https://www.example.com`: asks an address again and again while somebody takes a part of the
 * platform away, and says in the end for how long nobody was served. `--help` has the rest.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { type Clock, systemClock } from "./clock";
import { ask } from "./drill-ask";
import { type Summary, summarize } from "./drill-outages";
import { watch } from "./drill-watch";
import { inWords, parseDuration } from "./durations";
import { EXIT, type Output } from "./exit";

const EXPLANATION = `
Each question looks the name up anew and opens a connection of its own, as a new client does. An outage lasts from the
last good answer to the next one: never shown shorter than it was, longer by one interval at most.

Examples:
  npm run drill -- --url https://www.example.com/ --for 30m
  npm run drill -- --url "$(pulumi stack output url)" --expect 200 --json > drill.json
  npm run drill -- --url https://www.example.com/ \\
    --place first=$(pulumi stack output --json ids | jq -r .loadBalancerDnsName) \\
    --place second=$(pulumi stack output --json secondRegion | jq -r .ids.loadBalancerDnsName)

Ctrl-C ends it early, with its summary. Exit code: 0 no outage longer than the limit, 1 one that is, or never an answer,
2 wrong options.`;

export async function drill(
  commandLine: readonly string[],
  output: Output,
  stopped: AbortSignal,
  clock: Clock = systemClock,
): Promise<number> {
  const command = options(output);
  try {
    command.parse(commandLine, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  const given = command.opts<Options>();
  const { answers, end } = await watch({
    ask: () => ask({ ...given, timeoutMilliseconds: given.timeout, places: given.place }, clock),
    everyMilliseconds: given.every,
    forMilliseconds: given.for,
    clock,
    stopped,
    tell: given.json ? output.error : output.line,
  });
  const summary = summarize(answers, end);
  const served = Object.keys(summary.places).length > 0;
  const withinLimit = served && summary.longestOutageMilliseconds <= given.limit;
  if (given.json) output.line(JSON.stringify({ url: given.url, ...summary, withinLimit }, null, 2));
  else for (const line of describe(summary, given.limit, withinLimit)) output.line(line);
  return withinLimit ? EXIT.ok : EXIT.failed;
}

interface Options {
  readonly url: string;
  readonly for: number;
  readonly every: number;
  readonly timeout: number;
  readonly limit: number;
  readonly expect?: number;
  readonly place: Readonly<Record<string, string>>;
  readonly json?: true;
}

function options({ line, error }: Output): Command {
  const trimmed = (write: (text: string) => void) => (text: string) => write(text.trimEnd());
  return new Command("npm run drill --")
    .exitOverride()
    .configureOutput({ writeOut: trimmed(line), writeErr: trimmed(error) })
    .requiredOption("--url <url>", "the address that users open", url)
    .addOption(time("--for", "how long to watch: 90s, 30m, 1h", "30m"))
    .addOption(time("--every", "time from one question to the next", "1s"))
    .addOption(time("--timeout", "an answer that takes longer is none", "5s"))
    .addOption(time("--limit", "the longest outage that will do", "15m"))
    .option("--expect <status>", "status that counts as served (default: below 400)", status)
    .addOption(
      new Option("--place <name=host>", "call answers from this load balancer NAME; repeatable")
        .argParser(place)
        .default({}, "the address of whoever answers"),
    )
    .option("--json", "the summary as JSON; changes go to the standard error")
    .addHelpText("after", EXPLANATION);
}

function time(name: string, text: string, usual: string): Option {
  return new Option(`${name} <duration>`, text).argParser(duration).default(duration(usual), usual);
}

function url(text: string): string {
  if (!/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : "")) {
    throw new InvalidArgumentError("Give an address with http:// or https://.");
  }
  return text;
}

function duration(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new InvalidArgumentError("Write 500ms, 90s, 15m or 1h.");
  return milliseconds;
}

function status(text: string): number {
  if (!/^[1-5]\d\d$/.test(text)) throw new InvalidArgumentError("Give a status from 100 to 599.");
  return Number(text);
}

function place(text: string, former: Readonly<Record<string, string>>): Record<string, string> {
  const [, name, host] = /^([^=]+)=([^=]+)$/.exec(text) ?? [];
  if (name === undefined || host === undefined) {
    throw new InvalidArgumentError("Write it as NAME=HOST.");
  }
  return { ...former, [name]: host };
}

function describe(summary: Summary, limit: number, withinLimit: boolean): string[] {
  const longest = inWords(summary.longestOutageMilliseconds);
  const verdict = withinLimit ? "within the limit of" : "LONGER THAN THE LIMIT OF";
  const outages = summary.outages.map(({ from, until, outcomes }) => {
    const times = [from, until].map((time) => new Date(time).toISOString().slice(11, 19));
    return `  ${times.join(" to ")}, ${inWords(until - from)}: ${counts(outcomes)}`;
  });
  return [
    "",
    `asked ${summary.asked} times, not served ${summary.failed} times (${summary.failedPercent.toFixed(1)} %)`,
    `answers came from: ${counts(summary.places) || "nowhere"}`,
    outages.length === 0 ? "no outage" : `outages: ${outages.length}, times in UTC`,
    ...outages,
    Object.keys(summary.places).length === 0
      ? "NEVER SERVED"
      : `longest outage: ${longest}, ${verdict} ${inWords(limit)}`,
  ];
}

function counts(map: Readonly<Record<string, number>>): string {
  return Object.entries(map)
    .map(([key, count]) => `${key} ${count} times`)
    .join(", ");
}

if (require.main === module) {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const output = { line: console.log, error: console.error };
  void drill(process.argv.slice(2), output, stop.signal).then((code) => process.exit(code));
}
