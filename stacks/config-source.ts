import * as pulumi from "@pulumi/pulumi";
import { HIDDEN } from "../components/support/parse-settings";
import type { Problem } from "../components/support/problem";

/** Where the values come from: Pulumi's own configuration, or a test's. */
export interface ConfigSource {
  readonly project: string;
  readonly stack: string;
  /** Values as Pulumi hands them over: text, or JSON where the stack file has a map or a list. */
  readonly values: Readonly<Record<string, string>>;
  /** Keys whose values hold a secret, if only somewhere within. Default: none. */
  readonly secretKeys?: readonly string[];
}

/** The configuration of the stack that is being deployed. */
export function pulumiSource(): ConfigSource {
  const values = pulumi.runtime.allConfig();
  return {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    values,
    secretKeys: Object.keys(values).filter(isConfigSecret),
  };
}

/** Pulumi's runtime tells, by a function that its types leave out. */
const { isConfigSecret } = pulumi.runtime as unknown as {
  readonly isConfigSecret: (key: string) => boolean;
};

/** Problems without what may be a secret: of a section that holds one, no value is shown. */
export function withoutSecrets({ secretKeys = [] }: ConfigSource, problems: Problem[]): Problem[] {
  const isSecret = ({ key, value }: Problem) =>
    value !== undefined &&
    secretKeys.some((secret) => key === secret || key.startsWith(`${secret}.`));
  return problems.map((problem) => (isSecret(problem) ? { ...problem, value: HIDDEN } : problem));
}

/** Whether the program runs for a preview, in which nothing is asked of AWS. */
export function isPreview(): boolean {
  return pulumi.runtime.isDryRun();
}

/** The values whose keys begin with the same name. */
export function namespace(source: ConfigSource, name: string): Record<string, unknown> {
  const prefix = `${name}:`;
  return Object.fromEntries(
    Object.entries(source.values)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), decode(value)]),
  );
}

/** Pulumi hands over every value as text: maps, lists, numbers and booleans as JSON. */
function decode(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
