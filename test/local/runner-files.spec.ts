import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { projectName, readConfig, writeWorkspace } from "../../local/stack-files";
import { forgetState, readState } from "../../local/state-files";

describe("the files of a run:", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "runner-files-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  describe("the stack files of a run", () => {
    const project = "name: ecs-platform\nruntime: nodejs\n";
    const shipped = "# a comment\nconfig:\n  region: here\n  aws:region: us-east-1\n";
    const read = (name: string) => parse(readFileSync(join(folder, name), "utf8")) as object;
    const write = (
      config: Record<string, unknown>,
      plugins: { name: string; path: string }[] = [],
    ) =>
      writeWorkspace(join(folder, "workspace"), {
        root: folder,
        stack: "dev",
        plugins,
        analyzers: [],
        config,
      });

    beforeEach(() => {
      writeFileSync(join(folder, "Pulumi.yaml"), project);
      writeFileSync(join(folder, "Pulumi.dev.yaml"), shipped);
    });

    it("are copies: those in the repository stay as they are", () => {
      write({ "aws:maxRetries": 2 }, [{ name: "aws", path: "/plugins/aws" }]);
      assert.equal(readFileSync(join(folder, "Pulumi.yaml"), "utf8"), project);
      assert.equal(readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8"), shipped);
      assert.deepEqual(read("workspace/Pulumi.dev.yaml"), { config: { "aws:maxRetries": 2 } });
      assert.deepEqual(read("workspace/Pulumi.yaml"), {
        name: "ecs-platform",
        runtime: "nodejs",
        plugins: { providers: [{ name: "aws", path: "/plugins/aws" }] },
      });
    });

    it("hold text of several lines as it is, folded nowhere", () => {
      const words = "a word and another ".repeat(8).trim();
      write({ "ecs-platform:command": [`first: ${words}\n  second\n    third\n`] });
      assert.equal(
        readFileSync(join(folder, "workspace/Pulumi.dev.yaml"), "utf8"),
        `config:\n  ecs-platform:command:\n    - |\n      first: ${words}\n        second\n          third\n`,
      );
    });

    it("keep the engine's salt, without which it cannot read its state", () => {
      write({});
      writeFileSync(join(folder, "workspace/Pulumi.dev.yaml"), "encryptionsalt: v1:salt\n");
      write({ "ecs-platform:a": 1 });
      assert.deepEqual(read("workspace/Pulumi.dev.yaml"), {
        encryptionsalt: "v1:salt",
        config: { "ecs-platform:a": 1 },
      });
    });

    it("are read with full keys, and with made-up values for what is encrypted", () => {
      const file = join(folder, "secret.yaml");
      writeFileSync(
        file,
        "config:\n  token:\n    secure: AAAB\n  a:b: [{ secure: AAAC }, { c: 1 }]\n",
      );
      assert.deepEqual(readConfig(file, projectName(folder)), {
        config: { "ecs-platform:token": "emulated-secret", "a:b": ["emulated-secret", { c: 1 }] },
        madeUp: ["ecs-platform:token", "a:b"],
      });
      writeFileSync(file, "config:\n  a:b: { integrationUrl: { secure: AAAB } }\n");
      assert.deepEqual(readConfig(file, "ecs-platform").config, {
        "a:b": { integrationUrl: "https://events.pagerduty.com/integration/emulated/enqueue" },
      });
      writeFileSync(file, "");
      assert.deepEqual(readConfig(file, "ecs-platform"), { config: {}, madeUp: [] });
    });
  });

  describe("the state on disk", () => {
    const state = () => join(folder, "state", ".pulumi", "stacks", "ecs-platform");
    const file = () => join(state(), "dev.json");
    const checkpoint = (latest: object) => JSON.stringify({ checkpoint: { latest } });
    const vpc = { urn: "urn", type: "aws:ec2/vpc:Vpc", custom: true };
    const read = () => readState(folder, "ecs-platform", "dev");

    beforeEach(() => mkdirSync(state(), { recursive: true }));

    it("has no resources before the first deployment", () => {
      assert.deepEqual(read(), { resources: [], cutOff: false });
      forgetState(folder);
      assert.deepEqual(read(), { resources: [], cutOff: false });
    });

    it("tells a run that was cut off by what it was doing, or by its lock", () => {
      writeFileSync(file(), checkpoint({ resources: [vpc] }));
      assert.deepEqual(read(), { resources: [vpc], cutOff: false });
      writeFileSync(file(), checkpoint({ resources: [vpc], pending_operations: [{}] }));
      assert.equal(read().cutOff, true);
      writeFileSync(file(), checkpoint({ resources: [vpc] }));
      const locks = join(folder, "state", ".pulumi", "locks", "organization");
      mkdirSync(locks, { recursive: true });
      assert.equal(read().cutOff, false);
      writeFileSync(join(locks, "lock.json"), "{}");
      assert.equal(read().cutOff, true);
    });

    it("is taken from the backup when it is in pieces", () => {
      writeFileSync(file(), '{"checkpoint": {"lat');
      writeFileSync(`${file()}.bak`, checkpoint({ resources: [vpc] }));
      assert.deepEqual(read(), { resources: [vpc], cutOff: true });
      assert.equal(readFileSync(file(), "utf8"), readFileSync(`${file()}.bak`, "utf8"));
    });

    it("is taken without the backend's notes on a file where a crash left them empty", () => {
      writeFileSync(file(), checkpoint({ resources: [vpc] }));
      writeFileSync(`${file()}.attrs`, "");
      writeFileSync(`${file()}.bak.attrs`, "{}");
      assert.deepEqual(read(), { resources: [vpc], cutOff: true });
      assert.equal(existsSync(`${file()}.attrs`), false);
      assert.equal(existsSync(`${file()}.bak.attrs`), true);
      assert.deepEqual(read(), { resources: [vpc], cutOff: false });
    });

    it("is nothing when the backup is in pieces, too", () => {
      writeFileSync(file(), "");
      writeFileSync(`${file()}.bak`, "{");
      assert.deepEqual(read(), { resources: [], cutOff: true });
      assert.equal(existsSync(join(folder, "state")), false);
    });
  });
});
