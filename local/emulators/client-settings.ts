import { devNull } from "node:os";

/** The domain of the emulated AWS. It exists in no DNS: only the proxy answers to it. */
export const DOMAIN = "aws.emulator";

/** The endpoint of every service. A port, other in each run, would show in what depends on it. */
export const ENDPOINT = `http://${DOMAIN}`;

/** Configuration of the AWS provider. The endpoint is in the environment, and so in no state. */
export const providerConfig = {
  // An action that the emulators lack would otherwise be tried again for minutes.
  maxRetries: 2,
  // A bucket in front of the host name works as well; in the path it is easier to read in a log.
  s3UsePathStyle: true,
  skipCredentialsValidation: true,
  skipMetadataApiCheck: true,
} as const;

/**
 * What a stack file may say of the provider that makes sense with a real account only: a run against
 * the emulated AWS, which is account 123456789012 and has no profiles, must leave it out.
 */
export const REAL_ACCOUNT_SETTINGS = [
  "profile",
  "assumeRoles",
  "allowedAccountIds",
  "endpoints",
] as const;

/**
 * The same for the Pulumi program, which runs in this very process and calls AWS by an SDK that knows
 * no proxies. This process goes on calling whom it likes by other means.
 */
export function programEnvironment(
  proxyUrl: string,
  inherited: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const environment = emulatedEnvironment(proxyUrl, inherited);
  const ofAws = Object.entries(environment).filter(([name]) => /^(TF_)?AWS_/.test(name));
  return {
    ...Object.fromEntries(ofAws),
    AWS_ENDPOINT_URL: proxyUrl,
    // Says on Node 20, in the middle of the progress, that versions of 2027 will not run on it.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
  };
}

/**
 * Environment of a program that shall see the emulated AWS and nothing else. What the user has set
 * for AWS becomes empty, which SDKs take for not set (but for AWS_CA_BUNDLE, which does no harm).
 */
export function emulatedEnvironment(
  proxyUrl: string,
  inherited: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const ofUser = Object.keys(inherited).filter((name) =>
    /^((TF_)?AWS_(?!CA_BUNDLE)|all_proxy$)/i.test(name),
  );
  const proxy = {
    HTTP_PROXY: proxyUrl,
    HTTPS_PROXY: proxyUrl,
    NO_PROXY: "127.0.0.1,localhost",
  };
  return {
    ...Object.fromEntries(ofUser.map((name) => [name, ""])),
    ...proxy,
    ...Object.fromEntries(
      Object.entries(proxy).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    AWS_ACCESS_KEY_ID: "emulator",
    AWS_SECRET_ACCESS_KEY: "emulator",
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL: ENDPOINT,
  };
}
