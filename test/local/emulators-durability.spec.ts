import assert from "node:assert/strict";
import { execa } from "execa";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Emulators, forgetEmulatedAws, startEmulators } from "../../local/emulators/emulators";
import { installedPython } from "../../local/emulators/python-environment";
import type { Progress } from "../../local/progress";

const PYTHON_FOLDER = join(__dirname, "../../local/emulators/python");

describe("the emulated AWS", function () {
  this.timeout(120_000);
  this.slow(30_000);

  let python: string;
  let stateDirectory: string;
  let emulators: Emulators;
  let notes: string[];
  const progress: Progress = {
    step: (_title, work) => work(() => undefined),
    note: (text) => notes.push(text),
  };

  before(async function () {
    // Installed by whoever runs the stack locally: tests do not download.
    const installed = await installedPython().catch(() => undefined);
    if (installed === undefined) return this.skip();
    python = installed;
  });

  beforeEach(async () => {
    notes = [];
    stateDirectory = await mkdtemp(join(tmpdir(), "emulators-"));
    emulators = await startEmulators({ stateDirectory, progress });
  });

  afterEach(async () => {
    await emulators.stop().catch(() => undefined);
    await rm(stateDirectory, { recursive: true, force: true });
  });

  it("still has all kinds of resources after it was killed, and after it was stopped", async () => {
    await resources("create");
    const created = Date.now();
    const before = await resources("read");
    await saved(created);
    process.kill(Number(await readFile(stateFile("lock"), "utf8")), "SIGKILL");
    assert.match((await emulators.failure).message, /ended by itself \(signal SIGKILL\)/);
    await assert.rejects(emulators.stop(), /ended by itself/);

    await restart();
    assert.equal(emulators.resources, "restored");
    assert.equal(await resources("read"), before);

    await restart();
    assert.equal(await resources("read"), before);
  });

  it("falls back to the resources of a moment before, and then to none", async () => {
    await makeLogGroup("first");
    await saved(Date.now());
    await makeLogGroup("second");
    await emulators.stop();
    await writeFile(stateFile("state"), "damaged");
    await restart();
    assert.equal(emulators.resources, "older");
    assert.deepEqual(await logGroups(), ["first"]);

    await emulators.stop();
    await writeFile(stateFile("state"), "damaged");
    await writeFile(stateFile("state.previous"), "damaged");
    await restart();
    assert.equal(emulators.resources, "lost");
    assert.deepEqual(await logGroups(), []);
    assert.match(notes[1] ?? "", /could not be read \(damaged.*; starting with none/);
  });

  it("forgets its resources, but nothing else in the stack's folder", async () => {
    await makeLogGroup("first");
    await emulators.stop();
    await writeFile(join(stateDirectory, "other"), "");
    await forgetEmulatedAws(stateDirectory);
    await restart();
    assert.equal(emulators.resources, "new");
    assert.equal(await readFile(join(stateDirectory, "other"), "utf8"), "");
  });

  it("tells the deployment of a new service by its identifier, done: without it the provider waits in vain", async () => {
    const told = await run([
      "-c",
      [
        "import json; from checks.common import client as c; ecs = c('ecs')",
        "ecs.create_cluster(clusterName='check')",
        "container = {'name': 'api', 'image': 'api', 'memory': 128}",
        "ecs.register_task_definition(family='check', containerDefinitions=[container])",
        "made = ecs.create_service(cluster='check', serviceName='api', taskDefinition='check', desiredCount=0)",
        "identifier = made['service']['deployments'][0]['id'].split('/')[1]",
        "since = lambda seconds: ecs.list_service_deployments(cluster='check', service='api', createdAt={'after': seconds})['serviceDeployments']",
        "[listed] = since(0)",
        "[described] = ecs.describe_service_deployments(serviceDeploymentArns=[listed['serviceDeploymentArn']])['serviceDeployments']",
        "print(json.dumps([identifier in listed['targetServiceRevisionArn'], described['status'], since(4e9)]))",
      ].join("\n"),
    ]);
    assert.deepEqual(JSON.parse(told), [true, "SUCCESSFUL", []]);
  });

  async function restart(): Promise<void> {
    await emulators.stop().catch(() => undefined);
    emulators = await startEmulators({ stateDirectory, progress });
  }

  /** Waits until the emulators have saved on their own. */
  async function saved(sinceMilliseconds: number): Promise<void> {
    const savedAt = () =>
      stat(stateFile("state")).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
    while ((await savedAt()) < sinceMilliseconds) await sleep(100);
  }

  function stateFile(name: string): string {
    return join(stateDirectory, "emulated-aws", name);
  }

  async function resources(what: "create" | "read"): Promise<string> {
    return run(["-m", "checks", what]);
  }

  async function makeLogGroup(name: string): Promise<void> {
    await logs(`client.create_log_group(logGroupName="${name}")`);
  }

  async function logGroups(): Promise<unknown> {
    const groups = `client.describe_log_groups()["logGroups"]`;
    return JSON.parse(await logs(`print(json.dumps([g["logGroupName"] for g in ${groups}]))`));
  }

  function logs(script: string): Promise<string> {
    const start = `import json; from checks.common import client as c; client = c("logs")`;
    return run(["-c", `${start}\n${script}`]);
  }

  async function run(args: string[]): Promise<string> {
    const { environment } = emulators;
    const { stdout } = await execa(python, ["-B", ...args], {
      cwd: PYTHON_FOLDER,
      env: environment,
    });
    return stdout;
  }
});
