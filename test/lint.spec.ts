/** Tries every house rule on the mistake it is there for, and on the way it recommends. */
import * as assert from "node:assert/strict";

import { Linter } from "eslint";

const inCallback = "Resources made in apply or then";
const runtime = "pulumi.runtime is for tests";
const configuration = "Components know no configuration";
const environment = "Components do not read the environment";
const outside = "Components stand below stacks";
const otherComponent = "A component imports only components/support and its own folder";
const support = "components/support serves every component";
const focused = "Remove .only";
const plainData = "Policies judge plain data";

const component = "components/database/database.ts";
const nested = "components/database/parts/proxy.ts";

const violations: [file: string, code: string, message: string][] = [
  [component, "vpc.id.apply((id) => new aws.ec2.Subnet(id));", inCallback],
  [component, "pulumi.all([a, b]).apply(([a]) => { if (a) { new Queue(a); } });", inCallback],
  ["index.ts", "load().then(function (value) { return new Topic(value); });", inCallback],
  ["stacks/platform.ts", "pulumi.runtime.getStack();", runtime],
  ["stacks/platform.ts", 'import { runtime } from "@pulumi/pulumi";', runtime],
  [component, 'import * as settings from "@pulumi/pulumi/runtime/settings";', runtime],
  [component, "new pulumi.Config();", configuration],
  [component, "pulumi.getStack();", configuration],
  [component, 'import { getProject } from "@pulumi/pulumi";', configuration],
  [component, "if (process.env.CI) { retain(); }", environment],
  [component, 'import { env } from "node:process";', environment],
  [component, 'import { loadConfig } from "../../stacks/config";', outside],
  [nested, 'import { run } from "../../../local/main";', outside],
  ["components/index.ts", 'export { runProgram } from "../test/support/run-program";', outside],
  [component, 'import { Network } from "../network/network";', otherComponent],
  [component, 'import { Network } from "../index";', otherComponent],
  [
    "components/grafana/grafana.ts",
    'import { Network } from "../network/network";',
    otherComponent,
  ],
  [component, 'import { url } from "../../index";', otherComponent],
  [nested, 'import { Network } from "../../network/network";', otherComponent],
  ["components/support/iam.ts", 'import { Bastion } from "../bastion/bastion";', support],
  ["test/components/network.spec.ts", 'it.only("works", () => {});', focused],
  ["policies/rules/network.ts", 'import * as aws from "@pulumi/aws";', plainData],
  ["policies/graph.ts", 'import { loadConfig } from "../stacks/config";', plainData],
  ["policies/rules/network.ts", 'import { Network } from "../../components";', plainData],
  ["policies/rules/tasks.ts", 'import { task } from "../../components/ecs-task/task";', plainData],
];

const allowed: [file: string, code: string][] = [
  ["policies/rules/network.ts", 'import { parseCidr } from "../../components/support/cidr";'],
  ["policies/index.ts", 'import { PolicyPack } from "@pulumi/policy";'],
  [component, "vpc.id.apply((id) => new Set([id, new URL(id), new RangeError(id)]));"],
  [component, "vpc.id.apply((id) => { throw new pulumi.RunError(id); });"],
  [component, 'import { policyDocument } from "../support/iam"; import { plan } from "./plan";'],
  [nested, 'import { policyDocument } from "../../support/iam"; import { plan } from "../plan";'],
  [
    "components/grafana/grafana.ts",
    'import { EcsService } from "../ecs-service/ecs-service"; import { panels } from "../monitoring/panels";',
  ],
  ["components/index.ts", 'export { Network } from "./network/network";'],
  [
    "stacks/config-source.ts",
    "new pulumi.Config(); pulumi.getStack(); pulumi.runtime.allConfig();",
  ],
  ["test/support/run-program.ts", "pulumi.runtime.setMocks(mocks);"],
];

describe("house rules", () => {
  let check: (file: string, code: string) => string[];

  before(async () => {
    const { houseRules } = await import("../scripts/house-rules.mjs");
    const linter = new Linter();
    check = (file, code) =>
      linter.verify(code, houseRules, { filename: file }).map(({ message }) => message);
  });

  for (const [file, code, message] of violations) {
    it(`refuse in ${file}: ${code}`, () => {
      const messages = check(file, code);
      assert.ok(
        messages.length === 1 && messages[0]?.includes(message),
        `expected "${message}", got ${JSON.stringify(messages)}`,
      );
    });
  }

  for (const [file, code] of allowed) {
    it(`allow in ${file}: ${code}`, () => {
      assert.deepEqual(check(file, code), []);
    });
  }
});
