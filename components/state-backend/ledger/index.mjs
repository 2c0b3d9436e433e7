/**
 * Runs in AWS Lambda, which brings the SDK along: S3 calls it for every version of a state file that it has saved, and
 * it enters the version into the ledger. S3 may call it twice for one version, which makes the same entry again.
 */
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

const client = new DynamoDBClient({});
const { TABLE_NAME, RETENTION_DAYS } = process.env;

export async function handler({ Records: records }) {
  await Promise.all(
    records.map((record) =>
      client.send(new PutItemCommand({ TableName: TABLE_NAME, Item: entryOf(record) })),
    ),
  );
}

function entryOf({ eventTime, s3: { bucket, object } }) {
  const expires = Math.floor(Date.parse(eventTime) / 1000) + Number(RETENTION_DAYS) * 24 * 60 * 60;
  return {
    // Keys come as they stand in addresses: with "+" for a blank, and other characters by their code.
    state: { S: decodeURIComponent(object.key.replaceAll("+", " ")) },
    savedAt: { S: `${eventTime} ${object.versionId}` },
    versionId: { S: object.versionId },
    eTag: { S: object.eTag },
    bytes: { N: String(object.size) },
    bucket: { S: bucket.name },
    expires: { N: String(expires) },
  };
}
