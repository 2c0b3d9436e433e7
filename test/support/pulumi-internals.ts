/**
 * What the harness reads of Pulumi's runtime that the package does not publish. Mocks have no public
 * way to tell whether a program is done, what it waits for, or to run two programs side by side;
 * these do. Only this file and runtime-patches.ts know the runtime's inside, so an upgrade of
 * @pulumi/pulumi has two files to check; test/harness.spec.ts fails when something changed.
 */
import type { AsyncLocalStorage } from "node:async_hooks";

import type * as pulumi from "@pulumi/pulumi";
import debuggableModule = require("@pulumi/pulumi/runtime/debuggable");
import stateModule = require("@pulumi/pulumi/runtime/state");

interface TrackedPromise {
  readonly _debugCtx: unknown;
}

/** The runtime's state of one program. Everything below a `runWithStore` call sees its own. */
export interface Store {
  /** Promises of the runtime that have not settled: none left means nothing is in flight. */
  readonly leakCandidates: ReadonlySet<TrackedPromise>;
  /** Resources whose inputs, parent or provider have not resolved yet. */
  readonly pendingResourceRegistrations: ReadonlyMap<unknown, unknown>;
  /** Calls of `pulumi.log.error`, each of which fails a deployment. */
  readonly logErrorCount: number;
  /** Where the runtime leaves functions that the engine calls. */
  callbacks?: HookRegistry;
}

/** A hook of a resource; the engine calls it by its name. */
export type Hook = pulumi.ResourceHook | pulumi.ErrorHook;

/** What stands in for the runtime's server: no engine calls, and a server would keep the process alive. */
interface HookRegistry {
  registerResourceHook(hook: pulumi.ResourceHook): Promise<void>;
  registerErrorHook(hook: pulumi.ErrorHook): Promise<void>;
  awaitStackRegistrations(): Promise<void>;
  shutdown(): void;
}

const debuggable = debuggableModule as unknown as {
  leakedPromises: () => [leaked: ReadonlySet<TrackedPromise>, message: string];
};
const state = stateModule as unknown as { LocalStore: new () => Store };
const storage = (globalThis as unknown as { asyncLocalStorage: AsyncLocalStorage<Store> })
  .asyncLocalStorage;

/** Runs `body` with a fresh runtime state, which everything it starts keeps. */
export function runWithStore<T>(body: (store: Store) => T): T {
  const store = new state.LocalStore();
  return storage.run(store, () => body(store));
}

/** The hooks that a program registers from now on, by name; as with the engine, a name may be taken once. */
export function collectHooks(store: Store): ReadonlyMap<string, Hook> {
  const hooks = new Map<string, Hook>();
  const register = (hook: Hook): Promise<void> => {
    if (hooks.has(hook.name)) {
      return Promise.reject(new Error(`resource hook already registered for name "${hook.name}"`));
    }
    hooks.set(hook.name, hook);
    return Promise.resolve();
  };
  store.callbacks = {
    registerResourceHook: register,
    registerErrorHook: register,
    awaitStackRegistrations: () => Promise.resolve(),
    shutdown: () => undefined,
  };
  return hooks;
}

/** True for code that a `runWithStore` call has started. */
export function isInsideProgram(): boolean {
  return storage.getStore() !== undefined;
}

/** True once a component has said it is complete, by itself or because its constructor ended. */
export function hasRegisteredOutputs(component: pulumi.Resource): boolean {
  return (component as unknown as { __registered?: boolean }).__registered === true;
}

/** The type and logical name a resource was constructed with. */
export function identityOf(resource: pulumi.Resource): { type: string; name: string } {
  const internals = resource as unknown as { __pulumiType: string; __name: string };
  return { type: internals.__pulumiType, name: internals.__name };
}

/** What a program still waits for, in the runtime's own words. */
export interface LeakedPromises {
  /** The registrations that cannot complete and why, cycles included; undefined without any. */
  readonly registrations: string | undefined;
  /** What the runtime noted about each promise. */
  readonly contexts: readonly string[];
}

/**
 * Forgets the promises of the current store that have not settled, so that the runtime does not
 * complain about them when the process exits, and tells what they wait for.
 */
export function takeLeakedPromises(store: Store): LeakedPromises {
  const hasPendingRegistrations = store.pendingResourceRegistrations.size > 0;
  const [leaked, message] = debuggable.leakedPromises();
  return {
    // The advice at its end is about running the program with the Pulumi CLI.
    registrations: hasPendingRegistrations ? message.split("\n\nRe-run your")[0] : undefined,
    contexts: [...leaked].map((promise) => String(promise._debugCtx)),
  };
}

/**
 * The resource an error kept from being registered, if it did. The runtime hangs the promise that
 * failed on every error; it is taken off, because printing the error would print all of it.
 */
export function takeFailedResource(error: Error): { type: string; name: string } | undefined {
  const { promise } = error as { promise?: TrackedPromise };
  Reflect.deleteProperty(error, "promise");
  const [, name, type] = /^resource:(.+)\[(.+)\]$/.exec(String(promise?._debugCtx)) ?? [];
  return name === undefined || type === undefined ? undefined : { type, name };
}
