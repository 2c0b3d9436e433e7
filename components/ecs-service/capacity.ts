import { z } from "zod";
import { ruleAcross } from "../support/rules";

const capacityShare = z.strictObject({
  base: z.int().min(0).max(100000).default(0).describe("Tasks that run here before weights count."),
  weight: z.int().min(0).max(1000).default(1).describe("Share of the other tasks."),
});

export const capacity = ruleAcross(
  z.strictObject({
    FARGATE: capacityShare.optional().describe("On-demand capacity."),
    FARGATE_SPOT: capacityShare
      .optional()
      .describe(
        "Spare capacity, about 70 % cheaper. AWS may stop its tasks with 2 minutes' notice.",
      ),
  }),
  [],
  (shares) => {
    const given = Object.values(shares).filter(
      (share) => typeof share === "object" && share !== null,
    );
    return (
      given.some(({ weight = 1 }) => weight > 0) &&
      given.filter(({ base = 0 }) => base > 0).length <= 1
    );
  },
  {
    rule: "is not a mixture that ECS takes",
    allowed: "FARGATE, FARGATE_SPOT or both, one weight above 0, a base above 0 on one of them",
    fix: "give, for example, FARGATE: {base: 1, weight: 1} and FARGATE_SPOT: {weight: 4}",
  },
);

/** The strategy as ECS takes it, in a fixed order: the order of the stack file means nothing. */
export function capacityProviderStrategies(
  settings: z.output<typeof capacity>,
): { capacityProvider: string; base: number; weight: number }[] {
  const { FARGATE, FARGATE_SPOT } = settings;
  return Object.entries({ FARGATE, FARGATE_SPOT }).flatMap(([capacityProvider, share]) =>
    share === undefined ? [] : [{ capacityProvider, base: share.base, weight: share.weight }],
  );
}
