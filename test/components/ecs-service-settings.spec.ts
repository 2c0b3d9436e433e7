import * as assert from "node:assert/strict";
import { ecsServiceSettings } from "../../components/ecs-service/settings";
import {
  type Change,
  RETENTION_DAYS,
  itBounds,
  itRefuses,
  itTakes,
  listWith,
  noChoice,
  noReason,
  outOfBounds,
} from "./support";

const happy = { image: "nginx:1.29", desiredCount: 1 };

const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:stripe-AbCdEf";

const notAnImage = (image: string) => ({
  change: { image },
  problem: {
    key: "image",
    value: image,
    rule: "must be a container image",
    allowed: "REGISTRY/REPOSITORY:TAG or REGISTRY/REPOSITORY@sha256:DIGEST",
    fix: "write it as `docker pull` takes it",
  },
});

const noVariable = (map: "environment" | "secrets", name: string) => ({
  change: { [map]: { [name]: SECRET } },
  problem: {
    key: `${map}.${name}`,
    value: name,
    rule: "is not a name for an environment variable",
    allowed: "letters, digits and underscores, not starting with a digit",
    fix: "rename it",
  },
});

const looksSecret = (name: string) => ({
  change: { environment: { [name]: "hunter2" } },
  problem: {
    key: `environment.${name}`,
    value: name,
    rule: "looks like a secret, and environment variables are readable in the console",
    allowed: "names without PASSWORD, SECRET, TOKEN, API_KEY, PRIVATE_KEY, CREDENTIALS",
    fix: "put the value into Secrets Manager and name its ARN under secrets",
  },
});

const plainSecret = (value: string) => ({
  change: { secrets: { STRIPE: value } },
  problem: {
    key: "secrets.STRIPE",
    value: "(hidden)",
    rule: "must name where the secret is, not the secret",
    allowed:
      "the ARN of a Secrets Manager secret (with :KEY:: for one key of its JSON) or SSM parameter",
    fix: "create it by `aws secretsmanager create-secret` and give its ARN",
  },
});

const noMap = (key: string, change: Change) => ({
  change,
  problem: {
    key,
    value: null,
    rule: "must be a map of names to values",
    allowed: "a map of names to values",
    fix: "set a map of names to values",
  },
});

const notAbsolute = (path: string) => ({
  change: { writablePaths: [path] },
  problem: {
    key: "writablePaths[0]",
    value: path,
    rule: "must be an absolute path",
    allowed: "a path that starts with a slash",
    fix: 'write it like "/tmp"',
  },
});

const wrongPair = (cpu: number | undefined, memoryMiB: number) => ({
  change: { cpu, memoryMiB },
  problem: {
    key: "memoryMiB",
    value: memoryMiB,
    rule: "is not offered with this cpu",
    allowed:
      "cpu 256: 512, 1024, 2048; cpu 512: 1024 to 4096 in steps of 1024; cpu 1024: 2048 to 8192 in steps of 1024; cpu 2048: 4096 to 16384 in steps of 1024; cpu 4096: 8192 to 30720 in steps of 1024; cpu 8192: 16384 to 61440 in steps of 4096; cpu 16384: 32768 to 122880 in steps of 8192; cpu 32768: 61440, 122880, 249856",
    fix: "choose a pair from the list",
  },
});

const outsideScaling = (desiredCount: number) => ({
  change: { desiredCount, scaling: { min: 2, max: 4 } },
  problem: {
    key: "desiredCount",
    value: desiredCount,
    rule: "lies outside scaling, which would change it at once",
    allowed: "2 to 4, from scaling.min to scaling.max",
    fix: "correct it, or remove it to begin with scaling.min",
  },
});

describe("EcsService settings", () => {
  it("have these defaults", () => {
    assert.deepEqual(ecsServiceSettings.parse(happy), {
      ...happy,
      secretChanges: { ignore: {} },
      port: 3000,
      cpu: 256,
      memoryMiB: 512,
      architecture: "X86_64",
      environment: {},
      secrets: {},
      writablePaths: ["/tmp"],
      dependsOn: {},
      sidecars: {},
      initContainers: {},
      sharedVolumes: {},
      volumes: {},
      permissions: [],
      vaultKeys: [],
      egress: [],
      healthCheck: {
        path: "/health",
        statusCodes: "200",
        intervalSeconds: 30,
        timeoutSeconds: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
        gracePeriodSeconds: 60,
      },
      deregistrationDelaySeconds: 30,
      deployment: { strategy: "ROLLING" },
      capacity: { FARGATE: { base: 0, weight: 1 } },
      logRetentionDays: 30,
      exec: false,
    });
  });

  itTakes(ecsServiceSettings, happy, {
    "an image of a registry with a port": { image: "registry.example.com:5000/team/api:v1.2_3" },
    "an image by digest": { image: `nginx@sha256:${"0a".repeat(32)}` },
    "an image by tag and digest": { image: `nginx:1.29@sha256:${"0a".repeat(32)}` },
    "names with digits, underscores and small letters": { environment: { _a1_B: "" } },
    "names that only begin like a secret's": {
      environment: { PASSWORDS_URL: "x", TOKENS: "x", SECRETARY: "x", KEYS: "x" },
    },
    "a secret that is named like one": { secrets: { DB_PASSWORD: SECRET } },
    "a secret with a name that every object has": { secrets: { constructor: SECRET } },
    "one key of a secret": { secrets: { STRIPE: `${SECRET}:key::` } },
    "a parameter": {
      secrets: { STRIPE: "arn:aws-cn:ssm:cn-north-1:123456789012:parameter/shop/stripe" },
    },
    "more memory for more CPU": { cpu: 512, memoryMiB: 4096 },
    "the largest task": { cpu: 32768, memoryMiB: 249856 },
    "a deep path": { writablePaths: ["/var/cache/nginx"] },
    "a reason of 10 characters": { writableRootBecause: "0123456789" },
    "no number of tasks": { desiredCount: undefined },
    "scaling in place of a number": { desiredCount: undefined, scaling: { min: 1, max: 2 } },
    "a number to begin with, the least of scaling": {
      desiredCount: 2,
      scaling: { min: 2, max: 4 },
    },
    "a number to begin with, the most of scaling": { desiredCount: 4, scaling: { min: 2, max: 4 } },
    "Graviton processors": { architecture: "ARM64" },
    sessions: { exec: true },
  });

  itBounds(ecsServiceSettings, happy, {
    port: [1, 65535],
    desiredCount: [0, 5000],
    deregistrationDelaySeconds: [0, 3600],
  });

  itRefuses(ecsServiceSettings, happy, {
    "no image": {
      change: { image: undefined },
      problem: {
        key: "image",
        value: undefined,
        rule: "must be text",
        allowed: "text",
        fix: "add the key image",
      },
    },
    "a secret's number, without showing it": {
      change: { secrets: { PIN: 4242 } },
      problem: {
        key: "secrets.PIN",
        value: "(hidden)",
        rule: "must be text",
        allowed: "text",
        fix: "set text",
      },
    },
    "text for the environment, beside secrets": {
      change: { environment: "LEVEL=info", secrets: { STRIPE: SECRET } },
      problem: {
        key: "environment",
        value: "LEVEL=info",
        rule: "must be a map of names to values",
        allowed: "a map of names to values",
        fix: "set a map of names to values",
      },
    },
    "an image with capitals at its start": notAnImage("Nginx:1.29"),
    "an image with a space": notAnImage("nginx :1.29"),
    "an image with an open tag": notAnImage("nginx:"),
    "an image with a short digest": notAnImage("nginx@sha256:0a0a"),
    "a variable with a hyphen": noVariable("environment", "LOG-LEVEL"),
    "a variable that starts with a digit": noVariable("environment", "1ST"),
    "a secret's variable with a dot": noVariable("secrets", "stripe.key"),
    "a password in plain sight": looksSecret("DB_PASSWORD"),
    "a password in plain sight, in short": looksSecret("PGPASS"),
    "a password in plain sight, in other words": looksSecret("ROOT_PASSWD_OLD"),
    "a token in plain sight": looksSecret("github_token"),
    "a secret in plain sight": looksSecret("CLIENT_SECRET"),
    "an API key in plain sight": looksSecret("STRIPE_APIKEY"),
    "a private key in plain sight": looksSecret("PRIVATE_KEY"),
    "credentials in plain sight": looksSecret("AWS_CREDENTIALS"),
    "a secret itself, without showing it": plainSecret("sk_live_4242"),
    "a secret's name in place of its ARN": plainSecret("shop/stripe"),
    "a secret with its ARN before it": plainSecret(`${SECRET} hunter2`),
    "a secret with its ARN behind it": plainSecret(`hunter2 ${SECRET}`),
    "an ARN of something else": plainSecret("arn:aws:s3:::bucket/secret"),
    "a secret that environment gives too": {
      change: { environment: { A: "x" }, secrets: { A: SECRET } },
      problem: {
        key: "secrets",
        value: { A: SECRET },
        rule: "gives a variable that environment gives too",
        allowed: "each name once",
        fix: "remove the variable from environment",
      },
    },
    "an environment without anything, beside secrets": noMap("environment", {
      environment: null,
      secrets: { A: SECRET },
    }),
    "secrets without anything": noMap("secrets", { secrets: null }),
    "memory that no task of the CPU has": wrongPair(1024, 1024),
    "memory between two sizes": wrongPair(512, 1500),
    "memory that the smallest CPU does not have": wrongPair(undefined, 4096),
    "CPU that Fargate does not have": {
      change: { cpu: 300 },
      problem: noChoice("cpu", 300, [256, 512, 1024, 2048, 4096, 8192, 16384, 32768]),
    },
    "another processor": {
      change: { architecture: "arm64" },
      problem: noChoice("architecture", "arm64", ["X86_64", "ARM64"]),
    },
    "a relative path": notAbsolute("tmp"),
    "the root as a path": notAbsolute("/"),
    "a path with a space": notAbsolute("/tmp /x"),
    "a writable root without a reason": {
      change: { writableRootBecause: "" },
      problem: noReason("writableRootBecause", ""),
    },
    "fewer tasks than scaling leaves": outsideScaling(1),
    "more tasks than scaling allows": outsideScaling(5),
    "logs that are kept for ever": {
      change: { logRetentionDays: 0 },
      problem: noChoice("logRetentionDays", 0, RETENTION_DAYS),
    },
    "a yes that is no boolean": {
      change: { exec: "yes" },
      problem: {
        key: "exec",
        value: "yes",
        rule: "must be true or false",
        allowed: "true or false",
        fix: "set true or false",
      },
    },
    "an empty command": {
      change: { command: [] },
      problem: outOfBounds("command", [], listWith("at least 1 entry", "text")),
    },
  });
});
