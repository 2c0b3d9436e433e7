import * as pulumi from "@pulumi/pulumi";

/** Where the values come from: Pulumi's own configuration, or a test's. */
export interface ConfigSource {
  readonly project: string;
  readonly stack: string;
  /** Values as Pulumi hands them over: text, or JSON where the stack file has a map or a list. */
  readonly values: Readonly<Record<string, string>>;
}

/** The configuration of the stack that is being deployed. */
export function pulumiSource(): ConfigSource {
  return {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    values: pulumi.runtime.allConfig(),
  };
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
