/**
 * `npm run preview -- STACK`: what `pulumi preview` says, on the screen and as a page in .local/preview.
 * `npm run preview -- STACK --comment`: puts that page on GitHub's pull request, in place of the last one.
 */
import { spawn } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { commentOn, pullRequest } from "./preview-comment";
import { previewPage } from "./preview-page";

async function main(): Promise<number> {
  const command = new Command("npm run preview --")
    .argument("<stack>", "the stack Pulumi.<stack>.yaml")
    .option("--comment", "put the page of the last preview on the pull request, instead")
    .parse();
  const stack = command.args[0] ?? "";
  const page = join(__dirname, "..", ".local", "preview", `${stack}.md`);
  if (command.opts<{ comment?: true }>().comment) {
    const text = readFileSync(page, "utf8");
    console.log(await commentOn(pullRequest(process.env), stack, text));
    return 0;
  }
  const { code, output } = await preview(stack);
  const text = previewPage(stack, code, output);
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(page, text);
  // GitHub shows this on the page of the run.
  const summary = process.env["GITHUB_STEP_SUMMARY"];
  if (summary !== undefined) appendFileSync(summary, text);
  return code;
}

/** Runs the pinned CLI; gives its exit code and what it wrote to either stream, in order. */
function preview(stack: string): Promise<{ code: number; output: string }> {
  const options = ["--diff", "--non-interactive", "--suppress-progress", "--color", "never"];
  const child = spawn("npx", ["pulumi", "preview", "--stack", stack, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const chunks: Buffer[] = [];
  const keep = (stream: NodeJS.WriteStream) => (chunk: Buffer) => {
    chunks.push(chunk);
    stream.write(chunk);
  };
  child.stdout.on("data", keep(process.stdout));
  child.stderr.on("data", keep(process.stderr));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString("utf8") }),
    );
  });
}

void main().then((code) => process.exit(code));
