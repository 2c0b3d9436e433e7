/**
 * Changes to Pulumi's runtime that make a mocked resource several times cheaper (the figures are in
 * `npm run bench`) without changing what a program sees. Each replaces one function of the runtime
 * by one that calls the original, so the runtime's own code still does the work.
 */
import * as pulumi from "@pulumi/pulumi";
import debuggableModule = require("@pulumi/pulumi/runtime/debuggable");
import rpcModule = require("@pulumi/pulumi/runtime/rpc");
import utilsModule = require("@pulumi/pulumi/utils");

import { isInsideProgram } from "./pulumi-internals";

type Resolver = (...answer: unknown[]) => void;

const debuggable = debuggableModule as unknown as {
  debuggablePromise: (promise: Promise<unknown>, context: unknown) => Promise<unknown>;
};
const rpc = rpcModule as unknown as {
  transferProperties: (owner: object, label: string, props: object) => Record<string, Resolver>;
};
const resourceClass = pulumi.Resource as unknown as { stackTrace: (skip: number) => unknown[] };
const utils = utilsModule as unknown as { errorOutputString: boolean };

/** Applies the changes to the whole process. */
export function patchRuntime(): void {
  skipStackTraces();
  createOutputsOnDemand();
  // An output inside a string is a mistake that by default only yields a strange string.
  utils.errorOutputString = true;
}

/**
 * The runtime captures and source-maps a stack trace for each of its promises, for its leak report,
 * and for each resource, for the engine's display. Nobody sees either here. The stack traces of
 * errors are left alone. A resource outside of any program gets no further: it would be given a
 * made-up answer and never be recorded.
 */
function skipStackTraces(): void {
  const original = debuggable.debuggablePromise;
  debuggable.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return original(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
  // Called by the constructor of every resource.
  resourceClass.stackTrace = () => {
    if (!isInsideProgram()) {
      throw new Error("a resource was created outside of runProgram, where nothing looks at it");
    }
    return [];
  };
}

/**
 * Every resource gets an output, some thirty promises, for each property its type has; a database
 * instance has eighty, of which a program reads two. Here an output is made when it is first read
 * and is then given the answer that has arrived or will.
 */
function createOutputsOnDemand(): void {
  const original = rpc.transferProperties;
  rpc.transferProperties = (owner, label, props) => {
    const resolvers: Record<string, Resolver> = {};
    for (const [key, value] of Object.entries(props) as [string, unknown][]) {
      // The runtime makes these two itself.
      if (key !== "id" && key !== "urn") {
        resolvers[key] = outputOnDemand(owner, key, () => {
          return original(owner, label, { [key]: value })[key];
        });
      }
    }
    return resolvers;
  };
}

/** Defines a property that calls `create`, which redefines it, when it is first read. */
function outputOnDemand(owner: object, key: string, create: () => Resolver | undefined): Resolver {
  let answer: unknown[] | undefined;
  let resolve: Resolver | undefined;
  Object.defineProperty(owner, key, {
    configurable: true,
    enumerable: true,
    get() {
      Reflect.deleteProperty(owner, key);
      resolve = create();
      if (answer !== undefined) {
        resolve?.(...answer);
      }
      return Reflect.get(owner, key) as unknown;
    },
    set(value: unknown) {
      Object.defineProperty(owner, key, {
        configurable: true,
        enumerable: true,
        writable: true,
        value,
      });
    },
  });
  return (...given) => {
    answer = given;
    resolve?.(...given);
  };
}
