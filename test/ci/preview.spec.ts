/** `npm run preview`: what is previewed becomes a page, and the page a comment that is always the newest. */
import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { commentOn, type PullRequest, pullRequest } from "../../scripts/preview-comment";
import { previewPage } from "../../scripts/preview-page";
import { ROOT } from "./support";

const OUTPUT = `Previewing update (dev):
  pulumi:pulumi:Stack: (same)
    + aws:s3/bucket:Bucket: (create)
        [urn=urn:pulumi:dev::ecs-platform::aws:s3/bucket:Bucket::b]
    ~ aws:ecs/service:Service: (update)
Resources:
    + 3 to create
    ~ 1 to update
    +-2 to replace
    6 changes. 60 unchanged
`;

describe("The page of a preview", () => {
  it("says what it comes to, and folds the rest", () => {
    const page = previewPage("dev", 0, OUTPUT);
    assert.match(page, /^### Preview of dev: 3 to create, 1 to update, 2 to replace\n\n<details>/);
    assert.match(page, /\n```diff\nPreviewing update \(dev\):\n/);
    // GitHub colours lines that begin with the sign.
    assert.match(page, /\n\+ {5}aws:s3\/bucket:Bucket: \(create\)\n[^]*\n\+- {4}2 to replace\n/);
    assert.match(page, /\n```\n\n<\/details>\n$/);
  });

  it("says that nothing changes, or that it failed", () => {
    assert.match(
      previewPage("dev", 0, "Resources:\n    66 unchanged\n"),
      /^### Preview of dev: no changes\n/,
    );
    assert.match(previewPage("prod", 255, OUTPUT), /^### Preview of prod: failed\n/);
  });

  it("cannot be left by what a program prints", () => {
    const page = previewPage("dev", 0, "````\n</details>\n@everybody");
    assert.match(page, /\n`````diff\n````\n<\/details>\n@everybody\n`````\n/);
  });

  it("is short enough for GitHub, and keeps the end, where the errors are", () => {
    const page = previewPage("dev", 1, `${"x".repeat(100_000)}\nerror: the last line`);
    assert.ok(page.length < 65_536 - 100);
    assert.match(page, /\nThe first 40021 characters are in the log\.\n/);
    assert.match(page, /x\nerror: the last line\n/);
  });
});

describe("npm run preview", () => {
  const stack = "preview-of-a-test";
  const page = join(ROOT, ".local", "preview", `${stack}.md`);
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "preview-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    rmSync(page, { force: true });
  });

  it("runs the pinned CLI, keeps what it says on the page, and fails as it does", () => {
    const says = 'echo "asked for $*"; echo "error: no such stack" >&2; exit 3';
    writeFileSync(join(folder, "npx"), `#!/bin/sh\n${says}\n`, { mode: 0o755 });
    const summary = join(folder, "summary.md");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--require", "ts-node/register/transpile-only", "scripts/preview.ts", stack],
      {
        cwd: ROOT,
        encoding: "utf8",
        env: {
          ...process.env,
          PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}`,
          GITHUB_STEP_SUMMARY: summary,
        },
      },
    );
    const asked = `asked for pulumi preview --stack ${stack} --diff --non-interactive --suppress-progress --color never\n`;
    assert.deepEqual(
      { status, stdout, stderr },
      { status: 3, stdout: asked, stderr: "error: no such stack\n" },
    );
    const text = readFileSync(page, "utf8");
    assert.match(text, /^### Preview of preview-of-a-test: failed\n/);
    assert.ok(text.includes(asked) && text.includes("\nerror: no such stack\n"));
    assert.equal(readFileSync(summary, "utf8"), text);
  });
});

describe("The comment of a preview", () => {
  let server: Server;
  let request: PullRequest;
  const OWN = { login: "github-actions[bot]" };
  let comments: { id: number; body: string; user: { login: string } | null }[];
  let calls: string[];

  beforeEach(async () => {
    comments = [];
    calls = [];
    server = createServer((asked, answer) => {
      void (async () => {
        const { method = "", url = "" } = asked;
        calls.push(`${method} ${url}`);
        if (asked.headers.authorization !== "Bearer let-me-in") {
          answer.writeHead(401).end('{"message":"Bad credentials"}');
          return;
        }
        const chunks: Buffer[] = [];
        for await (const chunk of asked) chunks.push(chunk as Buffer);
        answer.writeHead(200, { "content-type": "application/json" });
        const page = Number(/[?&]page=(\d+)/.exec(url)?.[1]);
        if (method === "GET") {
          answer.end(JSON.stringify(comments.slice((page - 1) * 100, page * 100)));
          return;
        }
        const { body } = JSON.parse(Buffer.concat(chunks).toString()) as { body: string };
        const id = Number(/comments\/(\d+)$/.exec(url)?.[1] ?? comments.length + 1);
        comments = [...comments.filter((comment) => comment.id !== id), { id, body, user: OWN }];
        answer.end(JSON.stringify({ id, body }));
      })();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    request = pullRequest({
      GITHUB_REF: "refs/pull/7/merge",
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_REPOSITORY: "example/shop",
      GITHUB_TOKEN: "let-me-in",
    });
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it("is added once for each stack, and changed from then on", async () => {
    assert.equal(await commentOn(request, "dev", "first"), "added");
    assert.equal(await commentOn(request, "prod", "other"), "added");
    assert.equal(await commentOn(request, "dev", "second"), "changed");
    assert.deepEqual(comments, [
      { id: 2, body: "<!-- ecs-platform preview of prod -->\nother", user: OWN },
      { id: 1, body: "<!-- ecs-platform preview of dev -->\nsecond", user: OWN },
    ]);
    assert.deepEqual(calls.slice(-2), [
      "GET /repos/example/shop/issues/7/comments?per_page=100&page=1",
      "PATCH /repos/example/shop/issues/comments/1",
    ]);
  });

  it("is found behind a hundred others", async () => {
    comments = Array.from({ length: 100 }, (_, index) => ({
      id: index + 1,
      body: "nice",
      user: OWN,
    }));
    assert.equal(await commentOn(request, "dev", "first"), "added");
    assert.equal(await commentOn(request, "dev", "second"), "changed");
    assert.equal(comments.length, 101);
  });

  it("is not written over a comment of somebody else, who could change it afterwards", async () => {
    const body = "<!-- ecs-platform preview of prod -->\n### Preview of prod: no changes";
    const others = [
      { id: 1, body, user: { login: "somebody" } },
      { id: 2, body, user: null },
    ];
    comments = others;
    assert.equal(await commentOn(request, "prod", "true"), "added");
    assert.deepEqual(comments.slice(0, 2), others);
  });

  it("fails with what GitHub says", async () => {
    await assert.rejects(
      commentOn({ ...request, token: "wrong" }, "dev", "page"),
      /GET http:\S+page=1 gives 401: \{"message":"Bad credentials"\}/,
    );
  });

  it("needs a pull request and a token", () => {
    const env = { GITHUB_API_URL: "https://api.example.com", GITHUB_REPOSITORY: "example/shop" };
    assert.throws(() => pullRequest(env), /GITHUB_REF is not set/);
    assert.throws(
      () => pullRequest({ ...env, GITHUB_REF: "refs/heads/main" }),
      /GITHUB_REF is refs\/heads\/main, not that of a pull request/,
    );
    assert.throws(
      () => pullRequest({ ...env, GITHUB_REF: "refs/pull/7/merge", GITHUB_TOKEN: "" }),
      /GITHUB_TOKEN is not set/,
    );
  });
});
