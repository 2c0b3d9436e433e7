import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { joinKey } from "../support/parse-settings";
import type { Problem } from "../support/problem";
import { mapOf, reason } from "../support/rules";
import { variableName } from "./container";
import type { Container } from "./container-definitions";

export const secretChanges = z.strictObject({
  ignore: z
    .record(variableName, reason)
    .default({})
    .describe(
      "Variables whose secret may change without rolling the service, and why. Tasks keep the old value until they are replaced.",
    ),
});

/** Secrets whose change is to roll the service: those of all variables that are not ignored. */
export function watchedSecrets(
  containers: readonly Container[],
  {
    ignored,
    hasVault,
  }: { readonly ignored: Readonly<Record<string, string>>; readonly hasVault: boolean },
): pulumi.Output<string>[] {
  return (
    containers
      .flatMap(({ secrets }) => Object.entries(secrets))
      .filter(([variable]) => !Object.hasOwn(ignored, variable))
      // The port in a vault never changes: a vault with nothing else needs no watching.
      .filter(([variable]) => !(hasVault && variable === "PORT"))
      .map(([, arn]) => pulumi.output(arn))
  );
}

/** Ignored variables that no secret is behind. `connected`: those that connections give. */
export function secretChangeProblems(
  base: string,
  given: Readonly<Record<string, unknown>>,
  connected: readonly string[],
): Problem[] {
  const known = [...new Set([...ownVariables(given), ...connected])].sort();
  return Object.keys(mapOf(mapOf(given["secretChanges"])["ignore"]))
    .filter((variable) => !known.includes(variable))
    .map((variable) => ({
      key: joinKey(base, ["secretChanges", "ignore", variable]),
      value: variable,
      rule: "is no variable that gets a secret",
      allowed: known.length === 0 ? "none: it has no secrets" : known.join(", "),
      fix: "correct the name, or remove it",
    }));
}

function ownVariables(given: Readonly<Record<string, unknown>>): string[] {
  const sections = [mapOf(given["sidecars"]), mapOf(given["initContainers"])];
  const containers = [given, ...sections.flatMap((section) => Object.values(section).map(mapOf))];
  const keys: unknown[] = Array.isArray(given["vaultKeys"]) ? given["vaultKeys"] : [];
  return [...containers.flatMap(({ secrets }) => Object.keys(mapOf(secrets))), ...keys.map(String)];
}
