import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { afterwards } from "../support/afterwards";

const USER_NAME = "platform";

/** All keys, channels and commands, but those that administer the cache or empty it; INFO is what clients begin with. */
const ACCESS = "on ~* &* +@all -@admin -@dangerous +info";

/**
 * The one user of a cache, in the group that the cache lets in, and its password in Secrets Manager. ElastiCache cannot
 * make up passwords as RDS does: it is generated here, and lies in Pulumi's state as an encrypted secret.
 */
export function createUser(
  name: string,
  args: { readonly identifier: pulumi.Output<string>; readonly deletionProtection: boolean },
  child: pulumi.CustomResourceOptions,
): { userGroup: aws.elasticache.UserGroup; secretArn: pulumi.Output<string> } {
  const password = new random.RandomPassword(
    `${name}-password`,
    // Letters and digits alone: it may stand in an address without being quoted.
    { length: 40, special: false },
    child,
  );
  const secret = new aws.secretsmanager.Secret(
    `${name}-secret`,
    {
      description: `User of the cache ${name}`,
      recoveryWindowInDays: args.deletionProtection ? 30 : 0,
    },
    child,
  );
  const version = new aws.secretsmanager.SecretVersion(
    `${name}-secret-version`,
    {
      secretId: secret.id,
      secretString: pulumi.jsonStringify({ username: USER_NAME, password: password.result }),
    },
    child,
  );
  const user = new aws.elasticache.User(
    `${name}-user`,
    {
      userId: args.identifier,
      userName: USER_NAME,
      engine: "valkey",
      accessString: ACCESS,
      authenticationMode: { type: "password", passwords: [password.result] },
    },
    child,
  );
  const userGroup = new aws.elasticache.UserGroup(
    `${name}-users`,
    { userGroupId: args.identifier, engine: "valkey", userIds: [user.userId] },
    child,
  );
  // Known once there is a value: a task that starts before would find none.
  const secretArn = afterwards(secret.arn, version);
  return { userGroup, secretArn };
}
