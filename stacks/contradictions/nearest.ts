import leven from "leven";

/** The name that was most likely meant: two letters away at most. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const [found] = known
    .filter((candidate) => leven(candidate, name) <= 2)
    .sort((left, right) => leven(left, name) - leven(right, name));
  return found;
}
