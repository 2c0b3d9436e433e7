import { containerRule, variablesOf } from "../containers";
import type { Control } from "../control";
import { isAbsent, listOf } from "../values";

/** Names of variables that hold secrets, as ECS.8 and our own list have them. */
const SECRET_NAME =
  /(PASS(WORD|WD)?|SECRET|TOKEN|API_?KEY|PRIVATE(_?KEY)?|CREDENTIALS?)(_|$)|^AWS_(ACCESS|SECRET)|^ECS_ENGINE_AUTH/i;
/** Values that nobody mistakes: keys of AWS, GitHub, Slack and Stripe, and private keys. */
const SECRET_VALUE =
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{36}|\bxox[abprs]-|\bsk_live_|-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const LOG_DRIVERS: readonly unknown[] = ["awslogs", "awsfirelens"];
const ROOT = /^(root|0)(:.*)?$/;

const notPrivileged = containerRule({
  holds: ({ privileged }) => privileged !== true,
  message: "is as mighty as its host",
  fix: "remove privileged",
  wrong: () => [{ privileged: true }],
});

const readOnlyRoot = containerRule({
  holds: ({ readonlyRootFilesystem }) => readonlyRootFilesystem === true,
  message: "can change its own program",
  fix: "remove writableRootBecause, and name the folders it writes to as writablePaths",
  wrong: () => [{ readonlyRootFilesystem: false }, { readonlyRootFilesystem: undefined }],
});

const noPlainSecrets = containerRule({
  holds: (container) =>
    variablesOf(container).every(({ name, value }) => {
      const isKnown = typeof value === "string" && SECRET_VALUE.test(value);
      return !SECRET_NAME.test(name) && !isKnown;
    }),
  message: "has what looks like a secret among its plain variables",
  fix: "give it by secrets or a vault, which keep it out of the task definition",
  wrong: ({ environment }) =>
    [
      { name: "DATABASE_PASSWORD", value: "x" },
      { name: "CLIENT_SECRET", value: "x" },
      { name: "GITHUB_TOKEN", value: "x" },
      { name: "apiKey", value: "x" },
      { name: "PRIVATE_PEM", value: "x" },
      { name: "AWS_ACCESS_KEY_ID", value: "x" },
      { name: "ECS_ENGINE_AUTH_DATA", value: "x" },
      // Put together here, so that nobody who looks for keys finds one in this file.
      { name: "SETTING", value: `AKIA${"A1".repeat(8)}` },
      { name: "SETTING", value: `-----BEGIN RSA ${"PRIVATE"} KEY-----` },
    ].map((variable) => ({
      environment: [...listOf(environment), variable],
    })),
});

const logged = containerRule({
  holds: ({ logConfiguration }, task, graph) => {
    const driver = (logConfiguration as { logDriver?: unknown } | undefined)?.logDriver;
    const isOurs = graph.references(task, "containerDefinitions", LOG_GROUP).length > 0;
    return LOG_DRIVERS.includes(driver) && isOurs;
  },
  message: "does not log to a group of this program",
  fix: "give it a logConfiguration of awslogs or awsfirelens",
  wrong: () => [{ logConfiguration: undefined }, { logConfiguration: { logDriver: "json-file" } }],
});

const notRoot = containerRule({
  holds: ({ user }) => typeof user === "string" && user !== "" && !ROOT.test(user),
  message: "runs as root, or as whatever its image says",
  fix: "set user to one that the image can run as",
  wrong: () => ["root", "0", "0:0", "root:app", "", undefined].map((user) => ({ user })),
});

const pinnedImage = containerRule({
  holds: ({ image }) => {
    if (isAbsent(image) || typeof image !== "string") return false;
    const tag = /:([^/:@]+)(@|$)/.exec(image)?.[1];
    return image.includes("@sha256:") || (tag !== undefined && tag !== "latest");
  },
  message: "may run another image tomorrow",
  fix: "name a tag other than latest, or a digest",
  wrong: () =>
    ["nginx", "nginx:latest", "localhost:5000/nginx", "public.ecr.aws/nginx/nginx:latest"].map(
      (image) => ({ image }),
    ),
});

export const containerControls: readonly Control[] = [
  {
    id: "ECS-03",
    title: "No container is privileged",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["ECS.4", "CKV_AWS_334"],
    status: { kind: "held" },
    rule: notPrivileged,
  },
  {
    id: "ECS-04",
    title: "Containers of production cannot write to their root file system",
    severity: "high",
    appliesTo: "production",
    sources: ["ECS.5", "CKV_AWS_336"],
    status: { kind: "held", setting: "services.*.writableRootBecause" },
    rule: readOnlyRoot,
  },
  {
    id: "ECS-05",
    title: "No plain environment variable holds a secret",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["ECS.8", "AWS-0036", "CT.ECS.PR.12", "cdk-nag ECS2"],
    status: { kind: "held" },
    rule: noPlainSecrets,
  },
  {
    id: "ECS-06",
    title: "Every container logs to a group of the stack",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["ECS.9", "cdk-nag ECS7"],
    status: { kind: "held" },
    rule: logged,
  },
  {
    id: "ECS-12",
    title: "Containers of production run as a user other than root",
    severity: "medium",
    appliesTo: "production",
    sources: ["ECS.20", "CT.ECS.PR.3"],
    status: {
      kind: "optional",
      setting: "services.*.user",
      because: "which users an image can run as, nobody but its maker knows",
    },
    rule: notRoot,
  },
  {
    id: "ECS-20",
    title: "Images of production are named by a tag other than latest, or a digest",
    severity: "medium",
    appliesTo: "production",
    sources: ["logic of ECR.2"],
    status: { kind: "held" },
    rule: pinnedImage,
  },
];
