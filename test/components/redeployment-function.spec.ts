import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CODE = join(__dirname, "..", "..", "components", "redeployment", "functions");

const SERVICE = "arn:aws:ecs:us-east-1:123456789012:service/platform-1a2b/api-1a2b";
const REPOSITORY = "arn:aws:ecr:us-east-1:123456789012:repository/team/api-1a2b";
const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:orders-AbCdEf";
const FAR_SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:far-AbCdEf";
const PARAMETER = "arn:aws:ssm:us-east-1:123456789012:parameter/shop/flag";

const BEFORE = "2026-11-21T10:00:00.000Z";
const DEPLOYED = "2026-11-21T11:00:00.000Z";
const AFTER = "2026-11-21T12:00:00.000Z";

/** Packages of the SDK that AWS Lambda brings along, with what the function takes from each. */
const SDK = {
  "client-ecr": ["ECRClient", "DescribeImagesCommand"],
  "client-ecs": [
    "ECSClient",
    "DescribeServicesCommand",
    "ListServiceDeploymentsCommand",
    "UpdateServiceCommand",
  ],
  "client-secrets-manager": [
    "SecretsManagerClient",
    "DescribeSecretCommand",
    "ListSecretVersionIdsCommand",
  ],
  "client-ssm": ["SSMClient", "DescribeParametersCommand"],
};

/** An SDK that answers from a table, by the name of the command, and notes what it is asked. Times come as dates, as AWS's do. */
const client = (name: string) => `
export class ${name} {
  constructor({ region }) { this.region = region; }
  async send(command) {
    const name = command.constructor.name.replace(/Command$/, "");
    globalThis.asked.push([name, command.input, ...(this.region ? [this.region] : [])]);
    const answer = globalThis.answers[name];
    if (answer?.error) throw Object.assign(new Error(answer.error), { name: answer.error });
    return JSON.parse(JSON.stringify(answer ?? {}), (_, value) =>
      typeof value === "string" && /^\\d{4}-.*Z$/.test(value) ? new Date(value) : value);
  }
}`;
const command = (name: string) =>
  `export class ${name} { constructor(input) { this.input = input; } }`;

interface Outcome {
  readonly result?: unknown;
  readonly error?: string;
  readonly asked: readonly [name: string, input: object, region?: string][];
}

/** What the function answers and asks, when it is called with an event. */
function call(event: object, watched: object, answers: object): Outcome {
  const folder = mkdtempSync(join(tmpdir(), "redeployment-"));
  try {
    cpSync(CODE, folder, { recursive: true });
    writeFileSync(join(folder, "watched.json"), JSON.stringify(watched));
    for (const [name, exports] of Object.entries(SDK)) {
      const sdk = join(folder, "node_modules", "@aws-sdk", name);
      mkdirSync(sdk, { recursive: true });
      writeFileSync(join(sdk, "package.json"), '{"type":"module","exports":"./index.js"}');
      const code = exports.map((one) => (one.endsWith("Command") ? command(one) : client(one)));
      writeFileSync(join(sdk, "index.js"), code.join("\n"));
    }
    const program = `
      globalThis.asked = [];
      globalThis.answers = ${JSON.stringify(answers)};
      console.log = () => {};
      const { handler } = await import("./index.mjs");
      const outcome = await handler(${JSON.stringify(event)}).then(
        (result) => ({ result }), ({ message }) => ({ error: message }));
      process.stdout.write(JSON.stringify({ ...outcome, asked: globalThis.asked }));`;
    const printed = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
      cwd: folder,
      encoding: "utf8",
    });
    return JSON.parse(printed) as Outcome;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const api = {
  serviceArn: SERVICE,
  image: { repositoryArn: REPOSITORY, tag: "live" },
  secretArns: [SECRET],
  parameterArns: [PARAMETER],
};

/** AWS where the service was deployed at eleven, and nothing has changed since. */
const atRest = {
  DescribeServices: {
    services: [
      { status: "ACTIVE", deployments: [{ createdAt: DEPLOYED, rolloutState: "COMPLETED" }] },
    ],
  },
  ListServiceDeployments: { serviceDeployments: [{ createdAt: DEPLOYED, status: "SUCCESSFUL" }] },
  DescribeImages: { imageDetails: [{ imagePushedAt: BEFORE }] },
  ListSecretVersionIds: {
    Versions: [
      { VersionStages: ["AWSPREVIOUS"], CreatedDate: AFTER },
      { CreatedDate: AFTER },
      { VersionStages: ["AWSCURRENT"], CreatedDate: BEFORE },
    ],
  },
  DescribeSecret: { LastChangedDate: AFTER },
  DescribeParameters: { Parameters: [{ LastModifiedDate: BEFORE }] },
};

const outcome = (event: object, changes: object = {}, watched: object = { api }) =>
  call(event, watched, { ...atRest, ...changes });

const started = ({ asked }: Outcome) =>
  asked.filter(([name]) => name === "UpdateService").map(([, input]) => input);

const START = { cluster: "platform-1a2b", service: SERVICE, forceNewDeployment: true };

const pushed = (time: string, detail: object = {}) => ({
  source: "aws.ecr",
  time,
  resources: [],
  detail: { "repository-name": "team/api-1a2b", "image-tag": "live", ...detail },
});
const changed = (time: string, arn: string) => ({
  source: arn.includes(":ssm:") ? "aws.ssm" : "aws.secretsmanager",
  time,
  resources: [arn],
  detail: { labelUpdated: "AWSCURRENT" },
});

describe("The function of a redeployment, told of a change", () => {
  it("starts the service anew for its image, asking nothing but how the service is", () => {
    const { result, asked } = outcome(pushed(AFTER));
    assert.deepEqual(result, { api: "starts anew" });
    assert.deepEqual(asked, [
      ["DescribeServices", { cluster: "platform-1a2b", services: [SERVICE] }],
      ["ListServiceDeployments", { cluster: "platform-1a2b", service: SERVICE }],
      ["UpdateService", START],
    ]);
  });

  for (const arn of [SECRET, PARAMETER]) {
    it(`starts it anew for ${arn}`, () => {
      assert.deepEqual(started(outcome(changed(AFTER, arn))), [START]);
    });
  }

  it("leaves alone whom the change does not concern", () => {
    for (const event of [
      pushed(AFTER, { "image-tag": "next" }),
      pushed(AFTER, { "repository-name": "api-1a2b" }),
      changed(AFTER, FAR_SECRET),
      changed(AFTER, `${PARAMETER}-2`),
    ]) {
      assert.deepEqual(outcome(event), { result: {}, asked: [] });
    }
    const plain = { serviceArn: SERVICE, secretArns: [], parameterArns: [] };
    assert.deepEqual(outcome(pushed(AFTER), {}, { plain }), { result: {}, asked: [] });
  });

  it("starts once for an event that comes twice: after the first there is a newer deployment", () => {
    const again = outcome(pushed(BEFORE));
    assert.deepEqual(again.result, { api: "is up to date" });
    assert.deepEqual(started(again), []);
  });
});

describe("The function of a redeployment, looking for itself", () => {
  it("finds nothing where nothing is newer than the deployment, be it the secret's description", () => {
    const { result, asked } = outcome({});
    assert.deepEqual(result, { api: "is up to date" });
    assert.deepEqual(
      asked.slice(2).sort(([left], [right]) => (left < right ? -1 : 1)),
      [
        ["DescribeImages", { repositoryName: "team/api-1a2b", imageIds: [{ imageTag: "live" }] }],
        [
          "DescribeParameters",
          { ParameterFilters: [{ Key: "Name", Option: "Equals", Values: ["/shop/flag"] }] },
          "us-east-1",
        ],
        ["DescribeSecret", { SecretId: SECRET }, "us-east-1"],
        ["ListSecretVersionIds", { SecretId: SECRET }, "us-east-1"],
      ],
    );
  });

  const changes: Record<string, object> = {
    "an image": { DescribeImages: { imageDetails: [{ imagePushedAt: AFTER }] } },
    "a value of a secret": {
      ListSecretVersionIds: {
        Versions: [{ VersionStages: ["AWSCURRENT", "OTHER"], CreatedDate: AFTER }],
      },
    },
    "a rotation that had begun before": { DescribeSecret: { LastRotatedDate: AFTER } },
    "a parameter": {
      DescribeParameters: {
        Parameters: [{ LastModifiedDate: BEFORE }, { LastModifiedDate: AFTER }],
      },
    },
  };
  for (const [title, change] of Object.entries(changes)) {
    it(`starts the service anew for ${title}`, () => {
      assert.deepEqual(started(outcome({}, change)), [START]);
    });
  }

  it("asks for a secret where it lies", () => {
    const far = { serviceArn: SERVICE, secretArns: [FAR_SECRET], parameterArns: [] };
    const { asked } = outcome({}, {}, { far });
    assert.deepEqual(asked.slice(2), [
      ["ListSecretVersionIds", { SecretId: FAR_SECRET }, "eu-west-1"],
      ["DescribeSecret", { SecretId: FAR_SECRET }, "eu-west-1"],
    ]);
  });

  it("asks for a parameter without folders by both names that it may have", () => {
    const parameterArns = ["arn:aws:ssm:us-east-1:123456789012:parameter/flag"];
    const { asked } = outcome(
      {},
      {},
      { one: { serviceArn: SERVICE, secretArns: [], parameterArns } },
    );
    assert.deepEqual(asked[2]?.[1], {
      ParameterFilters: [{ Key: "Name", Option: "Equals", Values: ["flag", "/flag"] }],
    });
  });

  it("starts nothing for a tag that nobody has pushed yet, or a secret that has no value", () => {
    const none = outcome(
      {},
      {
        DescribeImages: { error: "ImageNotFoundException" },
        ListSecretVersionIds: { Versions: [] },
        DescribeParameters: { Parameters: [] },
      },
    );
    assert.deepEqual(none.result, { api: "is up to date" });
  });

  const underWay: Record<string, object> = {
    "a rolling update": {
      DescribeServices: {
        services: [
          {
            status: "ACTIVE",
            deployments: [
              { createdAt: DEPLOYED, rolloutState: "IN_PROGRESS" },
              { createdAt: BEFORE, rolloutState: "COMPLETED" },
            ],
          },
        ],
      },
    },
    ...Object.fromEntries(
      [
        "PENDING",
        "IN_PROGRESS",
        "STOP_REQUESTED",
        "ROLLBACK_REQUESTED",
        "ROLLBACK_IN_PROGRESS",
      ].map((status) => [
        `a deployment that is ${status}`,
        { ListServiceDeployments: { serviceDeployments: [{ createdAt: DEPLOYED, status }] } },
      ]),
    ),
  };
  for (const [title, change] of Object.entries(underWay)) {
    it(`leaves ${title} alone until it is over`, () => {
      const image = { DescribeImages: { imageDetails: [{ imagePushedAt: AFTER }] } };
      const waiting = outcome({}, { ...image, ...change });
      assert.deepEqual(waiting.result, { api: "waits for the rollout under way" });
      assert.deepEqual(started(waiting), []);
    });
  }

  it("does not try again what was rolled back", () => {
    const { result } = outcome(
      {},
      {
        DescribeImages: { imageDetails: [{ imagePushedAt: AFTER }] },
        ListServiceDeployments: {
          serviceDeployments: [
            { createdAt: "2026-11-21T12:00:05.000Z", status: "ROLLBACK_SUCCESSFUL" },
            { createdAt: DEPLOYED, status: "SUCCESSFUL" },
          ],
        },
      },
    );
    assert.deepEqual(result, { api: "is up to date" });
  });

  it("goes by the service itself where its last deployment is too old to be listed", () => {
    const old = { ListServiceDeployments: { serviceDeployments: [] } };
    assert.deepEqual(outcome({}, old).result, { api: "is up to date" });
    const image = { DescribeImages: { imageDetails: [{ imagePushedAt: AFTER }] } };
    assert.deepEqual(started(outcome({}, { ...old, ...image })), [START]);
  });

  it("starts no service that is being deleted, or is gone", () => {
    for (const services of [[], [{ status: "DRAINING", deployments: [] }]]) {
      const gone = outcome(pushed(AFTER), { DescribeServices: { services } });
      assert.deepEqual(gone.result, { api: "is not there" });
      assert.deepEqual(started(gone), []);
    }
  });

  it("fails with the names of those that cannot be looked at, after it has looked at all", () => {
    const web = { serviceArn: `${SERVICE}-2`, secretArns: [], parameterArns: [] };
    const { error, asked } = outcome(
      {},
      { DescribeImages: { error: "RepositoryNotFoundException" } },
      { api, web },
    );
    assert.match(error ?? "", /^api: RepositoryNotFoundException/);
    assert.deepEqual(asked.at(-2), [
      "DescribeServices",
      { cluster: "platform-1a2b", services: [web.serviceArn] },
    ]);
  });
});
