import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "../../local/progress";
import { buildOnce, exists } from "../../local/toolchain/cache";
import { requireGo } from "../../local/toolchain/go";
import { findCli, findPlugin } from "../../local/toolchain/machine";
import { neededPlugins, pluginFolder } from "../../local/toolchain/plugin";
import { run } from "../../local/toolchain/run";
import { chosenSources, firstOf } from "../../local/toolchain/sources";
import { tokensOf } from "../../local/toolchain/tokens";
import { trimmedCopy } from "../../local/toolchain/trim";
import { vendor } from "../../local/toolchain/vendor";

describe("the local toolchain", () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "toolchain-"));
    environment = process.env;
    process.env = { ...environment, PULUMI_HOME: join(folder, "pulumi") };
  });
  afterEach(async () => {
    process.env = environment;
    await rm(folder, { recursive: true });
  });

  /** Writes files by name; those that start with `#!` can be run. */
  async function lay(files: Record<string, string>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
      if (content.startsWith("#!")) await chmod(join(folder, name), 0o755);
    }
  }

  describe("sources", () => {
    const all = {
      machine: () => fails("absent"),
      vendor: () => fails("mute"),
      build: () => fails("no Go"),
    };
    const fails = (message: string): Promise<string> => Promise.reject(new Error(message));

    it("are those of the environment variable, in its order", () => {
      assert.deepEqual(chosenSources({ ECS_PLATFORM_TOOLCHAIN: "build, machine" }), [
        "build",
        "machine",
      ]);
      assert.equal(chosenSources({}), undefined);
      assert.equal(chosenSources({ ECS_PLATFORM_TOOLCHAIN: "" }), undefined);
    });

    it("must be known ones", () => {
      assert.throws(
        () => chosenSources({ ECS_PLATFORM_TOOLCHAIN: "source" }),
        /ECS_PLATFORM_TOOLCHAIN is "source": it may be machine, vendor, build/,
      );
    });

    it("are tried in turn, and a failed download is told before the build it leads to", async () => {
      const progress = recorder();
      const ways = { ...all, build: () => Promise.resolve("built") };
      const result = await firstOf("CLI", ["machine", "vendor", "build"], progress, ways);
      assert.deepEqual(result, { found: "built", source: "build" });
      assert.deepEqual(progress.notes, ["CLI cannot be downloaded: mute"]);
    });

    it("that all fail give one error with all reasons", async () => {
      await assert.rejects(firstOf("CLI", ["machine", "vendor", "build"], recorder(), all), {
        message: "There is no CLI.\nmachine: absent\nvendor: mute\nbuild: no Go",
      });
    });
  });

  describe("what is on the machine", () => {
    const pulumi = (version: string) => `#!/bin/sh\necho ${version}\n`;

    it("is a CLI on the PATH that is new enough", async () => {
      await lay({
        "old/bin/pulumi": pulumi("v3.100.0"),
        "broken/bin/pulumi": "#!/bin/sh\nexit 1\n",
        "new/bin/pulumi": pulumi("v3.300.0"),
      });
      process.env["PATH"] = ["old", "broken", "new"]
        .map((name) => join(folder, name, "bin"))
        .join(":");
      const { command } = await findCli("3.256.0");
      assert.equal(command, join(folder, "new/bin/pulumi"));
    });

    it("is else the newest that Pulumi's installer left", async () => {
      await lay({
        "pulumi/versions/3.99.0/bin/pulumi": pulumi("v3.99.0"),
        "pulumi/versions/3.300.0/bin/pulumi": pulumi("v3.300.0"),
        "pulumi/versions/3.260.0/bin/pulumi": pulumi("v3.260.0"),
      });
      process.env["PATH"] = "/bin";
      const { version } = await findCli("3.256.0");
      assert.equal(version?.version, "3.300.0");
    });

    it("is not the launcher in node_modules, which downloads", async () => {
      await lay({ "node_modules/bin/pulumi": pulumi("v3.300.0") });
      process.env["PATH"] = join(folder, "node_modules/bin");
      await assert.rejects(findCli("3.256.0"), /none is on the PATH or in .*pulumi/);
    });

    it("is a plugin of just the needed version that was downloaded to its end", async () => {
      const [aws] = await neededPlugins();
      const name = `pulumi/plugins/resource-aws-v${aws!.version}`;
      await assert.rejects(findPlugin(aws!), /it is not at /);
      await lay({ [`${name}/pulumi-resource-aws`]: "", [`${name}.partial`]: "" });
      await assert.rejects(findPlugin(aws!), /it is not at /);
      await rm(join(folder, `${name}.partial`));
      assert.equal(await findPlugin(aws!), pluginFolder(aws!));
    });
  });

  describe("the vendor's host", () => {
    const { fetch } = globalThis;
    afterEach(() => {
      globalThis.fetch = fetch;
    });

    it("is asked once, and nothing is installed where it does not answer", async () => {
      let asked = 0;
      globalThis.fetch = () => {
        asked += 1;
        return Promise.reject(new Error("no route"));
      };
      const host = vendor({ insist: false });
      await assert.rejects(host.installCli(recorder()), /get\.pulumi\.com does not answer/);
      await assert.rejects(host.installCli(recorder()), /get\.pulumi\.com does not answer/);
      assert.equal(asked, 1);
    });
  });

  describe("a build", () => {
    const ignore = () => {};

    it("appears whole, and is not repeated", async () => {
      const target = join(folder, "cache/part");
      let builds = 0;
      const build = async (aside: string) => {
        builds += 1;
        await writeFile(join(aside, "file"), "content");
        assert.equal(await exists(target), false);
      };
      await buildOnce(target, ignore, build);
      await buildOnce(target, ignore, build);
      assert.equal(builds, 1);
      assert.deepEqual(await readdir(join(folder, "cache")), ["part"]);
    });

    it("that fails leaves nothing behind", async () => {
      const failing = buildOnce(join(folder, "cache/part"), ignore, () =>
        Promise.reject(new Error("no")),
      );
      await assert.rejects(failing, /no/);
      assert.deepEqual(await readdir(join(folder, "cache")), []);
    });

    it("is waited for by a second run", async () => {
      const target = join(folder, "cache/part");
      const details: string[] = [];
      let builds = 0;
      const build = async () => {
        builds += 1;
        await sleep(300);
      };
      await Promise.all([
        buildOnce(target, ignore, build),
        sleep(50).then(() => buildOnce(target, (text) => details.push(text), build)),
      ]);
      assert.equal(builds, 1);
      assert.deepEqual(details, ["waiting for another run's build"]);
    });

    it("is not held up by a lock that a crash left", async () => {
      const target = join(folder, "cache/part");
      const noProcess = 2 ** 30;
      await lay({ "cache/part.lock": JSON.stringify({ host: hostname(), process: noProcess }) });
      await buildOnce(target, ignore, () => Promise.resolve());
      assert.equal(await exists(target), true);
    });

    it("is not held up by a lock that another machine stopped touching", async () => {
      const target = join(folder, "cache/part");
      await lay({ "cache/part.lock": JSON.stringify({ host: "elsewhere", process: process.pid }) });
      const past = new Date(Date.now() - 120_000);
      await utimes(`${target}.lock`, past, past);
      await buildOnce(target, ignore, () => Promise.resolve());
      assert.equal(await exists(target), true);
    });

    it("clears away what nobody used for a month", async () => {
      await lay({ "cache/part-old/file": "", "cache/part-recent/file": "" });
      const past = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
      await utimes(join(folder, "cache/part-old"), past, past);
      await buildOnce(join(folder, "cache/part-new"), ignore, () => Promise.resolve());
      assert.deepEqual(await readdir(join(folder, "cache")), ["part-new", "part-recent"]);
    });

    it("that a tool fails shows the tool's last words and where the others are", async () => {
      const logFile = join(folder, "log");
      await lay({ tool: "#!/bin/sh\nfor i in $(seq 40); do echo line $i >&2; done\nexit 3\n" });
      const running = run({ detail: ignore, logFile }, [join(folder, "tool")], { folder });
      await assert.rejects(running, (error: Error) => {
        assert.match(
          error.message,
          /tool.* failed:\nline 26\n[^]*line 40\nThe whole log is in .*log$/,
        );
        return true;
      });
      assert.match(await readFile(logFile, "utf8"), /line 1\n/);
    });
  });

  describe("Go", () => {
    beforeEach(() => lay({ "go.mod": "module example\n\ngo 1.26.5\n" }));

    it("may be any release from the one in go.mod on", async () => {
      await lay({ "bin/go": "#!/bin/sh\necho go version go1.27.0 linux/amd64\n" });
      process.env["PATH"] = join(folder, "bin");
      await requireGo(folder);
    });

    it("is asked for where it is missing", async () => {
      process.env["PATH"] = join(folder, "bin");
      await assert.rejects(
        requireGo(folder),
        /needs Go 1\.26\.5 or newer, but there is no `go` on the PATH\.\n.*apt-get install golang-go\n.*brew/,
      );
    });

    it("is asked for where it is too old", async () => {
      await lay({ "bin/go": "#!/bin/sh\necho go version go1.22.1 linux/amd64\n" });
      process.env["PATH"] = join(folder, "bin");
      await assert.rejects(requireGo(folder), /but this is Go 1\.22\.1\.[^]*GOTOOLCHAIN=auto/);
    });
  });

  describe("the Terraform provider", () => {
    const packages = "internal/provider/sdkv2/service_packages_gen.go";
    const accessors = "internal/conns/awsclient_gen.go";
    const accessor = (name: string, sdk: string) =>
      `func (c *AWSClient) ${name}Client(ctx context.Context) *${sdk}.Client {\n\treturn nil\n}\n`;

    it("is copied with just the services that are kept, and the clients they call", async () => {
      await lay({
        "module/go.mod": "module provider\n",
        "module/website/docs/r/ecs_service.md": "",
        "module/internal/service/smarterr.hcl": "",
        "module/internal/service/ecs/service.go": "c.ECSClient(ctx)",
        "module/internal/service/ecs/service_test.go": "c.EKSClient(ctx)",
        "module/internal/service/eks/cluster.go": "c.EKSClient(ctx)",
        [`module/${packages}`]: [
          `\t"provider/internal/service/ecs"`,
          `\t"provider/internal/service/eks"`,
          "\t\tecs.ServicePackage(ctx),",
          "\t\teks.ServicePackage(ctx),",
        ].join("\n"),
        [`module/${accessors}`]: [
          'import (\n\t"context"',
          '\t"github.com/aws/aws-sdk-go-v2/service/ecs"',
          '\teks_sdk "github.com/aws/aws-sdk-go-v2/service/eks"\n)\n',
          accessor("ECS", "ecs") + accessor("EKS", "eks_sdk"),
        ].join("\n"),
      });
      await chmod(join(folder, "module/go.mod"), 0o444);

      await trimmedCopy(join(folder, "module"), join(folder, "copy"), new Set(["ecs"]));

      const text = (path: string) => readFile(join(folder, "copy", path), "utf8");
      assert.deepEqual((await readdir(join(folder, "copy"))).sort(), ["go.mod", "internal"]);
      assert.deepEqual((await readdir(join(folder, "copy/internal/service"))).sort(), [
        "ecs",
        "smarterr.hcl",
      ]);
      assert.deepEqual(await readdir(join(folder, "copy/internal/service/ecs")), ["service.go"]);
      assert.doesNotMatch(await text(packages), /eks/);
      assert.match(await text(packages), /service\/ecs"\n\t\tecs\.ServicePackage/);
      assert.equal(
        await text(accessors),
        'import (\n\t"context"\n\t"github.com/aws/aws-sdk-go-v2/service/ecs"\n)\n\n' +
          accessor("ECS", "ecs"),
      );
      await writeFile(join(folder, "copy/go.mod"), "writable, unlike the original");
    });

    it("has its types named as in the installed @pulumi/aws", async () => {
      await lay({
        "internal/service/ecs/all.go": [
          '// @SDKResource("aws_ecs_task_definition", name="Task Definition")',
          '// @SDKResource("aws_ecs_service", name="Service")',
          '// @FrameworkResource("aws_ecs_not_in_pulumi", name="Unknown")',
          '// @SDKDataSource("aws_ecs_cluster", name="Cluster")',
        ].join("\n"),
        "internal/service/elbv2/all.go": [
          '// @SDKResource("aws_alb", name="Load Balancer")',
          '// @SDKResource("aws_lb", name="Load Balancer")',
          '// @SDKResource("aws_lb_target_group_attachment", name="Target Group Attachment")',
        ].join("\n"),
      });
      const [aws] = await neededPlugins();
      assert.deepEqual(await tokensOf(folder, ["ecs", "elbv2"], aws!.packageFolder), {
        resources: {
          aws_ecs_task_definition: "aws:ecs/taskDefinition:TaskDefinition",
          aws_ecs_service: "aws:ecs/service:Service",
          aws_lb: "aws:lb/loadBalancer:LoadBalancer",
          aws_lb_target_group_attachment: "aws:lb/targetGroupAttachment:TargetGroupAttachment",
        },
        functions: { aws_ecs_cluster: "aws:ecs/getCluster:getCluster" },
      });
    });
  });
});

/** A progress that keeps the notes. */
function recorder(): Progress & { readonly notes: string[] } {
  const notes: string[] = [];
  return {
    notes,
    note: (text) => void notes.push(text),
    step: (_title, work) => work(() => {}),
  };
}
