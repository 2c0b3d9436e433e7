import * as assert from "node:assert/strict";
import { SourceConnection } from "../../components";
import { sourceConnectionSettings } from "../../components/source-connection/settings";
import { build, itRefuses, itTakes, noChoice } from "./support";

const HOST = "arn:aws:codeconnections:us-east-1:123456789012:host/ghe-1a2b3c4d";
const CONNECTION = "arn:aws:codestar-connections:eu-west-1:123456789012:connection/1a2b-3c4d";

const TYPE = "aws:codeconnections/connection:Connection";

describe("SourceConnection", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await build(
      () => new SourceConnection("github", { provider: "GitHub" }),
    );
    assert.equal(component.type, "ecs-platform:index:SourceConnection");
    assert.deepEqual(children, [`${TYPE} github-git`]);
  });

  it("is to a provider, or to a host of one's own", async () => {
    const gitlab = await build(() => new SourceConnection("code", { provider: "GitLab" }));
    assert.deepEqual(gitlab.one(TYPE).inputs, { providerType: "GitLab" });
    const own = await build(() => new SourceConnection("code", { hostArn: HOST }));
    assert.deepEqual(own.one(TYPE).inputs, { hostArn: HOST });
  });

  it("tells its ARN, and where a person confirms it", async () => {
    const { component } = await build(() => new SourceConnection("github", { provider: "GitHub" }));
    assert.deepEqual(component.outputs, {
      arn: "arn:aws:codeconnections:us-east-1:123456789012:connection/github-git-1a2b3c4",
      confirmUrl:
        "https://us-east-1.console.aws.amazon.com/codesuite/settings/connections?region=us-east-1",
    });
  });

  it("makes nothing of a connection that is there already", async () => {
    const { children, component } = await build(
      () => new SourceConnection("github", { arn: CONNECTION }),
    );
    assert.deepEqual(children, []);
    assert.equal(component.outputs["arn"], CONNECTION);
    assert.match(component.outputs["confirmUrl"] as string, /^https:\/\/eu-west-1\./);
  });
});

const ONE_OF_THREE = {
  rule: "must be given, or hostArn or arn, and only one of the three",
  allowed: "one of GitHub, GitLab, Bitbucket, or hostArn, or arn",
  fix: "say where the code is kept, once",
};

describe("The settings of a SourceConnection", () => {
  const happy = { provider: "GitHub" };
  itTakes(sourceConnectionSettings, happy, {
    "a provider": {},
    Bitbucket: { provider: "Bitbucket" },
    "a host in place of a provider": { provider: undefined, hostArn: HOST },
    "a connection in place of a provider": { provider: undefined, arn: CONNECTION },
  });
  itRefuses(sourceConnectionSettings, happy, {
    "a provider that AWS does not know": {
      change: { provider: "Gitea" },
      problem: noChoice("provider", "Gitea", ["GitHub", "GitLab", "Bitbucket"]),
    },
    "none of the three": {
      change: { provider: undefined },
      problem: { key: "provider", value: undefined, ...ONE_OF_THREE },
    },
    "two of the three": {
      change: { arn: CONNECTION },
      problem: { key: "provider", value: "GitHub", ...ONE_OF_THREE },
    },
    "a host by its name": {
      change: { provider: undefined, hostArn: "ghe" },
      problem: {
        key: "hostArn",
        value: "ghe",
        rule: "must be the ARN of a host of CodeConnections",
        allowed: "arn:aws:codeconnections:REGION:ACCOUNT:host/NAME-ID",
        fix: "make the host in the console, and look it up by `aws codeconnections list-hosts`",
      },
    },
    "something else in place of a connection": {
      change: { provider: undefined, arn: HOST },
      problem: {
        key: "arn",
        value: HOST,
        rule: "must be the ARN of a connection",
        allowed: "arn:aws:codeconnections:REGION:ACCOUNT:connection/ID",
        fix: "look it up by `aws codeconnections list-connections`",
      },
    },
  });
});
