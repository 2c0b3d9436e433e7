import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { provider } from "@pulumi/pulumi";
import { imageUri } from "../../local/stand-ins/awsx";
import { cloudflareStandIn } from "../../local/stand-ins/cloudflare";
import { pulumiserviceStandIn } from "../../local/stand-ins/pulumiservice";
import { record } from "../../local/stand-ins/recording";
import { prepareStandIns, STAND_INS, type StandIns } from "../../local/stand-ins/stand-ins";

const RECORD =
  "urn:pulumi:dev::p::ecs-platform:index:Domain$cloudflare:index/dnsRecord:DnsRecord::app";
const ZONE = "urn:pulumi:dev::p::cloudflare:index/zone:Zone::zone";
const SETTINGS = "urn:pulumi:dev::p::pulumiservice:index:DeploymentSettings::dev";
const DRIFT = "urn:pulumi:dev::p::pulumiservice:index:DriftSchedule::dev";

describe("the stand-ins of a local run", () => {
  let folder = "";
  let standIns: StandIns;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stand-ins-it's-"));
    standIns = prepareStandIns(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("are plugins with an executable each, for every package that needs one", () => {
    assert.deepEqual(
      standIns.plugins.map(({ name }) => name),
      [...STAND_INS],
    );
    for (const { name, path } of standIns.plugins) {
      assert.match(readFileSync(join(path, `pulumi-resource-${name}`), "utf8"), /^#!\/bin\/sh\n/);
    }
  });

  it("tell who was asked, since when they were prepared", () => {
    assert.deepEqual(standIns.served(), []);
    const file = join(folder, "stand-ins", "cloudflare.jsonl");
    for (const urn of [ZONE, RECORD]) record(file, { operation: "create", urn, inputs: {} });
    assert.deepEqual(standIns.served(), [{ name: "cloudflare", requests: 2, record: file }]);
    assert.deepEqual(prepareStandIns(folder).served(), []);
  });

  it("listen when the engine starts them, and end when it is gone", async () => {
    const path = standIns.plugins[0]?.path ?? "";
    const plugin = spawn(join(path, `pulumi-resource-${STAND_INS[0]}`), ["127.0.0.1:9"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    try {
      const [port] = (await once(plugin.stdout, "data")) as [Buffer];
      assert.match(String(port), /^\d+\n$/);
      plugin.stdin.end();
      const [code] = (await once(plugin, "exit")) as [number];
      assert.equal(code, 0);
    } finally {
      plugin.kill("SIGKILL");
    }
  });

  describe("that of Cloudflare", () => {
    let file = "";
    let standIn: Required<provider.Provider>;

    beforeEach(() => {
      file = join(folder, "cloudflare.jsonl");
      standIn = cloudflareStandIn("6.0.0", file) as Required<provider.Provider>;
    });

    it("takes what it is given, and adds what Cloudflare would fill in", async () => {
      const zone = await standIn.create(ZONE, { name: "example.com" });
      assert.match(zone.id, /^[0-9a-f]{32}$/);
      assert.deepEqual(zone.outs, {
        name: "example.com",
        nameServers: ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
        status: "active",
      });
      const app = await standIn.create(RECORD, { name: "app", proxied: true });
      assert.deepEqual(app.outs, { name: "app", proxied: true, proxiable: true });
    });

    it("gives the same resource the same id, and one in its place another", async () => {
      const idOf = async (inputs: object) => (await standIn.create(RECORD, inputs)).id;
      const first = await idOf({ zoneId: "1", content: "a" });
      assert.equal(await idOf({ zoneId: "1", content: "b" }), first);
      assert.notEqual(await idOf({ zoneId: "2", content: "a" }), first);
      const other = await standIn.create(`${RECORD}-2`, { zoneId: "1", content: "a" });
      assert.notEqual(other.id, first);
    });

    it("replaces a record in another zone and a zone of another name, and nothing else", async () => {
      const replaces = async (urn: string, news: object) =>
        (await standIn.diff("id", urn, { zoneId: "1", name: "a" }, news)).replaces;
      assert.deepEqual(await replaces(RECORD, { zoneId: "2", name: "a" }), ["zoneId"]);
      assert.deepEqual(await replaces(RECORD, { zoneId: "1", name: "b" }), []);
      assert.deepEqual(await replaces(ZONE, { zoneId: "1", name: "b" }), ["name"]);
    });

    it("leaves it to the engine to compare all else", async () => {
      const { changes } = await standIn.diff("id", RECORD, { content: "a" }, { content: "b" });
      assert.equal(changes, undefined);
    });

    it("knows what the engine knows, when it is asked for a resource", async () => {
      assert.deepEqual(await standIn.read("id", RECORD, { name: "app" }), {
        id: "id",
        props: { name: "app" },
      });
    });

    it("records what it is asked, and of a secret that it is one", async () => {
      const secret = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        value: "hunter2",
      };
      await standIn.create(RECORD, { content: [secret] });
      await standIn.update("id", RECORD, {}, { content: "b" });
      await standIn.delete("id", RECORD, { content: "b" });
      const lines = readFileSync(file, "utf8").trimEnd().split("\n");
      const requests = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      assert.deepEqual(
        requests.map(({ operation, urn, inputs }) => ({ operation, urn, inputs })),
        [
          { operation: "create", urn: RECORD, inputs: { content: ["[secret]"] } },
          { operation: "update", urn: RECORD, inputs: { content: "b" } },
          { operation: "delete", urn: RECORD, inputs: { content: "b" } },
        ],
      );
    });
  });

  describe("that of Pulumi Cloud", () => {
    let standIn: Required<provider.Provider>;

    beforeEach(() => {
      const file = join(folder, "pulumiservice.jsonl");
      standIn = pulumiserviceStandIn("1.3.0", file) as Required<provider.Provider>;
    });

    it("takes what it is given, and gives a schedule a number", async () => {
      const settings = { organization: "o", project: "p", stack: "s", agentPoolId: "a" };
      assert.deepEqual((await standIn.create(SETTINGS, settings)).outs, settings);
      const drift = await standIn.create(DRIFT, { scheduleCron: "0 6 * * *" });
      assert.deepEqual(drift.outs, {
        scheduleCron: "0 6 * * *",
        scheduleId: "00000000-0000-4000-8000-000000000001",
      });
    });

    it("replaces what is of another stack, and nothing else", async () => {
      const olds = { organization: "o", project: "p", stack: "s", agentPoolId: "a" };
      const replaces = async (change: object) =>
        (await standIn.diff("id", SETTINGS, olds, { ...olds, ...change })).replaces;
      assert.deepEqual(await replaces({ stack: "t" }), ["stack"]);
      assert.deepEqual(await replaces({ organization: "q", project: "q" }), [
        "organization",
        "project",
      ]);
      assert.deepEqual(await replaces({ agentPoolId: "b" }), []);
    });
  });

  describe("that of awsx", () => {
    const build = () => ({ repositoryUrl: "registry/repository", context: join(folder, "image") });

    beforeEach(() => {
      mkdirSync(build().context);
      writeFileSync(join(build().context, "Dockerfile"), "FROM scratch\n");
    });

    it("names an image by a digest in its repository", () => {
      assert.match(imageUri(build()), /^registry\/repository@sha256:[0-9a-f]{64}$/);
      assert.equal(imageUri(build()), imageUri(build()));
    });

    const differences: Record<string, object> = {
      "another target": { target: "server" },
      "another argument": { args: { VERSION: "1" } },
      "another processor": { platform: "linux/arm64" },
    };
    for (const [title, difference] of Object.entries(differences)) {
      it(`gives ${title} another digest`, () => {
        assert.notEqual(imageUri({ ...build(), ...difference }), imageUri(build()));
      });
    }

    it("gives another file another digest", () => {
      const before = imageUri(build());
      writeFileSync(join(build().context, "main.go"), "package main\n");
      assert.notEqual(imageUri(build()), before);
    });
  });
});
