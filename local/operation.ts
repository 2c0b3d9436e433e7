import type { EngineEvent, OutputMap, Stack } from "@pulumi/pulumi/automation";
import { describeDiagnostics } from "./diagnostics";
import { messageOf, Stopped } from "./errors";
import { trackOperation, type Outcome } from "./operation-events";
import type { Progress } from "./progress";
import type { StateResource } from "./resources";

/** What the engine can be asked to do. */
export type Operation = "up" | "preview" | "refresh" | "previewRefresh" | "destroy";

/** How to go about an operation. */
export interface OperationOptions {
  readonly title: string;
  readonly progress: Progress;
  readonly stop: AbortSignal;
  /** How many resources each component has, as far as that is known. */
  readonly expected: () => ReadonlyMap<string, number>;
  /** What is in the state before the operation. */
  readonly resources?: readonly StateResource[];
  /** Folder of the policies that a deployment or its preview must keep to. */
  readonly policyPack?: string | undefined;
}

/** An operation that failed, with what had been done by then. */
export class OperationError extends Error {
  constructor(
    message: string,
    readonly outcome: Outcome,
  ) {
    super(message);
  }

  /** It was a resource that failed, and not the program. */
  get isOfResources(): boolean {
    return this.outcome.diagnostics.some(
      ({ severity, urn }) => severity === "error" && urn !== undefined,
    );
  }
}

/** Of the others, what they found is told at their end. */
const CHANGING: ReadonlySet<Operation> = new Set(["up", "destroy"]);
const TICK_MILLISECONDS = 1000;

/** Asks the engine to do something, shows how it gets on, and tells what it did. */
export async function operate(
  stack: Stack,
  operation: Operation,
  { title, progress, stop, expected, resources = [], policyPack }: OperationOptions,
): Promise<{ outcome: Outcome; outputs: OutputMap }> {
  if (stop.aborted) throw new Stopped();
  ignoreRejections();
  const tracker = trackOperation(
    expected,
    new Map(resources.map(({ urn, parent }) => [urn, parent])),
  );
  try {
    return await progress.step(title, async (detail) => {
      const tell = () => {
        const lines = CHANGING.has(operation) ? tracker.finishedComponents() : [];
        for (const line of lines) progress.note(`  ${line}`);
        detail(tracker.status());
      };
      const timer = setInterval(tell, TICK_MILLISECONDS);
      const onEvent = (event: EngineEvent) => tracker.record(event);
      try {
        const outputs = await start(stack, operation, { onEvent, signal: stop }, policyPack);
        return { outcome: tracker.outcome(), outputs };
      } finally {
        clearInterval(timer);
        tell();
      }
    });
  } catch (error) {
    const outcome = tracker.outcome();
    const errors = outcome.diagnostics.filter(({ severity }) => severity === "error");
    const message = errors.length > 0 ? describeDiagnostics(errors) : messageOf(error);
    throw new OperationError(message, outcome);
  }
}

async function start(
  stack: Stack,
  operation: Operation,
  shared: { onEvent: (event: EngineEvent) => void; signal: AbortSignal },
  policyPack: string | undefined,
): Promise<OutputMap> {
  const options = { ...shared, color: "never" } as const;
  const policies = policyPack === undefined ? {} : { policyPacks: [policyPack] };
  switch (operation) {
    case "up":
      return (await stack.up({ ...options, ...policies })).outputs;
    case "preview":
      await stack.preview({ ...options, ...policies });
      return {};
    case "refresh":
      await stack.refresh({ ...options, clearPendingCreates: true });
      return {};
    case "previewRefresh":
      await stack.previewRefresh(options);
      return {};
    case "destroy":
      await stack.destroy(options);
      return {};
  }
}

/** When the engine stops, calls of the program that are under way fail, and the program does not wait for all of them. */
function ignoreRejections(): void {
  if (process.listenerCount("unhandledRejection") === 0) {
    process.on("unhandledRejection", () => undefined);
  }
}
