import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createNoticeTopic } from "../support/notice-topic";
import type { CheckedPipelineSettings } from "./settings";

/** What EventBridge sends on: which events of the pipeline, told how, to whom. */
interface Notice {
  readonly purpose: string;
  readonly description: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly emails: Readonly<Record<string, string>>;
}

/**
 * Tells people what a pipeline does, and when it waits for them. EventBridge tells both, so that the pipeline's role
 * needs no right to a topic.
 */
export function createNotices(
  name: string,
  args: {
    readonly pipelineName: pulumi.Input<string>;
    readonly consoleUrl: pulumi.Input<string>;
    readonly accountId: pulumi.Input<string>;
    readonly settings: CheckedPipelineSettings;
  },
  child: pulumi.CustomResourceOptions,
): void {
  const { approval, notifications } = args.settings;
  const notices: Notice[] = [
    ...(notifications === undefined
      ? []
      : [
          {
            purpose: "runs",
            description: `How runs of the pipeline ${name} go`,
            detailType: "CodePipeline Pipeline Execution State Change",
            detail: { state: notifications.states },
            text: `Pipeline ${name}: <state>.`,
            emails: notifications.emails,
          },
        ]),
    ...(approval === undefined
      ? []
      : [
          {
            purpose: "approvals",
            description: `Runs of the pipeline ${name} that wait for approval`,
            detailType: "CodePipeline Action Execution State Change",
            detail: { state: ["STARTED"], type: { category: ["Approval"] } },
            text: `Pipeline ${name} waits for your approval.`,
            emails: approval.emails,
          },
        ]),
  ];
  for (const notice of notices) {
    if (Object.keys(notice.emails).length > 0) createNotice(name, notice, args, child);
  }
}

function createNotice(
  name: string,
  { purpose, description, detailType, detail, text, emails }: Notice,
  {
    pipelineName,
    consoleUrl,
    accountId,
  }: {
    readonly pipelineName: pulumi.Input<string>;
    readonly consoleUrl: pulumi.Input<string>;
    readonly accountId: pulumi.Input<string>;
  },
  child: pulumi.CustomResourceOptions,
): void {
  const topic = createNoticeTopic(
    `${name}-${purpose}`,
    { accountId, publisher: "events.amazonaws.com", description, emails },
    child,
  );
  const rule = new aws.cloudwatch.EventRule(
    `${name}-${purpose}`,
    {
      description,
      eventPattern: pulumi.jsonStringify({
        source: ["aws.codepipeline"],
        "detail-type": [detailType],
        detail: { pipeline: [pipelineName], ...detail },
      }),
    },
    child,
  );
  new aws.cloudwatch.EventTarget(
    `${name}-${purpose}`,
    {
      rule: rule.name,
      arn: topic.arn,
      inputTransformer: {
        inputPaths: { state: "$.detail.state" },
        // A text in quotes is what EventBridge takes for one that is not JSON.
        inputTemplate: pulumi.interpolate`"${text} ${consoleUrl}"`,
      },
    },
    child,
  );
}
