import { z } from "zod";
import { type Severity, SEVERITIES } from "../support/alarm";
import {
  type Finding,
  email,
  mapOf,
  nameKey,
  patternInput,
  rule,
  ruleWithin,
} from "../support/rules";

/** People who get mails, by a name. */
export const emails = z.record(nameKey, email);

const pagerDuty = z.strictObject({
  integrationUrl: patternInput(
    /^https:\/\/events(\.eu)?\.pagerduty\.com\/integration\/[A-Za-z0-9]{1,100}\/enqueue$/,
    {
      rule: "must be the address of an integration of PagerDuty with Amazon CloudWatch",
      allowed: "https://events.pagerduty.com/integration/KEY/enqueue",
      fix: "copy the integration's URL, and set it by `pulumi config set --secret --path`",
      hidesValue: true,
    },
  ).describe(
    "Address of an integration with Amazon CloudWatch in PagerDuty. Whoever knows it can raise incidents: set it as a secret.",
  ),
});

const slack = z.strictObject({
  workspaceId: rule(z.string(), (id) => /^T[A-Z0-9]{2,30}$/.test(id), {
    rule: "must be the id of a workspace of Slack",
    allowed: "T, and capital letters and digits",
    fix: "copy it from the address of the workspace in a browser, or from the console of Amazon Q Developer in chat applications",
  }).describe(
    "Id of the workspace, which somebody has let in once at Amazon Q Developer in chat applications (formerly AWS Chatbot).",
  ),
  channelId: rule(z.string(), (id) => /^[CG][A-Z0-9]{2,30}$/.test(id), {
    rule: "must be the id of a channel of Slack",
    allowed: "C or G, and capital letters and digits",
    fix: "copy it from the end of the channel's link; a private channel needs `/invite @Amazon Q`",
  }).describe("Id of the channel. One may get several severities, and belongs to one stack."),
});

/** Who is told of one severity. */
const notification = z.strictObject({
  pagerDuty: pagerDuty.optional().describe("Raises incidents in PagerDuty. Without it: none."),
  slack: slack.optional().describe("Writes to a channel of Slack. Without it: none."),
  emails: emails
    .default({})
    .describe("Who gets mails, by a name of your choice. Everyone confirms once by mail."),
});

const bySeverity = (said: string) => notification.optional().describe(said);

export const notifications = ruleWithin(
  z.strictObject({
    critical: bySeverity("Who is told of what cannot wait until morning."),
    warning: bySeverity("Who is told of what somebody should look at within the day."),
    info: bySeverity("Who is told of what is good to know."),
  } satisfies Record<Severity, unknown>),
  channelsOfTwoWorkspaces,
);

export type Notification = z.output<typeof notification>;

/** A channel is known by its id alone. */
function channelsOfTwoWorkspaces(given: Readonly<Record<string, unknown>>): Finding[] {
  const workspaces = new Map<unknown, unknown>();
  return SEVERITIES.flatMap((severity) => {
    const { channelId, workspaceId } = mapOf(mapOf(given[severity])["slack"]);
    if (channelId === undefined) return [];
    const former = workspaces.get(channelId) ?? workspaceId;
    workspaces.set(channelId, former);
    if (former === workspaceId) return [];
    return [
      {
        path: [severity, "slack", "workspaceId"],
        rule: "is another workspace than the same channel has elsewhere",
        allowed: String(former),
        fix: "correct one of the two",
      },
    ];
  });
}
