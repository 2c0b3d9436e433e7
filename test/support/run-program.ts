import * as pulumi from "@pulumi/pulumi";

import { execute } from "./execution";
import { createFailures } from "./failures";
import type { InvokeMock } from "./invokes";
import { createMonitor, type ResourceMock } from "./monitor";
import { collectHooks, runWithStore, takeLeakedPromises, type Store } from "./pulumi-internals";
import { collectRejections } from "./rejections";
import { createRun, type Run } from "./run";
import { patchRuntime } from "./runtime-patches";
import { settle, withBaseline } from "./settle";
import { explainUnfinished } from "./unfinished";

patchRuntime();

/** How a program is run; everything has a default. */
export interface RunOptions {
  /** Configuration; a key without a namespace gets the project's, objects are JSON strings. */
  readonly config?: Readonly<Record<string, string>>;
  /** Keys of `config` that are secrets. */
  readonly secretKeys?: readonly string[];
  /** Default: "test". */
  readonly stack?: string;
  /** Default: "ecs-platform". */
  readonly project?: string;
  /** Default: "organization". */
  readonly organization?: string;
  /** Run as `pulumi preview` of a new stack: ids and computed outputs are unknown. */
  readonly preview?: boolean;
  /** Provider functions this program may call, by token, besides those in invokes.ts. */
  readonly invokes?: Readonly<Record<string, InvokeMock>>;
  /** Outputs of resource types where the table in computed-outputs.ts does not do. */
  readonly resources?: Readonly<Record<string, ResourceMock>>;
  /** How long a program may wait for timers, files or sockets of its own. Default: 5000. */
  readonly timeoutMilliseconds?: number;
}

/**
 * Runs a Pulumi program against a mocked engine and returns what it declared. Rejects on everything
 * that would fail a deployment, also where plain mocks and mocha let it pass: see
 * test/harness.spec.ts for the list. Runs do not share state, so several may go on at once.
 *
 * A plain object the program returns, itself or in a promise, is the stack's outputs; anything else
 * it returns is ignored, so that `() => new Network("network", args)` is a program.
 *
 * Mocks prove the wiring, not AWS: nothing checks values against a provider's schema.
 */
export async function runProgram(program: () => unknown, options: RunOptions = {}): Promise<Run> {
  return withBaseline(() => runWithStore((store) => runInStore(store, program, options)));
}

async function runInStore(store: Store, program: () => unknown, options: RunOptions): Promise<Run> {
  const { project = "ecs-platform", stack = "test", preview = false } = options;
  const failures = createFailures();
  const monitor = createMonitor({
    project,
    stack,
    preview,
    invokes: options.invokes ?? {},
    resources: options.resources ?? {},
    onError: (error) => {
      failures.addUnlessReported(error);
    },
  });
  pulumi.runtime.setMockOptions(
    monitor,
    project,
    stack,
    preview,
    options.organization ?? "organization",
  );
  // Forgets the process-wide reference to the monitor; the run's own stays in its store.
  pulumi.runtime.disconnectSync();
  const hooks = collectHooks(store);
  setConfig(project, options);
  return collectRejections(store, failures, async () => {
    const execution = execute(program, failures);
    const settled = await settle(
      {
        activity: () => monitor.requestCount() + store.leakCandidates.size,
        isDone: () => execution.stage() === "ended" && store.leakCandidates.size === 0,
      },
      options.timeoutMilliseconds ?? 5000,
    );
    const leaked = takeLeakedPromises(store);
    const thrown = execution.thrown();
    if (thrown !== undefined) {
      throw thrown.error;
    }
    if (failures.any()) {
      throw failures.toError();
    }
    if (settled.kind !== "done") {
      throw new Error(explainUnfinished(settled, execution.stage(), monitor, leaked));
    }
    if (store.logErrorCount > 0) {
      throw new Error("the program called pulumi.log.error (see above), which fails a deployment");
    }
    return createRun(monitor.resources, monitor.stack(), hooks);
  });
}

function setConfig(project: string, options: RunOptions): void {
  const withNamespace = (key: string): string => (key.includes(":") ? key : `${project}:${key}`);
  const config = Object.entries(options.config ?? {});
  pulumi.runtime.setAllConfig(
    Object.fromEntries(config.map(([key, value]) => [withNamespace(key), value])),
    options.secretKeys?.map(withNamespace),
  );
}
