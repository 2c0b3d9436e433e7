import type { Control } from "../control";
import type { Graph, PolicyResource, ValueMap } from "../graph";
import { withInput, withResource } from "../mutants";
import type { Rule } from "../rule";
import { inputAt, isAbsent, isMap, parsed } from "../values";
import { isNoReplica } from "./database-types";
import { KEY, keepsData } from "./keys";

const PROVIDER = "pulumi:providers:aws";
const BUCKET = "aws:s3/bucket:Bucket";

/** What holds data, or is hard to have back: its address is written down elsewhere. */
const STATEFUL = [
  "aws:backup/vault:Vault",
  "aws:dynamodb/table:Table",
  "aws:ec2/vpc:Vpc",
  "aws:efs/fileSystem:FileSystem",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:elasticache/serverlessCache:ServerlessCache",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:rds/cluster:Cluster",
  "aws:rds/instance:Instance",
  "aws:route53/zone:Zone",
  BUCKET,
  KEY,
];

function statefulOf(graph: Graph): readonly PolicyResource[] {
  return graph.ofType(...STATEFUL).filter((resource) => {
    switch (resource.type) {
      case "aws:rds/instance:Instance":
        return isNoReplica(resource);
      case KEY:
        return keepsData(graph, resource);
      // What stages of a pipeline hand on can be made again.
      case BUCKET:
        return (
          graph.referrers(resource, "aws:codepipeline/pipeline:Pipeline", "artifactStores")
            .length === 0
        );
      default:
        return true;
    }
  });
}

/** PUL-01: Pulumi refuses to delete it, also where it would be deleted to be replaced. */
const isProtected: Rule = {
  check: (graph) =>
    statefulOf(graph)
      .filter((resource) => !resource.protect || resource.deleteBeforeReplace === true)
      .map((resource) => ({
        resource,
        message: "is deleted by any change that replaces it or takes it out of the stack file",
        fix: "remove unprotectedBecause, or set protect",
      })),
  mutants: (graph) =>
    statefulOf(graph).flatMap((resource) => [
      {
        title: `${resource.name}: unprotected`,
        graph: withResource(graph, { ...resource, protect: false }),
        finds: resource.urn,
      },
      {
        title: `${resource.name}: deleted before it is replaced`,
        graph: withResource(graph, { ...resource, deleteBeforeReplace: true }),
        finds: resource.urn,
      },
    ]),
};

/** Inputs that hold a secret wherever they are given. */
const SECRET_INPUTS: readonly (readonly [type: string, input: string])[] = [
  ["aws:elasticache/replicationGroup:ReplicationGroup", "authToken"],
  ["aws:elasticache/user:User", "authenticationMode"],
  ["aws:opensearch/domain:Domain", "advancedSecurityOptions"],
  ["aws:rds/cluster:Cluster", "masterPassword"],
  ["aws:rds/instance:Instance", "password"],
];

/** PUL-02: what is secret stays encrypted in the state, and hidden in previews. */
const keepsSecrets: Rule = {
  check: (graph) =>
    givenSecrets(graph)
      .filter(({ resource, input }) => !hasSecret(resource, input))
      .map(({ resource, input }) => ({
        resource,
        message: `shows ${input} in the state and in previews`,
        fix: "wrap it in pulumi.secret",
      })),
  mutants: (graph) =>
    givenSecrets(graph).map(({ resource, input }) => ({
      title: `${resource.name}: ${input} in plain`,
      graph: withResource(graph, { ...resource, isSecret: () => false }),
      finds: resource.urn,
    })),
};

function givenSecrets(graph: Graph): { resource: PolicyResource; input: string }[] {
  return SECRET_INPUTS.flatMap(([type, input]) =>
    graph
      .ofType(type)
      .filter((resource) => !isAbsent(inputAt(resource, input)))
      .map((resource) => ({ resource, input })),
  );
}

/** Whether an input is secret, or the part of it that holds the password. */
function hasSecret(resource: PolicyResource, input: string): boolean {
  return [
    input,
    `${input}.passwords`,
    `${input}.passwords.0`,
    `${input}.masterUserOptions.masterUserPassword`,
  ].some((path) => resource.isSecret?.(path) !== false);
}

/** What every stack says by itself, and whom to ask and who pays, which a stack file says where it is for good. */
const TAGS = {
  always: ["Project", "Environment", "ManagedBy"],
  production: ["Owner", "CostCenter"],
};

/** PUL-03: by the provider, whose tags come to everything that AWS lets be tagged. */
const tagged: Rule = {
  check: (graph, { level }) =>
    graph.ofType(PROVIDER).flatMap((resource) =>
      [...TAGS.always, ...(level === "production" ? TAGS.production : [])]
        .filter((tag) => isAbsent(tagsOf(resource)[tag]))
        .map((tag) => ({
          resource,
          message: `does not tag what it makes with ${tag}`,
          fix: `add ${tag} to the section tags`,
        })),
    ),
  mutants: (graph) =>
    graph.ofType(PROVIDER).flatMap((provider) =>
      [...TAGS.always, ...TAGS.production].map((tag) => ({
        title: `${provider.name}: without ${tag}`,
        graph: withInput(graph, provider, "defaultTags", {
          tags: { ...tagsOf(provider), [tag]: undefined },
        }),
        finds: provider.urn,
      })),
    ),
};

/** The inputs of providers come as JSON. */
function tagsOf(provider: PolicyResource): ValueMap {
  const given = parsed(inputAt(provider, "defaultTags"));
  const tags = isMap(given) ? given["tags"] : undefined;
  return isMap(tags) ? tags : {};
}

export const stackControls: readonly Control[] = [
  {
    id: "PUL-01",
    title: "Pulumi refuses to delete what holds data in production",
    severity: "high",
    appliesTo: "production",
    sources: ["Pulumi docs, protect", "REL09"],
    status: { kind: "held", setting: "unprotectedBecause" },
    rule: isProtected,
  },
  {
    id: "PUL-02",
    title: "No secret stands in plain in the state, in outputs or in previews",
    severity: "critical",
    appliesTo: "every-stack",
    sources: ["seed 000", "seed 004", "Pulumi docs, secrets"],
    status: { kind: "held" },
    rule: keepsSecrets,
  },
  {
    id: "PUL-03",
    title:
      "Everything that can be tagged says its project, environment and manager, in production also its owner",
    severity: "low",
    appliesTo: "every-stack",
    sources: ["ECS.13", "ECS.14", "ECS.15", "AWS tagging guide"],
    status: { kind: "held", setting: "tags" },
    rule: tagged,
  },
];
