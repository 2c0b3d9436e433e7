import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf } from "../support/iam";
import { createNoticeTopic } from "../support/notice-topic";
import type { Approval } from "./gate-settings";

/** Mails people when a deployment waits at a gate, with the commands for both answers. */
export function createApprovalNotices(
  name: string,
  gate: Approval,
  { service, clusterArn }: { readonly service: string; readonly clusterArn: pulumi.Input<string> },
  child: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const topic = createNoticeTopic(
    name,
    {
      accountId: accountOf(clusterArn),
      publisher: "events.amazonaws.com",
      description: `Encrypts notices of ${name}`,
      emails: gate.emails,
    },
    child,
  );
  const rule = new aws.cloudwatch.EventRule(
    name,
    {
      description: `A deployment of ${service} waits for approval`,
      eventPattern: pulumi.jsonStringify({
        source: ["aws.ecs"],
        "detail-type": ["ECS Hook State Change"],
        detail: {
          eventName: ["HOOK_AWAITING_ACTION"],
          hookType: ["PAUSE"],
          lifecycleStage: [gate.stage],
          clusterArn: [clusterArn],
          // Its ARN is not known before it stands, and it does not stand before its first deployment is through the gate.
          serviceArn: [{ prefix: servicePrefix(clusterArn, service) }],
        },
      }),
    },
    child,
  );
  return new aws.cloudwatch.EventTarget(
    name,
    {
      rule: rule.name,
      arn: topic.arn,
      inputTransformer: {
        inputPaths: {
          deployment: "$.detail.serviceDeploymentArn",
          expires: "$.detail.expiresAt",
          hook: "$.detail.hookId",
          region: "$.region",
          stage: "$.detail.lifecycleStage",
        },
        inputTemplate: noticeText(service, gate.onTimeout),
      },
    },
    child,
  );
}

/** Each line is a text of its own: EventBridge takes them so, and puts them under one another. */
function noticeText(service: string, onTimeout: Approval["onTimeout"]): string {
  const command = (action: Approval["onTimeout"]) =>
    `aws ecs continue-service-deployment --service-deployment-arn <deployment> --hook-id <hook> --action ${action} --region <region>`;
  return [
    `A deployment of ${service} waits for approval at <stage>.`,
    `To let it go on: ${command("CONTINUE")}`,
    `To take it back: ${command("ROLLBACK")}`,
    `Without an answer by <expires>: ${onTimeout}.`,
  ]
    .map((line) => JSON.stringify(line))
    .join("\n");
}

/** What the ARN of the service begins with: AWS has its name from Pulumi, which ends it with a random suffix. */
function servicePrefix(clusterArn: pulumi.Input<string>, service: string): pulumi.Output<string> {
  return pulumi
    .output(clusterArn)
    .apply((arn) => `${arn.replace(":cluster/", ":service/")}/${service}-service-`);
}
