import { companionRule } from "../companions";
import type { Control } from "../control";
import { isLimitedBy, statementsOf, withStatements } from "../documents";
import type { Graph, PolicyResource } from "../graph";
import { without } from "../mutants";
import { allOf, inputRule, type Rule } from "../rule";
import { inputAt, isAbsent, isMap, listOf, parsed } from "../values";

const TOPIC = "aws:sns/topic:Topic";
const TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy";
const EVENTS = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const SERVICE = "aws:ecs/service:Service";
const HOSTS = "aws:autoscaling/group:Group";

/** Says no account or topic when it publishes, and takes no condition in the policy (its guide, "Amazon SNS permissions"). */
const EVENT_BRIDGE = "Service:events.amazonaws.com";

/** MON-03: services of AWS publish, for this account alone, and by TLS; nobody else may. */
const closedTopics: Rule = {
  check: (graph) =>
    graph.ofType(TOPIC_POLICY).flatMap((resource) => {
      const statements = statementsOf(resource, "policy");
      const granted = statements.filter(({ allows }) => allows);
      const isOpen = granted.some(
        (statement) =>
          statement.principals.includes("*") ||
          (!statement.principals.includes(EVENT_BRIDGE) &&
            statement.principals.some((who) => who.startsWith("Service:")) &&
            !isLimitedBy(statement, "aws:SourceAccount", "aws:SourceArn")),
      );
      const mayRefuse =
        statements.length > 0 &&
        !granted.some(({ principals }) => principals.includes(EVENT_BRIDGE));
      const refuses = statements.some(
        (statement) => !statement.allows && isLimitedBy(statement, "aws:SecureTransport"),
      );
      return [
        ...(isOpen
          ? [
              {
                resource,
                message: "lets somebody of another account publish",
                fix: "name the service, with a condition on aws:SourceAccount",
              },
            ]
          : []),
        ...(mayRefuse && !refuses
          ? [
              {
                resource,
                message: "lets notices in by plain HTTP",
                fix: "deny sns:Publish where aws:SecureTransport is false",
              },
            ]
          : []),
      ];
    }),
  mutants: (graph) =>
    graph.ofType(TOPIC_POLICY).flatMap((policy) => [
      ...[{ AWS: "*" }, { Service: "cloudwatch.amazonaws.com" }].map((Principal) => ({
        title: `${policy.name}: open to ${JSON.stringify(Principal)}`,
        graph: withStatements(graph, policy, "policy", (all) => [
          ...all,
          { Effect: "Allow", Principal, Action: "sns:Publish", Resource: "*" },
        ]),
        finds: policy.urn,
      })),
      ...(statementsOf(policy, "policy").some(({ allows }) => !allows)
        ? [
            {
              title: `${policy.name}: plain HTTP let in`,
              graph: withStatements(graph, policy, "policy", (all) =>
                all.filter((one) => one["Effect"] !== "Deny"),
              ),
              finds: policy.urn,
            },
          ]
        : []),
    ]),
};

/** What ECS says of a service that somebody must hear. */
const NEWS = ["ECS Deployment State Change", "ECS Task State Change"];

const SPOT_WARNING = "EC2 Spot Instance Interruption Warning";

/** MON-04: somebody hears of failed deployments and stopped tasks of each service, and of hosts that Spot takes back. */
const hearsNews: Rule = {
  check: (graph) =>
    wantedNews(graph).flatMap(({ resource, detailType }) =>
      rulesAbout(graph, resource, detailType).length > 0
        ? []
        : [
            {
              resource,
              message: `has nobody who hears of "${detailType}"`,
              fix: "remove what keeps the section monitoring from making the rule",
            },
          ],
    ),
  mutants: (graph) =>
    wantedNews(graph).map(({ resource, detailType }) => ({
      title: `${resource.name}: deaf to ${detailType}`,
      graph: without(graph, ...rulesAbout(graph, resource, detailType)),
      finds: resource.urn,
    })),
};

function wantedNews(graph: Graph): { resource: PolicyResource; detailType: string }[] {
  return [
    ...graph
      .ofType(SERVICE)
      .flatMap((resource) => NEWS.map((detailType) => ({ resource, detailType }))),
    ...graph
      .ofType(HOSTS)
      .filter(usesSpot)
      .map((resource) => ({ resource, detailType: SPOT_WARNING })),
  ];
}

function usesSpot(hosts: PolicyResource): boolean {
  const share = inputAt(
    hosts,
    "mixedInstancesPolicy.instancesDistribution.onDemandPercentageAboveBaseCapacity",
  );
  return typeof share === "number" && share < 100;
}

/** Rules for one kind of event: of a service those made of it, of hosts any, for the event tells the instance alone. */
function rulesAbout(
  graph: Graph,
  resource: PolicyResource,
  detailType: string,
): readonly PolicyResource[] {
  const rules =
    resource.type === SERVICE
      ? graph.referrers(resource, EVENTS, "eventPattern")
      : graph.ofType(EVENTS);
  return rules.filter((rule) => {
    const pattern = parsed(inputAt(rule, "eventPattern"));
    // Made of the service and not known yet: it may well be the one.
    return !isMap(pattern) || listOf(pattern["detail-type"]).includes(detailType);
  });
}

/** Everything about notices but the alarms themselves. */
export const noticeControls: readonly Control[] = [
  {
    id: "MON-03",
    title: "Notices are encrypted, and come from services of AWS for this account",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["SNS.1", "SNS.4", "CKV_AWS_26", "CKV_AWS_169", "cdk-nag SNS3"],
    status: { kind: "held" },
    rule: allOf(
      inputRule({
        type: TOPIC,
        path: "kmsMasterKeyId",
        holds: (value) => !isAbsent(value),
        message: "keeps notices in plain",
        fix: "give it a key",
        wrong: [undefined, ""],
      }),
      companionRule({
        of: TOPIC,
        type: TOPIC_POLICY,
        input: "arn",
        message: "has the policy of AWS, which lets the whole account publish",
        fix: "add a TopicPolicy",
      }),
      closedTopics,
    ),
  },
  {
    id: "MON-04",
    title:
      "Somebody hears of failed deployments, of tasks that stop, and of hosts that Spot takes back",
    severity: "medium",
    appliesTo: "production",
    sources: ["seed 004"],
    status: { kind: "held", setting: "monitoring.noAlarmsBecause" },
    rule: allOf(
      hearsNews,
      companionRule({
        of: EVENTS,
        type: TARGET,
        input: "rule",
        message: "is heard by nobody",
        fix: "add an EventTarget",
      }),
    ),
  },
];
