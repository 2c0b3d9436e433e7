import * as assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import * as path from "node:path";

const ROOT = path.join(__dirname, "..");
const FOLDERS = ["docs", "examples"];

/** The pages of this repository, by their paths in it. */
function pages(): string[] {
  const below = FOLDERS.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((file) =>
      path.join(folder, file),
    ),
  );
  return [...readdirSync(ROOT), ...below].filter((file) => file.endsWith(".md")).sort();
}

/** What GitHub and GitLab make of a heading. */
function anchorOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");
}

function textOf(page: string): string {
  return readFileSync(path.join(ROOT, page), "utf8").replace(/^\s*```[^]*?^\s*```$/gm, "");
}

/** Links of a page to files and headings that are not there. */
function deadLinks(page: string): string[] {
  const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links
    .filter((link) => !/^\w+:/.test(link))
    .filter((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? page : path.join(path.dirname(page), file);
      if (!existsSync(path.join(ROOT, target))) return true;
      if (anchor === undefined) return false;
      const headings = [...textOf(target).matchAll(/^#+ (.*)$/gm)];
      return !headings.some(([, heading = ""]) => anchorOf(heading) === anchor);
    });
}

describe("the pages", () => {
  it("link to files and headings that are there", () => {
    const dead = pages().flatMap((page) => deadLinks(page).map((link) => `${page}: ${link}`));
    assert.deepEqual(dead, []);
  });
});
