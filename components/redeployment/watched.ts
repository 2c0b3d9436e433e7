import * as pulumi from "@pulumi/pulumi";

/** A service and what starts it anew when it changes. */
export interface WatchedService {
  readonly serviceArn: pulumi.Input<string>;
  /** Secrets that its tasks read when they start; `:KEY::` behind an ARN does not matter. */
  readonly secretArns?: readonly pulumi.Input<string>[];
  /** Image that is pushed under a tag that moves. */
  readonly image?: { readonly repositoryArn: pulumi.Input<string>; readonly tag: string };
}

/** The same as the function reads it. */
export interface Watched {
  readonly serviceArn: string;
  readonly image?: { readonly repositoryArn: string; readonly tag: string };
  /** Secrets of Secrets Manager, each once. */
  readonly secretArns: readonly string[];
  /** Parameters of Parameter Store, each once. */
  readonly parameterArns: readonly string[];
}

/** All services, once everything about them is known. */
export function watchedServices(
  services: Readonly<Record<string, WatchedService>>,
): pulumi.Output<Record<string, Watched>> {
  return pulumi
    .all(Object.entries(services).map(([name, service]) => watched(name, service)))
    .apply((entries) => Object.fromEntries(entries));
}

function watched(
  name: string,
  { serviceArn, secretArns = [], image }: WatchedService,
): pulumi.Output<[string, Watched]> {
  return pulumi
    .all([serviceArn, pulumi.all([...secretArns]), image?.repositoryArn])
    .apply(([arn, secrets, repositoryArn]): [string, Watched] => [
      name,
      {
        serviceArn: arn,
        ...(image !== undefined &&
          repositoryArn !== undefined && { image: { repositoryArn, tag: image.tag } }),
        // "arn:…:secret:NAME:KEY::" names a key of the JSON; the secret changes as a whole.
        secretArns: ownParts(secrets, ":secretsmanager:", 7),
        // "arn:…:parameter/NAME:2" names a version.
        parameterArns: ownParts(secrets, ":ssm:", 6),
      },
    ]);
}

function ownParts(arns: readonly string[], service: string, parts: number): string[] {
  const own = arns.filter((arn) => arn.includes(service));
  return [...new Set(own.map((arn) => arn.split(":").slice(0, parts).join(":")))].sort();
}
