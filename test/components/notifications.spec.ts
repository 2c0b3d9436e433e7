import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Monitoring, type MonitoringArgs } from "../../components";
import { monitoringSettings } from "../../components/monitoring/settings";
import { parseSettings } from "../../components/support/parse-settings";
import { build, dependsOn, inputsByName, itRefuses, itTakes } from "./support";

const INTEGRATION_URL = "https://events.pagerduty.com/integration/0123abcd/enqueue";
const CHANNEL = { workspaceId: "T07EA123LEP", channelId: "C07EZ1ABC23" };

const happy = (): MonitoringArgs => ({
  accountId: "123456789012",
  dashboardName: "shop-dev",
  cluster: { clusterName: "platform", countsRunningTasks: true },
  loadBalancer: { arnSuffix: "app/lb/1" },
  services: {},
  databases: {},
});

const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const CHANNELS = "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration";
const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/policy:Policy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const NAME = "monitoring-slack-c07ez1abc23";
const POLICY_ARN = `arn:aws:iam::123456789012:policy/${NAME}-policy-1a2b3c4`;

const topicOf = (severity: string) =>
  `arn:aws:sns:us-east-1:123456789012:monitoring-${severity}-1a2b3c4`;

const monitoring = (
  notifications: MonitoringArgs["notifications"],
  changes: Partial<MonitoringArgs> = {},
) => build(() => new Monitoring("monitoring", { ...happy(), notifications, ...changes }));

describe("Monitoring, notifications by mail", () => {
  it("are of their severity alone", async () => {
    const run = await monitoring(
      { critical: { emails: { a: "a@example.com" } }, info: { emails: { a: "b@example.com" } } },
      { emails: { team: "team@example.com" } },
    );
    const mail = (severity: string, endpoint: string) => ({
      topic: topicOf(severity),
      protocol: "email",
      endpoint,
    });
    assert.deepEqual(inputsByName(run, SUBSCRIPTION), {
      "monitoring-critical-email-a": mail("critical", "a@example.com"),
      "monitoring-email-team": mail("critical", "team@example.com"),
      "monitoring-info-email-a": mail("info", "b@example.com"),
      "monitoring-info-everybody-team": mail("info", "team@example.com"),
      "monitoring-warning-everybody-team": mail("warning", "team@example.com"),
    });
  });
});

describe("Monitoring, notifications in PagerDuty", () => {
  for (const [given, integrationUrl] of [
    ["plain, as a stack file's secrets come", INTEGRATION_URL],
    ["as an output", pulumi.output(INTEGRATION_URL)],
  ] as const) {
    it(`go to an address that nobody sees, given ${given}`, async () => {
      const run = await monitoring({ critical: { pagerDuty: { integrationUrl } } });
      const subscription = run.one(SUBSCRIPTION, "monitoring-critical-pagerduty");
      assert.deepEqual(subscription.inputs, {
        topic: topicOf("critical"),
        protocol: "https",
        endpoint: INTEGRATION_URL,
        endpointAutoConfirms: true,
      });
      assert.ok(subscription.isSecret("endpoint"));
      assert.deepEqual(subscription.additionalSecretOutputs, ["endpoint"]);
      const others = run.resources.filter((resource) => resource !== subscription);
      assert.doesNotMatch(
        JSON.stringify(others.map(({ inputs, outputs }) => [inputs, outputs])),
        /0123abcd/,
      );
    });
  }

  it("can be of every severity", async () => {
    const pagerDuty = { integrationUrl: INTEGRATION_URL };
    const run = await monitoring({ warning: { pagerDuty }, info: { pagerDuty } });
    assert.deepEqual(
      run.all(SUBSCRIPTION).map(({ name, inputs }) => [name, inputs["topic"]]),
      [
        ["monitoring-info-pagerduty", topicOf("info")],
        ["monitoring-warning-pagerduty", topicOf("warning")],
      ],
    );
  });
});

describe("Monitoring, notifications in Slack", () => {
  it("are written to the channel, with the graphs of alarms and no other rights", async () => {
    const run = await monitoring({ warning: { slack: CHANNEL } });
    const channel = run.one(CHANNELS);
    assert.equal(channel.name, NAME);
    assert.deepEqual(channel.inputs, {
      configurationName: "shop-dev-C07EZ1ABC23",
      slackTeamId: "T07EA123LEP",
      slackChannelId: "C07EZ1ABC23",
      snsTopicArns: [topicOf("warning")],
      iamRoleArn: `arn:aws:iam::123456789012:role/${NAME}-role-1a2b3c4`,
      guardrailPolicyArns: [POLICY_ARN],
      loggingLevel: "ERROR",
    });
    assert.equal(channel.deleteBeforeReplace, true);
    assert.deepEqual(channel.replaceOnChanges, ["slackTeamId"]);
    assert.deepEqual(dependsOn(run, channel), [`${ATTACHMENT} ${NAME}-rights`]);
    assert.deepEqual(run.one(POLICY, `${NAME}-policy`).jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: [
            "cloudwatch:DescribeAlarms",
            "cloudwatch:GetMetricData",
            "cloudwatch:GetMetricStatistics",
            "cloudwatch:GetMetricWidgetImage",
            "cloudwatch:ListMetrics",
          ],
          Resource: ["*"],
        },
      ],
    });
    assert.deepEqual(run.one(ATTACHMENT, `${NAME}-rights`).inputs, {
      role: `${NAME}-role-1a2b3c4`,
      policyArn: POLICY_ARN,
    });
    assert.deepEqual(run.one(ROLE, `${NAME}-role`).jsonInput("assumeRolePolicy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "chatbot.amazonaws.com" },
          Action: ["sts:AssumeRole"],
        },
      ],
    });
  });

  it("are one configuration for each channel, with all severities that go there", async () => {
    const other = { ...CHANNEL, channelId: "G000" };
    const run = await monitoring({
      critical: { slack: CHANNEL },
      warning: { slack: CHANNEL },
      info: { slack: other },
    });
    assert.deepEqual(
      run.all(CHANNELS).map(({ name, inputs }) => [name, inputs["snsTopicArns"]]),
      [
        [NAME, [topicOf("critical"), topicOf("warning")]],
        ["monitoring-slack-g000", [topicOf("info")]],
      ],
    );
  });
});

describe("Monitoring settings, notifications", () => {
  const key = "notifications.critical.pagerDuty.integrationUrl";
  const noIntegration = (value: unknown) => ({
    change: { [key]: value },
    problem: {
      key,
      value: "(hidden)",
      rule: "must be the address of an integration of PagerDuty with Amazon CloudWatch",
      allowed: "https://events.pagerduty.com/integration/KEY/enqueue",
      fix: "copy the integration's URL, and set it by `pulumi config set --secret --path`",
    },
  });
  const workspace = "notifications.info.slack.workspaceId";
  const noWorkspace = (value: string) => ({
    change: { "notifications.info.slack": { ...CHANNEL, workspaceId: value } },
    problem: {
      key: workspace,
      value,
      rule: "must be the id of a workspace of Slack",
      allowed: "T, and capital letters and digits",
      fix: "copy it from the address of the workspace in a browser, or from the console of Amazon Q Developer in chat applications",
    },
  });
  const noChannel = (value: string) => ({
    change: { "notifications.info.slack": { ...CHANNEL, channelId: value } },
    problem: {
      key: "notifications.info.slack.channelId",
      value,
      rule: "must be the id of a channel of Slack",
      allowed: "C or G, and capital letters and digits",
      fix: "copy it from the end of the channel's link; a private channel needs `/invite @Amazon Q`",
    },
  });
  const toldAlready = (person: string, address: string) => ({
    change: {
      emails: { a: "a@example.com" },
      "notifications.info.emails": { [person]: address },
    },
    problem: {
      key: `notifications.info.emails.${person}`,
      value: address,
      rule: "is told of everything already, by monitoring.emails",
      allowed: "names and addresses that emails does not have",
      fix: "remove it here, or there",
    },
  });
  itTakes(
    monitoringSettings,
    {},
    {
      "an integration in Europe": { [key]: INTEGRATION_URL.replace("events", "events.eu") },
      "severities of which nobody is told": { notifications: { critical: {}, info: {} } },
      "a private channel": { "notifications.info.slack": { ...CHANNEL, channelId: "G0A" } },
      "one person at two severities": {
        "notifications.critical.emails": { a: "a@example.com" },
        "notifications.info.emails": { a: "a@example.com" },
      },
      "one channel for two severities": {
        "notifications.critical.slack": CHANNEL,
        "notifications.info.slack": CHANNEL,
      },
    },
  );
  itRefuses(
    monitoringSettings,
    {},
    {
      "an integration by plain HTTP": noIntegration(INTEGRATION_URL.replace("https", "http")),
      "an integration elsewhere": noIntegration(INTEGRATION_URL.replace("pagerduty", "example")),
      "an integration for Events API": noIntegration("https://events.pagerduty.com/v2/enqueue"),
      "an integration's key alone": noIntegration("0123abcd"),
      "more behind the address": noIntegration(`${INTEGRATION_URL}?x=y`),
      "a workspace by its name": noWorkspace("my-team"),
      "a channel by its name": noChannel("#alarms"),
      "a direct message": noChannel("D07EZ1ABC23"),
      "one channel in two workspaces": {
        change: {
          "notifications.critical.slack": CHANNEL,
          "notifications.info.slack": { ...CHANNEL, workspaceId: "T000" },
        },
        problem: {
          key: workspace,
          value: "T000",
          rule: "is another workspace than the same channel has elsewhere",
          allowed: "T07EA123LEP",
          fix: "correct one of the two",
        },
      },
      "a person who is told of everything already": toldAlready("a", "b@example.com"),
      "an address that is told of everything already": toldAlready("b", "a@example.com"),
    },
  );

  it("never shows an integration's address that is no text", () => {
    const { problems } = parseSettings(
      monitoringSettings,
      { notifications: { critical: { pagerDuty: { integrationUrl: { secret: "0123abcd" } } } } },
      "",
    );
    assert.deepEqual(
      problems.map(({ key: own, value }) => [own, value]),
      [[key, "(hidden)"]],
    );
  });
});
