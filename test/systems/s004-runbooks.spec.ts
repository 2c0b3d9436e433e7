import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { arrivals, ratesOf } from "../../scripts/load-test-arrivals";
import { checkScenario } from "../../scripts/load-test-scenario";
import { alarmsOf } from "./reading";
import { repositoryFile, runExample } from "./support";

describe("seed 004, operation by people", () => {
  it("S004-131: a runbook for disasters names each way to fail, the way over and the way to restore", () => {
    const page = repositoryFile("docs/disaster-recovery.md");
    for (const failure of ["a task", "a zone", "the region", "a database", "state", "account"]) {
      assert.match(page, new RegExp(`^\\| [^|]*${failure}`, "m"), failure);
    }
    assert.match(page, /\(runbooks\/operations\/fail-over\.md\)/);
    assert.match(page, /\(runbooks\/operations\/restore\.md/);
    const restore = repositoryFile("docs/runbooks/operations/restore.md");
    for (const command of [
      "aws rds restore-db-instance-to-point-in-time",
      "aws dynamodb restore-table-to-point-in-time",
      "aws s3api list-object-versions",
      "aws backup start-restore-job",
    ]) {
      assert.ok(restore.includes(command), command);
    }
    const headings = [...restore.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    assert.ok(headings.includes("A file system") && headings.includes("In another region"));
  });

  it("S004-149: a load test with several endpoints, a ramp, a spike and criteria to pass", () => {
    const [, example = ""] = /```yaml\n(.*?)```/s.exec(repositoryFile("docs/load-test.md")) ?? [];
    const scenario = checkScenario("docs/load-test.md", parse(example));
    assert.deepEqual(Object.keys(scenario.endpoints), ["home", "search", "order"]);
    const rates = Object.fromEntries(scenario.phases.map((each) => [each.name, ratesOf(each)]));
    assert.deepEqual(rates["ramp"], { from: 5, to: 80 });
    assert.deepEqual(rates["hold"], { from: 80, to: 80 });
    assert.deepEqual(rates["spike"], { from: 160, to: 160 });
    assert.deepEqual(scenario.pass, {
      errorPercent: 0.5,
      p95Milliseconds: 300,
      p99Milliseconds: 1000,
    });
    const asked = new Set([...arrivals(scenario)].map(({ endpoint }) => endpoint));
    assert.deepEqual([...asked].sort(), ["home", "order", "search"]);
    const { scripts } = JSON.parse(repositoryFile("package.json")) as {
      scripts: Record<string, string>;
    };
    assert.equal(scripts["load-test"], "ts-node --transpile-only scripts/load-test.ts");
  });

  it("S004-150: a runbook for each common operation", () => {
    const index = repositoryFile("docs/runbooks/README.md");
    for (const [operation, command] of Object.entries({
      deploy: "pulumi up",
      "roll-back": "aws ecs stop-service-deployment",
      scale: "aws application-autoscaling register-scalable-target",
      "rotate-a-secret": "aws secretsmanager put-secret-value",
      connect: "pulumi stack output --json commands",
      restore: "aws rds restore-db-instance-to-point-in-time",
      destroy: "pulumi destroy",
      "fail-over": "aws route53 update-health-check",
      "sleep-and-wake": "jq -r .wake",
    })) {
      const page = `operations/${operation}.md`;
      assert.ok(index.includes(`(${page})`), `${page} is in the index`);
      assert.ok(repositoryFile(`docs/runbooks/${page}`).includes(command), `${page}: ${command}`);
    }
  });

  it("S004-151: each alarm of the example names the runbook that is about it", async () => {
    const run = await runExample("ec2-production", {
      databases: { orders: { engineVersion: "17", instanceClass: "db.t4g.micro", multiAz: true } },
    });
    const index = repositoryFile("docs/runbooks/README.md");
    const keys = Object.keys(alarmsOf(run));
    assert.ok(keys.includes("database-orders-storage") && keys.includes("cluster-capacity"));
    for (const [key, alarm] of Object.entries(alarmsOf(run))) {
      const description = alarm.input("alarmDescription") as string;
      const [, runbook = ""] =
        / What to do: docs\/runbooks\/([a-z-]+\.md)$/.exec(description) ?? [];
      const row = index.split("\n").find((line) => line.includes(`(${runbook})`)) ?? "";
      const general = key
        .replace(/-(api|nginx|orders)-/, "-NAME-")
        .replace(/^nat-\w-/, "nat-ZONE-")
        .replace("certificate-main-", "certificate-KEY-");
      assert.ok(row.includes(`\`${general}\``), `${key}: ${row}`);
    }
  });
});
