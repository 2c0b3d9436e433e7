import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { LocalStack } from "../local-stack";
import { type Outcome, describeCounts } from "../operation-events";
import { labelOf } from "../resources";
import type { Checks } from "./checks";
import { callLoadBalancing } from "./emulated-call";
import { describeChange } from "./expectations";
import { withStack } from "./in-process";
import { freshStack, ROOT } from "./local-run";

const STACK = "dev";
const SERVICES = "ecs-platform:services";
const UNPROTECTED = "it is made and destroyed by a check";

/** One service of each strategy. */
const STRATEGIES = {
  blue: {
    strategy: "BLUE_GREEN",
    bakeTimeMinutes: 0,
    rollbackAlarms: { errorsPerMinute: 10, p99Seconds: 2 },
  },
  canary: { strategy: "CANARY", canary: { percent: 10 } },
  linear: { strategy: "LINEAR", linear: { stepPercent: 25 } },
};

/** One that goes from rolling deployments to blue/green ones and back, the way that AWS describes. */
const SWITCHED = "switched";
const WAY_THERE = {
  "the parts of another strategy": { shiftReady: true },
  "blue/green deployments": { strategy: "BLUE_GREEN" },
};
const WAY_BACK = {
  "rolling deployments, with the parts": { shiftReady: true },
};

/** An entry of a rule's target groups. */
interface Weighted {
  readonly arn: string;
  readonly weight: number;
}

/** Deploys services of every strategy, moves their requests as ECS does, and sees that no deployment moves them back. */
export async function checkRollouts({ check }: Checks): Promise<void> {
  const test = await freshStack(STACK, "rollouts-test");
  const stackFile = join(test.stateFolder, "rollouts.yaml");
  writeFileSync(stackFile, stringify({ config: configWith({}) }));
  const options = { project: ROOT, stack: STACK, stackFile, folder: test.folder };

  await withStack(options, async (local) => {
    const isDeployed = await check("services of every strategy deploy", async () => {
      const { outcome } = await local.operate("up", "Deploying");
      expectChanges(outcome, "created");
      expectNothing(await up(local));
      return describeCounts(outcome.counts);
    });
    if (isDeployed) await checkMoved(local, { check });
    if (isDeployed) await checkSwitch(local, { check });
    await check("services of every strategy are destroyed to nothing", async () => {
      const { outcome } = await local.operate("destroy", "Destroying");
      assert.deepEqual(await local.resources(), []);
      return describeCounts(outcome.counts);
    });
  });
}

/** Weights that ECS has moved are no change, before a refresh or after it. */
async function checkMoved(local: LocalStack, { check }: Pick<Checks, "check">): Promise<void> {
  const rules = Object.keys(STRATEGIES).flatMap((name) => [`${name}-rule`, `${name}-test-rule`]);
  await check("a deployment leaves the weights that ECS has moved", async () => {
    for (const rule of rules) await moveRequests(local, rule);
    expectNothing((await local.operate("previewRefresh", "Looking for drift")).outcome);
    expectNothing(await up(local));
    await refresh(local);
    expectNothing(await up(local));
    await refresh(local);
    for (const rule of rules) assert.deepEqual(await weights(local, rule), [0, 100], rule);
    return rules.join(", ");
  });
}

/** A service changes its strategy in place, and no deployment on its way moves a request. */
async function checkSwitch(local: LocalStack, { check }: Pick<Checks, "check">): Promise<void> {
  const rule = `${SWITCHED}-rule`;
  const to = async (deployment: object) => {
    local.configure(configWith(deployment));
    const outcome = await up(local);
    expectNothing(await up(local));
    await refresh(local);
    const others = outcome.changed.filter(({ change }) => change === "replaced");
    assert.deepEqual(others.map(describeChange), []);
    return outcome.changed.map(describeChange).join(", ");
  };
  for (const [title, deployment] of Object.entries(WAY_THERE)) {
    await check(`a service gets ${title} in place`, async () => {
      const changes = await to(deployment);
      assert.deepEqual(await weights(local, rule), [100, 0]);
      return changes;
    });
  }
  for (const [title, deployment] of Object.entries(WAY_BACK)) {
    await check(
      `a service goes back to ${title}, and its requests stay where they are`,
      async () => {
        await moveRequests(local, rule);
        const changes = await to(deployment);
        assert.deepEqual(await weights(local, rule), [0, 100]);
        return changes;
      },
    );
  }
  await check("a service gives the parts of another strategy up again", async () => {
    const changes = await to({});
    assert.equal(await weights(local, rule), undefined);
    return changes;
  });
}

function configWith(switched: object) {
  const services = Object.entries({ ...STRATEGIES, [SWITCHED]: switched });
  return {
    "pulumi:disable-default-providers": ["aws"],
    "aws:region": "us-east-1",
    "ecs-platform:network": {
      availabilityZones: ["us-east-1a", "us-east-1b"],
      nat: "single",
      flowLogs: { disabledBecause: "nothing is sent in this check" },
    },
    "ecs-platform:loadBalancer": { plainHttpBecause: "nobody sends a request in this check" },
    [SERVICES]: Object.fromEntries(
      services.map(([name, deployment], index) => [
        name,
        {
          image: "public.ecr.aws/nginx/nginx:1.29",
          port: 80,
          desiredCount: 1,
          route: { priority: 100 * (index + 1), paths: [`/${name}*`] },
          deployment,
        },
      ]),
    ),
    "ecs-platform:unprotectedBecause": UNPROTECTED,
  };
}

async function up(local: LocalStack): Promise<Outcome> {
  return (await local.operate("up", "Deploying")).outcome;
}

function expectNothing({ changed }: Outcome): void {
  assert.deepEqual(changed.map(describeChange), []);
}

function expectChanges({ changed }: Outcome, expected: string): void {
  const others = changed.filter(({ change }) => change !== expected);
  assert.deepEqual(others.map(describeChange), []);
  assert.ok(changed.length > 0, "nothing changed");
}

/** Turns the weights of a rule round, as ECS does at the end of a deployment. */
async function moveRequests(local: LocalStack, rule: string): Promise<void> {
  const { id = "" } = await ruleOf(local, rule);
  const [first, second] = (await groupsOf(local, rule)) ?? [];
  assert.ok(first && second, `${rule} has no two target groups`);
  const group = "Actions.member.1.ForwardConfig.TargetGroups.member";
  await callLoadBalancing(local.emulators, "ModifyRule", {
    RuleArn: id,
    "Actions.member.1.Type": "forward",
    [`${group}.1.TargetGroupArn`]: first.arn,
    [`${group}.1.Weight`]: String(second.weight),
    [`${group}.2.TargetGroupArn`]: second.arn,
    [`${group}.2.Weight`]: String(first.weight),
  });
}

/** Makes the state what the emulated AWS is. */
async function refresh(local: LocalStack): Promise<void> {
  await local.operate("refresh", "Refreshing");
}

/** In the state: of the first target group, then of the second; undefined where there is but one. */
async function weights(local: LocalStack, rule: string): Promise<number[] | undefined> {
  const groups = await groupsOf(local, rule);
  return groups?.map(({ weight }) => weight);
}

/** The target groups of a rule in the state, the first of the service first. */
async function groupsOf(local: LocalStack, rule: string): Promise<Weighted[] | undefined> {
  const { inputs } = await ruleOf(local, rule);
  const [action] = inputs?.["actions"] as { forward?: { targetGroups: Weighted[] } }[];
  const isSecond = ({ arn }: Weighted) => (/targetgroup\/[a-z0-9-]+-tg2-/.test(arn) ? 1 : 0);
  return action?.forward?.targetGroups.sort((left, right) => isSecond(left) - isSecond(right));
}

async function ruleOf(local: LocalStack, rule: string) {
  const found = (await local.resources()).find(
    ({ urn }) => labelOf(urn) === `ListenerRule ${rule}`,
  );
  assert.ok(found, `there is no ${rule}`);
  return found;
}
