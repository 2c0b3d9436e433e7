/** Signature of AWS, version 4, for requests without a query: what a function signs that knows no SDK. */
import { createHash, createHmac } from "node:crypto";

/**
 * @param {{
 *   method: string, host: string, path: string, body: string, region: string, service: string, time: Date,
 *   credentials: { accessKeyId: string, secretAccessKey: string, sessionToken?: string },
 *   headers?: Record<string, string>,
 * }} request
 * @returns {Record<string, string>} the headers to send
 */
export function signedHeaders(request) {
  const { method, host, path, body, region, service, credentials } = request;
  const date = request.time.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = date.slice(0, 8);
  const headers = {
    ...request.headers,
    host,
    "x-amz-date": date,
    ...(credentials.sessionToken && { "x-amz-security-token": credentials.sessionToken }),
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    method,
    path,
    "",
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    names.join(";"),
    sha256(body),
  ].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = [day, region, service, "aws4_request"].reduce(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    `AWS4${credentials.secretAccessKey}`,
  );
  const signature = createHmac("sha256", key)
    .update(["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n"))
    .digest("hex");
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}

function sha256(text) {
  return createHash("sha256").update(text).digest("hex");
}
