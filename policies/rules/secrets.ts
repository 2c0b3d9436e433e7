import type { Control } from "../control";
import { statementsOf, withStatements } from "../documents";
import type { Graph, PolicyResource, Value } from "../graph";
import { withInput, withResource } from "../mutants";
import { inputRule, type Rule } from "../rule";
import { hasUnknown, inputAt, isAbsent, isList, isMap, parsed, textOf } from "../values";
import { CLUSTER, databasesOf } from "./database-types";

const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";
const PARAMETER = "aws:ssm/parameter:Parameter";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";

const READS = ["secretsmanager:GetSecretValue", "ssm:GetParameters", "ssm:GetParameter"];

/** SEC-02: RDS changes the passwords it makes up, every week where nothing else is said. */
const passwordsChange: Rule = {
  check: (graph) => [
    ...databasesOf(graph)
      .filter((database) => inputAt(database, "manageMasterUserPassword") !== true)
      .filter((database) => !isAbsent(inputAt(database, passwordInput(database))))
      .map((resource) => ({
        resource,
        message: "has a password that nobody changes",
        fix: "set databases.NAME.password to managed",
      })),
    ...graph
      .ofType(ROTATION)
      .filter((rotation) => !(Number(inputAt(rotation, DAYS)) <= 90))
      .map((resource) => ({
        resource,
        message: "changes the password less than every 90 days",
        fix: "lower databases.NAME.rotationDays",
      })),
  ],
  mutants: (graph) => [
    ...databasesOf(graph).map((database) => ({
      title: `${database.name}: a password for good`,
      graph: withResource(graph, {
        ...database,
        inputs: {
          ...database.inputs,
          manageMasterUserPassword: undefined,
          [passwordInput(database)]: "x",
        },
      }),
      finds: database.urn,
    })),
    ...graph.ofType(ROTATION).flatMap((rotation) =>
      [91, undefined].map((days) => ({
        title: `${rotation.name}: ${days ?? "no"} days`,
        graph: withInput(graph, rotation, DAYS, days),
        finds: rotation.urn,
      })),
    ),
  ],
};

const DAYS = "rotationRules.automaticallyAfterDays";

/** SEC-03: a value is a secret to Pulumi, or a first one that people replace and Pulumi then leaves alone. */
const valuesAreSecret: Rule = {
  check: (graph) =>
    graph
      .ofType(VERSION)
      .filter((version) => !isAbsent(inputAt(version, "secretString")))
      .filter(
        (version) =>
          version.isSecret?.("secretString") === false &&
          !version.ignoreChanges.includes("secretString"),
      )
      .map((resource) => ({
        resource,
        message: "has a value that anybody reads who sees the state or a preview",
        fix: "wrap it in pulumi.secret, or let people enter it (section vaults)",
      })),
  mutants: (graph) =>
    graph.ofType(VERSION).map((version) => ({
      title: `${version.name}: a value in plain`,
      graph: withResource(graph, { ...version, ignoreChanges: [], isSecret: () => false }),
      finds: version.urn,
    })),
};

/** SEC-04: the role that starts a task reads what the task's containers name, and nothing else. */
const readsOwnSecrets: Rule = {
  check: (graph) =>
    executionPolicies(graph).flatMap(({ policy, named }) =>
      strangeSecrets(policy, named).map((arn) => ({
        resource: policy,
        message: `lets the task read ${arn}, which none of its containers names`,
        fix: "name the ARNs of the task's own secrets alone",
      })),
    ),
  mutants: (graph) =>
    executionPolicies(graph).flatMap(({ policy }) =>
      ["*", "arn:aws:secretsmanager:us-east-1:123456789012:secret:other-AbCdEf"].map((arn) => ({
        title: `${policy.name}: reads ${arn}`,
        graph: withStatements(graph, policy, "policy", (statements) => [
          ...statements,
          { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: arn },
        ]),
        finds: policy.urn,
      })),
    ),
};

const SECRET_NAME = /(pass(word|wd)?|secret|token|api[_-]?key|private[_-]?key|credential)/i;

export const secretControls: readonly Control[] = [
  {
    id: "SEC-01",
    title: "A secret of production can be had back for a week after it was deleted",
    severity: "medium",
    appliesTo: "production",
    sources: ["CKV_AWS_149", "Secrets Manager user guide"],
    status: { kind: "held", setting: "vaults.recoveryWindowDays" },
    rule: inputRule({
      type: SECRET,
      path: "recoveryWindowInDays",
      // AWS's own default is 30.
      holds: (value) => value === undefined || Number(value) >= 7,
      message: "is gone for good as soon as it is deleted",
      fix: "set vaults.recoveryWindowDays to 7 or more",
      wrong: [0],
    }),
  },
  {
    id: "SEC-02",
    title: "Passwords of databases change by themselves, every 90 days or more often",
    severity: "medium",
    appliesTo: "production",
    sources: ["SecretsManager.1", "SecretsManager.4", "CKV2_AWS_57", "CKV_AWS_304"],
    status: { kind: "held", setting: "databases.NAME.password" },
    rule: passwordsChange,
  },
  {
    id: "SEC-03",
    title: "The value of a secret is secret to Pulumi, too",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["seed 004"],
    status: { kind: "held" },
    rule: valuesAreSecret,
  },
  {
    id: "SEC-04",
    title: "A task reads its own secrets alone when it starts",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["seed 004", "CKV_AWS_288", "CKV_AWS_355"],
    status: { kind: "held" },
    rule: readsOwnSecrets,
  },
  {
    id: "SEC-05",
    title: "No secret lies in Parameter Store in plain",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["CKV2_AWS_34", "CKV_AWS_337"],
    status: {
      kind: "not-applicable",
      because:
        "no parameter is made here: secrets lie in Secrets Manager, and parameters of yours are read by ARN",
    },
    rule: {
      check: (graph) =>
        graph
          .ofType(PARAMETER)
          .filter((parameter) => SECRET_NAME.test(textOf(inputAt(parameter, "name"))))
          .filter((parameter) => inputAt(parameter, "type") !== "SecureString")
          .map((resource) => ({
            resource,
            message: "is named like a secret and stored in plain",
            fix: "set its type to SecureString",
          })),
      // Any stack with such a parameter would be wrong: one is added.
      mutants: (graph) => {
        const [provider] = graph.ofType("pulumi:providers:aws");
        if (provider === undefined) return [];
        const urn = `${provider.urn}-parameter`;
        const inputs = { name: "/shop/DB_PASSWORD", type: "String", value: "x" };
        const parameter = { ...provider, urn, type: PARAMETER, name: "parameter", inputs };
        return [
          { title: "a password in plain", graph: withResource(graph, parameter), finds: urn },
        ];
      },
    },
  },
];

function passwordInput({ type }: PolicyResource): string {
  return type === CLUSTER ? "masterPassword" : "password";
}

/** The policies of the roles that start tasks, and what the containers of these tasks name; none while that is not known. */
function executionPolicies(graph: Graph) {
  return graph.ofType(TASK).flatMap((task) =>
    graph.references(task, "executionRoleArn", ROLE).flatMap((role) => {
      const containers = graph
        .referrers(role, TASK, "executionRoleArn")
        .map((other) => parsed(inputAt(other, "containerDefinitions")));
      if (containers.some(hasUnknown)) return [];
      const named = new Set(containers.flatMap(arnsIn));
      return graph.referrers(role, ROLE_POLICY, "role").map((policy) => ({ policy, named }));
    }),
  );
}

/** Secrets that a policy lets be read beside those that are named. */
function strangeSecrets(policy: PolicyResource, named: ReadonlySet<string>): string[] {
  return statementsOf(policy, "policy")
    .filter(({ allows, actions }) => allows && actions.some((action) => READS.includes(action)))
    .flatMap(({ resources }) => resources.filter((arn) => !named.has(arn)));
}

/** ARNs of secrets and parameters in container definitions, without the key of the JSON that may follow. */
function arnsIn(value: Value | undefined): string[] {
  if (typeof value === "string") {
    return /^arn:[\w-]+:(secretsmanager|ssm):/.test(value)
      ? [value.split(":").slice(0, 7).join(":")]
      : [];
  }
  if (isList(value)) return value.flatMap(arnsIn);
  return isMap(value) ? Object.values(value).flatMap(arnsIn) : [];
}
