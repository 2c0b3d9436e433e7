import { request } from "node:http";
import { DOMAIN } from "./client-settings";

/** A cheap question to each emulator. */
const QUESTIONS = [
  { service: "sts", body: "Action=GetCallerIdentity&Version=2011-06-15", headers: {} },
  {
    service: "ecs",
    body: "{}",
    headers: { "x-amz-target": "AmazonEC2ContainerServiceV20141113.ListClusters" },
  },
] as const;

/** Asks both emulators something, the way that the provider will. */
export async function checkHealth(proxyUrl: string): Promise<void> {
  await Promise.all(
    QUESTIONS.map(async ({ service, body, headers }) => {
      const credential = `Credential=health/20000101/us-east-1/${service}/aws4_request`;
      const { status, text } = await post(proxyUrl, body, {
        "content-type": "application/x-www-form-urlencoded",
        authorization: `AWS4-HMAC-SHA256 ${credential}`,
        ...headers,
      });
      if (status !== 200) throw new Error(`The emulated AWS has no working ${service}: ${text}`);
    }),
  );
}

function post(
  proxyUrl: string,
  body: string,
  headers: Record<string, string>,
): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(proxyUrl);
    const outgoing = request({
      hostname,
      port,
      method: "POST",
      path: `http://${DOMAIN}/`,
      headers: { ...headers, host: DOMAIN, "content-length": Buffer.byteLength(body) },
    });
    outgoing.on("error", reject);
    outgoing.on("response", (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      answer.on("end", () => resolve({ status: answer.statusCode, text }));
    });
    outgoing.end(body);
  });
}
