import assert from "node:assert/strict";
import { join } from "node:path";
import { collectDiagnostics, describeDiagnostics } from "../../local/diagnostics";
import { messageOf } from "../../local/errors";
import {
  describeComponents,
  describeGaps,
  describeOutputs,
  describeStandIns,
} from "../../local/report";
import { countByComponent, protectedResources, type StateResource } from "../../local/resources";

const SUBNET =
  "urn:pulumi:dev::ecs-platform::ecs-platform:index:Network$aws:ec2/subnet:Subnet::network-app-a";

function diagnose(...messages: readonly (readonly [string | undefined, string])[]): string {
  const { record, all } = collectDiagnostics();
  for (const [urn, message] of messages)
    record({ severity: "error", urn, message, color: "never" });
  return describeDiagnostics(all());
}

describe("errors of the engine", () => {
  it("are told by resource, once, without the provider's code positions", () => {
    const cause = "creating EC2 Subnet: InvalidVpcID.NotFound";
    const told = diagnose(
      [SUBNET, `  sdk-v2/provider2.go:571: sdk.helper_schema: ${cause}: provider=aws@7.48.0\n`],
      [SUBNET, `1 error occurred:\n\t* ${cause}\n\n\n`],
      [undefined, "update failed\n"],
    );
    assert.equal(told, `Subnet network-app-a\n  ${cause}`);
  });

  it("of the configuration are told once, as they are", () => {
    const message = "2 problems:\n\n  ecs-platform:a: 1\n    fix: 2";
    assert.equal(diagnose([undefined, `${message}\n`], [undefined, `${message}\n`]), message);
  });

  it("of the program are told with its own stack frames only", () => {
    const told = diagnose(
      [
        undefined,
        "Unhandled exception: Error: a bug\n" +
          `    at createPlatform (${process.cwd()}/stacks/platform.ts:12:3)\n` +
          "    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n" +
          `    at Stack.init (${process.cwd()}/node_modules/@pulumi/pulumi/stack.js:76:39)\n`,
      ],
      [undefined, "One or more errors occurred: a bug"],
    );
    assert.equal(told, "Error: a bug\n    at stacks/platform.ts:12");
  });

  it("that are all there is to say are told", () => {
    assert.equal(diagnose([undefined, "update failed"]), "update failed");
  });

  it("of the CLI are told without its command line", () => {
    const error = new Error(
      "code: -2\n stdout: \n stderr: Command failed with exit code 1: pulumi up\nerror: no stack\n err?: Error\nerror: no stack\n",
    );
    error.name = "CommandError";
    assert.equal(messageOf(error), "no stack");
  });
});

describe("the report of a run", () => {
  const resource = (type: string, name: string, more: Partial<StateResource> = {}) => ({
    urn: `urn:pulumi:dev::ecs-platform::${type}::${name}`,
    type,
    custom: true,
    ...more,
  });
  const stack = resource("pulumi:pulumi:Stack", "s", { custom: false });
  const network = resource("ecs-platform:index:Network", "network", {
    custom: false,
    parent: stack.urn,
  });
  const part = resource("ecs-platform:index:Part", "part", { custom: false, parent: network.urn });

  it("counts resources by component, those of nested components with the outer one", () => {
    const counts = countByComponent([
      stack,
      resource("pulumi:providers:aws", "aws", { parent: stack.urn }),
      network,
      part,
      resource("aws:ec2/vpc:Vpc", "vpc", { parent: network.urn }),
      resource("aws:ec2/subnet:Subnet", "subnet", { parent: part.urn }),
    ]);
    assert.deepEqual(Object.fromEntries(counts), { "Network network": 2, "the stack itself": 1 });
    assert.match(describeComponents(counts), /\n {2}Network network {6}2\n.*\n {2}total +3$/);
  });

  it("shows outputs as a tree, and no secret", () => {
    const told = describeOutputs({
      ids: { value: { vpcId: "vpc-1", subnets: ["a"] }, secret: false },
      password: { value: "hunter2", secret: true },
    });
    assert.equal(
      told,
      "Outputs\n  ids:\n    vpcId: vpc-1\n    subnets:\n      - a\n  password: [secret]",
    );
  });

  it("wraps what the emulated AWS lacks", () => {
    const gap = { service: "RDS", lacks: "the list of versions ".repeat(8), effect: "all pass" };
    const lines = describeGaps([gap]).split("\n");
    assert.ok(lines.length > 2);
    assert.ok(lines.every((line) => line.length <= 110));
    assert.match(lines[1] ?? "", /^ {2}- RDS: the list/);
  });

  it("says who answered in place of whom, and where to see it", () => {
    const record = join(process.cwd(), ".local", "dev", "stand-ins", "awsx.jsonl");
    const told = describeStandIns([
      { name: "awsx", requests: 1, record },
      { name: "cloudflare", requests: 2, record: "/elsewhere" },
    ]);
    assert.equal(
      told.split("\n").slice(0, 2).join("\n"),
      "A stand-in answered in place of\n  - awsx: 1 request, recorded in .local/dev/stand-ins/awsx.jsonl",
    );
    assert.match(told, /\n {2}- cloudflare: 2 requests, recorded in \S+elsewhere$/);
    assert.equal(describeStandIns([]), "");
  });

  it("finds what Pulumi or AWS would not delete", () => {
    const found = protectedResources([
      resource("a", "pulumi", { protect: true }),
      resource("b", "database", { inputs: { deletionProtection: true } }),
      resource("c", "load-balancer", { inputs: { enableDeletionProtection: true } }),
      resource("d", "free", { inputs: { deletionProtection: false } }),
    ]);
    assert.equal(found.length, 3);
  });
});
