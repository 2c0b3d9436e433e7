/** `npm run bench`: how long a test takes for each resource it mocks. */
import { parseArgs } from "node:util";

import { programs, type Program } from "./programs";

/** What a suite of many small runs can afford: a platform of 100 resources in a fifth of a second. */
const targetMilliseconds = 2;

const help = `Measures how long tests take for each mocked resource.

  npm run bench                 all programs, five runs each after one to warm up
  npm run bench -- --runs 20    more runs, for a steadier median
  npm run bench -- --only prod  the programs whose name contains "prod"

Wall time includes what else the machine does; processor time does not.
The target is ${targetMilliseconds} ms for each resource.`;

interface Measurement {
  readonly resources: number;
  readonly wallMilliseconds: number;
  readonly processorMilliseconds: number;
  readonly heapMegabytes: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      help: { type: "boolean", short: "h", default: false },
      only: { type: "string", default: "" },
      runs: { type: "string", default: "5" },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) {
    throw new Error(`--runs is ${values.runs}; use a whole number from 1`);
  }
  const chosen = programs.filter(({ name }) => name.includes(values.only));
  if (chosen.length === 0) {
    const names = programs.map(({ name }) => `"${name}"`).join(", ");
    throw new Error(`no program's name contains "${values.only}"; there are ${names}`);
  }
  const rows: string[][] = [];
  for (const program of chosen) {
    rows.push(await measure(program, runs));
  }
  const target = `target ${targetMilliseconds} ms`;
  printTable([["program", "resources", "ms/resource", target, "processor ms", "heap MB"], ...rows]);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(`\nMedian of ${runs} runs, Node ${process.versions.node}, ${peak} MB at most.`);
}

async function measure(program: Program, runs: number): Promise<string[]> {
  const measurements: Measurement[] = [];
  // One run more than counted: the first compiles and fills the runtime's caches.
  for (let run = 0; run <= runs; run += 1) {
    measurements.push(await runOnce(program));
  }
  const counted = measurements.slice(1);
  const [{ resources } = { resources: 1 }] = counted;
  const each = (of: (measurement: Measurement) => number): number =>
    median(counted.map(of)) / resources;
  const wall = each(({ wallMilliseconds }) => wallMilliseconds);
  return [
    program.name,
    String(resources),
    wall.toFixed(2),
    wall <= targetMilliseconds ? "met" : "missed",
    each(({ processorMilliseconds }) => processorMilliseconds).toFixed(2),
    String(Math.round(median(counted.map(({ heapMegabytes }) => heapMegabytes)))),
  ];
}

async function runOnce(program: Program): Promise<Measurement> {
  const start = performance.now();
  const processor = process.cpuUsage();
  const { resources } = await program.run();
  const { user, system } = process.cpuUsage(processor);
  return {
    resources: resources.length,
    wallMilliseconds: performance.now() - start,
    processorMilliseconds: (user + system) / 1000,
    heapMegabytes: process.memoryUsage().heapUsed / 1_000_000,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

// The first column is text, the others are figures.
function printTable(rows: readonly string[][]): void {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    console.log(cells.join("   "));
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
