import type { Rule } from "./rule";

/** Which stacks a control is for: all, or those whose level is production. */
export type AppliesTo = "every-stack" | "production";

export type Severity = "critical" | "high" | "medium" | "low";

/** What became of a control here. */
export type Status =
  /** Holds without being asked for; `setting` says where it can be given up, with a reason. */
  | { readonly kind: "held"; readonly setting?: string }
  /** Holds where a setting asks for it; `because` says why it is not the default. */
  | { readonly kind: "optional"; readonly setting: string; readonly because: string }
  /** Does not concern what is built here. */
  | { readonly kind: "not-applicable"; readonly because: string };

/** One control of the list that this project answers for (docs/controls.md). */
export interface Control {
  /** "NET-02": as the research list numbers them, and as exceptions name it. */
  readonly id: string;
  /** What must hold, in plain words. */
  readonly title: string;
  readonly severity: Severity;
  readonly appliesTo: AppliesTo;
  /** Who asks for it: "EC2.2", "CIS 6.5", "seed 002". */
  readonly sources: readonly string[];
  readonly status: Status;
  /** How it is checked; without one, a test of the components answers for it. */
  readonly rule?: Rule;
  /** Where there is no rule: the test that shows it. With a rule, test/policies/mutants.spec.ts does. */
  readonly test?: { readonly file: string; readonly title: string };
}
