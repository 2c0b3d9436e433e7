import { z } from "zod";
import { patternInput, ruleAcross } from "../support/rules";

/** Whose repositories a connection of its own kind can read; self-managed ones are reached through a host. */
export const SOURCE_PROVIDERS = ["GitHub", "GitLab", "Bitbucket"] as const;

const KEYS = ["provider", "hostArn", "arn"] as const;

export const sourceConnectionSettings = ruleAcross(
  z.strictObject({
    provider: z
      .enum(SOURCE_PROVIDERS)
      .optional()
      .describe(
        "Where the code is kept. The connection waits until somebody confirms it in the console.",
      ),
    hostArn: patternInput(
      /^arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:host\/\S+$/,
      {
        rule: "must be the ARN of a host of CodeConnections",
        allowed: "arn:aws:codeconnections:REGION:ACCOUNT:host/NAME-ID",
        fix: "make the host in the console, and look it up by `aws codeconnections list-hosts`",
      },
    )
      .optional()
      .describe("A GitHub Enterprise Server or GitLab of one's own, in place of provider."),
    arn: patternInput(
      /^arn:aws[a-z-]*:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection\/\S+$/,
      {
        rule: "must be the ARN of a connection",
        allowed: "arn:aws:codeconnections:REGION:ACCOUNT:connection/ID",
        fix: "look it up by `aws codeconnections list-connections`",
      },
    )
      .optional()
      .describe("A connection that is there already, in place of provider."),
  }),
  ["provider"],
  (given) => KEYS.filter((key) => given[key] !== undefined).length === 1,
  {
    rule: "must be given, or hostArn or arn, and only one of the three",
    allowed: `one of ${SOURCE_PROVIDERS.join(", ")}, or hostArn, or arn`,
    fix: "say where the code is kept, once",
  },
);

export type SourceConnectionSettings = z.input<typeof sourceConnectionSettings>;
