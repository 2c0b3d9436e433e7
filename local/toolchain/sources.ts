import type { Progress } from "../progress";

/** Where CLI and plugins may come from, best first. */
export const SOURCES = ["machine", "vendor", "build"] as const;
export type Source = (typeof SOURCES)[number];

/**
 * The environment variable that says which sources to try instead, in order: `build`, or
 * `machine,build`.
 */
export const SOURCES_VARIABLE = "ECS_PLATFORM_TOOLCHAIN";

/** The sources that the environment variable names, if it is set. */
export function chosenSources(environment: NodeJS.ProcessEnv): readonly Source[] | undefined {
  const chosen = environment[SOURCES_VARIABLE];
  if (chosen === undefined || chosen === "") return undefined;
  return chosen.split(",").map((name) => {
    const source = SOURCES.find((known) => known === name.trim());
    if (source !== undefined) return source;
    throw new Error(
      `${SOURCES_VARIABLE} is "${chosen}": it may be ${SOURCES.join(", ")}, or several with commas.`,
    );
  });
}

/** Takes the first source that has what is wanted; an error tells what was wrong with each. */
export async function firstOf<T>(
  wanted: string,
  sources: readonly Source[],
  progress: Progress,
  ways: Readonly<Record<Source, () => Promise<T>>>,
): Promise<{ readonly found: T; readonly source: Source }> {
  const problems: string[] = [];
  for (const source of sources) {
    try {
      return { found: await ways[source](), source };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      problems.push(`${source}: ${problem}`);
      // Not being on the machine is no news; a failed download explains the build that follows.
      if (source === "vendor" && sources.at(-1) !== source) {
        progress.note(`${wanted} cannot be downloaded: ${problem}`);
      }
    }
  }
  throw new Error([`There is no ${wanted}.`, ...problems].join("\n"));
}
