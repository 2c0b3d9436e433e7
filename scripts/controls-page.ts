import { controls } from "../policies/catalogue";
import { contradictions, SCANNERS } from "../policies/catalogue/contradictions";
import type { Control } from "../policies/control";
import { markdownTable } from "./markdown";

/** Where each rule is shown to find what is broken on purpose. */
export const MUTANTS = "test/policies/mutants.spec.ts";

/** docs/controls.md, printed from the catalogue that the policies are made of. */
export function controlsPage(): string {
  return [
    "# Controls",
    "What a stack is held to, who asks for it, and the test that fails where it does not hold. This page is printed by " +
      "`npm run docs` from `policies/`, whose rules judge every stack that is shipped; a test keeps it true. How to run " +
      "them on your own stack, and how to except one, is in [policies.md](policies.md).",
    summary(),
    "**Held** holds without being asked for; where a setting follows, it gives the control up, mostly by a reason. **Optional** " +
      "holds where the setting asks for it. Controls for production count in stacks whose level is production: all " +
      "without `unprotectedBecause`, unless `controls.level` says otherwise.",
    markdownTable(
      ["control", "what must hold", "severity", "for", "here", "asked for by", "test"],
      controls.map(rowOf),
    ),
    "## Where two controls contradict",
    markdownTable(
      ["controls", "the two demands", "decided"],
      contradictions.map(({ controls: ids, demands, decision }) => [
        ids.join(", "),
        demands,
        decision,
      ]),
    ),
    "## What other scanners still say",
    "A stack that holds everything above still has these findings of checkov and Security Hub.",
    markdownTable(
      ["finding", "why it stays"],
      SCANNERS.map(({ id, because }) => [id, because]),
    ),
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

/** The test that a control's row names. */
export function testOf({ id, title, rule, test }: Control): { file: string; title: string } {
  if (test !== undefined) return test;
  if (rule === undefined) throw new Error(`${id} has neither a rule nor a test`);
  return { file: MUTANTS, title: `${id}: ${title}` };
}

/** Keys of the stack file that a control's status names: "services.NAME.user" of "services.*.user: 1000". */
export function settingsOf({ status }: Control): string[] {
  if (status.kind === "not-applicable" || status.setting === undefined) return [];
  return status.setting
    .split(", ")
    .map((setting) => setting.replace(/: .*$/, "").replaceAll(".*.", ".NAME."));
}

function summary(): string {
  const count = (kind: Control["status"]["kind"]) =>
    controls.filter(({ status }) => status.kind === kind).length;
  return `Of ${controls.length} controls ${count("held")} are held, ${count("optional")} optional, ${count("not-applicable")} not applicable.`;
}

function rowOf(control: Control): string[] {
  const { file, title } = testOf(control);
  return [
    control.id,
    control.title,
    control.severity,
    control.appliesTo === "production" ? "production" : "every stack",
    statusOf(control),
    control.sources.join(", "),
    // What the control's own words are is in the row already.
    title === `${control.id}: ${control.title}`
      ? `\`${file}\` ${control.id}`
      : `\`${file}\` ${title}`,
  ];
}

function statusOf(control: Control): string {
  const { status } = control;
  const settings = settingsOf(control)
    .map((setting) => `\`${setting}\``)
    .join(", ");
  switch (status.kind) {
    case "held":
      return settings === "" ? "held" : `held; ${settings}`;
    case "optional":
      return `optional: ${settings}, because ${status.because}`;
    case "not-applicable":
      return `not applicable: ${status.because}`;
  }
}
