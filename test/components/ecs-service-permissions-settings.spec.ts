import { ecsServiceSettings } from "../../components/ecs-service/settings";
import { itRefuses, itTakes, listWith, outOfBounds } from "./support";

const happy = { image: "nginx:1.29", desiredCount: 1 };

const noAction = (value: string) => ({
  change: { permissions: [{ actions: [value], resources: ["arn:aws:s3:::bucket"] }] },
  problem: {
    key: "permissions[0].actions[0]",
    value,
    rule: "must be an action of one service",
    allowed: "SERVICE:Action or SERVICE:Prefix*, never SERVICE:*",
    fix: 'name the actions the code calls, like "s3:GetObject"',
  },
});

const noResource = (value: string) => ({
  change: { permissions: [{ actions: ["s3:GetObject"], resources: [value] }] },
  problem: {
    key: "permissions[0].resources[0]",
    value,
    rule: "must be the ARN of what the service may touch",
    allowed: "ARNs; a * may stand in the last part",
    fix: 'name the resource, like "arn:aws:s3:::bucket/*"',
  },
});

describe("EcsService settings, permissions", () => {
  itTakes(ecsServiceSettings, happy, {
    "actions by prefix, on parts of a bucket": {
      permissions: [{ actions: ["s3:Get*"], resources: ["arn:aws:s3:::bucket/*"] }],
    },
    "a table of another partition": {
      permissions: [
        {
          actions: ["dynamodb:GetItem"],
          resources: ["arn:aws-cn:dynamodb:cn-north-1:123456789012:table/orders"],
        },
      ],
    },
  });

  itRefuses(ecsServiceSettings, happy, {
    "all actions of a service": noAction("s3:*"),
    "all actions": noAction("*"),
    "an action without service": noAction("GetObject"),
    "an action with something before it": noAction("aws s3:GetObject"),
    "an action with something behind it": noAction("s3:Get*Object"),
    "all resources": noResource("*"),
    "a resource with something before it": noResource("the arn:aws:s3:::bucket"),
    "two resources in one": noResource("arn:aws:s3:::one arn:aws:s3:::two"),
    "all resources of a service by half an ARN": noResource("arn:aws:s3"),
    "no action": {
      change: { permissions: [{ actions: [], resources: ["arn:aws:s3:::bucket"] }] },
      problem: outOfBounds(
        "permissions[0].actions",
        [],
        listWith("at least 1 entry", "SERVICE:Action or SERVICE:Prefix*, never SERVICE:*"),
      ),
    },
    "no resource": {
      change: { permissions: [{ actions: ["s3:GetObject"], resources: [] }] },
      problem: outOfBounds(
        "permissions[0].resources",
        [],
        listWith("at least 1 entry", "ARNs; a * may stand in the last part"),
      ),
    },
  });
});
