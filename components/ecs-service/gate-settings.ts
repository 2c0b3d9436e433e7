import { z } from "zod";
import { email, mapOf, nameKey, patternInput, ruleAcross, textInput } from "../support/rules";
import { smokeTest } from "./smoke-test-settings";

/** Where ECS lets a function decide, in the order of a deployment. */
const STAGES = [
  "RECONCILE_SERVICE",
  "PRE_SCALE_UP",
  "POST_SCALE_UP",
  "TEST_TRAFFIC_SHIFT",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
  "PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
] as const;

/** Where it can wait: it goes through the other two on the way back as well, which a wait would hold up. */
const WAITING_STAGES = [
  "RECONCILE_SERVICE",
  "PRE_SCALE_UP",
  "POST_SCALE_UP",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
] as const;

/** Gates of a kind that one service may have: see "Pause hooks" in the ECS developer guide. */
const MOST_OF_A_KIND = 10;

const approval = z.strictObject({
  kind: z.literal("approval").describe("ECS waits until somebody lets the deployment go on."),
  stage: z
    .enum(WAITING_STAGES)
    .default("POST_TEST_TRAFFIC_SHIFT")
    .describe(
      "Where it waits. At PRE_PRODUCTION_TRAFFIC_SHIFT a LINEAR or CANARY deployment waits before each of its steps. With ROLLING it must be said: PRE_SCALE_UP or POST_SCALE_UP.",
    ),
  timeoutMinutes: z
    .int()
    .min(1)
    .max(20160)
    .default(1440)
    .describe("Minutes to wait for an answer; `up` waits as long."),
  onTimeout: z
    .enum(["ROLLBACK", "CONTINUE"])
    .default("ROLLBACK")
    .describe("What happens where nobody answers."),
  emails: z
    .record(nameKey, email)
    .default({})
    .describe(
      "Who is told that it waits, by a name of your choice, with the commands for both answers; each confirms a mail from AWS first. Costs 1 USD a month for the key of the notices. Without: nobody.",
    ),
});

const ownFunction = z.strictObject({
  kind: z
    .literal("function")
    .describe("A Lambda function of yours decides: it returns a hookStatus as ECS wants it."),
  stage: z
    .enum(STAGES)
    .describe(
      "When ECS calls it. At TEST_TRAFFIC_SHIFT and PRODUCTION_TRAFFIC_SHIFT also on the way back, and at the latter and PRE_PRODUCTION_TRAFFIC_SHIFT for each step of LINEAR and CANARY.",
    ),
  functionArn: patternInput(
    /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/,
    {
      rule: "must be the ARN of a Lambda function",
      allowed: "arn:aws:lambda:REGION:ACCOUNT:function:NAME, with :ALIAS or :VERSION where wanted",
      fix: "list functions by `aws lambda list-functions`, in the region of the service",
    },
  ).describe("The function, in the region of the service."),
  details: z
    .record(z.string(), textInput())
    .default({})
    .describe("What the function gets as hookDetails. A change of it is a deployment."),
});

const gate = z.discriminatedUnion("kind", [approval, smokeTest, ownFunction]);

/** What may stop a deployment on its way, by a name of the user's choice. */
export const gates = ruleAcross(
  z.record(nameKey, gate),
  [],
  (given) => {
    const kinds = Object.values(given).map((one) => mapOf(one)["kind"]);
    const waiting = kinds.filter((kind) => kind === "approval").length;
    return waiting <= MOST_OF_A_KIND && kinds.length - waiting <= MOST_OF_A_KIND;
  },
  {
    rule: "are more than ECS takes for a service",
    allowed: `at most ${MOST_OF_A_KIND} approvals, and ${MOST_OF_A_KIND} of the other kinds together`,
    fix: "put several requests into one smoke test, or several checks into one function",
  },
);

export type Gates = Readonly<z.output<typeof gates>>;
export type Approval = z.output<typeof approval>;
export type OwnFunction = z.output<typeof ownFunction>;

/** The gates of one kind, sorted by their names: the order of the stack file means nothing. */
export function gatesOfKind<Kind extends Gates[string]["kind"]>(
  given: Gates,
  kind: Kind,
): [string, Extract<Gates[string], { kind: Kind }>][] {
  return sortedGates(given).filter(
    (entry): entry is [string, Extract<Gates[string], { kind: Kind }>] => entry[1].kind === kind,
  );
}

export function sortedGates(given: Gates): [string, Gates[string]][] {
  return Object.entries(given).sort(([left], [right]) => (left < right ? -1 : 1));
}
