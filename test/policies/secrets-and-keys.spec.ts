import * as assert from "node:assert/strict";
import { type PolicyResource, UNKNOWN, type ValueMap } from "../../policies/graph";
import { document, findings, resource } from "./fixtures";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const ROLE = "aws:iam/role:Role";
const KEY = "aws:kms/key:Key";
const ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";

describe("policies about secrets", () => {
  it("SEC-01: reports a secret that is gone at once", () => {
    assert.deepEqual(
      findings("SEC-01", [
        resource(SECRET, "as-aws-has-it"),
        resource(SECRET, "week", { recoveryWindowInDays: 7 }),
        resource(SECRET, "gone", { recoveryWindowInDays: 0 }),
      ]),
      ["gone: is gone for good as soon as it is deleted"],
    );
  });

  it("SEC-02: reports passwords that nobody changes, or seldom", () => {
    const days = (automaticallyAfterDays: number) => ({
      rotationRules: { automaticallyAfterDays },
    });
    assert.deepEqual(
      findings("SEC-02", [
        resource("aws:rds/instance:Instance", "managed", { manageMasterUserPassword: true }),
        resource("aws:rds/instance:Instance", "generated", { password: "x" }),
        resource("aws:rds/cluster:Cluster", "generated-cluster", { masterPassword: "x" }),
        resource(ROTATION, "monthly", days(30)),
        resource(ROTATION, "yearly", days(365)),
      ]),
      [
        "generated: has a password that nobody changes",
        "generated-cluster: has a password that nobody changes",
        "yearly: changes the password less than every 90 days",
      ],
    );
  });

  it("SEC-03: reports a value in plain, but for a first one that people replace", () => {
    const secretString = "{}";
    const ignoreChanges = ["secretString"];
    assert.deepEqual(
      findings("SEC-03", [
        { ...resource(VERSION, "secret", { secretString }), isSecret: () => true },
        resource(VERSION, "placeholder", { secretString }, {}, { ignoreChanges }),
        resource(VERSION, "entered-elsewhere"),
        resource(VERSION, "plain", { secretString }),
      ]),
      ["plain: has a value that anybody reads who sees the state or a preview"],
    );
  });

  it("SEC-04: reports secrets of others that a task reads when it starts", () => {
    const containerDefinitions = JSON.stringify([
      { secrets: [{ name: "PASSWORD", valueFrom: `${ARN}orders-AbCdEf:password::` }] },
    ]);
    const role = resource(ROLE, "execution");
    const reads = (name: string, of: PolicyResource, Resource: string) =>
      resource(
        "aws:iam/rolePolicy:RolePolicy",
        name,
        {
          policy: document({ Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource }),
        },
        { role: of },
      );
    const task = resource(TASK, "api", { containerDefinitions }, { executionRoleArn: role });
    assert.deepEqual(
      findings("SEC-04", [
        task,
        role,
        reads("own", role, `${ARN}orders-AbCdEf`),
        reads("all", role, "*"),
        reads("sibling", role, `${ARN}orders-AbCdEfG`),
      ]),
      [
        "all: lets the task read *, which none of its containers names",
        `sibling: lets the task read ${ARN}orders-AbCdEfG, which none of its containers names`,
      ],
    );
    const unknown = resource(
      TASK,
      "api",
      { containerDefinitions: UNKNOWN },
      { executionRoleArn: role },
    );
    assert.deepEqual(findings("SEC-04", [unknown, role, reads("all", role, "*")]), []);
  });

  it("SEC-05: reports a parameter that is named like a secret and is none", () => {
    const parameter = (name: string, type: string) =>
      resource("aws:ssm/parameter:Parameter", name, { name: `/shop/${name}`, type });
    assert.deepEqual(
      findings("SEC-05", [
        parameter("LOG_LEVEL", "String"),
        parameter("DB_PASSWORD", "SecureString"),
        parameter("API_TOKEN", "String"),
      ]),
      ["API_TOKEN: is named like a secret and stored in plain"],
    );
  });
});

describe("policies about keys", () => {
  const key = (name: string, inputs: ValueMap = {}) => resource(KEY, name, inputs);

  it("KMS-01: reports a key that never changes", () => {
    assert.deepEqual(
      findings("KMS-01", [key("renewed", { enableKeyRotation: true }), key("same")]),
      ["same: stays the same for ever"],
    );
  });

  it("KMS-02: reports a key that other accounts may use, is off, or goes too fast for what it keeps", () => {
    const use = { Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:*", Resource: "*" };
    const own = { StringEquals: { "kms:CallerAccount": "123456789012" } };
    const hasty = key("hasty", { deletionWindowInDays: 7 });
    const notices = key("notices", { deletionWindowInDays: 7 });
    const scratch = key("scratch", { deletionWindowInDays: 7 });
    const [kept, thrown] = [false, true].map((forceDestroy) =>
      resource("aws:s3/bucket:Bucket", String(forceDestroy), { forceDestroy }),
    ) as [PolicyResource, PolicyResource];
    const encrypts = (bucket: PolicyResource, by: PolicyResource) =>
      resource(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        bucket.name,
        {},
        { bucket, rules: by },
      );
    assert.deepEqual(
      findings("KMS-02", [
        key("open", { policy: document(use) }),
        key("own", { policy: document({ ...use, Condition: own }) }),
        key("off", { isEnabled: false }),
        hasty,
        notices,
        scratch,
        kept,
        thrown,
        encrypts(kept, hasty),
        encrypts(thrown, scratch),
        resource("aws:sns/topic:Topic", "alarms", {}, { kmsMasterKeyId: notices }),
      ]),
      [
        "open: may be used by every account of AWS",
        "hasty: can be gone in less than 30 days, and with it all that it encrypts",
        "off: is turned off, and with it all that it encrypts",
      ],
    );
  });
});
