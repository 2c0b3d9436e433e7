import * as assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { ContainerImage, type ContainerImageArgs, EcsService } from "../../components";
import { runProgram } from "../support/run-program";
import { build, cluster, network, refusal } from "./support";

const IMAGE = "awsx:ecr:Image";
const REPOSITORY = "aws:ecr/repository:Repository";
const LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/1";
const context = path.join(__dirname, "image.fixture");

describe("ContainerImage", () => {
  const make = (args: Partial<ContainerImageArgs> = {}) =>
    build(() => new ContainerImage("api", { context, ...args }));
  const imageInputs = async (args?: Partial<ContainerImageArgs>) =>
    (await make(args)).one(IMAGE).inputs;

  it("builds into a repository of its own, which takes no tag twice and scans what it gets", async () => {
    const run = await make();
    assert.deepEqual(run.children, [
      `${LIFECYCLE} api-lifecycle`,
      `${REPOSITORY} api-repository`,
      `${IMAGE} api-image`,
    ]);
    assert.deepEqual(run.one(REPOSITORY).inputs, {
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "AES256" }],
      forceDelete: false,
    });
    const { imageTag, ...inputs } = run.one(IMAGE).inputs;
    assert.match(imageTag as string, /^[0-9a-f]{16}$/);
    assert.deepEqual(inputs, {
      repositoryUrl: "123456789012.dkr.ecr.us-east-1.amazonaws.com/api-repository-1a2b3c4",
      context,
      dockerfile: path.join(context, "Dockerfile"),
      args: {},
      platform: "linux/amd64",
    });
  });

  it("gives the image by its digest, and the repository", async () => {
    const run = await make();
    const { imageUri, repositoryUrl, repositoryArn } = run.component.outputs;
    const url = "123456789012.dkr.ecr.us-east-1.amazonaws.com/api-repository-1a2b3c4";
    assert.match(imageUri as string, new RegExp(`^${url}@sha256:[0-9a-f]{64}$`));
    assert.equal(repositoryUrl, url);
    assert.equal(
      repositoryArn,
      "arn:aws:ecr:us-east-1:123456789012:repository/api-repository-1a2b3c4",
    );
  });

  it("forgets images without a tag after days, and all but the newest", async () => {
    const rules = async (args?: Partial<ContainerImageArgs>) => {
      const { inputs } = (await make(args)).one(LIFECYCLE);
      assert.equal(inputs["repository"], "api-repository-1a2b3c4");
      return (JSON.parse(inputs["policy"] as string) as { rules: object[] }).rules;
    };
    const expire = { type: "expire" };
    const untagged = (countNumber: number) => ({
      rulePriority: 1,
      description: `Images without a tag go after ${countNumber} days`,
      selection: {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber,
      },
      action: expire,
    });
    const newest = (countNumber: number) => ({
      rulePriority: 2,
      description: `The newest ${countNumber} images stay`,
      selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber },
      action: expire,
    });
    assert.deepEqual(await rules(), [untagged(7), newest(20)]);
    assert.deepEqual(await rules({ keepImages: 5, untaggedDays: 1 }), [untagged(1), newest(5)]);
  });

  it("builds for the processor, from the Dockerfile, up to the stage and with the arguments given", async () => {
    const { platform, dockerfile, target, args } = await imageInputs({
      architecture: "ARM64",
      dockerfile: "Other.dockerfile",
      target: "server",
      args: { VERSION: "1" },
    });
    assert.equal(platform, "linux/arm64");
    assert.equal(dockerfile, path.join(context, "Other.dockerfile"));
    assert.equal(target, "server");
    assert.deepEqual(args, { VERSION: "1" });
  });

  it("encrypts with a key of one's own where it is given", async () => {
    const run = await make({ kmsKeyArn: KEY });
    assert.deepEqual(run.one(REPOSITORY).inputs["encryptionConfigurations"], [
      { encryptionType: "KMS", kmsKey: KEY },
    ]);
  });

  it("lets a repository go with its images where nothing is protected", async () => {
    const run = await make({ deletionProtection: false });
    assert.equal(run.one(REPOSITORY).inputs["forceDelete"], true);
  });

  describe("tags an image", () => {
    it("alike as long as nothing that decides what is in it changes", async () => {
      const args = { args: { A: "1", B: "2" }, target: "server" };
      const first = (await imageInputs(args))["imageTag"];
      assert.equal((await imageInputs({ ...args, args: { B: "2", A: "1" } }))["imageTag"], first);
      assert.equal((await imageInputs({ ...args, keepImages: 3 }))["imageTag"], first);
    });

    const differences: Record<string, Partial<ContainerImageArgs>> = {
      processor: { architecture: "ARM64" },
      stage: { target: "build" },
      argument: { args: { VERSION: "2" } },
    };
    for (const [title, difference] of Object.entries(differences)) {
      it(`otherwise for another ${title}`, async () => {
        const { imageTag } = await imageInputs(difference);
        assert.notEqual(imageTag, (await imageInputs())["imageTag"]);
      });
    }

    it("otherwise for another file", async () => {
      const copy = mkdtempSync(path.join(tmpdir(), "container-image-"));
      cpSync(context, copy, { recursive: true });
      const tag = async () => (await imageInputs({ context: copy }))["imageTag"];
      assert.equal(await tag(), (await imageInputs())["imageTag"]);
      writeFileSync(path.join(copy, "main.go"), "package main\n");
      assert.notEqual(await tag(), (await imageInputs())["imageTag"]);
      rmSync(copy, { recursive: true });
    });
  });

  it("refuses a context that is not there, before anything registers", async () => {
    const { problems } = await refusal(() => new ContainerImage("api", { context: "nowhere" }));
    assert.deepEqual(problems, [
      {
        key: "context",
        value: "nowhere",
        rule: "is not a folder",
        allowed: "a folder, as seen from the folder of Pulumi.yaml",
        fix: "create it, or correct the path",
      },
    ]);
  });

  it("is pulled by the execution role of its service, from its repository alone", async () => {
    const run = await runProgram(() => {
      const image = new ContainerImage("api", { context });
      new EcsService("api", { cluster, network, image: image.imageUri, desiredCount: 1 });
    });
    const [task] = run.all("aws:ecs/taskDefinition:TaskDefinition");
    assert.match(task?.inputs["containerDefinitions"] as string, /api-repository-1a2b3c4@sha256:/);
    const policy = run
      .all("aws:iam/rolePolicy:RolePolicy")
      .find(({ name }) => /execution/.test(name));
    const { Statement } = JSON.parse(policy?.inputs["policy"] as string) as {
      Statement: { Action: string[]; Resource: string[] }[];
    };
    const pull = Statement.find(({ Action }) => Action.includes("ecr:BatchGetImage"));
    assert.deepEqual(pull?.Resource, [
      "arn:aws:ecr:us-east-1:123456789012:repository/api-repository-1a2b3c4",
    ]);
  });
});
