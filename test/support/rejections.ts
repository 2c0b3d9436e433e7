import type { AsyncLocalStorage } from "node:async_hooks";

import type { Failures } from "./failures";

const activeRuns = new WeakMap<object, Failures>();

let onStray: (reason: unknown) => void = (reason) => {
  throw reason;
};

/**
 * Sends every rejection that nobody handles to the run that caused it, for as long as `body` runs.
 * Pulumi reports most of what goes wrong this way only: a rejected input, an error in an apply.
 */
export async function collectRejections<T>(
  store: object,
  failures: Failures,
  body: () => Promise<T>,
): Promise<T> {
  listen();
  activeRuns.set(store, failures);
  try {
    return await body();
  } finally {
    activeRuns.delete(store);
  }
}

/**
 * Gives `handle` the unhandled rejections that belong to no run, or to one that has ended. Unless
 * this is called they are thrown.
 */
export function collectStrayRejections(handle: (reason: unknown) => void): void {
  onStray = handle;
  listen();
}

// Again for every run, because the workers of `mocha --parallel` remove all listeners after each
// spec file.
function listen(): void {
  if (!process.listeners("unhandledRejection").includes(onRejection)) {
    process.on("unhandledRejection", onRejection);
  }
}

function onRejection(reason: unknown): void {
  const store = currentStore();
  const failures = store && activeRuns.get(store);
  if (failures === undefined) {
    onStray(reason);
  } else {
    failures.add(reason);
  }
}

// Node calls the listener in the async context of the rejected promise, and Pulumi's runtime keeps
// its state in that context: this is what tells concurrent runs apart. Reached by its global name
// so that tests of plain functions need not load the runtime.
function currentStore(): object | undefined {
  const { asyncLocalStorage } = globalThis as { asyncLocalStorage?: AsyncLocalStorage<object> };
  return asyncLocalStorage?.getStore();
}
