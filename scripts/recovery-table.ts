import * as path from "node:path";
import type { PlatformConfig } from "../stacks/config";
import { type Recovery, recoveryTimes, totalMinutes } from "../stacks/recovery";
import { markdownTable } from "./markdown";
import { readStack } from "./stack-file";

const EXAMPLE = path.join(__dirname, "..", "examples", "two-regions", "Pulumi.two-regions.yaml");

const MARKS = /(<!-- recovery -->\n)[^]*?(<!-- \/recovery -->)/;

/** The page with what the loss of a region means to the example, by standby, between its marks. */
export function withRecovery(page: string): string {
  if (!MARKS.test(page)) throw new Error("docs/disaster-recovery.md lacks <!-- recovery --> marks");
  return page.replace(MARKS, `$1\n${table(readStack("two-regions", EXAMPLE))}\n\n$2`);
}

function table(config: PlatformConfig): string {
  const { secondRegion } = config;
  if (secondRegion === undefined) throw new Error("the example lacks a second region");
  const rows = (["active", "warm", "cold"] as const).flatMap((standby) =>
    recoveryTimes({ ...config, secondRegion: { ...secondRegion, standby } }).map((recovery) => [
      `\`${standby}\``,
      `${recovery.kind} ${recovery.name}`,
      inMinutes(totalMinutes(recovery)),
      partsOf(recovery),
      lost(recovery),
    ]),
  );
  return markdownTable(["`standby`", "what", "RTO", "made up of", "RPO"], rows);
}

function inMinutes(minutes: number | undefined): string {
  return minutes === undefined ? "not promised" : `${minutes} minutes`;
}

function partsOf({ time }: Recovery): string {
  return time === undefined
    ? "somebody sets `standby: active` and runs `up`"
    : time.map(({ what, minutes }) => `${what}: ${minutes}`).join("; ");
}

function lost({ lostMinutes }: Recovery): string {
  if (lostMinutes === undefined) return "everything";
  return lostMinutes === 0 ? "0: it keeps nothing" : `${lostMinutes / 60} hours`;
}
