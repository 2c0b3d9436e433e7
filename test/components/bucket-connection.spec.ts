import * as assert from "node:assert/strict";
import { Bucket, EcsService } from "../../components";
import { BUCKET_VARIABLES } from "../../components/bucket/bucket";
import type { Connectable } from "../../components/support/connection";
import { runProgram } from "../support/run-program";
import { cluster, network } from "./support";

const ARN = "arn:aws:s3:::uploads-bucket-1a2b3c4";
const KEY = "arn:aws:kms:us-east-1:123456789012:key/uploads-key-id";

/** What a service gets that is connected to a bucket. */
async function serviceWith(kms: boolean, choose: (bucket: Bucket) => Connectable) {
  const run = await runProgram(() => {
    const uploads = choose(new Bucket("uploads", { kms }));
    new EcsService("api", {
      cluster,
      network,
      image: "nginx:1.29",
      desiredCount: 1,
      connections: { uploads },
    });
  });
  const policy = run
    .all("aws:iam/rolePolicy:RolePolicy")
    .find(({ name }) => name === "api-task-policy");
  const [container] = run
    .one("aws:ecs/taskDefinition:TaskDefinition")
    .jsonInput("containerDefinitions") as { environment: unknown; secrets: unknown }[];
  return {
    statements: (policy?.jsonInput("policy") as { Statement: unknown } | undefined)?.Statement,
    environment: container?.environment,
    passages: run.all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
  };
}

const allowed = (Action: string[], Resource: string[]) => ({ Effect: "Allow", Action, Resource });

const WRITE = [
  "s3:AbortMultipartUpload",
  "s3:DeleteObject",
  "s3:GetObject",
  "s3:ListMultipartUploadParts",
  "s3:PutObject",
];

describe("Bucket, connected to a service", () => {
  it("tells its name and region, and needs no way through a security group", async () => {
    const { environment, passages } = await serviceWith(false, (bucket) => bucket);
    assert.deepEqual(environment, [
      { name: "UPLOADS_NAME", value: "uploads-bucket-1a2b3c4" },
      { name: "UPLOADS_REGION", value: "us-east-1" },
    ]);
    assert.deepEqual(
      BUCKET_VARIABLES.map((part) => `UPLOADS_${part}`),
      ["UPLOADS_NAME", "UPLOADS_REGION"],
    );
    assert.deepEqual(passages, []);
  });

  it("lets it read, write and delete the objects of this bucket, and list them", async () => {
    const { statements } = await serviceWith(false, (bucket) => bucket);
    assert.deepEqual(statements, [
      allowed(WRITE, [`${ARN}/*`]),
      allowed(["s3:ListBucket", "s3:ListBucketMultipartUploads"], [ARN]),
    ]);
  });

  it("lets it read alone", async () => {
    const { statements } = await serviceWith(false, (bucket) => ({
      connection: bucket.readConnection,
    }));
    assert.deepEqual(statements, [
      allowed(["s3:GetObject"], [`${ARN}/*`]),
      allowed(["s3:ListBucket"], [ARN]),
    ]);
  });

  it("lets it use the bucket's own key", async () => {
    const write = await serviceWith(true, (bucket) => bucket);
    assert.deepEqual((write.statements as unknown[])[2], {
      ...allowed(["kms:Decrypt", "kms:GenerateDataKey"], [KEY]),
    });
    const read = await serviceWith(true, (bucket) => ({ connection: bucket.readConnection }));
    assert.deepEqual((read.statements as unknown[])[2], allowed(["kms:Decrypt"], [KEY]));
  });
});
