/** Compares release versions as everything here has them: "1.26.8" is at least "1.26.5". */
export function isAtLeast(version: string, minimum: string): boolean {
  const parts = version.split(".").map(Number);
  for (const [index, wanted] of minimum.split(".").map(Number).entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
