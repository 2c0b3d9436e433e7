import * as assert from "node:assert/strict";
import { ecsServiceSettings } from "../../components/ecs-service/settings";
import { parseSettings } from "../../components/support/parse-settings";
import { itRefuses, itTakes, noChoice, noReason, outOfBounds } from "./support";

const WAITING = [
  "RECONCILE_SERVICE",
  "PRE_SCALE_UP",
  "POST_SCALE_UP",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
];
const TESTING = ["POST_TEST_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"];
const ALL = [
  "RECONCILE_SERVICE",
  "PRE_SCALE_UP",
  "POST_SCALE_UP",
  "TEST_TRAFFIC_SHIFT",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
  "PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
];

const GATES = "deployment.gates";
const smoke = { kind: "smoke-test", requests: { health: {} } };
const own = {
  kind: "function",
  stage: "POST_SCALE_UP",
  functionArn: "arn:aws:lambda:us-east-1:123456789012:function:check",
};
const happy = {
  image: "nginx:1.29",
  route: { priority: 100 },
  deployment: {
    strategy: "BLUE_GREEN",
    gates: { approve: { kind: "approval" }, smoke, own },
  },
};

/** So many gates, by different names. */
const several = (count: number, gate: object) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`gate-${index}`, gate]));

describe("Settings of an EcsService, gates", () => {
  it("fills in the defaults of each kind", () => {
    const { value } = parseSettings(ecsServiceSettings, happy, "");
    assert.deepEqual(value?.deployment.gates, {
      approve: {
        kind: "approval",
        stage: "POST_TEST_TRAFFIC_SHIFT",
        timeoutMinutes: 1440,
        onTimeout: "ROLLBACK",
        emails: {},
      },
      smoke: {
        kind: "smoke-test",
        stage: "POST_TEST_TRAFFIC_SHIFT",
        requests: {
          health: { path: "/health", statusCodes: "200", headers: {}, timeoutSeconds: 5 },
        },
        attempts: 5,
        intervalSeconds: 15,
      },
      own: { ...own, details: {} },
    });
  });

  it("has none by default", () => {
    const given = { ...happy, deployment: { strategy: "BLUE_GREEN" } };
    assert.equal(parseSettings(ecsServiceSettings, given, "").value?.deployment.gates, undefined);
  });

  const stages = (gate: string, taken: readonly string[]) =>
    Object.fromEntries(
      taken.map((stage) => [`${gate} at ${stage}`, { [`${GATES}.${gate}.stage`]: stage }]),
    );
  itTakes(ecsServiceSettings, happy, {
    ...stages("approve", WAITING),
    ...stages("smoke", TESTING),
    ...stages("own", ALL),
    "LINEAR with gates": {
      "deployment.strategy": "LINEAR",
      "deployment.linear": { stepPercent: 20 },
    },
    "CANARY with gates": { "deployment.strategy": "CANARY", "deployment.canary": { percent: 10 } },
    "ten approvals and ten others": {
      [GATES]: {
        ...several(10, own),
        ...Object.fromEntries(
          Object.entries(several(10, { kind: "approval" })).map(([key, gate]) => [
            `a-${key}`,
            gate,
          ]),
        ),
      },
    },
    "an approval that goes on by itself": { [`${GATES}.approve.onTimeout`]: "CONTINUE" },
    "who is told": { [`${GATES}.approve.emails`]: { team: "team@example.com" } },
    "a function's alias and version": {
      [`${GATES}.own.functionArn`]: `${own.functionArn}:live`,
      [`${GATES}.other`]: { ...own, functionArn: `${own.functionArn}:12` },
    },
    "a function in another partition": {
      [`${GATES}.own.functionArn`]: "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:c",
    },
    "details for a function": { [`${GATES}.own.details`]: { BUCKET: "checks" } },
    "any certificate, with a reason": {
      [`${GATES}.smoke.unverifiedCertificateBecause`]: "our own authority",
    },
    "requests of every kind": {
      [`${GATES}.smoke.requests`]: {
        home: {
          path: "/?utm=1",
          statusCodes: "200-299,304",
          contains: "Größe",
          headers: { "Accept-Language": "de, en" },
          timeoutSeconds: 60,
        },
      },
    },
    "a path that the route leads to": {
      "route.paths": ["/api/*", "/v?/health"],
      [`${GATES}.smoke.requests`]: { api: { path: "/api/x?y=/z" }, v: { path: "/v2/health" } },
    },
    "a host of the service": {
      "route.hosts": ["*.example.com", "shop.example.org"],
      [`${GATES}.smoke.host`]: "API.example.com",
    },
    "no host where the service has one without a wildcard": {
      "route.hosts": ["*.example.com", "shop.example.org"],
    },
    "any host where the service has those of the load balancer": {
      [`${GATES}.smoke.host`]: "api.example.com",
    },
  });

  for (const [key, least, most] of [
    ["approve.timeoutMinutes", 1, 20160],
    ["smoke.attempts", 1, 60],
    ["smoke.intervalSeconds", 5, 300],
    ["smoke.requests.health.timeoutSeconds", 1, 60],
  ] as const) {
    const path = `${GATES}.${key}`;
    itTakes(ecsServiceSettings, happy, {
      [`${key} of ${least}`]: { [path]: least },
      [`${key} of ${most}`]: { [path]: most },
    });
    const beyond = (value: number) => ({
      change: { [path]: value },
      problem: outOfBounds(path, value, `a whole number from ${least} to ${most}`),
    });
    itRefuses(ecsServiceSettings, happy, {
      [`${key} of ${least - 1}`]: beyond(least - 1),
      [`${key} of ${most + 1}`]: beyond(most + 1),
    });
  }

  const rolling = {
    image: "nginx:1.29",
    deployment: { gates: { approve: { kind: "approval", stage: "PRE_SCALE_UP" } } },
  };
  itTakes(ecsServiceSettings, rolling, {
    "an approval with ROLLING, before anything starts": {},
    "an approval with ROLLING, when new tasks run": { [`${GATES}.approve.stage`]: "POST_SCALE_UP" },
  });

  const rollingAt = (stage: string | undefined) => ({
    change: { [`${GATES}.approve.stage`]: stage },
    problem: {
      key: `${GATES}.approve.stage`,
      value: stage,
      rule: "must be said with strategy ROLLING, and be one that moves no requests",
      allowed: "PRE_SCALE_UP or POST_SCALE_UP",
      fix: "set one of them, or set strategy: BLUE_GREEN or LINEAR or CANARY",
    },
  });
  const rollingOf = (gate: { readonly kind: string }) => ({
    change: { [`${GATES}.other`]: gate },
    problem: {
      key: `${GATES}.other.kind`,
      value: gate.kind,
      rule: "has no meaning with strategy ROLLING",
      allowed: "approval; the others with BLUE_GREEN, LINEAR, CANARY",
      fix: "remove the gate, or set strategy: BLUE_GREEN or LINEAR or CANARY",
    },
  });
  itRefuses(ecsServiceSettings, rolling, {
    "an approval with ROLLING that does not say where": rollingAt(undefined),
    ...Object.fromEntries(
      ["RECONCILE_SERVICE", ...WAITING.filter((stage) => stage.includes("TRAFFIC"))].map(
        (stage) => [`an approval with ROLLING at ${stage}`, rollingAt(stage)],
      ),
    ),
    "a smoke test with ROLLING": rollingOf(smoke),
    "a function with ROLLING": rollingOf(own),
  });

  itRefuses(ecsServiceSettings, happy, {
    ...Object.fromEntries(
      [
        ["approve", "TEST_TRAFFIC_SHIFT", WAITING],
        ["approve", "PRODUCTION_TRAFFIC_SHIFT", WAITING],
        ["smoke", "POST_SCALE_UP", TESTING],
        ["smoke", "TEST_TRAFFIC_SHIFT", TESTING],
        ["smoke", "PRODUCTION_TRAFFIC_SHIFT", TESTING],
        ["own", "BAKE_TIME", ALL],
      ].map(([gate, stage, choices]) => [
        `${String(gate)} at ${String(stage)}`,
        {
          change: { [`${GATES}.${String(gate)}.stage`]: stage },
          problem: noChoice(`${GATES}.${String(gate)}.stage`, stage, choices as string[]),
        },
      ]),
    ),
    "a function without a stage": {
      change: { [`${GATES}.own.stage`]: undefined },
      problem: {
        key: `${GATES}.own.stage`,
        value: undefined,
        rule: "must be one of the allowed values",
        allowed: ALL.join(", "),
        fix: `add the key ${GATES}.own.stage`,
      },
    },
    "a gate of no kind": {
      change: { [`${GATES}.smoke`]: { requests: {} } },
      problem: {
        key: `${GATES}.smoke.kind`,
        value: undefined,
        rule: "must be one of the allowed values",
        allowed: "approval, smoke-test, function",
        fix: `add the key ${GATES}.smoke.kind`,
      },
    },
    "a gate of an unknown kind": {
      change: { [`${GATES}.smoke.kind`]: "smoke" },
      problem: noChoice(`${GATES}.smoke.kind`, "smoke", ["approval", "smoke-test", "function"]),
    },
    "a gate that is no map": {
      change: { [`${GATES}.smoke`]: "yes" },
      problem: {
        key: `${GATES}.smoke`,
        value: "yes",
        rule: "must be a map with the key kind: approval, smoke-test, function",
        allowed: "a map with the key kind: approval, smoke-test, function",
        fix: "set a map with the key kind: approval, smoke-test, function",
      },
    },
    "a key of another kind": {
      change: { [`${GATES}.approve.attempts`]: 3 },
      problem: {
        key: `${GATES}.approve.attempts`,
        value: 3,
        rule: "is not a known key",
        allowed: "kind, stage, timeoutMinutes, onTimeout, emails",
        fix: "remove it",
      },
    },
    "a misspelt key of a kind": {
      change: { [`${GATES}.smoke.intervallSeconds`]: 3 },
      problem: {
        key: `${GATES}.smoke.intervallSeconds`,
        value: 3,
        rule: "is not a known key",
        allowed:
          "kind, stage, requests, host, attempts, intervalSeconds, unverifiedCertificateBecause",
        fix: 'did you mean "intervalSeconds"? Rename it, or remove it',
      },
    },
    "eleven approvals": {
      change: { [GATES]: several(11, { kind: "approval" }) },
      problem: tooMany(several(11, { kind: "approval" })),
    },
    "eleven functions": {
      change: { [GATES]: { ...several(10, own), smoke } },
      problem: tooMany({ ...several(10, own), smoke }),
    },
    "another answer to a timeout": {
      change: { [`${GATES}.approve.onTimeout`]: "STOP" },
      problem: noChoice(`${GATES}.approve.onTimeout`, "STOP", ["ROLLBACK", "CONTINUE"]),
    },
    "no email address": {
      change: { [`${GATES}.approve.emails`]: { team: "team" } },
      problem: {
        key: `${GATES}.approve.emails.team`,
        value: "team",
        rule: "must be an email address",
        allowed: "NAME@DOMAIN",
        fix: "correct the address",
      },
    },
    "a smoke test without requests": {
      change: { [`${GATES}.smoke.requests`]: {} },
      problem: wrongRequests({}),
    },
    "more requests than a function's variables take": {
      change: { [`${GATES}.smoke.requests`]: several(30, { path: `/${"x".repeat(40)}` }) },
      problem: wrongRequests(several(30, { path: `/${"x".repeat(40)}` })),
    },
    "a request that is no path": {
      change: { [`${GATES}.smoke.requests.health.path`]: "health" },
      problem: {
        key: `${GATES}.smoke.requests.health.path`,
        value: "health",
        rule: "must be a path",
        allowed: "a slash and up to 1023 characters without space",
        fix: 'write it like "/health"',
      },
    },
    "status codes that are none": {
      change: { [`${GATES}.smoke.requests.health.statusCodes`]: "2xx" },
      problem: {
        key: `${GATES}.smoke.requests.health.statusCodes`,
        value: "2xx",
        rule: "must be status codes",
        allowed: "codes from 200 to 499, as 200, 200,204 or 200-299",
        fix: 'write it in quotes, like "200"',
      },
    },
    "nothing to look for": {
      change: { [`${GATES}.smoke.requests.health.contains`]: "" },
      problem: {
        key: `${GATES}.smoke.requests.health.contains`,
        value: "",
        rule: "is not text to look for",
        allowed: "1 to 200 characters",
        fix: "give a shorter part of the answer, or remove it",
      },
    },
    ...Object.fromEntries(
      ["Host", "X Y", ""].map((name) => [
        `a header named "${name}"`,
        {
          change: { [`${GATES}.smoke.requests.health.headers`]: { [name]: "x" } },
          problem: {
            key: `${GATES}.smoke.requests.health.headers.${name}`,
            value: name,
            rule: "is not a header that a request may have",
            allowed: "letters, digits and hyphens, at most 64; for Host there is the key host",
            fix: "rename it",
          },
        },
      ]),
    ),
    "a header of two lines": {
      change: { [`${GATES}.smoke.requests.health.headers`]: { Accept: "x\ny" } },
      problem: {
        key: `${GATES}.smoke.requests.health.headers.Accept`,
        value: "x\ny",
        rule: "is not text that a header may have",
        allowed: "1 to 200 letters, digits and signs of ASCII, with blanks between them",
        fix: "shorten it, or write other characters by their codes",
      },
    },
    "any certificate without a reason": {
      change: { [`${GATES}.smoke.unverifiedCertificateBecause`]: "yes" },
      problem: noReason(`${GATES}.smoke.unverifiedCertificateBecause`, "yes"),
    },
    "a host with a wildcard": {
      change: { [`${GATES}.smoke.host`]: "*.example.com" },
      problem: {
        key: `${GATES}.smoke.host`,
        value: "*.example.com",
        rule: "must be the name of one host",
        allowed: "labels of letters, digits and hyphens joined by dots",
        fix: 'write it like "api.example.com"',
      },
    },
    "a host of somebody else": {
      change: { "route.hosts": ["*.example.com"], [`${GATES}.smoke.host`]: "example.com" },
      problem: {
        key: `${GATES}.smoke.host`,
        value: "example.com",
        rule: "is not a host of the service: the load balancer would answer 404",
        allowed: "*.example.com",
        fix: "correct it, or add it to route.hosts",
      },
    },
    "no host where all have wildcards": {
      change: { "route.hosts": ["*.example.com", "api-?.example.org"] },
      problem: {
        key: `${GATES}.smoke.host`,
        value: undefined,
        rule: "is required where all hosts of the route have wildcards",
        allowed: "a host that *.example.com or api-?.example.org stands for",
        fix: "add host",
      },
    },
    "a path that the route does not lead to": {
      change: { "route.paths": ["/api/*", "/v?"] },
      problem: {
        key: `${GATES}.smoke.requests.health.path`,
        value: undefined,
        rule: "does not lead to the service: the load balancer would answer 404",
        allowed: "what matches /api/* or /v?",
        fix: "correct it, or add it to route.paths",
      },
    },
    "a path that only its query leads anywhere": {
      change: {
        "route.paths": ["/*/z"],
        [`${GATES}.smoke.requests.health.path`]: "/x?y=/z",
      },
      problem: {
        key: `${GATES}.smoke.requests.health.path`,
        value: "/x?y=/z",
        rule: "does not lead to the service: the load balancer would answer 404",
        allowed: "what matches /*/z",
        fix: "correct it, or add it to route.paths",
      },
    },
    "what is no function": {
      change: { [`${GATES}.own.functionArn`]: "check" },
      problem: {
        key: `${GATES}.own.functionArn`,
        value: "check",
        rule: "must be the ARN of a Lambda function",
        allowed:
          "arn:aws:lambda:REGION:ACCOUNT:function:NAME, with :ALIAS or :VERSION where wanted",
        fix: "list functions by `aws lambda list-functions`, in the region of the service",
      },
    },
  });
});

function tooMany(value: object) {
  return {
    key: GATES,
    value,
    rule: "are more than ECS takes for a service",
    allowed: "at most 10 approvals, and 10 of the other kinds together",
    fix: "put several requests into one smoke test, or several checks into one function",
  };
}

function wrongRequests(value: object) {
  return {
    key: `${GATES}.smoke.requests`,
    value,
    rule: "must be requests that fit into the variables of a function",
    allowed: "1 or more, of 3000 bytes together, with all defaults, as JSON",
    fix: "add one, such as health: {}, or spread them over several gates",
  };
}
