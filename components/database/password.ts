import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { factsOf } from "./engines";
import type { Server } from "./server";
import type { CheckedSettings } from "./settings";

/** A password for the first user, which Pulumi knows for a secret; undefined where RDS makes it up. */
export function createPassword(
  name: string,
  { password }: CheckedSettings,
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined {
  if (password === "managed") return undefined;
  // MySQL takes 41 characters at most, RDS not all special ones: 40 letters and digits are 238 bits.
  const generated = new random.RandomPassword(
    `${name}-password`,
    { length: 40, special: false },
    child,
  );
  return generated.result;
}

/** Keeps a generated password where services read it, in the form that AWS gives secrets of databases. */
export function createSecret(
  name: string,
  settings: CheckedSettings,
  { password, server }: { readonly password: pulumi.Output<string>; readonly server: Server },
  deletionProtection: boolean,
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const secret = new aws.secretsmanager.Secret(
    `${name}-secret`,
    {
      description: `User ${settings.username} of the database ${name}`,
      // Days in which a deleted secret can be had back.
      recoveryWindowInDays: deletionProtection ? 30 : 0,
      tags: { Name: name },
    },
    child,
  );
  const version = new aws.secretsmanager.SecretVersion(
    `${name}-secret-value`,
    {
      secretId: secret.arn,
      secretString: pulumi.jsonStringify({
        engine: factsOf(settings.engine).family === "MYSQL" ? "mysql" : "postgres",
        host: server.host,
        port: factsOf(settings.engine).port,
        dbname: settings.databaseName,
        username: settings.username,
        password,
      }),
    },
    child,
  );
  // Known once the value is there: a task that starts before would find none.
  return version.arn;
}

/** Sets the days after which RDS makes up another password. */
export function createRotation(
  name: string,
  secretId: pulumi.Output<string>,
  automaticallyAfterDays: number,
  child: pulumi.CustomResourceOptions,
): void {
  new aws.secretsmanager.SecretRotation(
    `${name}-rotation`,
    { secretId, rotateImmediately: false, rotationRules: { automaticallyAfterDays } },
    // To delete it would end the rotation that RDS began with. The secret goes with its database.
    { ...child, retainOnDelete: true },
  );
}
