import { createHash } from "node:crypto";
import { cp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../progress";
import { buildOnce, cacheFolder, exists, markUsed } from "./cache";
import { goBuild, goModule, requireGo } from "./go";
import type { Plugin } from "./plugin";
import { run, type Report } from "./run";
import { tokensOf } from "./tokens";
import { trimmedCopy } from "./trim";

const MODULES = join(__dirname, "go");
const CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const CLI_VERSION = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
/** The Terraform AWS provider 6.34, in a fork that lets other programs import it. */
const AWS_PROVIDER = "github.com/upbound/terraform-provider-aws@v0.0.0-20260305123303-f7691456b787";
/** The services of it that are kept. */
const SERVICES = join(__dirname, "services.txt");
const AWS_RECIPE = [SERVICES, join(__dirname, "trim.ts"), join(__dirname, "tokens.ts")];

/**
 * The version of the CLI that go.mod pins, and with it the oldest that this project is tested with.
 */
export async function pinnedCliVersion(): Promise<string> {
  const goMod = await readFile(join(MODULES, "cli", "go.mod"), "utf8");
  return /github\.com\/pulumi\/pulumi\/pkg\/v3 v([\d.]+)/.exec(goMod)![1]!;
}

/** One part of the toolchain that can be built. */
export interface Part {
  /** "cli", or the name of a plugin: the folder of its Go module. */
  readonly name: string;
  readonly title: string;
  /** Where the result is, or will be: the name changes with everything that goes into it. */
  readonly folder: string;
  readonly build: (work: Work) => Promise<void>;
}

interface Work extends Report {
  /** A copy of the Go module, gone when the build is done. */
  readonly source: string;
  /** What is here in the end is the result. */
  readonly result: string;
}

/** The CLI: the result has it as `bin/pulumi`. */
export async function cliPart(): Promise<Part> {
  const version = await pinnedCliVersion();
  return {
    name: "cli",
    title: `Pulumi CLI ${version}`,
    folder: await resultFolder("cli", []),
    async build(work) {
      const output = join(work.result, "bin", "pulumi");
      // Without a version the Automation API refuses the CLI.
      const variables = { [CLI_VERSION]: `v${version}` };
      await goBuild(work, { folder: work.source, package: CLI, output, variables });
      await verify(work, [output, "version"], `v${version}`);
    },
  };
}

/** A provider plugin: the result is the folder to point the engine at. */
export async function pluginPart({ name, version, packageFolder }: Plugin): Promise<Part> {
  const recipe = name === "aws" ? AWS_RECIPE : [];
  return {
    name,
    title: `${name} plugin ${version}`,
    folder: await resultFolder(name, recipe, version),
    async build(work) {
      if (name === "aws") await prepareAws(work, packageFolder);
      const output = join(work.result, `pulumi-resource-${name}`);
      const variables = { "main.version": version };
      await goBuild(work, { folder: work.source, package: ".", output, variables });
      await writeSchema(work, output);
      await verify(work, [output, "--version"], version);
    },
  };
}

/** Builds a part unless it is there; gives its folder. */
export async function ensureBuilt(part: Part, progress: Progress): Promise<string> {
  const { folder } = part;
  if (!(await exists(folder))) {
    await progress.step(`Building the ${part.title} from source, once`, (detail) =>
      buildOnce(folder, detail, async (result) => {
        const module = join(MODULES, part.name);
        detail("looking for Go");
        await requireGo(module);
        const source = join(result, "source");
        await cp(module, source, { recursive: true });
        await part.build({ source, result, detail, logFile: `${folder}.log` });
        await rm(source, { recursive: true });
      }),
    );
  }
  await markUsed(folder);
  return folder;
}

/**
 * Lays out what the aws plugin is compiled with and runs with: the trimmed provider, and the names
 * of its types.
 */
async function prepareAws(work: Work, packageFolder: string): Promise<void> {
  const services = new Set((await readFile(SERVICES, "utf8")).split(/\s+/).filter(Boolean));
  const module = await goModule(work, work.source, AWS_PROVIDER);
  work.detail("copying what is needed of the Terraform provider");
  const provider = join(work.source, "terraform-provider-aws");
  await trimmedCopy(module, provider, services);
  const tokens = await tokensOf(provider, services, packageFolder);
  await writeFile(join(work.result, "tokens.json"), JSON.stringify(tokens, undefined, 1));
}

/** A plugin serves a schema from files beside it that it writes itself. */
async function writeSchema(work: Work, binary: string): Promise<void> {
  work.detail("writing the schema");
  const folder = join(work.source, "schema");
  const environment = {
    PULUMI_HOME: folder, // leave the person's own alone
    // Do not ask other plugins for their names: those matter to documentation only.
    PULUMI_SKIP_MISSING_MAPPING_ERROR: "true",
    PULUMI_SKIP_PROVIDER_MAP_ERROR: "true",
  };
  await run(work, [binary, "schema", "--out", folder, "--skip-docs", "--skip-examples"], {
    folder: work.source,
    environment,
  });
  for (const file of ["schema.json", "bridge-metadata.json"]) {
    await rename(join(folder, file), join(work.result, file));
  }
}

async function verify(work: Work, command: readonly [string, ...string[]], expected: string) {
  work.detail("trying it");
  const answer = await run(work, command, { folder: work.result });
  if (answer.trim() !== expected) {
    throw new Error(`${command.join(" ")} says ${answer.trim()}, not ${expected}.`);
  }
}

/**
 * Names the result after everything that decides it. The release of Go does not count: any that is
 * new enough gives the same behaviour.
 */
async function resultFolder(name: string, recipe: readonly string[], version = "") {
  const module = join(MODULES, name);
  const sources = (await readdir(module)).sort().map((file) => join(module, file));
  const files = [...sources, __filename, join(__dirname, "go.ts"), ...recipe];
  const contents = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const ingredients = [process.platform, process.arch, version, ...contents].join("\0");
  const digest = createHash("sha256").update(ingredients).digest("hex").slice(0, 16);
  return join(cacheFolder(), `${name}-${digest}`);
}
