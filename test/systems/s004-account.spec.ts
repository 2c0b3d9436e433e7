import * as assert from "node:assert/strict";
import { runExample } from "../examples/run-example";
import type { Run } from "../support/run";
import { runExample as runSystem } from "./support";

/** What the seed lists as next steps for an account: examples/account-baseline makes it. */
describe("seed 004, what an account has once", () => {
  let run: Run;
  before(async () => {
    run = await runExample("account-baseline");
  });

  it("S004-134: a cost and usage report comes to a bucket, by AWS's Data Exports in us-east-1", () => {
    const report = run.one("aws:bcmdata/export:Export");
    const { dataQueries, destinationConfigurations } = report.input("export") as {
      dataQueries: { queryStatement: string }[];
      destinationConfigurations: { s3Destinations: { s3Bucket: unknown }[] }[];
    };
    assert.match(dataQueries[0]?.queryStatement ?? "", / FROM COST_AND_USAGE_REPORT$/);
    assert.equal(
      destinationConfigurations[0]?.s3Destinations[0]?.s3Bucket,
      run.one("aws:s3/bucket:Bucket", "costs-bucket").outputs["bucket"],
    );
    const provider = run.one("pulumi:providers:aws", "aws-us-east-1");
    assert.ok(report.provider?.startsWith(provider.urn));
    assert.equal(provider.input("region"), "us-east-1");
  });

  it("S004-146: AWS Config records resources and tries them by rules, in every region", () => {
    for (const region of ["eu-central-1", "us-east-1"]) {
      const recorder = run.one("aws:cfg/recorder:Recorder", `configuration-${region}-recorder`);
      const status = run.one(
        "aws:cfg/recorderStatus:RecorderStatus",
        `configuration-${region}-running`,
      );
      assert.equal(status.input("name"), recorder.outputs["name"]);
      assert.equal(status.input("isEnabled"), true);
      run.one("aws:cfg/deliveryChannel:DeliveryChannel", `configuration-${region}-channel`);
      const rules = run
        .all("aws:cfg/rule:Rule")
        .filter(({ name }) => name.startsWith(`configuration-${region}-`));
      assert.equal(rules.length, 29, region);
    }
  });

  it("S004-148: what is done in the account is recorded, and what people do in a task's shell", async () => {
    assert.equal(run.one("aws:cloudtrail/trail:Trail").input("enableLogging"), true);
    const system = await runSystem("ec2-production");
    const cluster = system.one("aws:ecs/cluster:Cluster");
    const exec = "configuration.executeCommandConfiguration";
    assert.equal(cluster.input(`${exec}.logging`), "OVERRIDE");
    assert.ok(cluster.input(`${exec}.logConfiguration.cloudWatchLogGroupName`));
  });
});
