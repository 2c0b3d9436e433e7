import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountOf, partitionOf, policyDocument, regionOf } from "../support/iam";

/** Kinds of session that AWS describes for everybody: SSH, and tunnels to the instance and to what it reaches. */
const KINDS = [
  "AWS-StartSSHSession",
  "AWS-StartPortForwardingSession",
  "AWS-StartPortForwardingSessionToRemoteHost",
];

/**
 * Lets people open sessions on one instance, and end their own. Attached to nobody: who is on call changes more often than
 * the stack does.
 */
export function createSessionPolicy(
  name: string,
  instanceArn: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions,
): aws.iam.Policy {
  const [region, accountId] = [regionOf(instanceArn), accountOf(instanceArn)];
  const ssm = pulumi.interpolate`arn:${partitionOf(instanceArn)}:ssm:${region}`;
  return new aws.iam.Policy(
    `${name}-session-policy`,
    {
      description: "Sessions on the bastion",
      policy: policyDocument([
        {
          actions: ["ssm:StartSession"],
          resources: [instanceArn],
          // Otherwise whoever names no document would get a shell without the right to its document.
          conditions: { BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } },
        },
        {
          actions: ["ssm:StartSession"],
          resources: [
            pulumi.interpolate`${ssm}:${accountId}:document/SSM-SessionManagerRunShell`,
            ...KINDS.map((kind) => pulumi.interpolate`${ssm}::document/${kind}`),
          ],
        },
        {
          actions: ["ssm:TerminateSession", "ssm:ResumeSession", "ssmmessages:OpenDataChannel"],
          // The name of a session starts with that of whoever opened it.
          resources: [pulumi.interpolate`${ssm}:${accountId}:session/\${aws:userid}-*`],
        },
      ]),
    },
    child,
  );
}
