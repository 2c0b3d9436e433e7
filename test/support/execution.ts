import * as pulumi from "@pulumi/pulumi";

import type { Failures } from "./failures";
import { stackType } from "./monitor";
import { hasRegisteredOutputs, identityOf } from "./pulumi-internals";
import { describe } from "./recorded-resource";

/** How far a program has come: its function, then the stack outputs it returned, then all done. */
export type Stage = "running" | "resolving outputs" | "ended";

/** A program on its way. */
export interface Execution {
  readonly stage: () => Stage;
  /** What the program itself threw, if it did: the cause of whatever else went wrong after it. */
  readonly thrown: () => { readonly error: unknown } | undefined;
}

/** Starts a program as the stack of the current runtime state. */
export function execute(program: () => unknown, failures: Failures): Execution {
  let stage: Stage = "running";
  let thrown: { error: unknown } | undefined;

  async function stackProgram(): Promise<Record<string, unknown>> {
    // Transformations run inside the constructor of each resource: the moment to see whether its
    // parent is still being built.
    pulumi.runtime.registerStackTransformation(({ type, name, opts }) => {
      checkParentIsOpen(describe({ type, name }), opts.parent, failures);
      return undefined;
    });
    try {
      return stackOutputs(await program());
    } catch (error) {
      thrown = { error };
      throw error;
    } finally {
      stage = "resolving outputs";
    }
  }

  pulumi.runtime
    .runInPulumiStack(stackProgram)
    .catch((error: unknown) => {
      failures.add(error);
    })
    .finally(() => {
      stage = "ended";
    });
  return { stage: () => stage, thrown: () => thrown };
}

function checkParentIsOpen(
  child: string,
  explicitParent: pulumi.Resource | undefined,
  failures: Failures,
): void {
  const parent = explicitParent ?? pulumi.runtime.getStackResource();
  if (parent === undefined || !hasRegisteredOutputs(parent)) {
    return;
  }
  const owner = identityOf(parent);
  failures.add(
    new Error(
      owner.type === stackType
        ? `${child} was created after the program had returned, in an apply or a promise ` +
            `callback: no preview can show it; create it synchronously`
        : `${child} was created after its parent ${describe(owner)} had registered its outputs: ` +
            `create children in the constructor, before registerOutputs and outside apply`,
    ),
  );
}

function stackOutputs(result: unknown): Record<string, unknown> {
  const isPlain =
    typeof result === "object" &&
    result !== null &&
    Object.getPrototypeOf(result) === Object.prototype;
  return isPlain ? (result as Record<string, unknown>) : {};
}
