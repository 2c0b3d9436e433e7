import * as assert from "node:assert/strict";
import { type Problem, SettingsError } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import type { Run } from "../support/run";
import { type StackConfig, runPlatform, smallConfig, sourceOf } from "./support";

const CERTIFICATE = "certificate/00000000-0000-4000-8000-000000000000";
const network = {
  cidr: "10.5.0.0/16",
  availabilityZones: ["us-west-2a", "us-west-2b"],
  nat: "single",
};

/** A stack in two regions, each with a certificate by ARN. */
function twoRegions(second: object = {}, others: StackConfig = {}): StackConfig {
  return {
    ...smallConfig(),
    "ecs-platform:loadBalancer": {
      certificateArn: `arn:aws:acm:us-east-1:123456789012:${CERTIFICATE}`,
    },
    "ecs-platform:services": {
      api: {
        image: "public.ecr.aws/nginx/nginx:1.29",
        route: { priority: 100, hosts: ["api.example.com"] },
        desiredCount: 2,
      },
    },
    "ecs-platform:domains": {
      main: { provider: "route53", zoneId: "Z0123456789ABCDEFGHIJ", names: ["api.example.com"] },
    },
    "ecs-platform:secondRegion": {
      region: "us-west-2",
      network,
      certificateArn: `arn:aws:acm:us-west-2:123456789012:${CERTIFICATE}`,
      ...second,
    },
    ...others,
  };
}

function problemsOf(config: StackConfig): readonly Problem[] {
  try {
    loadConfig(sourceOf(config));
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe("a second region", () => {
  let run: Run;
  before(async () => {
    run = await runPlatform(twoRegions());
  });

  const inSecond = (type: string) =>
    run.all(type).filter(({ urn }) => urn.includes("SecondRegion"));
  const inFirst = (type: string) =>
    run.all(type).filter(({ urn }) => !urn.includes("SecondRegion"));

  it("holds the same resources under the same names, all with its own provider", () => {
    for (const type of [
      "aws:ecs/service:Service",
      "aws:rds/instance:Instance",
      "aws:ec2/subnet:Subnet",
    ]) {
      assert.deepEqual(
        inSecond(type).map(({ name }) => name.replace(/-[ab]$/, "")),
        inFirst(type).map(({ name }) => name.replace(/-[ab]$/, "")),
      );
    }
    const provider = run.one("pulumi:providers:aws", "aws-second-region");
    assert.equal(provider.input("region"), "us-west-2");
    const custom = run.resources.filter(
      ({ urn, type }) => urn.includes("SecondRegion") && type.startsWith("aws:"),
    );
    assert.ok(custom.length > 50);
    assert.deepEqual(
      [...new Set(custom.map((resource) => resource.provider?.split("::").at(-1)))],
      ["aws-second-region"],
    );
  });

  it("stands in its own network, with its own certificate", () => {
    assert.deepEqual(
      inSecond("aws:ec2/vpc:Vpc").map((vpc) => vpc.input("cidrBlock")),
      ["10.5.0.0/16"],
    );
    const [https] = inSecond("aws:lb/listener:Listener").filter(({ name }) =>
      name.endsWith("https"),
    );
    assert.equal(
      https?.input("certificateArn"),
      `arn:aws:acm:us-west-2:123456789012:${CERTIFICATE}`,
    );
  });

  it("has a dashboard of its own, since their names are the account's", () => {
    assert.deepEqual(
      run
        .all("aws:cloudwatch/dashboard:Dashboard")
        .map((board) => board.input("dashboardName"))
        .sort(),
      ["ecs-platform-test", "ecs-platform-test-us-west-2"],
    );
  });

  it("tells its own commands and ids beside those of the first", () => {
    const { commands, ids } = run.outputs["secondRegion"] as unknown as {
      commands: { logs: Record<string, string> };
      ids: Record<string, unknown>;
    };
    assert.equal(
      commands.logs["api"],
      "aws logs tail api-logs-1a2b3c4 --follow --region us-west-2",
    );
    assert.deepEqual(
      Object.keys(ids).sort(),
      Object.keys(run.outputs["ids"] as object)
        .filter((key) => key !== "nameServers")
        .sort(),
    );
  });

  it("leaves the first region as it is without it", async () => {
    const { "ecs-platform:secondRegion": _, ...alone } = twoRegions();
    const former = await runPlatform(alone);
    const inputs = (of: Run) =>
      new Map(
        of.resources
          .filter(({ urn, type }) => !urn.includes("SecondRegion") && !type.includes("route53"))
          .map(({ urn, inputs: given }) => [urn, given]),
      );
    const [before, after] = [inputs(former), inputs(run)];
    after.delete(run.one("pulumi:providers:aws", "aws-second-region").urn);
    assert.deepEqual(after, before);
  });

  const refused: readonly [title: string, config: StackConfig, problem: Partial<Problem>][] = [
    [
      "the first region once more",
      twoRegions({
        region: "us-east-1",
        network: { ...network, availabilityZones: ["us-east-1a", "us-east-1b"] },
      }),
      {
        key: "ecs-platform:secondRegion.region",
        value: "us-east-1",
        rule: "is the first region, which aws:region names",
        allowed: "another region",
        fix: "name another region, or remove secondRegion",
      },
    ],
    [
      "a zone of another region",
      twoRegions({ network: { ...network, availabilityZones: ["us-west-2a", "us-east-1b"] } }),
      {
        key: "ecs-platform:secondRegion.network.availabilityZones[1]",
        value: "us-east-1b",
        rule: "is not in the region that secondRegion.region names, us-west-2",
        allowed: "us-west-2 and a letter",
        fix: "correct the zone, or secondRegion.region",
      },
    ],
    [
      "the block of the first region",
      twoRegions({ network: { ...network, cidr: "10.0.0.0/16" } }),
      {
        key: "ecs-platform:secondRegion.network.cidr",
        value: "10.0.0.0/16",
        rule: "is the block of the first region, so the two could never be joined",
        allowed: "another private block",
        fix: "choose another block, such as 10.1.0.0/16",
      },
    ],
    [
      "no certificate where the first region has one",
      twoRegions({ certificateArn: undefined }),
      {
        key: "ecs-platform:secondRegion.certificateArn",
        value: undefined,
        rule: "is required with loadBalancer.certificateArn: a certificate is good for one region only",
        allowed: "the ARN of an ACM certificate in us-west-2",
        fix: "request the same certificate there, and name it",
      },
    ],
    [
      "a certificate where the first region has none",
      twoRegions({}, { "ecs-platform:loadBalancer": {} }),
      {
        key: "ecs-platform:secondRegion.certificateArn",
        value: `arn:aws:acm:us-west-2:123456789012:${CERTIFICATE}`,
        rule: "stands without loadBalancer.certificateArn",
        allowed: "nothing",
        fix: "remove it, or give the first region its certificate, too",
      },
    ],
    [
      "no way out there for what needs one",
      twoRegions({
        network: { ...network, nat: "none", interfaceEndpoints: ["ecr.api", "ecr.dkr"] },
      }),
      {
        key: "ecs-platform:secondRegion.network.interfaceEndpoints",
        value: ["ecr.api", "ecr.dkr"],
        rule: "lacks logs, which tasks, hosts or bastion reach in no other way with nat: none",
        allowed: "a list with logs",
        fix: "add them, or set secondRegion.network.nat to single",
      },
    ],
  ];
  for (const [title, config, problem] of refused) {
    it(`refuses ${title}`, () => {
      assert.deepEqual(
        problemsOf(config).find(({ key }) => key === problem.key),
        problem,
      );
    });
  }

  it("takes the same settings put right", () => {
    assert.deepEqual(problemsOf(twoRegions()), []);
  });
});
