import type { Control } from "../control";
import type { Graph, PolicyResource } from "../graph";
import { withInput, withResource } from "../mutants";
import { allOf, inputRule, resourceRule } from "../rule";
import { inputAt, isMap, listOf } from "../values";
import { LOAD_BALANCER } from "./load-balancers";

const LISTENER = "aws:lb/listener:Listener";

const LISTENER_RULE = "aws:lb/listenerRule:ListenerRule";

/** TLS 1.2 with forward secrecy and authenticated ciphers, or 1.3 alone; with keys for quantum computers, or FIPS. */
const TLS_POLICIES: ReadonlySet<unknown> = new Set(
  ["TLS13-1-2-Res", "TLS13-1-3"].flatMap((versions) =>
    ["2021-06", "FIPS-2023-04", "PQ-2025-09", "FIPS-PQ-2025-09"].map(
      (edition) => `ELBSecurityPolicy-${versions}-${edition}`,
    ),
  ),
);

const redirect = allOf(
  resourceRule({
    type: LISTENER,
    of: isPlain,
    problem: (listener) => {
      const action = inputAt(listener, "defaultActions.0");
      const target = isMap(action) && isMap(action["redirect"]) ? action["redirect"] : undefined;
      const isRight =
        target?.["protocol"] === "HTTPS" &&
        target["port"] === "443" &&
        target["statusCode"] === "HTTP_301";
      return isRight ? undefined : "answers plain HTTP with something else than a redirect";
    },
    fix: "add a domain or loadBalancer.certificateArn, or a reason as loadBalancer.plainHttpBecause",
    broken: (listener, graph) => [
      {
        title: "no redirect",
        graph: withInput(graph, listener, "defaultActions.0.redirect", undefined),
      },
      ...(
        [
          ["protocol", "HTTP"],
          ["port", "8443"],
          ["statusCode", "HTTP_302"],
        ] as const
      ).map(([key, value]) => ({
        title: `${key} ${value}`,
        graph: withInput(graph, listener, `defaultActions.0.redirect.${key}`, value),
      })),
    ],
  }),
  resourceRule({
    type: LISTENER_RULE,
    problem: (rule, graph) => {
      const [listener] = graph.references(rule, "listenerArn", LISTENER);
      const isSecured = listener !== undefined && isPlain(listener) && hasTls(listener, graph);
      return isSecured ? "serves plain HTTP beside HTTPS" : undefined;
    },
    fix: "let it belong to the HTTPS listener",
    broken: (rule, graph) => {
      const [own] = graph.references(rule, "listenerArn", LISTENER);
      const plain = graph
        .ofType(LISTENER)
        .find((one) => isPlain(one) && hasTls(one, graph) && one.parent === own?.parent);
      if (plain === undefined) return [];
      const propertyDependencies = { ...rule.propertyDependencies, listenerArn: [plain.urn] };
      return [
        { title: "on plain HTTP", graph: withResource(graph, { ...rule, propertyDependencies }) },
      ];
    },
  }),
);

const tls = inputRule({
  type: LISTENER,
  of: isTls,
  path: "sslPolicy",
  holds: (value) => TLS_POLICIES.has(value),
  message: "takes connections that are weaker than TLS 1.2 with forward secrecy",
  fix: "leave the policy to the component, or choose one of TLS13-1-2-Res or TLS13-1-3",
  wrong: ["ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-1-2021-06", undefined],
});

const nothingByDefault = resourceRule({
  type: LISTENER,
  of: isTls,
  problem: (listener) => {
    const actions = listOf(inputAt(listener, "defaultActions"));
    const is404 = inputAt(listener, "defaultActions.0.fixedResponse.statusCode") === "404";
    return actions.length === 1 && is404
      ? undefined
      : "sends requests nobody asked for to a service";
  },
  fix: "answer 404 by default, and give the service a route",
  broken: (listener, graph) => [
    {
      title: "to a service",
      graph: withInput(graph, listener, "defaultActions", [
        { type: "forward", targetGroupArn: "arn:aws:elasticloadbalancing:::targetgroup/a/1" },
      ]),
    },
    {
      title: "200",
      graph: withInput(graph, listener, "defaultActions.0.fixedResponse.statusCode", "200"),
    },
  ],
});

function isPlain(listener: PolicyResource): boolean {
  return inputAt(listener, "protocol") === "HTTP";
}

function isTls(listener: PolicyResource): boolean {
  return inputAt(listener, "protocol") === "HTTPS";
}

function hasTls(listener: PolicyResource, graph: Graph): boolean {
  const [balancer] = graph.references(listener, "loadBalancerArn", LOAD_BALANCER);
  if (balancer === undefined) return false;
  return graph.referrers(balancer, LISTENER, "loadBalancerArn").some(isTls);
}

export const listenerControls: readonly Control[] = [
  {
    id: "ALB-01",
    title: "Plain HTTP is answered by nothing but a redirect to HTTPS",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["ELB.1", "CKV2_AWS_20", "CKV_AWS_2", "CKV_AWS_103"],
    status: { kind: "held", setting: "loadBalancer.plainHttpBecause" },
    rule: redirect,
  },
  {
    id: "ALB-02",
    title: "HTTPS is TLS 1.2 with forward secrecy, or 1.3",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["ELB.17", "CKV2_AWS_74", "AWS-0047"],
    status: { kind: "held" },
    rule: tls,
  },
  {
    id: "ALB-12",
    title: "Requests without a route get 404, and no service",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["seed 004"],
    status: { kind: "held" },
    rule: nothingByDefault,
  },
];
