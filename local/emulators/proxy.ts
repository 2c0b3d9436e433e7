import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { DOMAIN } from "./client-settings";

/** The one way from the engine and its plugins to the network. */
export interface Proxy {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * An HTTP proxy that knows only the emulated AWS, so that nothing leaves this machine. It answers
 * to the domain and to any name below: some SDK calls put an account id or a bucket in front.
 * AWS's SDK for JavaScript knows no proxies: it takes this one for the endpoint itself.
 */
export async function startProxy(target: {
  port: number;
  failure: Promise<Error>;
}): Promise<Proxy> {
  let failure: Error | undefined;
  void target.failure.then((error) => (failure = error));

  const server = createServer((incoming, response) => {
    const url = destination(incoming);
    if (url === undefined || !isEmulated(url)) {
      refuse(response, 403, refusal(incoming.url ?? "?"));
      return;
    }
    const outgoing = request({
      host: "127.0.0.1",
      port: target.port,
      method: incoming.method,
      path: url.pathname + url.search,
      headers: { ...incoming.headers, host: url.hostname, connection: "close" },
      setHost: false,
    });
    outgoing.on("response", (answer) => {
      const { connection: _, ...headers } = answer.headers; // speaks of the emulator's connection
      response.writeHead(answer.statusCode ?? 502, headers);
      answer.pipe(response);
    });
    outgoing.on("error", (error) => {
      if (response.headersSent) response.destroy();
      else refuse(response, 502, (failure ?? error).message);
    });
    response.on("close", () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  // HTTPS through a proxy begins with CONNECT. Clients show only the first line of the answer.
  server.on("connect", (incoming: IncomingMessage, socket: Socket) => {
    socket.on("error", () => socket.destroy());
    socket.end(`HTTP/1.1 403 ${refusal(incoming.url ?? "?")}\r\nConnection: close\r\n\r\n`);
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve); // port 0: whichever is free, with no moment to lose it
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Where a request is to go: as a proxy is told, or, where only a path is given, to the emulated AWS. */
function destination({ url = "" }: IncomingMessage): URL | undefined {
  const absolute = url.startsWith("/") ? `http://${DOMAIN}${url}` : url;
  return URL.canParse(absolute) ? new URL(absolute) : undefined;
}

function isEmulated(url: URL): boolean {
  const known = url.hostname === DOMAIN || url.hostname.endsWith(`.${DOMAIN}`);
  return known && url.protocol === "http:" && url.port === "";
}

function refusal(destination: string): string {
  return `A local run reaches only the emulated AWS (http://${DOMAIN}), not ${destination}`;
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "text/plain" });
  response.end(`${message}\n`);
}
