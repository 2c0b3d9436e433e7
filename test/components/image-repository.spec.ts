import * as assert from "node:assert/strict";
import { ImageRepository, type ImageRepositoryArgs } from "../../components";
import { imageRepositorySettings } from "../../components/image/repository-settings";
import { build, itBounds, itRefuses, itTakes, refusal } from "./support";

const REPOSITORY = "aws:ecr/repository:Repository";
const LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
const KEY = "arn:aws:kms:us-east-1:123456789012:key/1";

const make = (args?: ImageRepositoryArgs) => build(() => new ImageRepository("api", args));

describe("ImageRepository", () => {
  it("takes no tag twice but the moving one, and scans what it gets", async () => {
    const run = await make();
    assert.equal(run.component.type, "ecs-platform:index:ImageRepository");
    assert.deepEqual(run.children, [`${LIFECYCLE} api-lifecycle`, `${REPOSITORY} api-repository`]);
    assert.deepEqual(run.one(REPOSITORY).inputs, {
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      imageTagMutabilityExclusionFilters: [{ filter: "live", filterType: "WILDCARD" }],
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "AES256" }],
      forceDelete: false,
    });
  });

  it("takes no tag twice at all where none moves", async () => {
    const { inputs } = (await make({ movingTags: [] })).one(REPOSITORY);
    assert.equal(inputs["imageTagMutability"], "IMMUTABLE");
    assert.ok(!("imageTagMutabilityExclusionFilters" in inputs));
  });

  it("forgets old images, but none that a moving tag names, however old it is", async () => {
    const run = await make({ movingTags: ["live", "next"], keepImages: 5, untaggedDays: 1 });
    const policy = run.one(LIFECYCLE);
    assert.equal(policy.input("repository"), "api-repository-1a2b3c4");
    const action = { type: "expire" };
    const staying = (rulePriority: number, tag: string) => ({
      rulePriority,
      description: `The image that ${tag} names stays`,
      selection: {
        tagStatus: "tagged",
        tagPatternList: [tag],
        countType: "imageCountMoreThan",
        countNumber: 1,
      },
      action,
    });
    assert.deepEqual(policy.jsonInput("policy"), {
      rules: [
        staying(1, "live"),
        staying(2, "next"),
        {
          rulePriority: 3,
          description: "Images without a tag go after 1 days",
          selection: {
            tagStatus: "untagged",
            countType: "sinceImagePushed",
            countUnit: "days",
            countNumber: 1,
          },
          action,
        },
        {
          rulePriority: 4,
          description: "The newest 5 images stay",
          selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 5 },
          action,
        },
      ],
    });
  });

  it("encrypts with a key of one's own, and goes with its images, where that is said", async () => {
    const run = await make({ kmsKeyArn: KEY, deletionProtection: false });
    assert.deepEqual(run.one(REPOSITORY).input("encryptionConfigurations"), [
      { encryptionType: "KMS", kmsKey: KEY },
    ]);
    assert.equal(run.one(REPOSITORY).input("forceDelete"), true);
  });

  it("says where to push", async () => {
    const { component } = await make();
    assert.deepEqual(component.outputs, {
      repositoryUrl: "123456789012.dkr.ecr.us-east-1.amazonaws.com/api-repository-1a2b3c4",
      repositoryArn: "arn:aws:ecr:us-east-1:123456789012:repository/api-repository-1a2b3c4",
      repositoryName: "api-repository-1a2b3c4",
    });
  });

  it("lists every problem and registers nothing", async () => {
    const error = await refusal(
      () => new ImageRepository("api", { keepImages: 1, untaggedDays: 0 }),
    );
    assert.match(error.message, /^ImageRepository "api": 2 problems; nothing was created\.\n/);
  });
});

describe("the settings of a repository", () => {
  it("have these defaults", () => {
    assert.deepEqual(imageRepositorySettings.parse({}), {
      movingTags: ["live"],
      keepImages: 20,
      untaggedDays: 7,
    });
  });

  itBounds(imageRepositorySettings, {}, { keepImages: [2, 1000], untaggedDays: [1, 365] });

  itTakes(
    imageRepositorySettings,
    {},
    {
      "five moving tags": { movingTags: ["a", "B", "_c", "1.2", "d-e"] },
      "no moving tag": { movingTags: [] },
    },
  );

  const NO_TAG = {
    rule: "is not a tag of an image",
    allowed: "letters, digits and _ . -, at most 128, starting with a letter, a digit or _",
    fix: 'write it like "live"',
  };
  itRefuses(
    imageRepositorySettings,
    {},
    {
      "a pattern of moving tags": {
        change: { movingTags: ["live-*"] },
        problem: { key: "movingTags[0]", value: "live-*", ...NO_TAG },
      },
      "a tag that is too long": {
        change: { movingTags: ["a".repeat(129)] },
        problem: { key: "movingTags[0]", value: "a".repeat(129), ...NO_TAG },
      },
      "a moving tag twice": {
        change: { movingTags: ["live", "live"] },
        problem: {
          key: "movingTags",
          value: ["live", "live"],
          rule: "has an entry twice",
          allowed: "different tags",
          fix: "remove the repeated entry",
        },
      },
      "an alias in place of a key": {
        change: { kmsKeyArn: "alias/images" },
        problem: {
          key: "kmsKeyArn",
          value: "alias/images",
          rule: "must be the ARN of a KMS key",
          allowed: "arn:aws:kms:REGION:ACCOUNT:key/ID",
          fix: "look it up by `aws kms describe-key --key-id alias/NAME`",
        },
      },
    },
  );

  it("take five moving tags at most, as ECR does", async () => {
    const movingTags = ["a", "b", "c", "d", "e", "f"];
    const { problems } = await refusal(() => new ImageRepository("api", { movingTags }));
    assert.deepEqual(
      problems.map(({ key, rule }) => `${key} ${rule}`),
      ["movingTags is out of bounds"],
    );
  });
});
