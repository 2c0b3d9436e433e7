import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { CheckedCiRolesSettings } from "./settings";

/** Where GitHub's tokens come from, as IAM names it. */
export const GITHUB = "token.actions.githubusercontent.com";
/** Where the tokens of Pulumi Cloud come from. */
export const PULUMI_CLOUD = "api.pulumi.com/oidc";

export type IssuerKey = "github" | "gitlab" | "pulumiCloud";

/** Who signs tokens, and for whom these must be meant. */
export interface Issuer {
  readonly key: IssuerKey;
  /** Address without https://, as it begins the keys of conditions. */
  readonly url: string;
  readonly audience: string;
  readonly existingProviderArn: string | undefined;
}

/** The issuers that the settings name. */
export function issuersOf({ github, gitlab, pulumiCloud }: CheckedCiRolesSettings): Issuer[] {
  const issuers: Issuer[] = [];
  if (github) {
    const { existingProviderArn } = github;
    issuers.push({
      key: "github",
      url: GITHUB,
      audience: "sts.amazonaws.com",
      existingProviderArn,
    });
  }
  if (gitlab) {
    const { host, existingProviderArn } = gitlab;
    issuers.push({ key: "gitlab", url: host, audience: `https://${host}`, existingProviderArn });
  }
  if (pulumiCloud) {
    const { organization, existingProviderArn } = pulumiCloud;
    issuers.push({
      key: "pulumiCloud",
      url: PULUMI_CLOUD,
      audience: organization,
      existingProviderArn,
    });
  }
  return issuers;
}

const LABELS = { github: "github", gitlab: "gitlab", pulumiCloud: "pulumi-cloud" } as const;

/** The account's provider of an issuer's tokens: the one that is there, or a new one. */
export function providerArnOf(
  name: string,
  { key, url, audience, existingProviderArn }: Issuer,
  child: pulumi.CustomResourceOptions,
): pulumi.Input<string> {
  if (existingProviderArn !== undefined) return existingProviderArn;
  return new aws.iam.OpenIdConnectProvider(
    `${name}-${LABELS[key]}`,
    { url: `https://${url}`, clientIdLists: [audience] },
    child,
  ).arn;
}
