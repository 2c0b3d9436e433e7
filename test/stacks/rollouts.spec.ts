import * as assert from "node:assert/strict";
import { SettingsError } from "../../components/support/problem";
import type { Problem } from "../../components/support/problem";
import { loadConfig } from "../../stacks/config";
import { type StackConfig, runPlatform, smallConfig, sourceOf } from "./support";

const SERVICES = "ecs-platform:services";
const image = "public.ecr.aws/nginx/nginx:1.29";
const blueGreen = { strategy: "BLUE_GREEN" };

const stackWith = (services: object, others: object = {}): StackConfig => {
  const { "ecs-platform:databases": _, ...config } = smallConfig();
  return { ...config, [SERVICES]: services, ...others };
};

function problemsOf(config: StackConfig): readonly Problem[] {
  try {
    loadConfig(sourceOf(config));
    return [];
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.problems;
  }
}

const service = (priority: number, deployment: object = {}, path = `/${priority}*`) => ({
  image,
  route: { priority, paths: [path] },
  deployment,
});

describe("Rollouts of a stack", () => {
  it("show how to ask new tasks before anybody else does", async () => {
    const run = await runPlatform(
      stackWith({ api: service(100, blueGreen, "/api/*"), web: service(200) }),
    );
    const { commands } = run.outputs as { commands: Record<string, unknown> };
    assert.deepEqual(commands["test"], {
      api: "curl --include --header 'x-ecs-platform-test: 1a2b3c4d' http://load-balancer-alb-1a2b3c4-1234567890.us-east-1.elb.amazonaws.com/api/",
    });
    const without = await runPlatform(stackWith({ web: service(200) }));
    const others = without.outputs as { commands: Record<string, unknown> };
    assert.deepEqual(["logs" in others.commands, "test" in others.commands], [true, false]);
  });

  it("take no priority of another rule for test requests", () => {
    const taken = (key: string, value: number | undefined, rule: string, others: string) => ({
      key: `${SERVICES}.${key}`,
      value,
      rule: `${rule}, and a listener takes each once`,
      allowed: `1 to 50000, but for ${others}`,
      fix: "give it another number; the lower one is tried first",
    });
    assert.deepEqual(problemsOf(stackWith({ web: service(99), api: service(100, blueGreen) })), [
      taken(
        "api.deployment.testTraffic.priority",
        undefined,
        "is 99 by default, the priority of web too",
        "99, 100",
      ),
    ]);
    const testTraffic = { priority: 50 };
    assert.deepEqual(
      problemsOf(
        stackWith({
          web: service(100, { ...blueGreen, testTraffic }),
          api: service(200, { shiftReady: true, testTraffic }),
        }),
      ),
      [
        taken(
          "web.deployment.testTraffic.priority",
          50,
          "is the priority of api's test requests too",
          "50, 100, 200",
        ),
      ],
    );
    assert.deepEqual(problemsOf(stackWith({ web: service(98), api: service(100, blueGreen) })), []);
  });

  it("leave pages for people the priorities of test requests no more than others", () => {
    const grafana = {
      route: {
        priority: 99,
        hosts: ["grafana.example.com"],
        unencryptedBecause: "nobody logs in during a test",
      },
    };
    const config = stackWith({ api: service(100, blueGreen) }, { "ecs-platform:grafana": grafana });
    assert.deepEqual(
      problemsOf(config).map(({ key, rule }) => [key, rule]),
      [
        [
          "ecs-platform:grafana.route.priority",
          "is the priority of api's test requests too, and a listener takes each once",
        ],
      ],
    );
  });

  it("need room for the header beside the names of the domains", () => {
    const names = ["a.example.com", "b.example.com", "c.example.com", "d.example.com"];
    const config = (deployment: object) =>
      stackWith(
        { api: service(100, deployment) },
        {
          "ecs-platform:loadBalancer": {},
          "ecs-platform:domains": { main: { zone: "example.com", zoneId: "Z1", names } },
        },
      );
    assert.deepEqual(problemsOf(config({})), []);
    assert.deepEqual(
      problemsOf(config(blueGreen)).map(({ key }) => key),
      [`${SERVICES}.api.route.hosts`],
    );
  });

  it("need hosts for all new tasks beside the old ones", () => {
    const onHosts = (deployment: object) =>
      stackWith(
        { api: { ...service(100, deployment), capacity: { EC2: {} }, desiredCount: 3 } },
        {
          "ecs-platform:cluster": { ec2: { instanceTypes: ["t3.small"], minSize: 1, maxSize: 2 } },
        },
      );
    assert.deepEqual(problemsOf(onHosts({})), []);
    assert.deepEqual(
      problemsOf(onHosts(blueGreen)).map(({ key, rule }) => [key, rule]),
      [
        [
          "ecs-platform:cluster.ec2.maxSize",
          "leaves no room: the services have 6 tasks at least, those of a deployment included, and the hosts network interfaces for 4",
        ],
      ],
    );
  });
});
