import * as aws from "@pulumi/aws";
import { z } from "zod";
import { patternInput, rule } from "../components/support/rules";

const accountId = rule(z.string(), (value) => /^\d{12}$/.test(value), {
  rule: "must be an AWS account id",
  allowed: "12 digits",
  fix: 'write it in quotes, like "123456789012"',
});

const roleArn = patternInput(/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/, {
  rule: "must be the ARN of a role",
  allowed: "arn:aws:iam::ACCOUNT:role/NAME",
  fix: "look it up by `aws iam get-role --role-name NAME`",
});

export const awsRegion = rule(z.string(), (value) => /^[a-z]{2}(-[a-z]+)+-\d$/.test(value), {
  rule: "must be an AWS region",
  allowed: "a region's code",
  fix: 'write it like "us-east-1"',
});

/**
 * The `aws:*` keys of a stack file. The program makes its provider itself, so the keys that Pulumi's default provider
 * would read are read here; one that is not listed would have no effect, and is refused.
 */
export const awsSettings = z.strictObject({
  region: awsRegion.describe("Region that everything is created in."),
  profile: z.string().optional().describe("Profile of the AWS configuration file to log in with."),
  allowedAccountIds: z
    .array(accountId)
    .min(1)
    .optional()
    .describe(
      "Accounts that this stack may be deployed to. Keeps prod's file out of dev's account.",
    ),
  assumeRoles: z
    .array(
      z.strictObject({
        roleArn: roleArn.describe("Role to take on."),
        externalId: z.string().optional().describe("Identifier that the role's trust asks for."),
        sessionName: z.string().optional().describe("Name of the session in CloudTrail."),
      }),
    )
    .optional()
    .describe("Roles to take on one after the other, e.g. for another account."),
  endpoints: z
    .array(z.record(z.string(), z.url()))
    .optional()
    .describe("Addresses of services other than AWS's own; for emulators."),
  skipCredentialsValidation: z.boolean().optional().describe("For emulators."),
  skipMetadataApiCheck: z.boolean().optional().describe("For emulators."),
  skipRequestingAccountId: z.boolean().optional().describe("For emulators."),
  s3UsePathStyle: z.boolean().optional().describe("For emulators."),
  maxRetries: z.int().min(0).max(100).optional().describe("Tries after a failed call. Default 25."),
});

export type AwsSettings = z.output<typeof awsSettings>;

/** A provider for one region, given to every component there. Its tags come to everything that AWS lets be tagged. */
export function createProvider(
  name: string,
  settings: AwsSettings,
  tags: Readonly<Record<string, string>>,
): aws.Provider {
  return new aws.Provider(name, {
    ...settings,
    region: settings.region as aws.Region,
    defaultTags: { tags },
  });
}
