import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { ENDPOINT } from "../emulators/client-settings";
import type { Emulators } from "../emulators/emulators";

/** A request to the emulated AWS, as somebody makes it who is not Pulumi. */
export interface EmulatedCall {
  readonly service: "elasticloadbalancing" | "s3" | "secretsmanager";
  readonly method?: "GET" | "PUT" | "POST";
  /** With the query. Default "/". */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Calls the emulated AWS, and gives its answer. Nobody checks signatures there. */
export async function callEmulatedAws(
  { environment }: Pick<Emulators, "environment">,
  { service, method = "GET", path = "/", headers = {}, body = "" }: EmulatedCall,
): Promise<string> {
  const credential = `emulator/20260101/us-east-1/${service}/aws4_request`;
  const call = request(String(environment["HTTP_PROXY"]), {
    method,
    path: `${ENDPOINT}${path}`,
    headers: {
      host: new URL(ENDPOINT).host,
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0`,
      "content-length": Buffer.byteLength(body),
      ...headers,
    },
  });
  call.end(body);
  const [answer] = (await once(call, "response")) as [IncomingMessage];
  const content = await text(answer);
  if (answer.statusCode !== 200) throw new Error(`${method} ${path}: ${content}`);
  return content;
}

/** Calls an action of Secrets Manager, as the AWS CLI does. */
export async function callSecretsManager(
  emulators: Pick<Emulators, "environment">,
  action: string,
  input: object,
): Promise<Record<string, unknown>> {
  const answer = await callEmulatedAws(emulators, {
    service: "secretsmanager",
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `secretsmanager.${action}`,
    },
    body: JSON.stringify(input),
  });
  return JSON.parse(answer) as Record<string, unknown>;
}

/** Calls an action of Elastic Load Balancing, whose parameters are those of a form. */
export async function callLoadBalancing(
  emulators: Pick<Emulators, "environment">,
  action: string,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  await callEmulatedAws(emulators, {
    service: "elasticloadbalancing",
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      Action: action,
      Version: "2015-12-01",
      ...parameters,
    }).toString(),
  });
}
