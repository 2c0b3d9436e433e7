import type { Control } from "../control";
import type { Graph, PolicyResource, Value, ValueMap } from "../graph";
import { withInput } from "../mutants";
import { allOf, inputRule, type Rule } from "../rule";
import { inputAt, isAbsent, mapsOf, textOf } from "../values";

const PROJECT = "aws:codebuild/project:Project";
const PIPELINE = "aws:codepipeline/pipeline:Pipeline";

const SECRET_NAME = /(PASS(WORD|WD)?|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)(_|$)/i;
const VARIABLES = "environment.environmentVariables";

/** CI-02: what looks like a secret comes from Secrets Manager or Parameter Store. */
const hidesSecrets: Rule = {
  check: (graph) =>
    graph.ofType(PROJECT).flatMap((resource) =>
      mapsOf(inputAt(resource, VARIABLES))
        .filter(({ name, type }) => SECRET_NAME.test(textOf(name)) && isPlain(type))
        .map(({ name }) => ({
          resource,
          message: `shows ${textOf(name)} to everybody who may see the project`,
          fix: "give its type as SECRETS_MANAGER or PARAMETER_STORE",
        })),
    ),
  mutants: (graph) =>
    graph.ofType(PROJECT).flatMap((project) =>
      [undefined, "PLAINTEXT"].map((type) => ({
        title: `${project.name}: a token of type ${type ?? "(none)"}`,
        graph: withInput(graph, project, VARIABLES, [
          ...mapsOf(inputAt(project, VARIABLES)),
          { name: "NPM_TOKEN", value: "x", type },
        ]),
        finds: project.urn,
      })),
    ),
};

function isPlain(type: Value | undefined): boolean {
  return isAbsent(type) || type === "PLAINTEXT";
}

/** CI-03: a person says yes between the build and the deployment of production. */
const asksBefore: Rule = {
  check: (graph) =>
    graph.ofType(PIPELINE).flatMap((resource) => {
      const stages = categoriesOf(resource);
      const first = stages.findIndex((categories) => categories.includes("Deploy"));
      const asked = stages.findIndex((categories) => categories.includes("Approval"));
      return first < 0 || (asked >= 0 && asked < first)
        ? []
        : [
            {
              resource,
              message: "deploys to production without asking anybody",
              fix: "add pipelines.NAME.approval",
            },
          ];
    }),
  mutants: (graph) =>
    graph
      .ofType(PIPELINE)
      .filter((pipeline) => categoriesOf(pipeline).flat().includes("Approval"))
      .flatMap((pipeline) => {
        const stages = mapsOf(inputAt(pipeline, "stages"));
        const isApproval = (stage: ValueMap) => categories(stage).includes("Approval");
        const others = stages.filter((stage) => !isApproval(stage));
        return [
          { title: "nobody asked", stages: others },
          { title: "asked too late", stages: [...others, ...stages.filter(isApproval)] },
        ].map(({ title, stages: changed }) => ({
          title: `${pipeline.name}: ${title}`,
          graph: withInput(graph, pipeline, "stages", changed),
          finds: pipeline.urn,
        }));
      }),
};

/** The kinds of actions of each stage. */
function categoriesOf(pipeline: PolicyResource): string[][] {
  return mapsOf(inputAt(pipeline, "stages")).map(categories);
}

function categories(stage: ValueMap): string[] {
  return mapsOf(stage["actions"]).map(({ category }) => textOf(category));
}

/** CI-03: code comes by a connection, which has no password that could leak. */
const fetchesByConnection: Rule = {
  check: (graph) =>
    graph
      .ofType(PIPELINE)
      .filter((pipeline) =>
        sourcesOf(pipeline).some(({ provider }) => provider !== "CodeStarSourceConnection"),
      )
      .map((resource) => ({
        resource,
        message: "fetches its code by a token of somebody's",
        fix: "fetch it by a connection (section sourceConnections)",
      })),
  mutants: (graph: Graph) =>
    graph.ofType(PIPELINE).map((pipeline) => ({
      title: `${pipeline.name}: code by a token`,
      graph: withInput(graph, pipeline, "stages.0.actions.0.provider", "GitHub"),
      finds: pipeline.urn,
    })),
};

function sourcesOf(pipeline: PolicyResource): readonly ValueMap[] {
  return mapsOf(inputAt(pipeline, "stages"))
    .flatMap((stage) => mapsOf(stage["actions"]))
    .filter(({ category }) => category === "Source");
}

export const deliveryControls: readonly Control[] = [
  {
    id: "CI-01",
    title: "Builds have no rights over the machine that they run on",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["CodeBuild.5", "CKV_AWS_316"],
    status: { kind: "held", setting: "pipelines.NAME.build.privilegedBecause" },
    rule: inputRule({
      type: PROJECT,
      path: "environment.privilegedMode",
      holds: (value) => value !== true,
      message: "lets what it builds rule the machine",
      fix: "remove pipelines.NAME.build.privilegedBecause",
      wrong: [true],
    }),
  },
  {
    id: "CI-02",
    title: "Builds show no secret, write a log and encrypt what they make",
    severity: "critical",
    appliesTo: "every-stack",
    sources: ["CodeBuild.2", "CodeBuild.3", "CodeBuild.4", "CKV_AWS_147", "CKV_AWS_314"],
    status: { kind: "held" },
    rule: allOf(
      hidesSecrets,
      inputRule(
        {
          type: PROJECT,
          path: "logsConfig.cloudwatchLogs.groupName",
          holds: (value) => !isAbsent(value),
          message: "writes its log where nobody set an end to it, or nowhere",
          fix: "name a log group",
          wrong: [undefined],
        },
        {
          type: PROJECT,
          path: "encryptionKey",
          holds: (value) => !isAbsent(value),
          message: "encrypts what it makes with a key that the whole account may use",
          fix: "set encryptionKey",
          wrong: [undefined],
        },
      ),
    ),
  },
  {
    id: "CI-03",
    title:
      "Pipelines fetch code by a connection, encrypt what stages hand on, and ask before production",
    severity: "medium",
    appliesTo: "production",
    sources: ["CKV_AWS_219", "seed 003"],
    status: {
      kind: "optional",
      setting: "pipelines.NAME.approval",
      because:
        "who deploys each commit at once, with tests and a way back in between, wants nobody to be asked",
    },
    rule: allOf(
      asksBefore,
      fetchesByConnection,
      inputRule(
        {
          type: PIPELINE,
          path: "pipelineType",
          holds: (value) => value === "V2",
          message: "is of the old kind, which is paid whether it runs or not",
          fix: "set pipelineType to V2",
          wrong: ["V1", undefined],
        },
        {
          type: PIPELINE,
          path: "artifactStores.0.encryptionKey.id",
          holds: (value) => !isAbsent(value),
          message: "encrypts what stages hand on with a key that the whole account may use",
          fix: "set encryptionKey",
          wrong: [undefined],
        },
      ),
    ),
  },
];
