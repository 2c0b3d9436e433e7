/** CloudWatch hands batches of log lines to this function, which puts them into OpenSearch. */
/* global AbortSignal, fetch */
import { gunzipSync } from "node:zlib";
import { signedHeaders } from "./sign.mjs";

/** @param {{ awslogs: { data: string } }} event */
export async function handler(event) {
  const batch = JSON.parse(gunzipSync(Buffer.from(event.awslogs.data, "base64")).toString("utf8"));
  // CloudWatch tries the way with a message of its own.
  if (batch.messageType !== "DATA_MESSAGE") return { indexed: 0 };

  const env = process.env;
  const request = {
    method: "POST",
    host: env.ENDPOINT,
    path: "/_bulk",
    body: bulkBody(batch, env.INDEX_PREFIX),
    region: env.AWS_REGION,
    service: "es",
    time: new Date(),
    headers: { "content-type": "application/x-ndjson" },
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID,
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
      sessionToken: env.AWS_SESSION_TOKEN,
    },
  };
  const { host: _, ...headers } = signedHeaders(request);
  const response = await fetch(`https://${request.host}${request.path}`, {
    method: request.method,
    headers,
    body: request.body,
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.text();
  // CloudWatch tries a batch again for a day when the function fails; lines keep their ids, so none comes twice.
  if (!response.ok) throw new Error(`OpenSearch answered ${response.status}: ${answer}`);
  return outcome(JSON.parse(answer), batch.logEvents.length);
}

/** One action and one document for each line, in the index of the line's day. */
export function bulkBody(batch, prefix) {
  return batch.logEvents
    .map((event) => {
      const time = new Date(event.timestamp).toISOString();
      const index = `${prefix}-${time.slice(0, 10).replaceAll("-", ".")}`;
      const document = {
        "@timestamp": time,
        log_group: batch.logGroup,
        log_stream: batch.logStream,
        ...contents(event.message),
      };
      return `${JSON.stringify({ index: { _index: index, _id: event.id } })}\n${JSON.stringify(document)}\n`;
    })
    .join("");
}

/** A JSON line is searchable by its fields; every other line by its text. */
function contents(message) {
  try {
    const fields = JSON.parse(message);
    if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return { message };
    const text = fields.message ?? fields.msg;
    return {
      message: typeof text === "string" ? text : message,
      ...(typeof fields.level === "string" && { level: fields.level }),
      fields,
    };
  } catch {
    return { message };
  }
}

/** What OpenSearch is too busy for is to be sent again; what it refuses would be refused again. */
export function outcome(answer, sent) {
  const failed = answer.errors ? answer.items.filter(({ index }) => index.status >= 300) : [];
  const busy = failed.filter(({ index }) => index.status === 429 || index.status >= 500);
  if (busy.length > 0)
    throw new Error(`OpenSearch is too busy for ${busy.length} of ${sent} lines`);
  const [first] = failed;
  if (first)
    console.warn(`${failed.length} of ${sent} lines refused: ${JSON.stringify(first.index)}`);
  return { indexed: sent - failed.length };
}
