import * as assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { type ApiCall, type ApiRequest, apiCallOf } from "../../local/test/api-call";
import { type Fault, type FaultyProxy, startFaultyProxy } from "../../local/test/faulty-proxy";

const signedFor = (service: string) =>
  `AWS4-HMAC-SHA256 Credential=emulator/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;

const requestFor = (service: string, given: Partial<ApiRequest>): ApiRequest => ({
  method: "POST",
  path: "/",
  body: "",
  ...given,
  headers: { authorization: signedFor(service), ...given.headers },
});

describe("the kind of a call to AWS", () => {
  const kinds: Record<string, [ApiRequest, ApiCall]> = {
    "is the Action of a form": [
      requestFor("ec2", {
        headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
        body: "Action=CreateVpc&CidrBlock=10.0.0.0%2F16",
      }),
      { service: "ec2", action: "CreateVpc", mutates: true, speaks: "xml" },
    ],
    "is the end of X-Amz-Target": [
      requestFor("ecs", {
        headers: { "x-amz-target": "AmazonEC2ContainerServiceV20141113.DescribeServices" },
      }),
      { service: "ecs", action: "DescribeServices", mutates: false, speaks: "json" },
    ],
    "is the end of the path, of services that speak CBOR": [
      requestFor("monitoring", {
        path: "/service/GraniteServiceVersion20100801/operation/PutMetricAlarm",
        headers: { "smithy-protocol": "rpc-v2-cbor" },
      }),
      { service: "monitoring", action: "PutMetricAlarm", mutates: true, speaks: "cbor" },
    ],
    "is method, path and query without what names one thing": [
      requestFor("s3", { method: "PUT", path: "/logs-0b73702?encryption=&x-id=Put" }),
      { service: "s3", action: "PUT /{}?encryption", mutates: true, speaks: "xml" },
    ],
    "keeps words and versions of a path": [
      requestFor("lambda", { path: "/2015-03-31/functions/go-1/policy" }),
      {
        service: "lambda",
        action: "POST /2015-03-31/functions/{}/policy",
        mutates: true,
        speaks: "json",
      },
    ],
    "is a read with GET": [
      requestFor("lambda", { method: "GET", path: "/2015-03-31/functions" }),
      { service: "lambda", action: "GET /2015-03-31/functions", mutates: false, speaks: "json" },
    ],
  };
  for (const [title, [given, expected]] of Object.entries(kinds)) {
    it(title, () => assert.deepEqual(apiCallOf(given), expected));
  }
});

describe("a proxy that injects faults", () => {
  const BODY = Buffer.from([0xa1, 0xff, 0x00, 0x80]);
  let target: Server;
  let proxy: FaultyProxy;
  let fault: Fault | undefined;
  let received: Buffer[];
  let answered: [string, number][];

  before(async () => {
    target = createServer((incoming, response) => {
      void buffer(incoming).then((body) => {
        received.push(body);
        response.writeHead(201, { "x-from": "the target" }).end("made");
      });
    });
    target.listen(0, "127.0.0.1");
    await once(target, "listening");
    proxy = await startFaultyProxy(`http://127.0.0.1:${(target.address() as AddressInfo).port}`, {
      faultFor: () => fault,
      answered: ({ action }, status) => answered.push([action, status]),
    });
  });
  beforeEach(() => {
    fault = undefined;
    received = [];
    answered = [];
  });
  after(async () => {
    await proxy.close();
    target.close();
  });

  const send = async (service: string, headers: Record<string, string>) => {
    const outgoing = request(proxy.url, {
      method: "POST",
      headers: { authorization: signedFor(service), ...headers },
    });
    outgoing.end(BODY);
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    return { answer, body: await buffer(answer) };
  };
  const TARGET = { "x-amz-target": "Ecs.CreateCluster" };

  it("passes a request on byte by byte, and tells of the answer", async () => {
    const { answer, body } = await send("ecs", TARGET);
    assert.equal(answer.statusCode, 201);
    assert.equal(answer.headers["x-from"], "the target");
    assert.equal(body.toString(), "made");
    assert.deepEqual(received, [BODY]);
    assert.deepEqual(answered, [["CreateCluster", 201]]);
  });

  it("throttles in the name that the service has for it", async () => {
    fault = "throttle";
    const ecs = await send("ecs", TARGET);
    assert.equal(ecs.answer.statusCode, 400);
    assert.deepEqual(JSON.parse(ecs.body.toString()), {
      __type: "ThrottlingException",
      message: "injected by a check",
    });
    const ec2 = await send("ec2", { "content-type": "application/x-www-form-urlencoded" });
    assert.equal(ec2.answer.statusCode, 503);
    assert.match(ec2.body.toString(), /<Errors><Error><Code>RequestLimitExceeded<\/Code>/);
    const s3 = await send("s3", {});
    assert.equal(s3.answer.statusCode, 503);
    assert.match(s3.body.toString(), /^<ErrorResponse><Code>SlowDown<\/Code>/);
    assert.deepEqual([received, answered], [[], []]);
  });

  it("says an error in CBOR where the request is", async () => {
    fault = "500";
    const { answer, body } = await send("monitoring", { "smithy-protocol": "rpc-v2-cbor" });
    assert.equal(answer.statusCode, 500);
    assert.equal(answer.headers["smithy-protocol"], "rpc-v2-cbor");
    assert.equal(
      body.toString("latin1"),
      "\xa2x\x06__typex\x0fInternalFailurex\x07messagex\x13injected by a check",
    );
  });

  it("resets the connection before anything is done", async () => {
    fault = "reset";
    await assert.rejects(send("ecs", TARGET), { code: "ECONNRESET" });
    assert.deepEqual(received, []);
  });
});
