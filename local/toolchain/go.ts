import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { run, type Report } from "./run";
import { isAtLeast } from "./versions";

/**
 * Older releases neither fetch the release that a module asks for nor say that they would have to.
 */
const OLDEST_THAT_FETCHES_NEWER = "1.21";

/**
 * Whoever builds, the result is the same: without a C compiler, a workspace file in a parent
 * folder, the paths of this machine, or a shell that is set up to compile for another one.
 */
const ENVIRONMENT = { CGO_ENABLED: "0", GOWORK: "off", GOOS: "", GOARCH: "" };
const FLAGS = ["-mod=readonly", "-trimpath", "-buildvcs=false"];

/** Checks that Go can build the module in a folder, and says what to install if it cannot. */
export async function requireGo(folder: string): Promise<void> {
  const wanted = /^go ([\d.]+)$/m.exec(await readFile(join(folder, "go.mod"), "utf8"))![1]!;
  // Inside the module, Go fetches the release that go.mod asks for by itself, where GOTOOLCHAIN
  // lets it.
  const go = await execa("go", ["version"], { cwd: folder, env: ENVIRONMENT, reject: false });
  const found = /go version go([\d.]+)/.exec(go.stdout)?.[1];
  if (found !== undefined && isAtLeast(found, wanted)) return;

  const problem =
    go.code === "ENOENT"
      ? "there is no `go` on the PATH"
      : found === undefined
        ? `\`go version\` fails: ${go.stderr.trim()}`
        : `this is Go ${found}`;
  throw new Error(
    [
      `Building Pulumi and its plugins from source needs Go ${wanted} or newer, but ${problem}.`,
      "  Debian, Ubuntu: sudo apt-get install golang-go",
      "  macOS:          brew install go",
      `An older Go, from ${OLDEST_THAT_FETCHES_NEWER} on, fetches Go ${wanted} by itself if the environment says`,
      "GOTOOLCHAIN=auto. And where Pulumi is installed (https://www.pulumi.com/docs/install/),",
      "nothing needs to be built.",
    ].join("\n"),
  );
}

/**
 * Compiles a program. Go's own cache lets a second run, also after a crash, go on where the first
 * one was.
 */
export async function goBuild(
  report: Report,
  program: {
    /** The folder of the module to build in. */
    readonly folder: string;
    readonly package: string;
    readonly output: string;
    /** Values for string variables of the program. */
    readonly variables: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const go = (work: string, ...more: string[]) =>
    run(report, ["go", work, ...FLAGS, ...more, program.package], {
      folder: program.folder,
      environment: ENVIRONMENT,
      onMessage,
    });

  let fetched = 0;
  let compiled = 0;
  let total = 0;
  const onMessage = (line: string) => {
    const module = /^go: downloading (\S+)/.exec(line)?.[1];
    if (module !== undefined) {
      report.detail(`fetching modules: ${++fetched} (${module})`);
    } else if (total > 0 && /^[\w./~-]+$/.test(line)) {
      report.detail(`compiling: ${Math.min(++compiled, total)} of ${total} packages`);
    }
  };

  report.detail("resolving modules");
  const stale = await go("list", "-deps", "-f", "{{if .Stale}}{{.ImportPath}}{{end}}");
  total = stale.trim().split("\n").length; // what Go's cache does not have
  // Without symbol table and debugging information (-s -w) the programs are a third smaller.
  const values = Object.entries(program.variables).map(([name, value]) => `-X ${name}=${value}`);
  const linker = ["-s", "-w", ...values].join(" ");
  await go("build", "-v", `-ldflags=${linker}`, "-o", program.output);
}

/**
 * Fetches one version of a module, checked against the hash in go.sum; gives its folder in the
 * module cache.
 */
export async function goModule(report: Report, folder: string, module: string): Promise<string> {
  report.detail(`fetching ${module}`);
  const options = { folder, environment: ENVIRONMENT };
  const answer = await run(report, ["go", "mod", "download", "-json", module], options);
  const { Dir, Sum } = JSON.parse(answer) as { Dir: string; Sum: string };
  const pinned = await readFile(join(folder, "go.sum"), "utf8");
  if (!pinned.includes(`${module.replace("@", " ")} ${Sum}\n`)) {
    throw new Error(`${module} has the hash ${Sum}, which is not the one in ${folder}/go.sum.`);
  }
  return Dir;
}
