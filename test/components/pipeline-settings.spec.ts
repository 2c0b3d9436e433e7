import { pipelineSettings } from "../../components/pipeline/settings";
import {
  RETENTION_DAYS,
  itBounds,
  itRefuses,
  itTakes,
  listWith,
  noChoice,
  noReason,
} from "./support";

const happy = { source: { repository: "example/go-server", branch: "main" } };

const NO_REPOSITORY = {
  key: "source.repository",
  rule: "is not a repository's full name",
  allowed: "OWNER/NAME, on GitLab also GROUP/SUBGROUP/NAME",
  fix: "leave the address and .git away",
};
const NO_BRANCH = {
  key: "source.branch",
  rule: "is not the name of a branch",
  allowed: "one branch by its bare name, such as main: no refs/heads/, no wildcard",
  fix: "write it as `git branch` does",
};
const repository = (value: string) => ({
  change: { "source.repository": value },
  problem: { ...NO_REPOSITORY, value },
});
const branch = (value: string) => ({
  change: { "source.branch": value },
  problem: { ...NO_BRANCH, value },
});
const context = (value: string) => ({
  change: { "build.context": value },
  problem: {
    key: "build.context",
    value,
    rule: "is not a folder in the repository",
    allowed: "a relative path without ..",
    fix: "write it as seen from the repository's root",
  },
});

describe("The source of a Pipeline", () => {
  itTakes(pipelineSettings, happy, {
    "a repository in a group of groups": { "source.repository": "group/sub-group/my.server_2" },
    "a branch with slashes": { "source.branch": "release/2.x" },
    "one path": { "source.paths": ["server/**"] },
  });
  itRefuses(pipelineSettings, happy, {
    "no branch": {
      change: { "source.branch": undefined },
      problem: {
        ...NO_BRANCH,
        value: undefined,
        rule: "must be text",
        fix: "add the key source.branch",
      },
    },
    "a branch with its path in git": branch("refs/heads/main"),
    "a wildcard": branch("release/*"),
    "an empty branch": branch(""),
    "a branch that looks like an option": branch("-main"),
    "a branch that git refuses": branch("main..next"),
    "a repository without an owner": repository("go-server"),
    "an address": repository("https://github.com/example/go-server"),
    "a repository with .git": repository("example/go-server.git"),
    "an empty path": {
      change: { "source.paths": [""] },
      problem: {
        key: "source.paths[0]",
        value: "",
        rule: "is no pattern of paths",
        allowed: "1 to 255 characters",
        fix: 'write it like "server/**"',
      },
    },
    "a list of no paths": {
      change: { "source.paths": [] },
      problem: {
        key: "source.paths",
        value: [],
        rule: "is out of bounds",
        allowed: listWith("at least 1 entry", "1 to 255 characters"),
        fix: `set ${listWith("at least 1 entry", "1 to 255 characters")}`,
      },
    },
    "more paths than CodePipeline takes": {
      change: { "source.paths": "123456789".split("") },
      problem: {
        key: "source.paths",
        value: "123456789".split(""),
        rule: "is out of bounds",
        allowed: listWith("at most 8 entries", "1 to 255 characters"),
        fix: `set ${listWith("at most 8 entries", "1 to 255 characters")}`,
      },
    },
  });
});

describe("The build of a Pipeline", () => {
  itTakes(pipelineSettings, happy, {
    "a folder and a file below": { "build.context": "apps/server", "build.dockerfile": "ci/Image" },
    "build arguments": { "build.args": { VERSION: "2" } },
    "the largest machine": { "build.computeType": "XLARGE" },
    "privilege with a reason": { "build.privilegedBecause": "the region has no Docker server" },
  });
  itBounds(pipelineSettings, happy, { "build.timeoutMinutes": [5, 480] });
  itRefuses(pipelineSettings, happy, {
    "a folder outside": context("../other"),
    "a folder of the machine": context("/etc"),
    "a Dockerfile outside": {
      change: { "build.dockerfile": "../Dockerfile" },
      problem: {
        key: "build.dockerfile",
        value: "../Dockerfile",
        rule: "is not a file in the context",
        allowed: "a relative path without ..",
        fix: "write it as seen from the context",
      },
    },
    "an argument that looks like a secret": {
      change: { "build.args": { NPM_TOKEN: "abc" } },
      problem: {
        key: "build.args.NPM_TOKEN",
        value: "NPM_TOKEN",
        rule: "looks like a secret, and build arguments stay readable in the image",
        allowed: "names without PASSWORD, SECRET, TOKEN, API_KEY, PRIVATE_KEY, CREDENTIALS",
        fix: "give it to the running container under secrets",
      },
    },
    "a machine that there is not": {
      change: { "build.computeType": "HUGE" },
      problem: noChoice("build.computeType", "HUGE", ["SMALL", "MEDIUM", "LARGE", "XLARGE"]),
    },
    "privilege without a reason": {
      change: { "build.privilegedBecause": "because" },
      problem: noReason("build.privilegedBecause", "because"),
    },
  });
});

describe("The approval and the notifications of a Pipeline", () => {
  itTakes(pipelineSettings, happy, {
    "an approval that nobody is told of": { approval: {} },
    "one that says what to look at": {
      approval: { comment: "x".repeat(500), url: "https://staging.example.com/orders" },
    },
    "notifications of everything": {
      notifications: {
        emails: { team: "team@example.com" },
        states: ["STARTED", "SUCCEEDED", "FAILED", "CANCELED", "SUPERSEDED"],
      },
    },
  });
  itBounds(pipelineSettings, { ...happy, approval: {} }, { "approval.timeoutMinutes": [5, 86400] });
  itRefuses(pipelineSettings, happy, {
    "a page without TLS": {
      change: { "approval.url": "http://staging.example.com" },
      problem: {
        key: "approval.url",
        value: "http://staging.example.com",
        rule: "must be an address of a page",
        allowed: "https://…",
        fix: "correct it, or remove it",
      },
    },
    "an address of nobody": {
      change: { "approval.emails": { lead: "lead" } },
      problem: {
        key: "approval.emails.lead",
        value: "lead",
        rule: "must be an email address",
        allowed: "NAME@DOMAIN",
        fix: "correct the address",
      },
    },
    "a person whose name starts no resource's": {
      change: { "notifications.emails": { "The Team": "team@example.com" } },
      problem: {
        key: "notifications.emails.The Team",
        value: "The Team",
        rule: "is not a usable name",
        allowed: "lower-case letters, digits and hyphens, at most 20 characters",
        fix: "rename it",
      },
    },
    "a state that no run has": {
      change: { notifications: { emails: {}, states: ["DONE"] } },
      problem: noChoice("notifications.states[0]", "DONE", [
        "STARTED",
        "SUCCEEDED",
        "FAILED",
        "CANCELED",
        "SUPERSEDED",
      ]),
    },
    "logs for a time that CloudWatch does not know": {
      change: { logRetentionDays: 31 },
      problem: noChoice("logRetentionDays", 31, RETENTION_DAYS),
    },
    "a comment that is too long": {
      change: { "approval.comment": "x".repeat(501) },
      problem: {
        key: "approval.comment",
        value: "x".repeat(501),
        rule: "is longer than CodePipeline shows",
        allowed: "at most 500 characters",
        fix: "shorten it, or put it on a page and name its url",
      },
    },
  });
});
