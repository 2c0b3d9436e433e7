import * as assert from "node:assert/strict";
import { gzipSync } from "node:zlib";

/* The functions run on Lambda alone and are plain JavaScript: they are loaded as Lambda loads them. */
interface Signing {
  signedHeaders(request: Record<string, unknown>): Record<string, string>;
}
interface Forwarder {
  handler(event: unknown): Promise<unknown>;
  bulkBody(batch: unknown, prefix: string): string;
  outcome(answer: unknown, sent: number): unknown;
}
interface Setup {
  requests(event: unknown, ui: unknown): { method: string; path: string; body: unknown }[];
  retentionPolicy(event: unknown): { policy: Record<string, unknown> };
  sender(
    endpoint: string,
    master: unknown,
    request: (url: string, init: Record<string, unknown>) => Promise<unknown>,
  ): (method: string, path: string, body?: unknown, tolerated?: number[]) => Promise<unknown>;
}

const FOLDER = "../../components/log-search/functions";

describe("The signature of a request", () => {
  let signing: Signing;
  before(async () => {
    signing = (await import(`${FOLDER}/sign.mjs`)) as Signing;
  });

  const request = {
    host: "example.amazonaws.com",
    path: "/",
    body: "",
    region: "us-east-1",
    service: "service",
    time: new Date("2015-08-30T12:36:00Z"),
    credentials: {
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    },
  };

  // From the test suite that AWS publishes for signature version 4: get-vanilla and post-vanilla.
  for (const [method, signature] of [
    ["GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
    ["POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
  ] as const) {
    it(`is what AWS expects of ${method}`, () => {
      const { authorization } = signing.signedHeaders({ ...request, method });
      assert.equal(
        authorization,
        `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
      );
    });
  }

  it("covers the body, and the token of a role", () => {
    const credentials = { ...request.credentials, sessionToken: "token" };
    const signed = { ...request, method: "POST", credentials };
    const [one, other] = ["a", "b"].map((body) => signing.signedHeaders({ ...signed, body }));
    assert.notEqual(one?.["authorization"], other?.["authorization"]);
    assert.equal(one?.["x-amz-security-token"], "token");
    assert.match(one["authorization"] ?? "", /SignedHeaders=host;x-amz-date;x-amz-security-token,/);
  });
});

describe("The forwarder of log lines", () => {
  let forwarder: Forwarder;
  before(async () => {
    forwarder = (await import(`${FOLDER}/forwarder.mjs`)) as Forwarder;
  });

  const batch = (...messages: string[]) => ({
    messageType: "DATA_MESSAGE",
    logGroup: "api-logs",
    logStream: "api/api/1",
    logEvents: messages.map((message, index) => ({
      id: `event-${index}`,
      timestamp: Date.UTC(2026, 10, 21, 23, 59, 59),
      message,
    })),
  });

  function documents(...messages: string[]): Record<string, unknown>[] {
    const lines = forwarder.bulkBody(batch(...messages), "logs").split("\n");
    assert.equal(lines.pop(), "");
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  it("puts a JSON line into the index of its day, by its own id", () => {
    const line = { level: "error", message: "no database", orderId: 7 };
    assert.deepEqual(documents(JSON.stringify(line)), [
      { index: { _index: "logs-2026.11.21", _id: "event-0" } },
      {
        "@timestamp": "2026-11-21T23:59:59.000Z",
        log_group: "api-logs",
        log_stream: "api/api/1",
        message: "no database",
        level: "error",
        fields: line,
      },
    ]);
  });

  for (const text of ["GET / 200", "[1, 2]", "null", "17", '"text"', "{broken"]) {
    it(`takes a line that is no JSON object as text: ${text}`, () => {
      const [, document] = documents(text);
      assert.equal(document?.["message"], text);
      assert.equal(document["fields"], undefined);
    });
  }

  it("keeps the whole line where it has no text of its own, and only a severity that is text", () => {
    const line = '{"level":30,"msg":{"a":1}}';
    const [, document] = documents(line);
    assert.equal(document?.["message"], line);
    assert.equal(document["level"], undefined);
  });

  it("has two lines for every event", () => {
    assert.equal(documents("a", "b", "c").length, 6);
  });

  it("has lines sent again that OpenSearch was too busy for", () => {
    const busy = { errors: true, items: [{ index: { status: 429 } }, { index: { status: 201 } }] };
    assert.throws(() => forwarder.outcome(busy, 2), /too busy for 1 of 2 lines/);
    const down = { errors: true, items: [{ index: { status: 503 } }] };
    assert.throws(() => forwarder.outcome(down, 1), /too busy for 1 of 1 lines/);
  });

  it("drops lines that OpenSearch refuses", () => {
    const refused = {
      errors: true,
      items: [{ index: { status: 400 } }, { index: { status: 201 } }],
    };
    assert.deepEqual(forwarder.outcome(refused, 2), { indexed: 1 });
    assert.deepEqual(forwarder.outcome({ errors: false, items: [] }, 2), { indexed: 2 });
  });

  it("does not forward CloudWatch's own tries", async () => {
    const data = gzipSync(JSON.stringify({ messageType: "CONTROL_MESSAGE", logEvents: [] }));
    const event = { awslogs: { data: data.toString("base64") } };
    assert.deepEqual(await forwarder.handler(event), { indexed: 0 });
  });

  it("sends a batch signed to the store, and fails when the store does", async () => {
    const given = { ...process.env };
    const { fetch: realFetch } = globalThis;
    const sent: { url: string; init: Record<string, unknown> }[] = [];
    let ok = true;
    globalThis.fetch = ((url: string, init: Record<string, unknown>) => {
      sent.push({ url, init });
      const text = () => Promise.resolve(ok ? '{"errors":false,"items":[]}' : "overloaded");
      return Promise.resolve({ ok, status: ok ? 200 : 503, text });
    }) as unknown as typeof fetch;
    try {
      Object.assign(process.env, {
        ENDPOINT: "store.example.com",
        INDEX_PREFIX: "logs",
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_SESSION_TOKEN: "token",
      });
      const data = gzipSync(JSON.stringify(batch("a", "b"))).toString("base64");
      assert.deepEqual(await forwarder.handler({ awslogs: { data } }), { indexed: 2 });
      const [{ url, init } = { url: "", init: {} }] = sent;
      const headers = init["headers"] as Record<string, string>;
      assert.equal(url, "https://store.example.com/_bulk");
      assert.equal(init["body"], forwarder.bulkBody(batch("a", "b"), "logs"));
      assert.equal(headers["content-type"], "application/x-ndjson");
      assert.match(headers["authorization"] ?? "", /\/us-east-1\/es\/aws4_request, /);
      ok = false;
      await assert.rejects(
        forwarder.handler({ awslogs: { data } }),
        /OpenSearch answered 503: overloaded/,
      );
    } finally {
      globalThis.fetch = realFetch;
      for (const key of Object.keys(process.env)) if (!(key in given)) delete process.env[key];
      Object.assign(process.env, given);
    }
  });
});

describe("The setup of the store", () => {
  let setup: Setup;
  before(async () => {
    setup = (await import(`${FOLDER}/setup.mjs`)) as Setup;
  });

  const event = {
    indexPrefix: "logs",
    retentionDays: 14,
    replicas: 1,
    writerRoleArn: "arn:aws:iam::123456789012:role/forwarder",
  };
  const bodyOf = (path: string) => {
    const requests = setup.requests(event, { username: "dashboards", password: "p" });
    const request = requests.find((one) => one.path.endsWith(path));
    assert.equal(request?.method, "PUT");
    return request.body as Record<string, unknown>;
  };

  it("lets the forwarder write log lines, and nothing else", () => {
    assert.deepEqual(bodyOf("/roles/log_writer"), {
      cluster_permissions: ["indices:data/write/bulk"],
      index_permissions: [
        {
          index_patterns: ["logs-*"],
          allowed_actions: ["create_index", "indices:admin/mapping/put", "index"],
        },
      ],
    });
    assert.deepEqual(bodyOf("/rolesmapping/log_writer"), {
      backend_roles: [event.writerRoleArn],
    });
  });

  it("gives the search page a user that sees no log line by itself", () => {
    assert.deepEqual(bodyOf("/internalusers/dashboards"), { password: "p" });
    assert.deepEqual(bodyOf("/rolesmapping/search_page"), { users: ["dashboards"] });
    assert.doesNotMatch(JSON.stringify(bodyOf("/roles/search_page")), /logs-/);
  });

  it("has fields of all services beside each other", () => {
    const { template } = bodyOf("/_index_template/logs") as {
      template: { settings: unknown; mappings: { properties: Record<string, unknown> } };
    };
    assert.deepEqual(template.settings, { number_of_shards: 1, number_of_replicas: 1 });
    assert.deepEqual(template.mappings.properties["fields"], { type: "flat_object" });
  });

  it("deletes lines after their time", () => {
    const { policy } = setup.retentionPolicy(event);
    assert.match(
      JSON.stringify(policy),
      /"state_name":"deleted","conditions":\{"min_index_age":"14d"\}/,
    );
    assert.deepEqual(policy["ism_template"], [{ index_patterns: ["logs-*"], priority: 100 }]);
  });

  it("logs in by name and password, and says what went wrong", async () => {
    const asked: unknown[] = [];
    const answers = [
      { ok: true, status: 200, text: () => Promise.resolve('{"a":1}') },
      { ok: false, status: 404, text: () => Promise.resolve("{}") },
      { ok: false, status: 403, text: () => Promise.resolve("no") },
    ];
    const send = setup.sender(
      "store.example.com",
      { username: "u", password: "p" },
      (url, init) => {
        const { signal: _, ...rest } = init;
        asked.push([url, rest]);
        return Promise.resolve(answers[asked.length - 1]);
      },
    );
    assert.deepEqual(await send("PUT", "/x", { b: 2 }), { a: 1 });
    assert.deepEqual(asked[0], [
      "https://store.example.com/x",
      {
        method: "PUT",
        headers: {
          authorization: `Basic ${Buffer.from("u:p").toString("base64")}`,
          "content-type": "application/json",
        },
        body: '{"b":2}',
      },
    ]);
    assert.deepEqual(await send("GET", "/x", undefined, [404]), {});
    await assert.rejects(send("GET", "/x"), /GET \/x: 403 no/);
  });
});
