import * as assert from "node:assert/strict";
import { Pipeline } from "../../components";
import { full, happy } from "./pipeline-neighbours";
import { build, inputsByName } from "./support";

const PAGE =
  "https://us-east-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/server-pipeline-1a2b3c4/view?region=us-east-1";

describe("What a Pipeline tells people", () => {
  it("is how its runs went, and that one waits for approval", async () => {
    const run = await build(() => new Pipeline("server", full()));
    const patterns = run
      .all("aws:cloudwatch/eventRule:EventRule")
      .map((rule) => [rule.name, rule.jsonInput("eventPattern")]);
    assert.deepEqual(Object.fromEntries(patterns), {
      "server-runs": {
        source: ["aws.codepipeline"],
        "detail-type": ["CodePipeline Pipeline Execution State Change"],
        detail: { pipeline: ["server-pipeline-1a2b3c4"], state: ["FAILED"] },
      },
      "server-approvals": {
        source: ["aws.codepipeline"],
        "detail-type": ["CodePipeline Action Execution State Change"],
        detail: {
          pipeline: ["server-pipeline-1a2b3c4"],
          state: ["STARTED"],
          type: { category: ["Approval"] },
        },
      },
    });
  });

  it("goes to the topic of its own, as a sentence with the page to open", async () => {
    const run = await build(() => new Pipeline("server", full()));
    const target = (purpose: string, text: string) => ({
      rule: `server-${purpose}-1a2b3c4`,
      arn: `arn:aws:sns:us-east-1:123456789012:server-${purpose}-1a2b3c4`,
      inputTransformer: {
        inputPaths: { state: "$.detail.state" },
        inputTemplate: `"${text} ${PAGE}"`,
      },
    });
    assert.deepEqual(inputsByName(run, "aws:cloudwatch/eventTarget:EventTarget"), {
      "server-runs": target("runs", "Pipeline server: <state>."),
      "server-approvals": target("approvals", "Pipeline server waits for your approval."),
    });
    const subscriptions = run
      .all("aws:sns/topicSubscription:TopicSubscription")
      .map(({ name, inputs }) => [name, inputs["topic"], inputs["endpoint"]])
      .sort();
    assert.deepEqual(subscriptions, [
      [
        "server-approvals-email-lead",
        "arn:aws:sns:us-east-1:123456789012:server-approvals-1a2b3c4",
        "lead@example.com",
      ],
      [
        "server-runs-email-team",
        "arn:aws:sns:us-east-1:123456789012:server-runs-1a2b3c4",
        "team@example.com",
      ],
    ]);
  });

  it("gets there, since EventBridge cannot publish to a topic whose policy has a condition", async () => {
    const run = await build(() => new Pipeline("server", full()));
    const policies = run
      .all("aws:sns/topicPolicy:TopicPolicy")
      .map((one) => [one.name, one.jsonInput("policy")]);
    const policy = (purpose: string) => ({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: ["sns:Publish"],
          Resource: [`arn:aws:sns:us-east-1:123456789012:server-${purpose}-1a2b3c4`],
        },
      ],
    });
    assert.deepEqual(Object.fromEntries(policies), {
      "server-runs-policy": policy("runs"),
      "server-approvals-policy": policy("approvals"),
    });
  });

  it("is success and failure where nothing else is said", async () => {
    const notifications = { emails: { team: "team@example.com" } };
    const run = await build(() => new Pipeline("server", { ...happy(), notifications }));
    const pattern = run.one("aws:cloudwatch/eventRule:EventRule").jsonInput("eventPattern");
    assert.match(JSON.stringify(pattern), /"state":\["SUCCEEDED","FAILED"\]/);
  });

  it("is nothing where nobody is to hear it", async () => {
    const args = { ...happy(), approval: {}, notifications: { emails: {} } };
    const run = await build(() => new Pipeline("server", args));
    assert.deepEqual(run.all("aws:sns/topic:Topic"), []);
    assert.deepEqual(run.all("aws:cloudwatch/eventRule:EventRule"), []);
  });
});
