/** `npm run load-test`: requests when they are due, and whether the answers were good and fast enough. */
import * as assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { SettingsError } from "../../components/support/problem";
import { loadTest } from "../../scripts/load-test";
import { type Arrival, arrivals } from "../../scripts/load-test-arrivals";
import { Collector } from "../../scripts/load-test-report";
import { type Result, type Send, runScenario } from "../../scripts/load-test-run";
import { type Endpoint, type Scenario, checkScenario } from "../../scripts/load-test-scenario";
import { FakeClock } from "./fake-clock";

const never = new AbortController().signal;
const happy = () => ({
  endpoints: { home: { path: "/", weight: 3 }, search: { path: "/search?q=tea" } },
  phases: [{ name: "hold", seconds: 100, perSecond: 20 }] as unknown[],
});
const scenario = (changes: object = {}): Scenario => checkScenario("x", { ...happy(), ...changes });

describe("A scenario", () => {
  it("has defaults for all but endpoints and phases", () => {
    assert.deepEqual(scenario(), {
      endpoints: {
        home: { path: "/", weight: 3, method: "GET", headers: {}, headersFrom: {} },
        search: { path: "/search?q=tea", weight: 1, method: "GET", headers: {}, headersFrom: {} },
      },
      phases: [{ name: "hold", seconds: 100, perSecond: 20 }],
      pass: { errorPercent: 1 },
      timeoutSeconds: 10,
      maxInFlight: 1000,
      seed: 1,
    });
  });

  it("is told all that is wrong with it at once", () => {
    let problems: readonly string[] = [];
    try {
      checkScenario("load.yaml", {
        endpoints: { home: { path: "search", wieght: 2 } },
        phases: [
          { name: "a", seconds: 0, perSecond: 20 },
          { name: "b", seconds: 9, perSecond: { from: 0, to: 0 } },
          { name: "c", seconds: 9, perSecond: -1 },
        ],
        pass: { errorPercent: 101 },
      });
    } catch (error) {
      assert.ok(error instanceof SettingsError);
      assert.match(error.message, /^load\.yaml: 6 problems/);
      problems = error.problems.map(({ key }) => key).sort();
    }
    assert.deepEqual(problems, [
      "endpoints.home.path",
      "endpoints.home.wieght",
      "pass.errorPercent",
      "phases[0].seconds",
      "phases[1].perSecond",
      "phases[2].perSecond",
    ]);
  });

  it("asks something", () => {
    assert.throws(() => scenario({ endpoints: {} }), /asks nothing/);
    assert.throws(() => scenario({ phases: [] }), /phases/);
  });

  it("of the page is a valid one, and a whole day's shape", () => {
    const page = readFileSync(join(__dirname, "..", "..", "docs", "load-test.md"), "utf8");
    const [, text = ""] = /```yaml\n(.*?)```/s.exec(page) ?? [];
    const { endpoints, phases } = checkScenario("docs/load-test.md", parse(text));
    assert.ok(Object.keys(endpoints).length > 1, "several endpoints");
    assert.deepEqual(
      phases.map(({ name }) => name),
      ["warm-up", "ramp", "hold", "spike", "after"],
    );
  });
});

describe("The requests of a scenario", () => {
  const dueIn = (all: readonly Arrival[], from: number, to: number) =>
    all.filter(({ due }) => due >= from * 1000 && due < to * 1000).length;
  /** What chance may do to a count of independent events: five standard deviations, once in millions. */
  const near = (count: number, expected: number) =>
    assert.ok(
      Math.abs(count - expected) < 5 * Math.sqrt(expected),
      `${count} is not near ${expected}`,
    );

  it("come at the rate of a phase that holds", () => {
    const all = [...arrivals(scenario())];
    near(dueIn(all, 0, 50), 1000);
    near(dueIn(all, 50, 100), 1000);
    assert.equal(dueIn(all, 0, 100), all.length);
  });

  it("come faster and faster in a ramp, slower and slower in a ramp down", () => {
    const phases = [
      { name: "up", seconds: 100, perSecond: { from: 0, to: 100 } },
      { name: "down", seconds: 100, perSecond: { from: 100, to: 0 } },
    ];
    const all = [...arrivals(scenario({ phases }))];
    // The area below the line: a quarter of a ramp from nothing comes in its first half.
    near(dueIn(all, 0, 50), 1250);
    near(dueIn(all, 50, 100), 3750);
    near(dueIn(all, 100, 150), 3750);
    near(dueIn(all, 150, 200), 1250);
    assert.deepEqual([...new Set(all.map(({ phase }) => phase))], [0, 1]);
  });

  it("stay away in a pause", () => {
    const phases = [
      { name: "pause", seconds: 60, perSecond: 0 },
      { name: "spike", seconds: 10, perSecond: 100 },
    ];
    const all = [...arrivals(scenario({ phases }))];
    assert.equal(dueIn(all, 0, 60), 0);
    near(dueIn(all, 60, 70), 1000);
  });

  it("go to endpoints by their weights", () => {
    const all = [...arrivals(scenario())];
    const home = all.filter(({ endpoint }) => endpoint === "home").length;
    near(home, (3 * all.length) / 4);
    near(all.length - home, all.length / 4);
  });

  it("come in order, at random moments, the same for a seed and others for another", () => {
    const all = [...arrivals(scenario())];
    const dues = all.map(({ due }) => due);
    assert.deepEqual(
      dues,
      [...dues].sort((left, right) => left - right),
    );
    const gaps = dues.slice(1).map((due, position) => due - (dues[position] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    // Of a Poisson process 1/e of the gaps are longer than the mean; evenly spaced requests have none.
    near(gaps.filter((gap) => gap > mean).length, gaps.length / Math.E);
    assert.deepEqual([...arrivals(scenario())], all);
    assert.notDeepEqual([...arrivals(scenario({ seed: 2 }))], all);
  });
});

describe("A run of a scenario", () => {
  /** Lets everything that waits go on so often: once for each request, and some more. */
  async function turns(requests: number): Promise<void> {
    for (let turn = 0; turn < requests + 50; turn += 1) await new Promise(setImmediate);
  }

  async function run(changes: object, send: Send, clock: FakeClock, stopped = never) {
    const results: Result[] = [];
    await runScenario(scenario(changes), send, clock, stopped, (result) => results.push(result));
    return results;
  }
  const short = { phases: [{ name: "hold", seconds: 10, perSecond: 5 }] };

  it("sends each request when it is due", async () => {
    const clock = new FakeClock();
    const start = clock.now();
    const sent: number[] = [];
    const results = await run(
      short,
      () => {
        sent.push(clock.now() - start);
        return Promise.resolve({ status: 200 });
      },
      clock,
    );
    assert.deepEqual(
      sent.map(Math.round),
      [...arrivals(scenario(short))].map(({ due }) => Math.round(due)),
    );
    assert.ok(results.length > 0 && results.every(({ good }) => good));
  });

  it("does not wait for answers before it sends the next one", async () => {
    const clock = new FakeClock();
    const waiting: ((reply: { status: number }) => void)[] = [];
    const running = run(short, () => new Promise((resolve) => waiting.push(resolve)), clock);
    const total = [...arrivals(scenario(short))].length;
    await turns(total);
    assert.equal(waiting.length, total);
    for (const answer of waiting) answer({ status: 200 });
    assert.equal((await running).length, total);
  });

  it("times from when a request was due, also where it was sent late", async () => {
    const clock = new FakeClock();
    const results = await run(
      short,
      // The machine stands still for a minute at each request: all later ones are overdue.
      () => {
        clock.pass(60_000);
        return Promise.resolve({ status: 200 });
      },
      clock,
    );
    for (const [position, { arrival, milliseconds = 0 }] of results.entries()) {
      const earliest = (position + 1) * 60_000 - arrival.due;
      assert.ok(milliseconds >= earliest - 1, `${milliseconds} of request ${position}`);
    }
  });

  it("does not send more than may be in flight, and counts what it did not send as failed", async () => {
    const clock = new FakeClock();
    const waiting: ((reply: { status: number }) => void)[] = [];
    const total = [...arrivals(scenario(short))].length;
    const results: Result[] = [];
    const running = runScenario(
      scenario({ ...short, maxInFlight: 3 }),
      () => new Promise((resolve) => waiting.push(resolve)),
      clock,
      never,
      (result) => results.push(result),
    );
    await turns(total);
    assert.equal(waiting.length, 3);
    assert.deepEqual(
      [...new Set(results.map(({ good, outcome }) => `${good} ${outcome}`))],
      ["false not sent"],
    );
    for (const answer of waiting) answer({ status: 200 });
    await running;
    assert.equal(results.length, total);
  });

  it("calls good what is below 400, or what is expected, and nothing else", async () => {
    const replies: Awaited<ReturnType<Send>>[] = [
      { status: 200 },
      { status: 302 },
      { status: 404 },
      { status: 503 },
      { problem: "timeout" },
    ];
    const judged = async (endpoint: Partial<Endpoint>) => {
      const queue = [...replies];
      const endpoints = { only: { path: "/", ...endpoint } };
      const phases = [{ name: "hold", seconds: 100, perSecond: 1 }];
      const results = await run(
        { endpoints, phases },
        () => Promise.resolve(queue.shift() ?? { status: 200 }),
        new FakeClock(),
      );
      return results.slice(0, replies.length).map(({ good, outcome }) => [outcome, good]);
    };
    assert.deepEqual(await judged({}), [
      ["200", true],
      ["302", true],
      ["404", false],
      ["503", false],
      ["timeout", false],
    ]);
    assert.deepEqual(await judged({ expect: [404] }), [
      ["200", false],
      ["302", false],
      ["404", true],
      ["503", false],
      ["timeout", false],
    ]);
  });

  it("ends when it is stopped", async () => {
    const stop = new AbortController();
    const results = await run(
      short,
      () => {
        stop.abort();
        return Promise.resolve({ status: 200 });
      },
      new FakeClock(),
      stop.signal,
    );
    assert.equal(results.length, 1);
  });
});

describe("The report of a load test", () => {
  const result = (milliseconds: number | undefined, changes: Partial<Result> = {}): Result => ({
    arrival: { due: 0, endpoint: "home", phase: 0 },
    good: true,
    outcome: "200",
    milliseconds,
    ...changes,
  });
  function report(changes: object, results: readonly Result[]) {
    const collector = new Collector(scenario(changes));
    for (const each of results) collector.record(each);
    return collector.report();
  }
  const hundred = Array.from({ length: 100 }, (_, position) => result(position + 1));
  const close = (is: number | undefined, expected: number) =>
    assert.ok(
      Math.abs((is ?? NaN) - expected) <= expected / 500,
      `${is ?? "nothing"} is not ${expected}`,
    );

  it("has percentiles, shares and what came back", () => {
    const failed = result(undefined, { good: false, outcome: "not sent" });
    const { endpoints } = report({}, [...hundred, failed]);
    const home = endpoints["home"];
    close(home?.p50Milliseconds, 50);
    close(home?.p95Milliseconds, 95);
    close(home?.p99Milliseconds, 99);
    close(home?.maxMilliseconds, 100);
    close(home?.errorPercent, 100 / 101);
    assert.deepEqual(home?.outcomes, { "200": 100, "not sent": 1 });
    assert.equal(endpoints["search"]?.requests, 0);
  });

  it("passes where every phase holds its criteria", () => {
    const pass = { p95Milliseconds: 96, p99Milliseconds: 100 };
    const { passed, phases } = report({ pass }, hundred);
    assert.deepEqual([passed, phases[0]?.broken], [true, []]);
  });

  it("fails with each criterion that does not hold", () => {
    const pass = { p95Milliseconds: 90, p99Milliseconds: 95 };
    const failed = [1, 2].map(() => result(1, { good: false, outcome: "503" }));
    const { passed, phases } = report({ pass }, [...hundred, ...failed]);
    assert.equal(passed, false);
    assert.deepEqual(phases[0]?.broken, [
      "errors 1.96 %, allowed 1 %",
      "p95 95 ms, allowed 90 ms",
      "p99 99 ms, allowed 95 ms",
    ]);
  });

  it("judges each phase by itself, by its own criteria where it has them", () => {
    const phases = [
      { name: "hold", seconds: 9, perSecond: 1 },
      { name: "spike", seconds: 9, perSecond: 9, pass: { p99Milliseconds: 5000 } },
    ];
    const spike = result(3000, { arrival: { due: 0, endpoint: "home", phase: 1 } });
    const pass = { p99Milliseconds: 1000 };
    assert.equal(report({ phases, pass }, [...hundred, spike]).passed, true);
    const own = report({ phases: [phases[0], { ...phases[1], pass: undefined }], pass }, [
      ...hundred,
      spike,
    ]);
    assert.deepEqual(
      own.phases.map(({ name, broken }) => [name, broken]),
      [
        ["hold", []],
        ["spike", ["p99 3000 ms, allowed 1000 ms"]],
      ],
    );
  });

  it("fails a phase that sent nothing, but for a pause", () => {
    const phases = [
      { name: "pause", seconds: 9, perSecond: 0 },
      { name: "hold", seconds: 9, perSecond: 1 },
    ];
    assert.deepEqual(
      report({ phases }, []).phases.map(({ broken }) => broken),
      [[], ["no request was sent"]],
    );
  });
});

describe("npm run load-test", () => {
  let folder: string;
  let server: Server;
  let target: string;
  const seen: string[] = [];
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "load-test-"));
    server = createServer((request, response) => {
      const { method = "", url = "", headers } = request;
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        seen.push([method, url, headers.authorization ?? "", body].join(" ").trim());
        if (url === "/half") {
          response.writeHead(200, { "Content-Length": "10" });
          response.write("half", () => response.destroy());
          return;
        }
        const status = { "/bad": 503, "/moved": 302 }[url] ?? 200;
        response.writeHead(status, { Location: "/bad" }).end("text");
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    target = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });
  let stop: AbortController;
  beforeEach(() => {
    seen.splice(0);
    stop = new AbortController();
  });

  async function run(text: string, ...commandLine: string[]) {
    const file = join(folder, "scenario.yaml");
    writeFileSync(file, text);
    const lines: string[] = [];
    const errors: string[] = [];
    const output = {
      line: (line: string) => lines.push(line),
      error: (line: string) => errors.push(line),
    };
    const code = await loadTest(
      [file, ...commandLine],
      output,
      stop.signal,
      { TOKEN: "Bearer abc" },
      new FakeClock(),
    );
    return { code, text: lines.join("\n"), errors: errors.join("\n") };
  }
  const phases = "phases: [{ name: hold, seconds: 10, perSecond: 2 }]";

  it("sends what the scenario says, and passes", async () => {
    const { code, text } = await run(
      `endpoints: { order: { path: "/orders?x=1", method: POST, body: "{}", headersFrom: { Authorization: TOKEN } } }\n${phases}`,
      "--target",
      target,
    );
    assert.equal(code, 0, text);
    assert.deepEqual([...new Set(seen)], ["POST /orders?x=1 Bearer abc {}"]);
    assert.match(text, /^about 20 requests to http:\S+ in 10 s, 2 a second at most\n/);
    assert.match(text, /\nhold .* passed\n[^]*\norder .* 200: \d+\n\nPASSED$/);
  });

  it("fails where answers are bad", async () => {
    const { code, text } = await run(
      `endpoints: { a: { path: /bad } }\n${phases}`,
      "--target",
      target,
    );
    assert.equal(code, 1);
    assert.match(text, /errors 100\.00 %, allowed 1 %[^]*NOT PASSED$/);
  });

  it("takes half an answer for none, and follows no redirect", async () => {
    const half = await run(`endpoints: { a: { path: /half } }\n${phases}`, "--target", target);
    assert.equal(half.code, 1);
    const moved = await run(`endpoints: { a: { path: /moved } }\n${phases}`, "--target", target);
    assert.equal(moved.code, 0);
    assert.match(moved.text, / 302: \d+/);
    assert.ok(!seen.includes("GET /bad"));
  });

  it("has no result where somebody ends it early", async () => {
    stop = new AbortController();
    const running = run(`endpoints: { a: { path: / } }\n${phases}`, "--target", target);
    while (seen.length === 0) await new Promise(setImmediate);
    stop.abort();
    const { code, errors } = await running;
    assert.equal(code, 1);
    assert.equal(errors, "Ended early: what is above is no result.");
  });

  it("fails where nobody answers, and says why", async () => {
    const endpoints = "endpoints: { a: { path: / } }";
    const { code, text } = await run(`${endpoints}\n${phases}`, "--target", "http://127.0.0.1:1");
    assert.equal(code, 1);
    // fetch knows ports that browsers refuse, and this is one: no server hears of it.
    assert.match(text, /bad port: \d+/);
  });

  it("prints nothing but JSON with --json", async () => {
    const endpoints = "endpoints: { a: { path: / } }";
    const { text } = await run(`${endpoints}\n${phases}`, "--target", target, "--json");
    const report = JSON.parse(text) as { passed: boolean; phases: { name: string }[] };
    assert.equal(report.passed, true);
    assert.deepEqual(
      report.phases.map(({ name }) => name),
      ["hold"],
    );
  });

  it("refuses a wrong scenario, a missing variable and a target with a path, and sends nothing", async () => {
    const wrong = await run(`endpoints: { a: { path: a } }\n${phases}`, "--target", target);
    assert.equal(wrong.code, 2);
    assert.match(wrong.errors, /endpoints\.a\.path[^]*must begin with a slash/);

    const missing = await run(
      `endpoints: { a: { path: /, headersFrom: { X: NOT_SET } } }\n${phases}`,
      "--target",
      target,
    );
    assert.equal(missing.code, 2);
    assert.match(missing.errors, /names variables that are not set: NOT_SET$/);

    const path = await run(`endpoints: { a: { path: / } }\n${phases}`, "--target", `${target}/a`);
    assert.equal(path.code, 2);
    assert.match(path.errors, /Give https:\/\/HOST or http:\/\/HOST, without a path\./);
    assert.deepEqual(seen, []);
  });

  it("says so where the file is not there", async () => {
    const errors: string[] = [];
    const output = { line: () => undefined, error: (line: string) => errors.push(line) };
    const code = await loadTest(["/no/such.yaml", "--target", target], output, never, {});
    assert.equal(code, 2);
    assert.match(errors.join(), /no such file/);
  });
});
