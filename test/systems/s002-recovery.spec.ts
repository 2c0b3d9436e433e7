import * as assert from "node:assert/strict";
import { inWords } from "../../scripts/durations";
import { summarize } from "../../scripts/drill-outages";
import { watch } from "../../scripts/drill-watch";
import { loadConfig } from "../../stacks/config";
import { type Recovery, recoveryTimes, totalMinutes } from "../../stacks/recovery";
import { FakeClock } from "../scripts/fake-clock";
import { simulateRegions } from "../scripts/simulated-regions";
import { exampleConfig, sourceOf, type StackConfig } from "../stacks/support";
import { repositoryFile } from "./support";

/** Row S002-172. */
const LIMIT_MINUTES = 15;

/** What the example of two regions promises, with another standby or more parts. */
function recovery(standby: string, more: StackConfig = {}): readonly Recovery[] {
  return recoveryTimes(configOf(standby, more));
}

function configOf(standby: string, more: StackConfig = {}) {
  const config = exampleConfig("two-regions");
  const secondRegion = { ...(config["ecs-platform:secondRegion"] as object), standby };
  return loadConfig(sourceOf({ ...config, "ecs-platform:secondRegion": secondRegion, ...more }));
}

/** The longest outage that a drill would print, whenever within an interval the region fails. */
async function worstDrill(): Promise<{ milliseconds: number; places: readonly string[] }> {
  const { healthCheck } = configOf("active").domains["main"] ?? assert.fail("no domain");
  const { intervalSeconds, failureThreshold } = healthCheck ?? assert.fail("no health check");
  let worst = { milliseconds: 0, places: [] as readonly string[] };
  for (let checkOffset = 0; checkOffset < intervalSeconds; checkOffset += 5) {
    for (let failsAfter = 300; failsAfter < 360; failsAfter += 1) {
      const clock = new FakeClock();
      const { answers, end } = await watch({
        ask: simulateRegions(
          { interval: intervalSeconds, failureThreshold, timeToLive: 60, failsAfter, checkOffset },
          clock,
        ),
        everyMilliseconds: 1000,
        forMilliseconds: LIMIT_MINUTES * 60_000,
        clock,
        stopped: new AbortController().signal,
        tell: () => undefined,
      });
      const { longestOutageMilliseconds, places } = summarize(answers, end);
      if (longestOutageMilliseconds > worst.milliseconds) {
        worst = { milliseconds: longestOutageMilliseconds, places: Object.keys(places) };
      }
    }
  }
  return worst;
}

describe("seed 002, recovery", () => {
  it("S002-172: services without data are back in less than 15 minutes, as computed and as a drill counts it", async () => {
    for (const standby of ["active", "warm"]) {
      for (const each of recovery(standby)) {
        const minutes = totalMinutes(each) ?? assert.fail(`${each.name} has no time`);
        assert.ok(minutes < LIMIT_MINUTES, `${standby}: ${each.name} takes ${minutes} minutes`);
      }
    }
    const [app] = recovery("active");
    const parts = app?.time ?? assert.fail("no time");
    const computed = parts.reduce((sum, { minutes }) => sum + minutes * 60_000, 0);
    const { milliseconds, places } = await worstDrill();
    // One question's distance on top, since a drill counts from the last good answer.
    assert.ok(milliseconds <= computed + 1000, `${inWords(milliseconds)}, ${inWords(computed)}`);
    assert.deepEqual(places, ["first", "second"]);
    assert.ok(repositoryFile("docs/disaster-recovery.md").includes(inWords(milliseconds)));
  });

  it("S002-172: nothing is promised for a cold standby, and nothing for what keeps data", () => {
    assert.ok(recovery("cold").every((each) => totalMinutes(each) === undefined));
    const database = { engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: true };
    const services = exampleConfig("two-regions")["ecs-platform:services"] as {
      app: Record<string, unknown>;
    };
    const withData = recovery("active", {
      "ecs-platform:databases": { orders: database },
      "ecs-platform:services": { app: { ...services.app, databases: ["orders"] } },
    });
    assert.deepEqual(
      withData.map((each) => [each.kind, each.name, totalMinutes(each), each.lostMinutes]),
      [
        ["service", "app", undefined, 0],
        ["database", "orders", undefined, undefined],
      ],
    );
  });

  it("S002-216: the drill is in the calendar once a year, with its script and its results", () => {
    const calendar = repositoryFile("docs/maintenance.md");
    assert.match(calendar, /^\| yearly +\| .*\(disaster-recovery\.md#the-drill\)/m);
    const page = repositoryFile("docs/disaster-recovery.md");
    assert.match(page, /npm run drill -- --url "\$\(pulumi stack output url\)"/);
    assert.match(page, /^## Recorded results$/m);
    const results = page.split("## Recorded results")[1] ?? "";
    const dated = [...results.matchAll(/^\| (\d{4}-\d{2}-\d{2}) +\| (.*?) +\|/gm)];
    assert.notEqual(dated.length, 0);
    // What was not seen on AWS says so.
    for (const [, day, where = ""] of dated) assert.match(where, /simulated|stand-in/, day);
  });
});
