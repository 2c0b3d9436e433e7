/** Whether a name stands for every name with one label more. */
export function isWildcard(name: string): boolean {
  return name.startsWith("*.");
}

/** The name whose owner ACM asks for: a wildcard and the name below it share one validation record. */
export function validatedName(name: string): string {
  return name.replace(/^\*\./, "");
}

/** A name as part of a logical name. No host has an underscore, so it collides with none. */
export function logicalPart(name: string): string {
  return name.replace(/^\*\./, "_any.");
}

/** Whether a certificate for `names` is good for `host`. A wildcard stands for one label. */
export function isCovered(host: string, names: readonly string[]): boolean {
  const [, ...parent] = host.toLowerCase().split(".");
  return names.some((name) => name === host.toLowerCase() || name === `*.${parent.join(".")}`);
}
