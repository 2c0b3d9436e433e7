import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { repositoryFile } from "./support";

/** A job of GitLab CI, with what it takes over from others by `extends`. */
export interface GitlabJob {
  readonly stage?: string;
  readonly before_script?: readonly string[];
  readonly script?: readonly string[];
  readonly rules?: readonly { readonly if?: string; readonly when?: string }[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly id_tokens?: Readonly<Record<string, { readonly aud: string }>>;
  readonly environment?: string;
  readonly extends?: string | readonly string[];
}

type GitlabFile = Readonly<Record<string, GitlabJob>> & { readonly stages: readonly string[] };

function gitlabFile(): GitlabFile {
  return parse(repositoryFile(".gitlab-ci.yml")) as GitlabFile;
}

/** A job of the GitLab pipeline as it runs. */
export function gitlabJob(name: string): GitlabJob {
  const jobs = gitlabFile();
  const own = jobs[name] ?? assert.fail(`.gitlab-ci.yml has no job ${name}`);
  const parents = [own.extends ?? []].flat().map(gitlabJob);
  return {
    ...parents.reduce<GitlabJob>((merged, parent) => ({ ...merged, ...parent }), {}),
    ...own,
    variables: Object.assign({}, ...[...parents, own].map(({ variables }) => variables)) as Record<
      string,
      string
    >,
  };
}

/** The position of a job's stage: jobs of a later one wait for all of the earlier. */
export function gitlabPosition(name: string): number {
  return gitlabFile().stages.indexOf(gitlabJob(name).stage ?? "");
}

/** A workflow of GitHub Actions. */
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly if?: string;
        readonly needs?: readonly string[];
        readonly uses?: string;
        readonly permissions?: Readonly<Record<string, string>>;
        readonly steps?: readonly { readonly run?: string; readonly uses?: string }[];
      }
    >
  >;
}

export function workflow(name: string): Workflow {
  return parse(repositoryFile(`.github/workflows/${name}.yml`)) as Workflow;
}

/** The lines that a workflow runs, of all its jobs. */
export function linesOf({ jobs }: Workflow): string[] {
  return Object.values(jobs).flatMap(({ steps = [] }) =>
    steps.flatMap(({ run }) => (run === undefined ? [] : [run])),
  );
}
