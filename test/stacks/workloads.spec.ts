import * as assert from "node:assert/strict";
import { loadConfig } from "../../stacks/config";
import { SettingsError, type Problem } from "../../components/support/problem";
import type { Run } from "../support/run";
import { type StackConfig, runPlatform, smallConfig, sourceOf } from "./support";

type Section = Record<string, Record<string, unknown>>;

const image = "public.ecr.aws/docker/library/busybox:1.37";

/** Services that call each other, tasks, and a file system that all of them mount. */
function workloads(): StackConfig & Record<string, Section> {
  const volumes = { files: { fileSystem: "uploads", path: "/data" } };
  return {
    ...smallConfig(),
    "ecs-platform:cluster": { serviceConnect: true },
    "ecs-platform:services": {
      // Before what it calls, by name: services are made in the order of their calls.
      api: { image, calls: ["orders"], databases: ["orders-db"], volumes },
      orders: { image, connect: {}, calls: ["stock"] },
      stock: { image, connect: { port: 80 } },
    },
    "ecs-platform:tasks": {
      migrate: { image, databases: ["orders-db"], exec: true },
      report: { image, schedule: { expression: "rate(1 day)" }, volumes },
    },
    "ecs-platform:fileSystems": { uploads: {} },
  } as unknown as StackConfig & Record<string, Section>;
}

function problemsOf(change: (config: Record<string, Section>) => void): readonly Problem[] {
  const config = workloads();
  change(config);
  try {
    loadConfig(sourceOf(config));
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

const service = (config: Record<string, Section>, name: string) => {
  const settings = config["ecs-platform:services"]?.[name];
  assert.ok(settings !== undefined);
  return settings;
};

const MISTAKES: readonly {
  readonly title: string;
  readonly change: (config: Record<string, Section>) => void;
  readonly problem: Problem;
}[] = [
  {
    title: "a call to a service that is misspelt",
    change: (config) => (service(config, "api")["calls"] = ["order"]),
    problem: {
      key: "ecs-platform:services.api.calls[0]",
      value: "order",
      rule: "names no service of this stack",
      allowed: "api, orders, stock",
      fix: 'did you mean "orders"?',
    },
  },
  {
    title: "a call to nobody",
    change: (config) => (service(config, "api")["calls"] = ["billing"]),
    problem: {
      key: "ecs-platform:services.api.calls[0]",
      value: "billing",
      rule: "names no service of this stack",
      allowed: "api, orders, stock",
      fix: "correct it, or remove it",
    },
  },
  {
    title: "a call to a service that nobody finds",
    change: (config) => (service(config, "stock")["calls"] = ["api"]),
    problem: {
      key: "ecs-platform:services.stock.calls[0]",
      value: "api",
      rule: "names a service without connect, which nobody finds",
      allowed: "a service with connect",
      fix: "add connect: {} to api",
    },
  },
  {
    title: "calls in a circle",
    change: (config) => (service(config, "stock")["calls"] = ["orders"]),
    problem: {
      key: "ecs-platform:services.orders.calls",
      value: ["stock"],
      rule: "goes round in a circle: orders calls stock calls orders. Tasks learn only those names that are there when they are deployed",
      allowed: "calls in one direction",
      fix: "let one of them be called through the load balancer",
    },
  },
  {
    title: "a service that calls itself",
    change: (config) => (service(config, "stock")["calls"] = ["stock"]),
    problem: {
      key: "ecs-platform:services.stock.calls",
      value: ["stock"],
      rule: "goes round in a circle: stock calls stock. Tasks learn only those names that are there when they are deployed",
      allowed: "calls in one direction",
      fix: "let one of them be called through the load balancer",
    },
  },
  {
    title: "a variable that a call gives",
    change: (config) => (service(config, "orders")["environment"] = { STOCK_URL: "http://x" }),
    problem: {
      key: "ecs-platform:services.orders.environment.STOCK_URL",
      value: "http://x",
      rule: 'is a variable that the connection to "stock" gives',
      allowed: "any other name than STOCK_HOST, STOCK_PORT, STOCK_URL",
      fix: "remove it, or rename it",
    },
  },
  {
    title: "a container with the name of its service",
    change: (config) => (service(config, "stock")["sidecars"] = { stock: { image } }),
    problem: {
      key: "ecs-platform:services.stock.sidecars.stock",
      value: "stock",
      rule: "is the name of the task's own container",
      allowed: "any other name than stock",
      fix: "rename it",
    },
  },
  {
    title: "a file system that is not there",
    change: (config) => (config["ecs-platform:fileSystems"] = { files: {} }),
    problem: {
      key: "ecs-platform:services.api.volumes.files.fileSystem",
      value: "uploads",
      rule: "names no file system that is there",
      allowed: "files",
      fix: "correct the name, or add the file system",
    },
  },
  {
    title: "a task with the name of a service",
    change: (config) => (config["ecs-platform:tasks"] = { stock: { image } }),
    problem: {
      key: "ecs-platform:tasks.stock",
      value: "stock",
      rule: "is the name of a service, too",
      allowed: "a name of its own",
      fix: "rename one of the two",
    },
  },
  {
    title: "a task's database that is not there",
    change: (config) => (config["ecs-platform:tasks"] = { clean: { image, databases: ["x-db"] } }),
    problem: {
      key: "ecs-platform:tasks.clean.databases[0]",
      value: "x-db",
      rule: "names no database of this stack",
      allowed: "orders-db",
      fix: "add it under ecs-platform:databases, or remove it here",
    },
  },
  {
    title: "a task on hosts that are not there",
    change: (config) =>
      (config["ecs-platform:tasks"] = { clean: { image, capacity: { EC2: {} } } }),
    problem: {
      key: "ecs-platform:tasks.clean.capacity",
      value: { EC2: { base: 0, weight: 1 } },
      rule: "names EC2, and the cluster has no hosts",
      allowed: "FARGATE, FARGATE_SPOT or both",
      fix: "add ec2 to the cluster, or take Fargate",
    },
  },
  {
    title: "a task that wants a vault",
    change: (config) => (config["ecs-platform:tasks"] = { clean: { image, vaultKeys: ["TOKEN"] } }),
    problem: {
      key: "ecs-platform:tasks.clean.vaultKeys",
      value: ["TOKEN"],
      rule: "needs a vault",
      allowed: "no keys without a vault",
      fix: "give it a vault, or remove vaultKeys",
    },
  },
  {
    title: "a task that calls a service",
    change: (config) => (config["ecs-platform:tasks"] = { clean: { image, calls: ["orders"] } }),
    problem: {
      key: "ecs-platform:tasks.clean.calls",
      value: ["orders"],
      rule: "is not a known key",
      allowed: "",
      fix: "remove it",
    },
  },
];

describe("services that call each other, tasks and file systems", () => {
  it("are taken where they fit together", () => {
    assert.deepEqual(
      problemsOf(() => undefined),
      [],
    );
  });

  for (const { title, change, problem } of MISTAKES) {
    it(`are refused with ${title}`, () => {
      const [first, ...others] = problemsOf(change);
      assert.ok(first !== undefined, "a problem");
      const sameKey = others.filter(({ key }) => key === problem.key);
      assert.deepEqual(sameKey, []);
      // Of an unknown key the list of known ones is long, and tested elsewhere.
      const allowed = problem.allowed === "" ? first.allowed : problem.allowed;
      assert.deepEqual(first, { ...problem, allowed });
    });
  }

  it("are refused with a connection in two kinds by one name", () => {
    const problems = problemsOf((config) => {
      const databases = config["ecs-platform:databases"] ?? {};
      config["ecs-platform:databases"] = { ...databases, orders: databases["orders-db"] ?? {} };
      service(config, "api")["databases"] = ["orders"];
    });
    assert.deepEqual(
      problems.filter(({ key }) => key === "ecs-platform:services.api.calls[0]"),
      [
        {
          key: "ecs-platform:services.api.calls[0]",
          value: "orders",
          rule: "names what databases of this service names too, and both would give the same variables",
          allowed: "a name of its own for everything that a service is connected to",
          fix: "rename one of the two",
        },
      ],
    );
  });

  it("are refused where the cluster has no Service Connect", () => {
    const problems = problemsOf((config) => (config["ecs-platform:cluster"] = {}));
    assert.deepEqual(problems, [
      {
        key: "ecs-platform:services.orders.connect",
        value: { protocol: "http" },
        rule: "needs Service Connect, which is off in the cluster",
        allowed: "connect with cluster.serviceConnect: true",
        fix: "set ecs-platform:cluster.serviceConnect: true, or remove connect",
      },
      {
        key: "ecs-platform:services.stock.connect",
        value: { port: 80, protocol: "http" },
        rule: "needs Service Connect, which is off in the cluster",
        allowed: "connect with cluster.serviceConnect: true",
        fix: "set ecs-platform:cluster.serviceConnect: true, or remove connect",
      },
    ]);
  });

  describe("as they are deployed", () => {
    let run: Run;
    before(async () => {
      run = await runPlatform(workloads());
    });

    it("give the caller the address of what it calls", () => {
      const [container] = run
        .one("aws:ecs/taskDefinition:TaskDefinition", "api-task")
        .jsonInput("containerDefinitions") as { environment: { name: string; value: string }[] }[];
      const given = container?.environment.filter(({ name }) =>
        /^ORDERS_(URL|PORT|HOST)$/.test(name),
      );
      assert.deepEqual(given, [
        { name: "ORDERS_HOST", value: "orders" },
        { name: "ORDERS_PORT", value: "3000" },
        { name: "ORDERS_URL", value: "http://orders:3000" },
      ]);
    });

    it("come after what they call", () => {
      const order = run.resources
        .filter(({ type }) => type === "ecs-platform:index:EcsService")
        .map(({ name }) => name);
      assert.deepEqual(order, ["stock", "orders", "api"]);
    });

    it("open the way from caller to called, under the caller", () => {
      const rule = run.one(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "api-to-orders-in",
      );
      assert.equal(rule.input("securityGroupId"), "orders-security-group-id");
      assert.equal(rule.input("referencedSecurityGroupId"), "api-security-group-id");
      assert.equal(run.parentOf(rule)?.name, "api");
    });

    it("share the namespace of the cluster", () => {
      const namespace = run.one("aws:servicediscovery/httpNamespace:HttpNamespace");
      assert.equal(namespace.name, "platform-namespace");
      const joined = run
        .all("aws:ecs/service:Service")
        .map((each) => each.input("serviceConnectConfiguration.namespace"));
      assert.deepEqual(joined, Array(3).fill(namespace.outputs["arn"]));
    });

    it("mount the file system, in the zones of the network", () => {
      assert.deepEqual(
        run.all("aws:efs/mountTarget:MountTarget").map(({ name }) => name),
        ["uploads-mount-a", "uploads-mount-b"],
      );
      for (const task of ["api-task", "report-task"]) {
        const definition = run.one("aws:ecs/taskDefinition:TaskDefinition", task);
        assert.match(
          JSON.stringify(definition.input("volumes")),
          /"fileSystemId":"uploads-files-id"/,
        );
      }
    });

    it("protect the file system, unless the stack is unprotected", async () => {
      const type = "aws:efs/fileSystem:FileSystem";
      assert.equal(run.one(type).protect, true);
      const config = { ...workloads(), "ecs-platform:unprotectedBecause": "made and destroyed" };
      assert.equal((await runPlatform(config)).one(type).protect, false);
    });

    it("say how tasks are run and where their logs are", () => {
      const commands = run.outputs["commands"] as Record<string, Record<string, string>>;
      assert.deepEqual(Object.keys(commands["run"] ?? {}), ["migrate", "report"]);
      assert.match(commands["run"]?.["migrate"] ?? "", /^aws ecs run-task --cluster platform-/);
      assert.match(commands["logs"]?.["report"] ?? "", /report-logs/);
    });

    it("let tasks query their databases", () => {
      const rule = run.one(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "migrate-to-orders-db-in",
      );
      assert.equal(rule.input("referencedSecurityGroupId"), "migrate-security-group-id");
    });
  });
});
