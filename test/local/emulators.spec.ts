import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import {
  emulatedEnvironment,
  programEnvironment,
  providerConfig,
} from "../../local/emulators/client-settings";
import { GAPS } from "../../local/emulators/gaps";
import { type Proxy, startProxy } from "../../local/emulators/proxy";

describe("the environment of an emulated AWS", () => {
  const user = {
    AWS_PROFILE: "production",
    AWS_SESSION_TOKEN: "real",
    AWS_ENDPOINT_URL_S3: "http://localhost:4566",
    AWS_CA_BUNDLE: "/etc/ssl/bundle.pem",
    TF_AWS_DYNAMODB_ENDPOINT: "http://localhost:8000",
    all_proxy: "http://proxy.example.com",
    PATH: "/bin",
  };

  it("hides what the user has set for AWS, and nothing else", () => {
    assert.deepEqual(emulatedEnvironment("http://127.0.0.1:9", user), {
      AWS_PROFILE: "",
      AWS_SESSION_TOKEN: "",
      AWS_ENDPOINT_URL_S3: "",
      TF_AWS_DYNAMODB_ENDPOINT: "",
      all_proxy: "",
      HTTP_PROXY: "http://127.0.0.1:9",
      HTTPS_PROXY: "http://127.0.0.1:9",
      NO_PROXY: "127.0.0.1,localhost",
      http_proxy: "http://127.0.0.1:9",
      https_proxy: "http://127.0.0.1:9",
      no_proxy: "127.0.0.1,localhost",
      AWS_ACCESS_KEY_ID: "emulator",
      AWS_SECRET_ACCESS_KEY: "emulator",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_ENDPOINT_URL: "http://aws.emulator",
    });
  });

  it("of the program itself is the same for AWS, by way of the proxy as the endpoint", () => {
    assert.deepEqual(programEnvironment("http://127.0.0.1:9", user), {
      AWS_PROFILE: "",
      AWS_SESSION_TOKEN: "",
      AWS_ENDPOINT_URL_S3: "",
      TF_AWS_DYNAMODB_ENDPOINT: "",
      AWS_ACCESS_KEY_ID: "emulator",
      AWS_SECRET_ACCESS_KEY: "emulator",
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    });
  });

  it("keeps everything that changes from run to run out of the provider's settings", () => {
    assert.doesNotMatch(JSON.stringify(providerConfig), /127\.0\.0\.1|:\/\//);
  });
});

describe("the proxy in front of the emulated AWS", () => {
  let emulator: Server;
  let proxy: Proxy;
  let fail: (error: Error) => void;

  beforeEach(async () => {
    emulator = createServer((incoming, response) => {
      incoming.setEncoding("utf8").once("data", (body: string) => {
        const { headers, method, url } = incoming;
        response.end([method, headers.host, url, body].join(" "));
      });
    });
    emulator.listen(0, "127.0.0.1");
    await once(emulator, "listening");
    const { port } = emulator.address() as AddressInfo;
    const failure = new Promise<Error>((resolve) => (fail = resolve));
    proxy = await startProxy({ port, failure });
  });

  afterEach(async () => {
    await proxy.close();
    emulator.close();
  });

  it("passes on whatever is for the emulated AWS, under the name that it was sent to", async () => {
    for (const host of ["aws.emulator", "123456789012.aws.emulator"]) {
      assert.deepEqual(await post(proxy, `http://${host}/a%2Fb?c=d`), {
        status: 200,
        text: `POST ${host} /a%2Fb?c=d body`,
      });
    }
  });

  it("is the endpoint itself to a client that knows no proxies", async () => {
    assert.deepEqual(await post(proxy, "/"), { status: 200, text: "POST aws.emulator / body" });
  });

  it("refuses every other host", async () => {
    for (const url of [
      "http://s3.us-east-1.amazonaws.com/",
      "http://aws.emulator.example.com/",
      "http://notaws.emulator/",
      "http://169.254.169.254/latest/meta-data/",
      "http://aws.emulator:8080/",
    ]) {
      assert.deepEqual(await post(proxy, url), {
        status: 403,
        text: `A local run reaches only the emulated AWS (http://aws.emulator), not ${url}\n`,
      });
    }
  });

  it("refuses HTTPS, in the one line that clients show", async () => {
    const { hostname, port } = new URL(proxy.url);
    const socket = connect(Number(port), hostname);
    socket.end("CONNECT sts.amazonaws.com:443 HTTP/1.1\r\nHost: sts.amazonaws.com:443\r\n\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    assert.equal(
      answer.toString().split("\r\n")[0],
      "HTTP/1.1 403 A local run reaches only the emulated AWS (http://aws.emulator), " +
        "not sts.amazonaws.com:443",
    );
  });

  it("tells why the emulators do not answer", async () => {
    emulator.close();
    fail(new Error("the emulators ran out of memory"));
    assert.deepEqual(await post(proxy, "http://aws.emulator/"), {
      status: 502,
      text: "the emulators ran out of memory\n",
    });
  });
});

describe("the gaps of the emulated AWS", () => {
  it("are each told with their effect, in a sentence", () => {
    for (const gap of GAPS)
      for (const text of [gap.lacks, gap.effect]) assert.match(text, /^\S.*[^.\s]$/);
  });
});

async function post(proxy: Proxy, path: string): Promise<{ status?: number; text: string }> {
  const { hostname, port } = new URL(proxy.url);
  const host = URL.canParse(path) ? new URL(path).host : "127.0.0.1";
  const outgoing = request({ hostname, port, method: "POST", path, headers: { host } });
  outgoing.end("body");
  const [answer] = (await once(outgoing, "response")) as [import("node:http").IncomingMessage];
  let text = "";
  for await (const piece of answer.setEncoding("utf8")) text += piece;
  return { status: answer.statusCode, text };
}
