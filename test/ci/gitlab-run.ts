import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { readText, ROOT } from "./support";

/** A job of the pipeline with everything that it extends. */
export interface GitlabJob {
  readonly stage: string;
  readonly image: { readonly name: string };
  readonly script: readonly string[];
  readonly before_script?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly resource_group?: string;
  readonly id_tokens?: Readonly<Record<string, { readonly aud: string }>>;
  readonly interruptible?: boolean;
  readonly allow_failure?: unknown;
  readonly needs?: unknown;
  readonly artifacts?: Readonly<Record<string, unknown>>;
}

const CLI = join(ROOT, "node_modules", "gitlab-ci-local", "dist", "index.js");
/** gitlab-ci-local wants a newer Node than the oldest that is supported here, for this one method. */
const NEWER_NODE = `data:text/javascript,${encodeURIComponent(
  "Set.prototype.union ??= function (other) { return new Set([...this, ...other]); };",
)}`;

/** `jobs` has compared the file with the schema. */
const SCHEMA_SEEN = "--json-schema-validation=false";

/**
 * Reads .gitlab-ci.yml as GitLab does, by gitlab-ci-local: against GitLab's schema, with everything extended, and with
 * its rules decided. In a repository of its own, since it asks git where it is.
 */
export class GitlabPipeline {
  readonly #folder = mkdtempSync(join(tmpdir(), "gitlab-ci-"));

  constructor(text = readText(".gitlab-ci.yml")) {
    const git = (...options: string[]) => execFileSync("git", options, { cwd: this.#folder });
    git("init", "--quiet", "--initial-branch=main");
    git("remote", "add", "origin", "git@gitlab.com:example/shop.git");
    const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    git(...author, "commit", "--quiet", "--allow-empty", "--no-gpg-sign", "--message=test");
    writeFileSync(join(this.#folder, ".gitlab-ci.yml"), text);
    writeFileSync(join(this.#folder, "package-lock.json"), "{}");
  }

  /** Every job, by name. */
  async jobs(): Promise<Record<string, GitlabJob>> {
    const all = parse(await this.#run("--preview")) as Record<string, GitlabJob>;
    return Object.fromEntries(Object.entries(all).filter(([, { script }]) => script !== undefined));
  }

  /** The jobs of a pipeline with these variables, as NAME, or as NAME by hand. */
  async starts(variables: Readonly<Record<string, string>>): Promise<string[]> {
    const jobs = await this.#list(variables);
    return jobs.map(([name = "", , when]) => (when === "manual" ? `${name} by hand` : name));
  }

  /** Those of its jobs whose failure keeps nothing back. */
  async mayFail(variables: Readonly<Record<string, string>>): Promise<string[]> {
    const jobs = await this.#list(variables);
    return jobs.filter(([, , , allowed]) => allowed !== "false").map(([name = ""]) => name);
  }

  /** The jobs of a pipeline with these variables: name, stage, when, allowFailure. */
  async #list(variables: Readonly<Record<string, string>>): Promise<string[][]> {
    const given = [
      ...Object.entries(variables).flatMap(([name, value]) => ["--variable", `${name}=${value}`]),
      // That variables of GitLab's own are set here is the point: no warning.
      ...["--ignore-predefined-vars", Object.keys(variables).join(",")],
    ];
    // A merge request has no branch: GitLab has another variable for where it comes from.
    const unset =
      variables["CI_PIPELINE_SOURCE"] === "merge_request_event"
        ? ["--unset-variable", "CI_COMMIT_BRANCH"]
        : [];
    const lines = (await this.#run("--list-csv", SCHEMA_SEEN, ...given, ...unset))
      .trim()
      .split("\n");
    return lines
      .slice(lines.indexOf("name;stage;when;allowFailure;environment;needs") + 1)
      .map((line) => line.split(";"));
  }

  /** @throws what the linter finds wrong. */
  async #run(...options: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", NEWER_NODE, CLI, ...options],
      { cwd: this.#folder },
    );
    return stdout;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
