import * as assert from "node:assert/strict";
import { SecurityHub, type SecurityHubArgs } from "../../components";
import { build } from "./support";

const ACCOUNT = "aws:securityhub/account:Account";
const STANDARD = "aws:securityhub/standardsSubscription:StandardsSubscription";

const HUB = {
  resources: {
    [ACCOUNT]: () => ({ arn: "arn:aws-cn:securityhub:cn-north-1:123456789012:hub/default" }),
  },
};
const hub = (args: SecurityHubArgs = {}) => build(() => new SecurityHub("hub", args), HUB);

describe("SecurityHub", () => {
  it("measures by AWS's best practices and nothing else", async () => {
    const run = await hub();
    assert.deepEqual(run.children, [`${ACCOUNT} hub-account`, `${STANDARD} hub-bestPractices`]);
    assert.deepEqual(run.one(ACCOUNT).inputs, {
      enableDefaultStandards: false,
      autoEnableControls: true,
      controlFindingGenerator: "SECURITY_CONTROL",
    });
    assert.equal(
      run.one(STANDARD).input("standardsArn"),
      "arn:aws-cn:securityhub:cn-north-1::standards/aws-foundational-security-best-practices/v/1.0.0",
    );
  });

  it("measures by the other standards where they are asked for", async () => {
    const run = await hub({ standards: { bestPractices: false, cis: true, nist: true } });
    assert.deepEqual(
      run.all(STANDARD).map((standard) => standard.input("standardsArn")),
      [
        "arn:aws-cn:securityhub:cn-north-1::standards/cis-aws-foundations-benchmark/v/3.0.0",
        "arn:aws-cn:securityhub:cn-north-1::standards/nist-800-53/v/5.0.0",
      ],
    );
  });
});
