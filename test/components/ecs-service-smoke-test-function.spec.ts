import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/* The function runs on Lambda alone and is plain JavaScript: it is loaded as Lambda loads it. */
interface SmokeTest {
  handler(event: unknown): Promise<unknown>;
  isAmong(status: number, statusCodes: string): boolean;
}

const HEADER = "x-ecs-platform-test";
const REVISION =
  "arn:aws:ecs:us-east-1:123456789012:service-revision/platform/api/9313423515462893900";

/** As ECS calls it: "Lifecycle payloads" in the developer guide. */
const event = (stage = "POST_TEST_TRAFFIC_SHIFT", hookDetails?: object) => ({
  executionId: "3a0345ba-b029-404b-890d-7da2a4b266aa",
  lifecycleStage: stage,
  resourceArn: "arn:aws:ecs:us-east-1:123456789012:service-deployment/platform/api/EZe5RNVLH6PP",
  executionDetails: {
    serviceArn: "arn:aws:ecs:us-east-1:123456789012:service/platform/api",
    targetServiceRevisionArn: REVISION,
    testTrafficWeights: {},
    productionTrafficWeights: {},
  },
  ...(hookDetails && { hookDetails }),
});

const request = (given: object = {}) => ({
  path: "/health",
  statusCodes: "200",
  headers: {},
  timeoutSeconds: 2,
  ...given,
});

type Answer = (asked: http.IncomingMessage, answer: http.ServerResponse) => void;
const SUCCEEDED = { hookStatus: "SUCCEEDED" };

describe("Function of a smoke test", () => {
  let smokeTest: SmokeTest;
  let server: http.Server | https.Server | undefined;
  let lines: string[];
  const { log } = console;
  const formerEnvironment = { ...process.env };

  before(async () => {
    const file = "../../components/ecs-service/functions/smoke-test/index.mjs";
    smokeTest = (await import(file)) as SmokeTest;
  });

  beforeEach(() => {
    lines = [];
    console.log = (line: string) => {
      lines.push(line.replace(/\(\d+ ms\)$/, "(N ms)"));
    };
  });

  afterEach(() => {
    console.log = log;
    process.env = { ...formerEnvironment };
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });

  /** The load balancer, and the function's variables for it. */
  async function stands(
    answer: Answer,
    env: Record<string, string> = {},
    tls?: https.ServerOptions,
  ) {
    server = tls === undefined ? http.createServer(answer) : https.createServer(tls, answer);
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    Object.assign(process.env, {
      REQUESTS: JSON.stringify({ health: request() }),
      ATTEMPTS: "3",
      INTERVAL_SECONDS: "20",
      ENDPOINT: "127.0.0.1",
      PROTOCOL: tls === undefined ? "http" : "https",
      PORT: String((server.address() as AddressInfo).port),
      HOST: "api.example.com",
      TEST_HEADER: HEADER,
      TEST_VALUE: "0a1b2c3d",
      ...env,
    });
  }

  const answering =
    (status: number, body = "ok"): Answer =>
    (_, answer) => {
      answer.writeHead(status).end(body);
    };

  it("lets a deployment go on when every answer is right, and says what it asked", async () => {
    const requests = {
      health: request(),
      home: request({ path: "/?a=b", statusCodes: "200-299" }),
    };
    await stands(answering(200), { REQUESTS: JSON.stringify(requests) });
    assert.deepEqual(await smokeTest.handler(event()), SUCCEEDED);
    assert.deepEqual(lines.slice(0, -1).sort(), [
      "health: GET http://api.example.com/health: right (N ms)",
      "home: GET http://api.example.com/?a=b: right (N ms)",
    ]);
    assert.equal(lines.at(-1), `SUCCEEDED: all answers are right, attempt 1 of 3, ${REVISION}`);
  });

  it("asks the load balancer for the host, with the header of test requests and those of the request", async () => {
    const seen: http.IncomingMessage[] = [];
    const requests = { health: request({ path: "/up?x=1", headers: { Accept: "text/html" } }) };
    await stands(
      (asked, answer) => {
        seen.push(asked);
        answer.end();
      },
      { REQUESTS: JSON.stringify(requests) },
    );
    await smokeTest.handler(event());
    const [{ method, url, headers } = {} as http.IncomingMessage] = seen;
    assert.deepEqual(
      { method, url, headers },
      {
        method: "GET",
        url: "/up?x=1",
        headers: {
          "user-agent": "ecs-platform-smoke-test",
          accept: "text/html",
          host: "api.example.com",
          [HEADER]: "0a1b2c3d",
          connection: "close",
        },
      },
    );
  });

  it("asks as clients do once they reach the new tasks themselves", async () => {
    let value: unknown = "not asked";
    await stands((asked, answer) => {
      value = asked.headers[HEADER];
      answer.end();
    });
    assert.deepEqual(await smokeTest.handler(event("POST_PRODUCTION_TRAFFIC_SHIFT")), SUCCEEDED);
    assert.equal(value, undefined);
  });

  it("has ECS call again after a wrong answer, and counts by what ECS hands back", async () => {
    await stands(answering(503));
    assert.deepEqual(await smokeTest.handler(event()), {
      hookStatus: "IN_PROGRESS",
      callBackDelay: 20,
      hookDetails: { attempt: 2 },
    });
    assert.deepEqual(lines, [
      "health: GET http://api.example.com/health: status 503 instead of 200 (N ms)",
      `IN_PROGRESS: 1 of 1 answers are wrong, attempt 1 of 3, ${REVISION}`,
    ]);
    assert.deepEqual(await smokeTest.handler(event(undefined, { attempt: 2 })), {
      hookStatus: "IN_PROGRESS",
      callBackDelay: 20,
      hookDetails: { attempt: 3 },
    });
  });

  it("takes a deployment back after the last attempt", async () => {
    await stands(answering(503));
    assert.deepEqual(await smokeTest.handler(event(undefined, { attempt: 3 })), {
      hookStatus: "FAILED",
    });
    assert.equal(lines.at(-1), `FAILED: 1 of 1 answers are wrong, attempt 3 of 3, ${REVISION}`);
  });

  it("lets a deployment go on whose answers are right at the last attempt", async () => {
    await stands(answering(200));
    assert.deepEqual(await smokeTest.handler(event(undefined, { attempt: 3 })), SUCCEEDED);
  });

  it("counts wrong answers among right ones", async () => {
    const requests = { health: request(), missing: request({ path: "/missing" }) };
    await stands(
      (asked, answer) => {
        answer.writeHead(asked.url === "/health" ? 200 : 404).end();
      },
      { REQUESTS: JSON.stringify(requests), ATTEMPTS: "1" },
    );
    assert.deepEqual(await smokeTest.handler(event()), { hookStatus: "FAILED" });
    assert.equal(lines.at(-1), `FAILED: 1 of 2 answers are wrong, attempt 1 of 1, ${REVISION}`);
  });

  it("looks for text in an answer, and shows nothing of the answer", async () => {
    const requests = { health: request({ contains: "größe: 1" }) };
    await stands(answering(200, "größe: 1 and more"), { REQUESTS: JSON.stringify(requests) });
    assert.deepEqual(await smokeTest.handler(event()), SUCCEEDED);
    process.env["REQUESTS"] = JSON.stringify({ health: request({ contains: "größe: 2" }) });
    process.env["ATTEMPTS"] = "1";
    assert.deepEqual(await smokeTest.handler(event()), { hookStatus: "FAILED" });
    assert.equal(
      lines.at(-2),
      "health: GET http://api.example.com/health: lacks the text it must contain (N ms)",
    );
  });

  it("reads the first MiB of an answer that does not end", async () => {
    const requests = { health: request({ contains: "ok" }) };
    await stands(
      (_, answer) => {
        answer.write(`ok${"x".repeat(1024 * 1024)}`);
      },
      { REQUESTS: JSON.stringify(requests) },
    );
    assert.deepEqual(await smokeTest.handler(event()), SUCCEEDED);
  });

  it("waits for an answer as long as the request says", async () => {
    const requests = { health: request({ timeoutSeconds: 1 }) };
    await stands(() => undefined, { REQUESTS: JSON.stringify(requests), ATTEMPTS: "1" });
    assert.deepEqual(await smokeTest.handler(event()), { hookStatus: "FAILED" });
    assert.equal(
      lines[0],
      "health: GET http://api.example.com/health: no answer within 1 seconds (N ms)",
    );
  });

  it("takes a load balancer that does not answer for a wrong answer", async () => {
    await stands(answering(200), { PORT: "1" });
    assert.equal(
      ((await smokeTest.handler(event())) as { hookStatus: string }).hookStatus,
      "IN_PROGRESS",
    );
    assert.match(lines[0] ?? "", /ECONNREFUSED/);
  });

  it("never says the value that opens the way to the new tasks", async () => {
    await stands(answering(503));
    await smokeTest.handler(event());
    assert.ok(!lines.join("\n").includes("0a1b2c3d"));
  });

  describe("by HTTPS", () => {
    let folder: string;
    let tls: { key: Buffer; cert: Buffer };

    before(() => {
      folder = mkdtempSync(join(tmpdir(), "smoke-test-"));
      const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
      execFileSync(
        "openssl",
        [
          ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
          ...["-nodes", "-days", "1", "-subj", "/CN=api.example.com"],
          ...["-addext", "subjectAltName=DNS:api.example.com", "-keyout", key, "-out", cert],
        ],
        { stdio: "ignore" },
      );
      tls = { key: readFileSync(key), cert: readFileSync(cert) };
    });

    after(() => {
      rmSync(folder, { recursive: true });
    });

    it("names the host when it connects, so that the load balancer chooses its certificate", async () => {
      let named: unknown;
      const chooses: https.ServerOptions = {
        ...tls,
        SNICallback: (servername, choose) => {
          named = servername;
          choose(null);
        },
      };
      await stands(answering(200), { ANY_CERTIFICATE: "true" }, chooses);
      assert.deepEqual(await smokeTest.handler(event()), SUCCEEDED);
      assert.equal(named, "api.example.com");
    });

    it("takes no certificate that clients would not", async () => {
      await stands(answering(200), { ATTEMPTS: "1" }, tls);
      assert.deepEqual(await smokeTest.handler(event()), { hookStatus: "FAILED" });
      // Newer versions of Node add what to try.
      assert.match(
        lines[0] ?? "",
        /^health: GET https:\/\/api\.example\.com\/health: self-signed certificate(;.*)? \(N ms\)$/,
      );
    });
  });

  for (const [status, statusCodes, isRight] of [
    [200, "200", true],
    [201, "200", false],
    [204, "200,204", true],
    [299, "200-299", true],
    [300, "200-299", false],
    [199, "200-299", false],
    [404, "200-299,404", true],
  ] as const) {
    it(`takes ${status} ${isRight ? "as right" : "as wrong"} for ${statusCodes}`, () => {
      assert.equal(smokeTest.isAmong(status, statusCodes), isRight);
    });
  }
});
