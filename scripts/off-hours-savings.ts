import * as path from "node:path";
import { offHoursSavings } from "../stacks/off-hours-savings";
import { markdownTable } from "./markdown";
import { readStack } from "./stack-file";

const ROOT = path.join(__dirname, "..");
/** Environments of this repository that sleep. */
const SLEEPERS = ["dev", "staging"];

/** The page about off-hours with what the stack files of this repository save by them, between its marks. */
export function withSavings(page: string): string {
  const place = /(<!-- savings -->\n)[^]*?(<!-- \/savings -->)/;
  if (!place.test(page)) throw new Error("docs/off-hours.md lacks <!-- savings --> marks");
  return page.replace(place, `$1\n${savingsTable()}\n\n$2`);
}

function savingsTable(): string {
  const rows = SLEEPERS.flatMap((stack) => {
    const savings = offHoursSavings(readStack(stack, path.join(ROOT, `Pulumi.${stack}.yaml`)));
    const sum = (key: "before" | "saved") =>
      savings.reduce((total, saving) => total + (saving[key] ?? 0), 0);
    return [
      ...savings.map(({ what, hoursAsleepAWeek, before, saved }) => [
        stack,
        what,
        hoursAsleepAWeek.toFixed(1),
        money(before),
        money(saved),
      ]),
      [
        `**${stack}**`,
        "**together**",
        "",
        `**${money(sum("before"))}**`,
        `**${money(sum("saved"))}**, ${Math.round((100 * sum("saved")) / sum("before"))} %`,
      ],
    ];
  });
  return markdownTable(
    ["stack", "what sleeps", "hours asleep a week", "USD a month awake", "saved"],
    rows,
  );
}

function money(amount: number | undefined): string {
  return amount === undefined ? "not priced here" : amount.toFixed(2);
}
