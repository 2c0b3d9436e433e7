/** How ECS can replace the tasks of a service, in its own words. */
export const STRATEGIES = ["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** Whether ECS moves requests from one target group to another, instead of replacing tasks within one. */
export function shiftsTraffic(given: { readonly strategy?: unknown } | undefined): boolean {
  const { strategy = "ROLLING" } = given ?? {};
  return strategy !== "ROLLING";
}

/** Whether all stands that ECS needs to move requests, also while it does not yet, or no longer. */
export function hasShiftParts(
  given: { readonly strategy?: unknown; readonly shiftReady?: unknown } | undefined,
): boolean {
  return shiftsTraffic(given) || given?.shiftReady === true;
}
