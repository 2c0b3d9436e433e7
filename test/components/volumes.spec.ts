import * as assert from "node:assert/strict";
import { EcsService, type EcsServiceArgs } from "../../components";
import { ecsServiceSettings } from "../../components/ecs-service/settings";
import {
  build,
  cluster,
  fileSystem,
  inputsByName,
  itRefuses,
  itTakes,
  network,
  refusal,
} from "./support";

const settings = {
  image: "nginx:1.29",
  sidecars: { agent: { image: "agent:1" } },
  initContainers: { config: { image: "busybox:1", writablePaths: [] } },
  sharedVolumes: {
    pages: { config: { path: "/out" }, main: { path: "/www", readOnly: true } },
  },
  volumes: { uploads: { fileSystem: "files", path: "/data" } },
};

const happy = (): EcsServiceArgs => ({
  ...settings,
  cluster,
  network,
  fileSystems: { files: fileSystem },
});

const TASK = "aws:ecs/taskDefinition:TaskDefinition";

interface Mounting {
  readonly name: string;
  readonly mountPoints: unknown;
}

async function mountsOf(args: EcsServiceArgs): Promise<Record<string, unknown>> {
  const run = await build(() => new EcsService("api", args));
  const containers = run.one(TASK).jsonInput("containerDefinitions") as unknown as Mounting[];
  return Object.fromEntries(containers.map(({ name, mountPoints }) => [name, mountPoints]));
}

const mount = (sourceVolume: string, containerPath: string, readOnly = false) => ({
  sourceVolume,
  containerPath,
  readOnly,
});

describe("Volumes", () => {
  it("are each container's own, shared by some, or kept on a file system", async () => {
    assert.deepEqual(await mountsOf(happy()), {
      api: [
        mount("tmp", "/tmp"),
        mount("pages_shared", "/www", true),
        mount("uploads_volume", "/data"),
      ],
      agent: [mount("agent_own-tmp", "/tmp")],
      config: [mount("pages_shared", "/out")],
    });
  });

  it("are mounted by TLS, with the rights of the task's role", async () => {
    const run = await build(() => new EcsService("api", happy()));
    assert.deepEqual(run.one(TASK).input("volumes"), [
      { name: "tmp" },
      { name: "pages_shared" },
      {
        name: "uploads_volume",
        efsVolumeConfiguration: {
          fileSystemId: "fs-1",
          transitEncryption: "ENABLED",
          authorizationConfig: { accessPointId: "fsap-1", iam: "ENABLED" },
        },
      },
      { name: "agent_own-tmp" },
    ]);
  });

  for (const [title, readOnly, actions] of [
    ["write to", false, ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]],
    ["only read", true, ["elasticfilesystem:ClientMount"]],
  ] as const) {
    it(`let the task ${title} the file system, through its access point alone`, async () => {
      const volumes = { uploads: { ...settings.volumes.uploads, readOnly } };
      const run = await build(() => new EcsService("api", { ...happy(), volumes }));
      const policy = run.one("aws:iam/rolePolicy:RolePolicy", "api-task-policy");
      assert.deepEqual(policy.jsonInput("policy"), {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: actions,
            Resource: [fileSystem.arn],
            Condition: {
              StringEquals: { "elasticfilesystem:AccessPointArn": fileSystem.accessPointArn },
            },
          },
        ],
      });
    });
  }

  it("let the task write where one of two volumes of a file system is for that", async () => {
    const volumes = {
      read: { fileSystem: "files", path: "/read", readOnly: true },
      write: { fileSystem: "files", path: "/write", container: "agent" },
    };
    const run = await build(() => new EcsService("api", { ...happy(), volumes }));
    const policy = run.one("aws:iam/rolePolicy:RolePolicy", "api-task-policy");
    assert.match(JSON.stringify(policy.jsonInput("policy")), /ClientWrite/);
    const mounts = (await mountsOf({ ...happy(), volumes }))["agent"];
    assert.deepEqual(mounts, [mount("agent_own-tmp", "/tmp"), mount("write_volume", "/write")]);
  });

  it("open a passage to the file systems that are mounted, and to no others", async () => {
    const fileSystems = { files: fileSystem, others: fileSystem };
    const run = await build(() => new EcsService("api", { ...happy(), fileSystems }));
    const through = {
      description: "Files of files for api",
      ipProtocol: "tcp",
      fromPort: 2049,
      toPort: 2049,
    };
    assert.deepEqual(
      inputsByName(run, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"),
      {
        "api-mounts-files-in": {
          securityGroupId: "sg-files",
          referencedSecurityGroupId: "api-security-group-id",
          ...through,
        },
      },
    );
  });

  it("refuse a file system that is not there", async () => {
    const error = await refusal(() => new EcsService("api", { ...happy(), fileSystems: {} }));
    assert.deepEqual(error.problems, [
      {
        key: "volumes.uploads.fileSystem",
        value: "files",
        rule: "names no file system that is there",
        allowed: "none: there is no file system",
        fix: "correct the name, or add the file system",
      },
    ]);
  });

  itTakes(ecsServiceSettings, settings, {
    "the same path in two containers": { "sharedVolumes.pages.agent": { path: "/www" } },
    "a path that would be writable anyway, where it is not": {
      writablePaths: [],
      "volumes.uploads.path": "/tmp",
    },
  });

  const hidden = (key: string, change: Record<string, unknown>, value: string, owner: string) => ({
    change,
    problem: {
      key,
      value,
      rule: `is a folder of ${owner} already`,
      allowed: "a path that the container has neither in writablePaths nor in another volume",
      fix: "choose another path, or remove the other one",
    },
  });

  const nobody = (key: string, change: Record<string, unknown>, value: unknown) => ({
    change,
    problem: {
      key,
      value,
      rule: "names no container of this task",
      allowed: "main, agent, config",
      fix: "correct the name",
    },
  });

  itRefuses(ecsServiceSettings, settings, {
    "a volume where the container may write anyway": hidden(
      "volumes.uploads.path",
      { "volumes.uploads.path": "/tmp" },
      "/tmp",
      "main",
    ),
    "two volumes at one place": hidden(
      "volumes.uploads.path",
      { "volumes.uploads.path": "/www" },
      "/www",
      "main",
    ),
    "a shared folder where a sidecar may write anyway": hidden(
      "sharedVolumes.pages.agent.path",
      { "sharedVolumes.pages.agent": { path: "/tmp" } },
      "/tmp",
      "agent",
    ),
    "a volume of a container that is not there": nobody(
      "volumes.uploads.container",
      { "volumes.uploads.container": "web" },
      "web",
    ),
    "a shared folder of a container that is not there": nobody(
      "sharedVolumes.pages.web",
      { "sharedVolumes.pages.web": { path: "/www" } },
      { path: "/www" },
    ),
    "a relative path": {
      change: { "volumes.uploads.path": "data" },
      problem: {
        key: "volumes.uploads.path",
        value: "data",
        rule: "must be an absolute path",
        allowed: "a path that starts with a slash",
        fix: 'write it like "/tmp"',
      },
    },
  });
});
