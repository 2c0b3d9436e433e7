import * as assert from "node:assert/strict";
import { Cache, type CacheArgs, EcsService } from "../../components";
import { CACHE_VARIABLES } from "../../components/cache/cache";
import { inputsByName, cluster, network } from "./support";
import { runProgram } from "../support/run-program";

const SECRET =
  "arn:aws:secretsmanager:us-east-1:123456789012:secret:sessions-secret-1a2b3c4-AbCdEf";

/** A service that is connected to a cache. */
async function serviceWith(args: Omit<CacheArgs, "network" | "engineVersion">) {
  const run = await runProgram(() => {
    const sessions = new Cache("sessions", { network, engineVersion: "8.1", ...args });
    const service = { cluster, network, image: "nginx:1.29", desiredCount: 1 };
    new EcsService("api", { ...service, connections: { sessions } });
  });
  const [container] = run
    .one("aws:ecs/taskDefinition:TaskDefinition")
    .jsonInput("containerDefinitions") as { environment: unknown; secrets: unknown }[];
  return { run, environment: container?.environment, secrets: container?.secrets };
}

const addresses = (host: string, readerHost: string) => [
  { name: "SESSIONS_HOST", value: host },
  { name: "SESSIONS_PORT", value: "6379" },
  { name: "SESSIONS_READER_HOST", value: readerHost },
  { name: "SESSIONS_URL", value: `rediss://${host}:6379` },
];

describe("Cache, connected to a service", () => {
  it("tells where it is, that it speaks TLS, and where its user is", async () => {
    const { environment, secrets } = await serviceWith({ nodes: { type: "cache.t4g.micro" } });
    const domain = "sessions-1a2b3c4d.abc123.use1.cache.amazonaws.com";
    assert.deepEqual(environment, addresses(`master.${domain}`, `replica.${domain}`));
    assert.deepEqual(secrets, [
      { name: "SESSIONS_PASSWORD", valueFrom: `${SECRET}:password::` },
      { name: "SESSIONS_USERNAME", valueFrom: `${SECRET}:username::` },
    ]);
    assert.deepEqual(
      [...CACHE_VARIABLES].sort().map((part) => `SESSIONS_${part}`),
      [...addresses("", ""), ...(secrets as { name: string }[])].map(({ name }) => name).sort(),
    );
  });

  it("has one address for everything where it is serverless", async () => {
    const { environment } = await serviceWith({ serverless: {} });
    const host = "sessions-1a2b3c4d-abc123.serverless.use1.cache.amazonaws.com";
    assert.deepEqual(environment, addresses(host, host));
  });

  it("is opened to the tasks of this service, on its port", async () => {
    const { run } = await serviceWith({ nodes: { type: "cache.t4g.micro" } });
    const through = {
      description: "Queries from api to sessions",
      ipProtocol: "tcp",
      fromPort: 6379,
      toPort: 6379,
    };
    const rules = inputsByName(run, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    assert.deepEqual(rules, {
      "api-to-sessions-in": {
        securityGroupId: "sessions-security-group-id",
        referencedSecurityGroupId: "api-security-group-id",
        ...through,
      },
    });
  });

  it("lets the execution role read this secret, and gives the code no right", async () => {
    const { run } = await serviceWith({ nodes: { type: "cache.t4g.micro" } });
    const policies = run.all("aws:iam/rolePolicy:RolePolicy");
    assert.deepEqual(
      policies.map(({ name }) => name),
      ["api-execution-policy"],
    );
    const { Statement: statements } = policies[0]?.jsonInput("policy") as {
      Statement: { Action: string[] }[];
    };
    assert.deepEqual(
      statements.filter(({ Action }) => Action.includes("secretsmanager:GetSecretValue")),
      [{ Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: [SECRET] }],
    );
  });
});
