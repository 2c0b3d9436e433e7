/**
 * Requests and responses of the engine's protocol, as far as the runtime looks at them. Plain
 * objects with the getters it calls save building two protobuf messages for each resource.
 */
import type { JsonObject } from "./json";

/** The engine's answer to a resource that was registered or read. */
export function registrationResponse(urn: string, id: string, state: JsonObject): unknown {
  return {
    getUrn: () => urn,
    getId: () => id,
    getObject: () => ({ toJavaScript: () => state }),
    getProperties: () => ({ toJavaScript: () => state }),
    getPropertydependenciesMap: () => undefined,
    getResult: () => 0,
    getUnknown: () => false,
  };
}

/** The engine's answer to a call of a provider's function. */
export function invokeResponse(result: JsonObject): unknown {
  return { getFailuresList: () => [], getReturn: () => ({ toJavaScript: () => result }) };
}

/** The plain values of a message's structure. */
export function plainObject(struct: { toJavaScript(): unknown } | undefined): JsonObject {
  return (struct?.toJavaScript() ?? {}) as JsonObject;
}

/** An error as gRPC reports it: the runtime repeats the `details` of a failed call. */
export function withDetails(error: Error): Error {
  return Object.assign(error, { details: error.message });
}
