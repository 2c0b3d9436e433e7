import * as assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { EcsService, type EcsServiceArgs } from "../../components";
import { connectionVariables } from "../../components/ecs-service/connection";
import { ecsServiceSettings } from "../../components/ecs-service/settings";
import { runProgram } from "../support/run-program";
import {
  build,
  cluster as bareCluster,
  inputsByName,
  itBounds,
  itRefuses,
  network,
  noChoice,
  refusal,
  sourcesOf,
} from "./support";

const NAMESPACE = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-1";
const cluster = { ...bareCluster, serviceConnectNamespaceArn: NAMESPACE };

const happy = (): EcsServiceArgs => ({ cluster, network, image: "nginx:1.29", connect: {} });

/** Something that others call, as a service offers itself. */
const orders = {
  connection: {
    environment: { HOST: "orders", PORT: "3000", URL: "http://orders:3000" },
    secrets: {},
    listener: { securityGroupId: "sg-orders", port: 3000 },
    permissions: [],
    isFoundByServiceConnect: true,
  },
};

const SERVICE = "aws:ecs/service:Service";

const logConfiguration = {
  logDriver: "awslogs",
  options: {
    "awslogs-group": "api-logs-1a2b3c4",
    "awslogs-region": "us-east-1",
    "awslogs-stream-prefix": "service-connect",
    mode: "non-blocking",
    "max-buffer-size": "25m",
  },
};

describe("EcsService, Service Connect", () => {
  it("is out of it by itself, also where the cluster has a namespace", async () => {
    const { connect: _, ...rest } = happy();
    const run = await build(() => new EcsService("api", rest));
    assert.equal(run.one(SERVICE).input("serviceConnectConfiguration"), undefined);
  });

  it("is found by its name, at the port that its container listens on", async () => {
    const run = await build(() => new EcsService("api", happy()));
    assert.deepEqual(run.one(SERVICE).input("serviceConnectConfiguration"), {
      enabled: true,
      namespace: NAMESPACE,
      logConfiguration,
      services: [
        {
          portName: "main",
          discoveryName: "api",
          clientAlias: [{ dnsName: "api", port: 3000 }],
        },
      ],
    });
  });

  it("is found at another port where the settings name one", async () => {
    const run = await build(() => new EcsService("api", { ...happy(), connect: { port: 80 } }));
    assert.deepEqual(run.one(SERVICE).input("serviceConnectConfiguration.services.0.clientAlias"), [
      { dnsName: "api", port: 80 },
    ]);
  });

  it("lets requests take as long as the settings say", async () => {
    const connect = { timeoutSeconds: 0 };
    const run = await build(() => new EcsService("api", { ...happy(), connect }));
    assert.deepEqual(run.one(SERVICE).input("serviceConnectConfiguration.services.0.timeout"), {
      perRequestTimeoutSeconds: 0,
    });
  });

  for (const [protocol, port] of [
    ["http", { name: "main", appProtocol: "http" }],
    ["http2", { name: "main", appProtocol: "http2" }],
    ["grpc", { name: "main", appProtocol: "grpc" }],
    ["tcp", { name: "main" }],
  ] as const) {
    it(`names its port, for ${protocol}`, async () => {
      const args = { ...happy(), connect: { protocol, port: 80 } };
      const run = await build(() => new EcsService("api", args));
      const [container] = run
        .one("aws:ecs/taskDefinition:TaskDefinition")
        .jsonInput("containerDefinitions") as [Record<string, unknown>];
      assert.deepEqual(container["portMappings"], [
        { containerPort: 3000, hostPort: 3000, protocol: "tcp", ...port },
      ]);
    });
  }

  it("joins to call others without being found itself", async () => {
    const args = { ...happy(), connect: undefined, connections: { orders } };
    const run = await build(() => new EcsService("api", args));
    assert.deepEqual(run.one(SERVICE).input("serviceConnectConfiguration"), {
      enabled: true,
      namespace: NAMESPACE,
      logConfiguration,
    });
  });

  it("opens a passage to what it calls, on the port of the container there", async () => {
    const run = await build(() => new EcsService("api", { ...happy(), connections: { orders } }));
    assert.deepEqual(
      inputsByName(run, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
      {
        "api-to-orders-in": {
          securityGroupId: "sg-orders",
          referencedSecurityGroupId: "api-security-group-id",
          description: "Calls from api to orders",
          ipProtocol: "tcp",
          fromPort: 3000,
          toPort: 3000,
        },
      },
    );
  });

  for (const [title, connect, url] of [
    ["its own port", {}, "http://api:3000"],
    ["another port", { port: 80 }, "http://api:80"],
    ["HTTP 2", { protocol: "http2" }, "http://api:3000"],
    ["gRPC", { protocol: "grpc" }, "grpc://api:3000"],
    ["TCP", { protocol: "tcp", port: 6379 }, "tcp://api:6379"],
  ] as const) {
    it(`offers a connection to others: ${title}`, async () => {
      const { outputs } = await runProgram(() => {
        const { connection } = new EcsService("api", { ...happy(), connect });
        assert.ok(connection !== undefined);
        const variables = connectionVariables({ "main-api": { connection } }, "environment");
        const { secrets, listener, permissions, isFoundByServiceConnect } = connection;
        return { variables, secrets, listener, permissions, isFoundByServiceConnect };
      });
      assert.deepEqual(outputs, {
        variables: {
          MAIN_API_HOST: "api",
          MAIN_API_PORT: url.split(":")[2],
          MAIN_API_URL: url,
        },
        secrets: {},
        listener: { securityGroupId: "api-security-group-id", port: 3000 },
        permissions: [],
        isFoundByServiceConnect: true,
      });
    });
  }

  it("has whoever calls it wait until it stands", async () => {
    const run = await runProgram(() => {
      const { connection } = new EcsService("api", happy());
      new aws.ssm.Parameter("user", { type: "String", value: connection?.environment["URL"] });
    });
    assert.ok(
      sourcesOf(run, run.one("aws:ssm/parameter:Parameter"), "value").includes(
        "aws:ecs/service:Service api-service",
      ),
    );
  });

  it("offers none without connect", async () => {
    const { outputs } = await runProgram(() => ({
      offers: new EcsService("api", { ...happy(), connect: undefined }).connection !== undefined,
    }));
    assert.deepEqual(outputs, { offers: false });
  });

  for (const [title, change, needs] of [
    ["being found", {}, "connect"],
    ["a call", { connect: undefined, connections: { orders } }, "connections.orders"],
    ["both", { connections: { orders } }, "connect, connections.orders"],
  ] as const) {
    it(`refuses ${title} in a cluster without a namespace`, async () => {
      const args = { ...happy(), cluster: bareCluster, ...change };
      const error = await refusal(() => new EcsService("api", args));
      assert.deepEqual(error.problems, [
        {
          key: "cluster.serviceConnectNamespaceArn",
          value: undefined,
          rule: `is required with ${needs}`,
          allowed: "an EcsCluster with serviceConnect, or the ARN of a namespace",
          fix: "turn serviceConnect on in the cluster",
        },
      ]);
    });
  }

  const settings = { image: "nginx:1.29", connect: {} };
  itBounds(ecsServiceSettings, settings, {
    "connect.port": [1, 65535],
    "connect.timeoutSeconds": [0, 2147483647],
  });
  itRefuses(ecsServiceSettings, settings, {
    "a time for the requests of plain TCP": {
      change: { connect: { protocol: "tcp", timeoutSeconds: 0 } },
      problem: {
        key: "connect.timeoutSeconds",
        value: 0,
        rule: "has no meaning with protocol: tcp, which knows no requests",
        allowed: "nothing with tcp",
        fix: "remove it, or name the protocol",
      },
    },
    "another protocol": {
      change: { "connect.protocol": "https" },
      problem: noChoice("connect.protocol", "https", ["http", "http2", "grpc", "tcp"]),
    },
  });
});
