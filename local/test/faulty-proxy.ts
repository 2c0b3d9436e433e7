import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type ApiCall, apiCallOf } from "./api-call";

/** What a network or AWS may do in place of an answer, before anything has been done. */
export const FAULTS = ["throttle", "500", "reset"] as const;
export type Fault = (typeof FAULTS)[number];

export interface FaultyProxy {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Stands in front of the proxy to the emulated AWS. Asks for each call whether something shall go wrong with it, and tells of
 * each that was answered.
 */
export async function startFaultyProxy(
  target: string,
  hooks: {
    readonly faultFor: (call: ApiCall) => Fault | undefined;
    readonly answered: (call: ApiCall, status: number) => void;
  },
): Promise<FaultyProxy> {
  const server = createServer((incoming, response) => {
    void pass(incoming, response).catch(() => response.destroy());
  });

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET", url: path = "/", headers } = incoming;
    const body = await buffer(incoming);
    const call = apiCallOf({ method, path, headers, body: body.toString() });
    const fault = hooks.faultFor(call);
    if (fault !== undefined) {
      strike(fault, call, incoming, response);
      return;
    }
    const outgoing = request(target, { method, path, headers, setHost: false });
    outgoing.on("error", () => response.destroy());
    outgoing.on("response", (answer) => {
      const status = answer.statusCode ?? 502;
      hooks.answered(call, status);
      response.writeHead(status, answer.headers);
      answer.pipe(response);
    });
    outgoing.end(body);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function strike(
  fault: Fault,
  call: ApiCall,
  incoming: IncomingMessage,
  response: ServerResponse,
): void {
  if (fault === "reset") {
    incoming.socket.resetAndDestroy();
    return;
  }
  const [status, code] = fault === "500" ? [500, "InternalFailure"] : throttle(call);
  const { headers, body } = ERRORS[call.speaks](code);
  response.writeHead(status, { ...headers, "x-amzn-errortype": code });
  response.end(body);
}

/** How each protocol says an error. */
const ERRORS: Readonly<
  Record<ApiCall["speaks"], (code: string) => { headers: object; body: string | Buffer }>
> = {
  xml: (code) => ({ headers: { "content-type": "text/xml" }, body: asXml(code) }),
  json: (code) => ({
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ __type: code, message: MESSAGE }),
  }),
  cbor: (code) => ({
    headers: { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" },
    body: asCbor({ __type: code, message: MESSAGE }),
  }),
};

const MESSAGE = "injected by a check";

/** Each service has a name of its own for asking too much. */
function throttle({ service }: ApiCall): [status: number, code: string] {
  if (service === "s3") return [503, "SlowDown"];
  if (service === "ec2") return [503, "RequestLimitExceeded"];
  return [400, "ThrottlingException"];
}

/** S3 reads the outermost error, EC2 that in Errors, others that in Error. */
function asXml(code: string): string {
  const error = `<Code>${code}</Code><Message>${MESSAGE}</Message>`;
  const all = `${error}<Error>${error}</Error><Errors><Error>${error}</Error></Errors>`;
  return `<ErrorResponse>${all}</ErrorResponse>`;
}

/** A map of short texts. */
function asCbor(texts: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(texts);
  const parts = entries
    .flat()
    .flatMap((text) => [Buffer.from([0x78, text.length]), Buffer.from(text)]);
  return Buffer.concat([Buffer.from([0xa0 + entries.length]), ...parts]);
}
