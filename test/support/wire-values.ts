import * as pulumi from "@pulumi/pulumi";

import { segmentsOf, type JsonObject, type JsonPath, type JsonValue } from "./json";

const { specialSecretSig, specialSigKey, unknownValue } = pulumi.runtime;

/** What an input or output reads as when a preview cannot know it yet. */
export const unknown: string = unknownValue;

/** Values as the engine receives them, with the secret wrappers taken off and remembered. */
export interface WireValues {
  readonly values: JsonObject;
  /** True when the value at `path`, or something that contains it, was marked secret. */
  isSecret(path: JsonPath): boolean;
}

/**
 * Unwraps what the runtime sends to the engine. Secrets become their value and their path is
 * remembered; references to resources, and assets, lose only their type signature.
 */
export function decodeWireValues(raw: JsonObject): WireValues {
  const secretPaths = new Set<string>();
  const values = decodeObject(raw, [], secretPaths);
  return {
    values,
    isSecret: (path) => {
      if (secretPaths.size === 0) {
        return false;
      }
      const segments = segmentsOf(path);
      return segments.some((_, index) => secretPaths.has(keyOf(segments.slice(0, index + 1))));
    },
  };
}

/** Marks a value as secret the way the engine does, leaving one that already is as it was. */
export function asSecret(value: JsonValue): JsonValue {
  return isSecretWrapper(value) ? value : { [specialSigKey]: specialSecretSig, value };
}

function decode(raw: JsonValue, path: string[], secretPaths: Set<string>): JsonValue {
  if (typeof raw !== "object" || raw === null) {
    return raw;
  }
  if (Array.isArray(raw)) {
    return raw.map((item, index) => decode(item, [...path, String(index)], secretPaths));
  }
  if (isSecretWrapper(raw)) {
    secretPaths.add(keyOf(path));
    return decode(raw["value"] ?? null, path, secretPaths);
  }
  return decodeObject(raw, path, secretPaths);
}

function decodeObject(raw: JsonObject, path: string[], secretPaths: Set<string>): JsonObject {
  const decoded: JsonObject = {};
  for (const [key, value] of Object.entries(raw)) {
    if (key !== specialSigKey && value !== undefined) {
      decoded[key] = decode(value, [...path, key], secretPaths);
    }
  }
  return decoded;
}

function isSecretWrapper(value: JsonValue): value is JsonObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    value[specialSigKey] === specialSecretSig
  );
}

// Segments are joined with a character no key contains, so that "a.b" and ["a.b"] stay apart.
function keyOf(segments: readonly string[]): string {
  return segments.join("\u0000");
}
