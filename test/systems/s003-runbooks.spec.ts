import * as assert from "node:assert/strict";
import { alarmsOf } from "./reading";
import { repositoryFile, runExample } from "./support";

/** What the seed asks of a playbook, and where a runbook has it. */
const PARTS: Readonly<Record<string, RegExp>> = {
  detect: /^\*\*Alarm\*\* `[^]*^\*\*What it means\.\*\* /m,
  assess: /^\*\*How urgent\.\*\* [^]*^## First look$[^]*^## Usual causes$/m,
  mitigate: /^## Mitigate$[^]*^## Go back$/m,
  communicate: /^## Afterwards$[^]*\(README\.md#tell-people\)/m,
  review: /^## Afterwards$[^]*\(README\.md#learn-from-it\)/m,
};

describe("seed 003, playbooks", () => {
  it("S003-39: each alarm links to a playbook to detect, assess, mitigate, communicate and review", async () => {
    const run = await runExample("go-server");
    const alarms = Object.entries(alarmsOf(run)).filter(
      ([, alarm]) => !(alarm.input("alarmDescription") as string).endsWith("not for people."),
    );
    assert.ok(alarms.length >= 8, `${alarms.length} alarms`);
    for (const [key, alarm] of alarms) {
      const description = alarm.input("alarmDescription") as string;
      const [, file] = / What to do: (docs\/runbooks\/\S+\.md)$/.exec(description) ?? [];
      const playbook = repositoryFile(file ?? assert.fail(`${key} links to no playbook`));
      for (const [part, pattern] of Object.entries(PARTS)) {
        assert.match(playbook, pattern, `${key}: ${part}`);
      }
    }
    const index = repositoryFile("docs/runbooks/README.md");
    assert.match(index, /^## Tell people$[^]*^## Learn from it$/m);
  });
});
