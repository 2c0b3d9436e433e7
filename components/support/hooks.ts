import { AsyncResource } from "node:async_hooks";
import type * as pulumi from "@pulumi/pulumi";

/** The value of an output, for hooks: what they read is known by the time they run. */
export function resolved<Value>(output: pulumi.Output<Value>): Promise<Value> {
  return new Promise((resolve) => {
    output.apply((value) => {
      resolve(value);
    });
  });
}

/**
 * A function for a hook, which the engine calls from outside: where several programs run in one process, as under the
 * Automation API, its messages then still belong to its own program.
 */
export function ofThisProgram<Arguments extends unknown[], Result>(
  work: (...given: Arguments) => Result,
): (...given: Arguments) => Result {
  return AsyncResource.bind(work);
}
