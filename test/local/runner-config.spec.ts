import assert from "node:assert/strict";
import { emulatedConfig } from "../../local/local-stack";

describe("the configuration of a local run", () => {
  it("is that of the stack file, but for what belongs to an account", () => {
    assert.deepEqual(
      emulatedConfig(
        {
          "aws:region": "us-east-1",
          "aws:profile": "production",
          "aws:allowedAccountIds": ["111111111111"],
          "aws:assumeRoles": [{ roleArn: "arn:aws:iam::111111111111:role/deploy" }],
          "aws:endpoints": [{ s3: "https://example.com" }],
          "ecs-platform:bastion": {},
        },
        { providerConfig: { maxRetries: 2 } },
      ),
      { "aws:region": "us-east-1", "ecs-platform:bastion": {}, "aws:maxRetries": 2 },
    );
  });
});
