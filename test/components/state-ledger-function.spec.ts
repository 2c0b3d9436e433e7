import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CODE = join(__dirname, "..", "..", "components", "state-backend", "ledger");

/** In the place of the SDK that AWS Lambda brings along: prints what it is asked to send. */
const SDK = `
export class DynamoDBClient { async send({ input }) { console.log(JSON.stringify(input)); } }
export class PutItemCommand { constructor(input) { this.input = input; } }
`;

/** As S3 tells of objects that it has saved. */
const saved = (key: string, versionId: string) => ({
  eventName: "ObjectCreated:Put",
  eventTime: "2026-11-21T12:00:00.123Z",
  s3: { bucket: { name: "state-1a2b3c4" }, object: { key, versionId, eTag: "0f1e2d", size: 4096 } },
});

/** What the function sends to DynamoDB, when it is called with these records. */
function sent(...records: object[]): unknown[] {
  const folder = mkdtempSync(join(tmpdir(), "ledger-"));
  try {
    cpSync(CODE, folder, { recursive: true });
    const sdk = join(folder, "node_modules", "@aws-sdk", "client-dynamodb");
    mkdirSync(sdk, { recursive: true });
    writeFileSync(join(sdk, "package.json"), '{"type":"module","exports":"./index.js"}');
    writeFileSync(join(sdk, "index.js"), SDK);
    const call = `import { handler } from "./index.mjs"; await handler(${JSON.stringify({ Records: records })});`;
    const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", call], {
      cwd: folder,
      env: { TABLE_NAME: "ledger-1a2b3c4", RETENTION_DAYS: "10" },
      encoding: "utf8",
    });
    return printed
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("Function of the ledger", () => {
  it("enters each version: state, version, time, digest and size, until it expires", () => {
    const key = ".pulumi/stacks/ecs-platform/my+first%2Bstack.json";
    const entry = {
      TableName: "ledger-1a2b3c4",
      Item: {
        state: { S: ".pulumi/stacks/ecs-platform/my first+stack.json" },
        savedAt: { S: "2026-11-21T12:00:00.123Z v1" },
        versionId: { S: "v1" },
        eTag: { S: "0f1e2d" },
        bytes: { N: "4096" },
        bucket: { S: "state-1a2b3c4" },
        expires: { N: String(Date.UTC(2026, 11, 1, 12) / 1000) },
      },
    };
    const other = ".pulumi/stacks/ecs-platform/prod.json";
    assert.deepEqual(sent(saved(key, "v1"), saved(other, "v2")), [
      entry,
      {
        TableName: "ledger-1a2b3c4",
        Item: {
          ...entry.Item,
          state: { S: other },
          savedAt: { S: "2026-11-21T12:00:00.123Z v2" },
          versionId: { S: "v2" },
        },
      },
    ]);
  });
});
