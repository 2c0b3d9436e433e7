/** A pull request, and the right to write on it. */
export interface PullRequest {
  /** Address of its comments in GitHub's API. */
  readonly comments: string;
  /** Address of the comments of its whole repository, by whose id one is changed. */
  readonly comment: string;
  readonly token: string;
}

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly user?: { readonly login: string } | null;
}

const ON_A_PAGE = 100;

/** Who writes with the token of a workflow. Over a comment of somebody else, its author could write again. */
const OWN = "github-actions[bot]";

/** Where GitHub Actions runs for: its variables say, in a workflow of a pull request. */
export function pullRequest(env: NodeJS.ProcessEnv): PullRequest {
  const given = (name: string) => {
    const value = env[name];
    if (value === undefined || value === "") throw new Error(`${name} is not set`);
    return value;
  };
  const number = /^refs\/pull\/(\d+)\/merge$/.exec(given("GITHUB_REF"))?.[1];
  if (number === undefined) {
    throw new Error(`GITHUB_REF is ${given("GITHUB_REF")}, not that of a pull request`);
  }
  const issues = `${given("GITHUB_API_URL")}/repos/${given("GITHUB_REPOSITORY")}/issues`;
  return {
    comments: `${issues}/${number}/comments`,
    comment: `${issues}/comments`,
    token: given("GITHUB_TOKEN"),
  };
}

/** Writes a stack's page on the pull request, over the one that is there; says which of the two it was. */
export async function commentOn(
  request: PullRequest,
  stack: string,
  page: string,
): Promise<"added" | "changed"> {
  const mark = `<!-- ecs-platform preview of ${stack} -->`;
  const body = JSON.stringify({ body: `${mark}\n${page}` });
  const last = await find(request, mark);
  if (last === undefined) {
    await call(request, request.comments, { method: "POST", body });
    return "added";
  }
  await call(request, `${request.comment}/${last.id}`, { method: "PATCH", body });
  return "changed";
}

async function find(request: PullRequest, mark: string): Promise<Comment | undefined> {
  for (let page = 1; ; page += 1) {
    const address = `${request.comments}?per_page=${ON_A_PAGE}&page=${page}`;
    const comments = (await call(request, address, { method: "GET" })) as Comment[];
    const found = comments.find(
      ({ body, user }) => user?.login === OWN && body?.startsWith(mark) === true,
    );
    if (found !== undefined || comments.length < ON_A_PAGE) return found;
  }
}

async function call(
  { token }: PullRequest,
  address: string,
  init: { method: string; body?: string },
): Promise<unknown> {
  const response = await fetch(address, {
    ...init,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
  });
  if (!response.ok) {
    throw new Error(`${init.method} ${address} gives ${response.status}: ${await response.text()}`);
  }
  return response.json();
}
