/** `npm run drill`: how long nobody was served. */
import * as assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo, LookupFunction } from "node:net";
import { drill } from "../../scripts/drill";
import { ask } from "../../scripts/drill-ask";
import { type Answer, summarize } from "../../scripts/drill-outages";
import { watch } from "../../scripts/drill-watch";
import { inWords, parseDuration } from "../../scripts/durations";
import { systemClock } from "../../scripts/clock";
import { FakeClock } from "./fake-clock";

const never = new AbortController().signal;

const good = (at: number, place = "first"): Answer => ({ at, served: true, outcome: "200", place });
const bad = (at: number, outcome = "503"): Answer => ({
  at,
  served: false,
  outcome,
  place: undefined,
});

describe("The outages of a drill", () => {
  it("last from the last good answer to the next one", () => {
    const answers = [good(0), good(1000), bad(2000), bad(3000, "timeout"), good(9000, "second")];
    assert.deepEqual(summarize(answers, 10_000), {
      asked: 5,
      failed: 2,
      failedPercent: 40,
      outages: [{ from: 1000, until: 9000, outcomes: { "503": 1, timeout: 1 } }],
      longestOutageMilliseconds: 8000,
      places: { first: 2, second: 1 },
    });
  });

  it("go on until the end where nobody was served again", () => {
    const { outages } = summarize([good(0), bad(1000)], 5000);
    assert.deepEqual(outages, [{ from: 0, until: 5000, outcomes: { "503": 1 } }]);
  });

  it("begin with the first question where nobody was served before", () => {
    const { outages, places } = summarize([bad(500), bad(1500), good(2500)], 3000);
    assert.deepEqual(outages, [{ from: 500, until: 2500, outcomes: { "503": 2 } }]);
    assert.deepEqual(places, { first: 1 });
  });

  it("count one by one, and the longest decides", () => {
    const answers = [good(0), bad(1), good(2), bad(3), bad(50), good(60)];
    const { outages, longestOutageMilliseconds } = summarize(answers, 60);
    assert.equal(outages.length, 2);
    assert.equal(longestOutageMilliseconds, 58);
  });

  it("are none without a question", () => {
    const { failedPercent, longestOutageMilliseconds } = summarize([], 0);
    assert.deepEqual([failedPercent, longestOutageMilliseconds], [0, 0]);
  });
});

describe("A watch", () => {
  async function watched(outcomes: readonly (Answer | number)[], forMilliseconds: number) {
    const clock = new FakeClock();
    const lines: string[] = [];
    const start = clock.now();
    const queue = [...outcomes];
    const { answers, end } = await watch({
      ask: () => {
        const at = clock.now();
        const next = queue.shift();
        // A number is a good answer that takes so many milliseconds.
        if (typeof next === "number") clock.pass(next);
        return Promise.resolve(typeof next === "object" ? { ...next, at } : good(at));
      },
      everyMilliseconds: 1000,
      forMilliseconds,
      clock,
      stopped: never,
      tell: (line) => lines.push(line),
    });
    return { lines, times: answers.map(({ at }) => at - start), end: end - start };
  }

  it("asks at the interval for as long as it was told", async () => {
    const { times, end } = await watched([], 3000);
    assert.deepEqual(times, [0, 1000, 2000]);
    assert.equal(end, 3000);
  });

  it("asks at once after an answer that took longer than the interval", async () => {
    const { times } = await watched([400, 2500], 5000);
    assert.deepEqual(times, [0, 1000, 3500, 4500]);
  });

  it("tells only what changes, and how long it was away", async () => {
    const { lines } = await watched(
      [good(0), good(0), bad(0), bad(0), bad(0, "timeout"), good(0, "second"), good(0, "second")],
      7000,
    );
    assert.deepEqual(lines, [
      "12:00:00 served by first: 200",
      "12:00:02 NOT SERVED: 503",
      "12:00:04 NOT SERVED: timeout",
      "12:00:05 served again by second after 4 s: 200",
    ]);
  });

  it("tells when others answer without anybody having missed them", async () => {
    const { lines } = await watched([good(0), good(0, "second")], 2000);
    assert.deepEqual(lines, ["12:00:00 served by first: 200", "12:00:01 served by second: 200"]);
  });

  it("ends when it is stopped", async () => {
    const stop = new AbortController();
    const clock = new FakeClock();
    const { answers } = await watch({
      ask: () => {
        stop.abort();
        return Promise.resolve(good(clock.now()));
      },
      everyMilliseconds: 1000,
      forMilliseconds: 60_000,
      clock,
      stopped: stop.signal,
      tell: () => undefined,
    });
    assert.equal(answers.length, 1);
  });
});

describe("A question of a drill", () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(status: number | "silent" | "broken", host = "127.0.0.1", port = 0) {
    const server = createServer((_, response) => {
      if (status === "silent") return;
      if (status === "broken") {
        response.writeHead(200, { "Content-Length": "10" });
        response.write("half", () => response.destroy());
        return;
      }
      response.writeHead(status, { Location: "/elsewhere" }).end("text");
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    return (server.address() as AddressInfo).port;
  }

  const question = (port: number) => ({
    url: `http://app.example.com:${port}/`,
    timeoutMilliseconds: 5000,
    places: {},
  });
  const leadsTo =
    (address: () => string): LookupFunction =>
    (_, { all }, done) =>
      all === true ? done(null, [{ address: address(), family: 4 }]) : done(null, address(), 4);
  const home = leadsTo(() => "127.0.0.1");

  it("is served by any status below 400, and by no other", async () => {
    for (const [status, served] of [
      [200, true],
      [302, true],
      [404, false],
      [503, false],
    ] as const) {
      const answer = await ask(question(await serve(status)), systemClock, home);
      assert.deepEqual([answer.outcome, answer.served], [String(status), served]);
    }
  });

  it("is served by the expected status alone where one is given", async () => {
    const port = await serve(302);
    const expecting = (expect: number) => ask({ ...question(port), expect }, systemClock, home);
    assert.equal((await expecting(200)).served, false);
    assert.equal((await expecting(302)).served, true);
  });

  it("follows the name when it leads elsewhere, with a connection of its own", async () => {
    const port = await serve(200, "127.0.0.1");
    await serve(200, "127.0.0.2", port);
    let address = "127.0.0.1";
    const lookup = leadsTo(() => address);
    assert.equal((await ask(question(port), systemClock, lookup)).place, "127.0.0.1");
    address = "127.0.0.2";
    assert.equal((await ask(question(port), systemClock, lookup)).place, "127.0.0.2");
  });

  it("calls who answered by the name that was given", async () => {
    const port = await serve(200);
    const places = { first: "127.0.0.9", second: "127.0.0.1" };
    const answer = await ask({ ...question(port), places }, systemClock, home);
    assert.equal(answer.place, "second");
  });

  it("is not served by nobody, by silence and by half an answer", async () => {
    const closed = await serve(200);
    servers.pop()?.close();
    const refused = await ask(question(closed), systemClock, home);
    assert.deepEqual([refused.served, refused.outcome], [false, "ECONNREFUSED"]);

    const silent = { ...question(await serve("silent")), timeoutMilliseconds: 20 };
    const late = await ask(silent, systemClock, home);
    assert.deepEqual([late.served, late.outcome], [false, "timeout"]);

    const broken = await ask(question(await serve("broken")), systemClock, home);
    assert.deepEqual([broken.served, broken.outcome], [false, "ECONNRESET"]);
  });
});

describe("npm run drill", () => {
  let server: Server;
  let url: string;
  let statuses: number[];
  before(async () => {
    server = createServer((_, response) => {
      response.writeHead(statuses.shift() ?? 200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  after(() => server.close());

  async function run(...commandLine: string[]) {
    const lines: string[] = [];
    const errors: string[] = [];
    const output = {
      line: (text: string) => lines.push(text),
      error: (text: string) => errors.push(text),
    };
    const code = await drill(commandLine, output, never, new FakeClock());
    return { code, text: lines.join("\n"), errors: errors.join("\n") };
  }
  const briefly = ["--every", "1s", "--for", "5s"];

  it("passes without an outage", async () => {
    statuses = [];
    const { code, text } = await run("--url", url, ...briefly);
    assert.equal(code, 0);
    assert.equal(
      text,
      `12:00:00 served by 127.0.0.1: 200

asked 5 times, not served 0 times (0.0 %)
answers came from: 127.0.0.1 5 times
no outage
longest outage: 0 ms, within the limit of 15 min`,
    );
  });

  it("fails where an outage is longer than the limit", async () => {
    statuses = [200, 503];
    const { code, text } = await run("--url", url, ...briefly, "--limit", "1s");
    assert.equal(code, 1);
    assert.equal(
      text,
      `12:00:00 served by 127.0.0.1: 200
12:00:01 NOT SERVED by 127.0.0.1: 503
12:00:02 served again by 127.0.0.1 after 2 s: 200

asked 5 times, not served 1 times (20.0 %)
answers came from: 127.0.0.1 4 times
outages: 1, times in UTC
  12:00:00 to 12:00:02, 2 s: 503 1 times
longest outage: 2 s, LONGER THAN THE LIMIT OF 1 s`,
    );
  });

  it("fails where nobody was ever served, however long the limit", async () => {
    statuses = Array<number>(5).fill(503);
    const { code, text } = await run("--url", url, ...briefly, "--limit", "1h");
    assert.equal(code, 1);
    assert.match(text, /answers came from: nowhere\n[^]*NEVER SERVED$/);
  });

  it("prints nothing but JSON with --json", async () => {
    statuses = [200, 503, 200];
    const { code, text, errors } = await run("--url", url, ...briefly, "--json");
    const summary = JSON.parse(text) as Record<string, unknown>;
    assert.equal(code, 0);
    const { outages: _, ...rest } = summary;
    assert.deepEqual(rest, {
      url,
      asked: 5,
      failed: 1,
      failedPercent: 20,
      longestOutageMilliseconds: 2000,
      places: { "127.0.0.1": 4 },
      withinLimit: true,
    });
    assert.match(errors, /NOT SERVED/);
  });

  for (const [wrong, why] of [
    [[], "required option '--url <url>' not specified"],
    [["--url", "www.example.com"], "Give an address with http:// or https://."],
    [["--url", "ftp://example.com"], "Give an address with http:// or https://."],
    [["--url", "http://a", "--for", "30"], "Write 500ms, 90s, 15m or 1h."],
    [["--url", "http://a", "--for", "0s"], "Write 500ms, 90s, 15m or 1h."],
    [["--url", "http://a", "--expect", "20"], "Give a status from 100 to 599."],
    [["--url", "http://a", "--place", "first"], "Write it as NAME=HOST."],
    [["--url", "http://a", "--fo", "1s"], "unknown option '--fo'"],
  ] as const) {
    it(`refuses ${wrong.join(" ") || "nothing at all"}`, async () => {
      const { code, errors } = await run(...wrong);
      assert.equal(code, 2);
      assert.ok(errors.includes(why), errors);
    });
  }

  it("explains itself", async () => {
    const { code, text } = await run("--help");
    assert.equal(code, 0);
    assert.match(text, /--limit <duration> +the longest outage that will do \(default: 15m\)/);
    assert.match(text, /Exit code: 0 no outage longer than the limit/);
  });
});

describe("Durations", () => {
  it("are read with a unit", () => {
    const read = ["500ms", "1s", "1.5m", "2h"].map(parseDuration);
    assert.deepEqual(read, [500, 1000, 90_000, 7_200_000]);
    assert.deepEqual(
      ["5", "m", "-1s", "1d", "0s", "1s "].map(parseDuration),
      Array(6).fill(undefined),
    );
  });

  it("are written in words", () => {
    const written = [0, 850, 48_400, 125_000, 5_400_000].map(inWords);
    assert.deepEqual(written, ["0 ms", "850 ms", "48 s", "2 min 5 s", "1 h 30 min"]);
  });
});
