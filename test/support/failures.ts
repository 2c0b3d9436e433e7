import { takeFailedResource } from "./pulumi-internals";
import { describe } from "./recorded-resource";

/** Collects what goes wrong in one run, from wherever it surfaces. */
export interface Failures {
  /** Notes a failure; the same error arriving by several ways counts once. */
  add(failure: unknown): void;
  /** Notes a failure that normally surfaces elsewhere too, with more context: a failed request. */
  addUnlessReported(failure: Error): void;
  /** True once anything has gone wrong. */
  any(): boolean;
  /** Everything as one error: a single failure is that error itself. */
  toError(): unknown;
}

/** Makes the collection of one run. */
export function createFailures(): Failures {
  const surfaced = new Set<unknown>();
  const requests = new Set<Error>();
  return {
    add: (failure) => surfaced.add(failure),
    addUnlessReported: (failure) => requests.add(failure),
    any: () => surfaced.size + requests.size > 0,
    toError: () => {
      surfaced.forEach(nameResource);
      return combine(withoutRepetitions([...surfaced, ...requests]));
    },
  };
}

// The runtime's message names the input that failed, but not whose.
function nameResource(failure: unknown): void {
  if (failure instanceof Error) {
    const resource = takeFailedResource(failure);
    if (resource !== undefined && failure.message.startsWith("error serializing property")) {
      failure.message = `${describe(resource)}: ${failure.message}`;
    }
  }
}

// One cause often fails several promises, each with an error whose message quotes the previous one.
// The longest says the most; the ones it quotes are noise.
function withoutRepetitions(failures: readonly unknown[]): unknown[] {
  return failures.filter((failure, index) => {
    const message = messageOf(failure);
    return !failures.some((other, otherIndex) => {
      const quoting = messageOf(other);
      return (
        otherIndex !== index &&
        quoting.includes(message) &&
        (quoting.length > message.length || otherIndex < index)
      );
    });
  });
}

function combine(failures: readonly unknown[]): unknown {
  const [first] = failures;
  if (failures.length === 1) {
    return first;
  }
  const messages = failures.map((failure) => `- ${messageOf(failure)}`);
  const combined = new AggregateError(
    failures,
    [`the program failed in ${failures.length} places:`, ...messages].join("\n"),
  );
  // Where the first one happened is the more useful place to start reading.
  if (first instanceof Error && first.stack !== undefined) {
    const frames = first.stack.indexOf("\n    at ");
    combined.stack = `${combined.name}: ${combined.message}${frames < 0 ? "" : first.stack.slice(frames)}`;
  }
  return combined;
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
