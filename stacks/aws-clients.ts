import type { AwsClients } from "../components/support/aws-clients";
import type { AwsSettings } from "./provider";

/** Tries of a call before it fails: hooks wait for people, who want to know. */
const TRIES = 5;

/** AWS as hooks ask it while `up` deploys: by the settings of the provider, so that both are the same account and region. */
export function createAwsClients(settings: AwsSettings): AwsClients {
  const { region } = settings;
  const shared = once(async () => ({
    region,
    maxAttempts: TRIES,
    credentials: await credentialsOf(settings),
  }));
  return {
    region,
    ecs: once(async () => {
      const { ECS } = await import("@aws-sdk/client-ecs");
      return new ECS({ ...(await shared()), ...endpointOf(settings, "ecs") });
    }),
    logs: once(async () => {
      const { CloudWatchLogs } = await import("@aws-sdk/client-cloudwatch-logs");
      return new CloudWatchLogs({
        ...(await shared()),
        ...endpointOf(settings, "logs", "cloudwatchlogs", "cloudwatchlog"),
      });
    }),
  };
}

/** The user's own, or those of the last of the roles that are to be taken on. */
async function credentialsOf(settings: AwsSettings) {
  const { fromNodeProviderChain, fromTemporaryCredentials } =
    await import("@aws-sdk/credential-providers");
  const { region, profile, assumeRoles = [] } = settings;
  const clientConfig = { region, ...endpointOf(settings, "sts") };
  const own = fromNodeProviderChain({ clientConfig, ...(profile !== undefined && { profile }) });
  return assumeRoles.reduce(
    (masterCredentials, { roleArn, externalId, sessionName }) =>
      fromTemporaryCredentials({
        masterCredentials,
        params: {
          // A stack file has it plain.
          RoleArn: roleArn as string,
          ExternalId: externalId,
          RoleSessionName: sessionName,
        },
        clientConfig,
      }),
    own,
  );
}

/** An address of one's own for a service, by any of the names that the provider takes for it. */
function endpointOf({ endpoints = [] }: AwsSettings, ...names: readonly string[]) {
  const given = Object.assign({}, ...endpoints) as Readonly<Record<string, string>>;
  const endpoint = names.map((name) => given[name]).find((url) => url !== undefined);
  return endpoint === undefined ? {} : { endpoint };
}

function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => (result ??= make());
}
