import { type IncomingMessage, type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AwsClients } from "../../components/support/aws-clients";
import { createAwsClients } from "../../stacks/aws-clients";

/** One call, as AWS gets it. */
export interface Call {
  /** "ListTasks" and so on. */
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Who signed it, and for which region and service: "KEY/20261121/us-east-1/ecs". */
  readonly credential: string;
}

/** What AWS answers: the members of its response, or an error. */
export type Answer = Readonly<Record<string, unknown>> | AwsError;

/** An error as AWS words it. */
export class AwsError {
  constructor(
    readonly type: string,
    readonly message: string,
    readonly status = 400,
  ) {}
}

/** Answers to each call of an action in turn; the last one stands for all that follow. */
export type Script = Readonly<Record<string, readonly Answer[]>>;

export interface FakeAws {
  readonly url: string;
  /** All calls so far. */
  readonly calls: readonly Call[];
  /** What was asked of one action. */
  inputsOf(action: string): Call["input"][];
  close(): Promise<void>;
}

/**
 * An endpoint that speaks AWS's JSON protocol (and STS's AssumeRole) over a real socket, and answers by a script. An action
 * that the script lacks is an error, so that no call goes unseen.
 */
export async function startFakeAws(script: Script): Promise<FakeAws> {
  const calls: Call[] = [];
  const server: Server = createServer((request, response) => {
    void (async () => {
      const call = await readCall(request);
      const before = calls.filter(({ action }) => action === call.action).length;
      calls.push(call);
      if (call.action === "AssumeRole") {
        response.writeHead(200, { "content-type": "text/xml" }).end(assumed(call));
        return;
      }
      const answers = script[call.action] ?? [];
      const answer =
        answers[before] ??
        answers.at(-1) ??
        new AwsError("UnknownOperationException", `${call.action} is not in the script`);
      const [status, body] =
        answer instanceof AwsError
          ? [answer.status, { __type: answer.type, message: answer.message }]
          : [200, answer];
      response
        .writeHead(status, { "content-type": "application/x-amz-json-1.1" })
        .end(JSON.stringify(body));
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    inputsOf: (wanted) => calls.filter(({ action }) => action === wanted).map(({ input }) => input),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Clients of a fake AWS, as a program makes them by the settings of its stack. */
export async function withFakeAws<Result>(
  script: Script,
  body: (clients: AwsClients, fake: FakeAws) => Promise<Result>,
): Promise<Result> {
  const fake = await startFakeAws(script);
  const { url } = fake;
  try {
    return await withEnvironment(KEYS, () =>
      body(createAwsClients({ region: "us-east-1", endpoints: [{ ecs: url, logs: url }] }), fake),
    );
  } finally {
    await fake.close();
  }
}

/** Credentials that no account knows, and no word on the age of Node. */
export const KEYS = {
  AWS_ACCESS_KEY_ID: "KEY",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
};

/** Runs something with other environment variables; undefined takes one away. */
export async function withEnvironment<Result>(
  changes: Readonly<Record<string, string | undefined>>,
  body: () => Promise<Result>,
): Promise<Result> {
  const former = Object.keys(changes).map((name) => [name, process.env[name]] as const);
  setEnvironment(Object.entries(changes));
  try {
    return await body();
  } finally {
    setEnvironment(former);
  }
}

function setEnvironment(values: readonly (readonly [string, string | undefined])[]): void {
  for (const [name, value] of values) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}

async function readCall(request: IncomingMessage): Promise<Call> {
  let body = "";
  for await (const part of request) body += String(part);
  const { authorization = "", "x-amz-target": target = "" } = request.headers;
  const credential = /Credential=(\S+?)\/aws4_request/.exec(authorization)?.[1] ?? "";
  if (target !== "") {
    const action = String(target).split(".").at(-1) ?? "";
    return { action, input: JSON.parse(body) as Call["input"], credential };
  }
  const input = Object.fromEntries(new URLSearchParams(body));
  return { action: input["Action"] ?? "", input, credential };
}

/** Credentials whose key names the role. */
function assumed({ input }: Call): string {
  const role = String(input["RoleArn"]).split("/").at(-1) ?? "";
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
    <AccessKeyId>KEY-OF-${role}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
    <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
}
