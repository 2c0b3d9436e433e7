import * as assert from "node:assert/strict";
import { mockAccountId } from "../support/mock-aws";
import type { JsonValue } from "../support/json";
import type { RecordedResource } from "../support/recorded-resource";
import type { Run } from "../support/run";

/** Ways to read a run as a person would read a diagram. Resources are called by their logical names throughout. */

/** One container of a task definition, as ECS gets it. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly essential?: boolean;
  readonly command?: readonly string[];
  readonly entryPoint?: readonly string[];
  readonly user?: string;
  readonly cpu?: number;
  readonly memory?: number;
  readonly memoryReservation?: number;
  readonly stopTimeout?: number;
  readonly readonlyRootFilesystem?: boolean;
  readonly portMappings?: readonly {
    readonly containerPort: number;
    readonly hostPort?: number;
    readonly protocol?: string;
    readonly name?: string;
  }[];
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
  readonly secrets?: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly mountPoints?: readonly {
    readonly sourceVolume: string;
    readonly containerPath: string;
    readonly readOnly?: boolean;
  }[];
  readonly dependsOn?: readonly { readonly containerName: string; readonly condition: string }[];
  readonly healthCheck?: Readonly<Record<string, unknown>>;
  readonly linuxParameters?: Readonly<Record<string, unknown>>;
  readonly logConfiguration?: {
    readonly logDriver: string;
    readonly options: Readonly<Record<string, string>>;
  };
}

/** All containers of a service or task, by its key. */
export function containersOf(run: Run, key: string): readonly Container[] {
  const task = run.one("aws:ecs/taskDefinition:TaskDefinition", `${key}-task`);
  return task.jsonInput("containerDefinitions") as unknown as Container[];
}

/** One container of a service or task; the main one has the key as its name. */
export function containerOf(run: Run, key: string, name: string = key): Container {
  const containers = containersOf(run, key);
  return (
    containers.find((container) => container.name === name) ??
    assert.fail(`${key} has no container ${name}, but ${containers.map((one) => one.name).join()}`)
  );
}

/** The plain variables of a container. */
export function environmentOf(container: Container): Record<string, string> {
  return Object.fromEntries((container.environment ?? []).map(({ name, value }) => [name, value]));
}

/** The variables that a container gets from secrets: where each is read. */
export function secretsOf(container: Container): Record<string, string> {
  return Object.fromEntries(
    (container.secrets ?? []).map(({ name, valueFrom }) => [name, valueFrom]),
  );
}

/** Names of all services, sorted: keys of the stack file, and whatever components run as a service. */
export function serviceKeys(run: Run): string[] {
  return run.all("aws:ecs/service:Service").map(({ name }) => name.replace(/-service$/, ""));
}

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

/**
 * What a security group lets in, sorted: "tcp 443 from 0.0.0.0/0", "tcp 5432 from api-security-group",
 * "all from bastion-security-group".
 */
export function rulesInto(run: Run, group: string): string[] {
  return rulesOf(run, INGRESS, group).map(([traffic, peer]) => `${traffic} from ${peer}`);
}

/** What a security group lets out, sorted: "tcp 443 to 0.0.0.0/0". */
export function rulesOutOf(run: Run, group: string): string[] {
  return rulesOf(run, EGRESS, group).map(([traffic, peer]) => `${traffic} to ${peer}`);
}

function rulesOf(run: Run, type: string, group: string): [traffic: string, peer: string][] {
  const { outputs, name } = run.one("aws:ec2/securityGroup:SecurityGroup", group);
  assert.equal(name, group);
  const id = outputs["id"] ?? `${group}-id`;
  return run
    .all(type)
    .filter((rule) => rule.input("securityGroupId") === id)
    .map((rule): [string, string] => [trafficOf(rule), peerOf(rule)])
    .sort(([left, leftPeer], [right, rightPeer]) =>
      `${left} ${leftPeer}` < `${right} ${rightPeer}` ? -1 : 1,
    );
}

function trafficOf(rule: RecordedResource): string {
  const protocol = textOf(rule, "ipProtocol");
  if (protocol === "-1") return "all";
  const [from, to] = [Number(rule.input("fromPort")), Number(rule.input("toPort"))];
  return `${protocol} ${from === to ? from : `${from}-${to}`}`;
}

function peerOf(rule: RecordedResource): string {
  const group = rule.input("referencedSecurityGroupId");
  if (group !== undefined) return withoutSuffix(group);
  const other = ["cidrIpv4", "cidrIpv6", "prefixListId"].map((key) => rule.input(key));
  return withoutSuffix(other.find((value) => value !== undefined));
}

/** Where a subnet's traffic goes, sorted: "0.0.0.0/0 → network-nat-a", "::/0 → network-egress-only". */
export function routesOf(run: Run, subnet: string): string[] {
  const { name } = run.one("aws:ec2/subnet:Subnet", subnet);
  const association = run
    .all("aws:ec2/routeTableAssociation:RouteTableAssociation")
    .find((candidate) => candidate.input("subnetId") === `${name}-id`);
  assert.ok(association !== undefined, `${subnet} has no route table`);
  return run
    .all("aws:ec2/route:Route")
    .filter((route) => route.input("routeTableId") === association.input("routeTableId"))
    .map((route) => {
      const { routeTableId: _, ...target } = route.inputs;
      const blocks = ["destinationCidrBlock", "destinationIpv6CidrBlock"];
      const destination = blocks.map((key) => target[key]).find((value) => value !== undefined);
      const [gateway] = Object.entries(target).filter(([key]) => !blocks.includes(key));
      return `${JSON.stringify(destination).replaceAll('"', "")} → ${withoutSuffix(gateway?.[1])}`;
    })
    .sort();
}

/** Logical names of the subnets of a tier ("public", "app", "data"), sorted. */
export function subnetsOf(run: Run, tier: string): string[] {
  return run
    .all("aws:ec2/subnet:Subnet")
    .filter((subnet) => subnet.input("tags.Tier") === tier)
    .map(({ name }) => name);
}

/** One statement of a policy. */
export interface PolicyStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What a role may do by its inline policies. */
export function statementsOf(run: Run, role: string): readonly PolicyStatement[] {
  const physicalName = run.one("aws:iam/role:Role", role).outputs["name"];
  return run
    .all("aws:iam/rolePolicy:RolePolicy")
    .filter((policy) => policy.input("role") === physicalName)
    .flatMap((policy) => {
      const { Statement } = policy.jsonInput("policy") as unknown as {
        Statement: readonly PolicyStatement[];
      };
      return Statement;
    });
}

/** The managed policies of a role, by the end of their ARNs: "service-role/AmazonEC2ContainerServiceforEC2Role". */
export function managedPoliciesOf(run: Run, role: string): string[] {
  const physicalName = run.one("aws:iam/role:Role", role).outputs["name"];
  return run
    .all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    .filter((attachment) => attachment.input("role") === physicalName)
    .map((attachment) => textOf(attachment, "policyArn").replace(/^.*:policy\//, ""))
    .sort();
}

/** Whether a role's inline policies let it do something, wildcards in action and resource included. */
export function may(run: Run, role: string, action: string, resource: string): boolean {
  const matching = statementsOf(run, role).filter(
    ({ Action, Resource }) =>
      Action.some((pattern) => matches(pattern, action)) &&
      Resource.some((pattern) => matches(pattern, resource)),
  );
  return matching.length > 0 && matching.every(({ Effect }) => Effect === "Allow");
}

/** Every action that a role's inline policies name, sorted. */
export function actionsOf(run: Run, role: string): string[] {
  const statements = statementsOf(run, role).filter(({ Effect }) => Effect === "Allow");
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}

/** As IAM compares: without regard to the case of an action, * and ? as wildcards. */
function matches(pattern: string, value: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "i").test(value);
}

/** Who may take on a role: the service of its trust policy. */
export function trustedBy(run: Run, role: string): string {
  const trust = run.one("aws:iam/role:Role", role).jsonInput("assumeRolePolicy") as unknown as {
    readonly Statement: readonly PolicyStatement[];
  };
  const [statement] = trust.Statement;
  return statement?.Principal?.["Service"] ?? assert.fail(`${role} trusts no service`);
}

/** A rule of a listener that leads to a target group. */
export interface Routing {
  readonly priority: number;
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  /** Logical name of the target group; "" where the rule forwards nowhere. */
  readonly to: string;
}

/** All rules of all listeners, the first tried first. */
export function routing(run: Run): readonly Routing[] {
  return run
    .all("aws:lb/listenerRule:ListenerRule")
    .map((rule) => ({
      priority: Number(rule.input("priority")),
      hosts: conditionOf(rule, "hostHeader"),
      paths: conditionOf(rule, "pathPattern"),
      to: targetGroupOf(run, rule),
    }))
    .sort((left, right) => left.priority - right.priority);
}

function conditionOf(rule: RecordedResource, kind: string): readonly string[] {
  const conditions = (rule.input("conditions") ?? []) as unknown as readonly Record<
    string,
    { values: string[] }
  >[];
  return conditions.flatMap((condition) => condition[kind]?.values ?? []);
}

function targetGroupOf(run: Run, rule: RecordedResource): string {
  const actions = (rule.input("actions") ?? []) as unknown as readonly {
    readonly targetGroupArn?: string;
    readonly forward?: { readonly targetGroups: readonly { arn: string; weight: number }[] };
  }[];
  const arns = actions.flatMap(({ targetGroupArn, forward }) => [
    targetGroupArn,
    // Of several, where all requests go to begin with.
    forward?.targetGroups.find(({ weight }) => weight === 100)?.arn,
  ]);
  const group = run
    .all("aws:lb/targetGroup:TargetGroup")
    .find(({ outputs }) => arns.some((arn) => arn !== undefined && arn === outputs["arn"]));
  return group?.name ?? "";
}

/** One metric on the dashboard. */
export interface DashboardMetric {
  readonly title: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

/** Every metric of the stack's CloudWatch dashboard, in the order of its panels. */
export function dashboardMetrics(run: Run): readonly DashboardMetric[] {
  const { widgets } = run
    .one("aws:cloudwatch/dashboard:Dashboard")
    .jsonInput("dashboardBody") as unknown as {
    widgets: readonly {
      properties: { title: string; metrics?: readonly (readonly unknown[])[] };
    }[];
  };
  return widgets.flatMap(({ properties: { title, metrics = [] } }) =>
    metrics.map((row) => {
      const [namespace, metricName, ...rest] = row.map(String);
      const dimensions: Record<string, string> = {};
      for (let at = 0; at + 1 < rest.length; at += 2)
        dimensions[rest[at] ?? ""] = rest[at + 1] ?? "";
      const { stat } = row.at(-1) as { stat: string };
      return {
        title,
        namespace: namespace ?? "",
        metricName: metricName ?? "",
        dimensions,
        statistic: stat,
      };
    }),
  );
}

/** All alarms, by what follows "monitoring-" in their logical names. */
export function alarmsOf(run: Run): Record<string, RecordedResource> {
  return Object.fromEntries(
    run
      .all("aws:cloudwatch/metricAlarm:MetricAlarm")
      .map((alarm) => [alarm.name.replace(/^monitoring-/, ""), alarm]),
  );
}

/** Severity of the topic that an alarm tells, when it is raised and when it is over; undefined where it tells no such one. */
export function severityOf(run: Run, alarm: RecordedResource): string | undefined {
  const [told, ...others] = [...toldBy(alarm, "alarmActions"), ...toldBy(alarm, "okActions")];
  const topic = run
    .all("aws:sns/topic:Topic")
    .find(({ outputs }) => others.length === 1 && outputs["arn"] === told && told === others[0]);
  return topic?.name.replace(/^monitoring-/, "");
}

function toldBy(alarm: RecordedResource, input: string): readonly JsonValue[] {
  return alarm.input(input) as readonly JsonValue[];
}

/** User data of a launch template, decoded. */
export function userDataOf(run: Run, template: string): string {
  const encoded = textOf(run.one("aws:ec2/launchTemplate:LaunchTemplate", template), "userData");
  return Buffer.from(encoded, "base64").toString("utf8");
}

/** Resources that some input of a resource comes from, by logical name, sorted. */
export function sourcesOf(run: Run, resource: RecordedResource, input: string): string[] {
  const urns = resource.propertyDependencies[input] ?? [];
  return urns.map((urn) => run.byUrn(urn).name).sort();
}

/** The mocked account's ARN of something. */
export function arn(service: string, resource: string, region = "us-east-1"): string {
  return `arn:aws:${service}:${region}:${mockAccountId}:${resource}`;
}

/** An input that must be text. */
export function textOf(resource: RecordedResource, input: string): string {
  const value = resource.input(input);
  assert.ok(typeof value === "string", `${resource.name} has no text as ${input}`);
  return value;
}

/** Mocked ids are logical names with "-id", ARNs and physical names end in a fixed suffix. */
function withoutSuffix(id: JsonValue | undefined): string {
  return typeof id === "string" ? id.replace(/-id$/, "") : "?";
}
