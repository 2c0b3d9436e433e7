import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { exists } from "../../local/toolchain/cache";
import { pluginPart } from "../../local/toolchain/build";
import { neededPlugins } from "../../local/toolchain/plugin";

/** An environment in which the plugin may run. */
const LOOPBACK = {
  HTTP_PROXY: "http://127.0.0.1:9",
  HTTPS_PROXY: "http://localhost:9",
  NO_PROXY: "127.0.0.1, localhost,[::1]:80",
  AWS_ENDPOINT_URL: "http://aws.emulator",
};

describe("the aws plugin built from source", function () {
  let binary: string;

  before(async function () {
    const [aws] = await neededPlugins();
    const { folder } = await pluginPart(aws!);
    // Built by whoever runs the stack locally without Pulumi's own plugin: nothing to wait for here.
    if (!(await exists(folder))) return this.skip();
    binary = join(folder, "pulumi-resource-aws");
  });

  it("runs where every connection goes through a proxy on this machine", async () => {
    assert.equal(await refusal(binary, LOOPBACK), undefined);
  });

  it("accepts the same said again in the provider's settings", async () => {
    const settings = {
      httpProxy: "http://127.0.0.1:9",
      httpsProxy: "http://[::1]:9",
      noProxy: "localhost",
    };
    assert.equal(await refusal(binary, LOOPBACK, settings), undefined);
  });

  const refused: [string, Record<string, string>, Record<string, string>, RegExp][] = [
    ["no environment at all", {}, {}, /HTTP_PROXY must be/],
    ["no proxy for http", { ...LOOPBACK, HTTP_PROXY: "" }, {}, /HTTP_PROXY must be/],
    ["no proxy for https", { ...LOOPBACK, HTTPS_PROXY: "" }, {}, /HTTPS_PROXY must be/],
    [
      "another machine's proxy",
      { ...LOOPBACK, HTTPS_PROXY: "http://10.0.0.1:9" },
      {},
      /HTTPS_PROXY/,
    ],
    [
      "a name like loopback",
      { ...LOOPBACK, HTTP_PROXY: "http://127.0.0.1.example:9" },
      {},
      /HTTP_PROXY/,
    ],
    [
      "exceptions for all hosts",
      { ...LOOPBACK, NO_PROXY: "*" },
      {},
      /NO_PROXY may name .* not "\*"/,
    ],
    ["an exception for AWS", { ...LOOPBACK, NO_PROXY: "localhost,.amazonaws.com" }, {}, /NO_PROXY/],
    ["no endpoint", { ...LOOPBACK, AWS_ENDPOINT_URL: "" }, {}, /AWS_ENDPOINT_URL must be/],
    [
      "an https endpoint",
      { ...LOOPBACK, AWS_ENDPOINT_URL: "https://sts.amazonaws.com" },
      {},
      /AWS_END/,
    ],
    [
      "a setting for another proxy",
      LOOPBACK,
      { httpsProxy: "http://proxy.example:9" },
      /httpsProxy must/,
    ],
    ["a setting for no proxy", LOOPBACK, { httpProxy: "" }, /httpProxy must be/],
    ["a setting for exceptions", LOOPBACK, { noProxy: "169.254.169.254" }, /noProxy may name/],
  ];
  for (const [title, environment, settings, message] of refused) {
    it(`refuses to run with ${title}, and says what to do`, async () => {
      const error = await refusal(binary, environment, settings);
      assert.match(error ?? "", message);
      assert.match(error ?? "", /built from source .* For a real account install Pulumi/);
    });
  }
});

// The very copies that the SDK uses: this project does not depend on them itself.
const requireOfSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = requireOfSdk("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
const { ResourceProviderClient } = requireOfSdk(
  "./proto/provider_grpc_pb",
) as typeof import("@pulumi/pulumi/proto/provider_grpc_pb");
const { ConfigureRequest } = requireOfSdk(
  "./proto/provider_pb",
) as typeof import("@pulumi/pulumi/proto/provider_pb");
const { Struct } = requireOfSdk(
  "google-protobuf/google/protobuf/struct_pb",
) as typeof import("google-protobuf/google/protobuf/struct_pb");

/** Starts and configures the plugin as the engine does; gives the error it answers with. */
async function refusal(
  binary: string,
  environment: Record<string, string>,
  settings: Record<string, string> = {},
): Promise<string | undefined> {
  const plugin = spawn(binary, ["127.0.0.1:9"], {
    env: { HOME: process.env["HOME"], ...environment },
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const [port] = (await once(plugin.stdout, "data")) as [Buffer];
    const client = new ResourceProviderClient(
      `127.0.0.1:${String(port).trim()}`,
      grpc.credentials.createInsecure(),
    );
    const request = new ConfigureRequest();
    request.setArgs(Struct.fromJavaScript({ ...settings, ...ACCOUNTLESS }));
    const error = await new Promise<Error | null>((resolve) => client.configure(request, resolve));
    client.close();
    return error?.message;
  } finally {
    plugin.kill();
  }
}

/** Settings that let the provider do without any answer from AWS. */
const ACCOUNTLESS = {
  region: "eu-west-1",
  accessKey: "none",
  secretKey: "none",
  skipCredentialsValidation: "true",
  skipMetadataApiCheck: "true",
  skipRequestingAccountId: "true",
};
