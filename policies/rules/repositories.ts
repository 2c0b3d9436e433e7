import { companionRule } from "../companions";
import type { Control } from "../control";
import { statementsOf, withStatements } from "../documents";
import { withInput } from "../mutants";
import { allOf, inputRule, resourceRule } from "../rule";
import { inputAt, isMap, mapsOf, parsed, valueAt } from "../values";

const REPOSITORY = "aws:ecr/repository:Repository";
const REPOSITORY_POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy";
const LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
const REGISTRY_SCAN = "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration";

const scanned = inputRule({
  type: REPOSITORY,
  of: (_, graph) =>
    graph.ofType(REGISTRY_SCAN).every((scan) => inputAt(scan, "scanType") !== "ENHANCED"),
  path: "imageScanningConfiguration.scanOnPush",
  holds: (value) => value === true,
  message: "looks for no known weaknesses in what is pushed",
  fix: "set imageScanningConfiguration.scanOnPush to true",
  wrong: [false, undefined],
});

const keptImages = allOf(
  inputRule({
    type: REPOSITORY,
    path: "imageTagMutability",
    holds: (value) => value === "IMMUTABLE" || value === "IMMUTABLE_WITH_EXCLUSION",
    message: "lets a tag be pushed again with another image",
    fix: "remove mutableTags",
    wrong: ["MUTABLE", undefined],
  }),
  resourceRule(
    {
      type: REPOSITORY,
      problem: (repository, _graph, { level }) =>
        level === "production" && inputAt(repository, "forceDelete") === true
          ? "is deleted with all images in it"
          : undefined,
      fix: "remove unprotectedBecause",
      broken: (repository, graph) => [
        { title: "force", graph: withInput(graph, repository, "forceDelete", true) },
      ],
    },
    {
      type: REPOSITORY_POLICY,
      problem: (policy) =>
        statementsOf(policy, "policy").some(
          ({ allows, principals }) => allows && principals.includes("*"),
        )
          ? "lets everybody in"
          : undefined,
      fix: "name the accounts",
      broken: (policy, graph) => [
        {
          title: "everybody",
          graph: withStatements(graph, policy, "policy", (statements) => [
            ...statements,
            { Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" },
          ]),
        },
      ],
    },
  ),
);

const cleanedUp = allOf(
  companionRule({
    of: REPOSITORY,
    type: LIFECYCLE,
    input: "repository",
    message: "keeps every image for ever",
    fix: "add a lifecycle policy",
  }),
  resourceRule({
    type: LIFECYCLE,
    problem: (lifecycle) => {
      const policy = parsed(inputAt(lifecycle, "policy"));
      if (!isMap(policy)) return undefined;
      const selections = mapsOf(policy["rules"]).map((rule) => rule["selection"]);
      if (!selections.some((selection) => valueAt(selection, "tagStatus") === "untagged")) {
        return "keeps images that nothing names";
      }
      const ages = selections.some(
        (selection) =>
          valueAt(selection, "tagStatus") !== "untagged" &&
          valueAt(selection, "countType") === "sinceImagePushed",
      );
      return ages ? "deletes releases for their age alone" : undefined;
    },
    fix: "expire untagged images by age, and others by their number",
    broken: (lifecycle, graph) => {
      const policy = parsed(inputAt(lifecycle, "policy"));
      const rules = isMap(policy) ? mapsOf(policy["rules"]) : [];
      const withRules = (changed: unknown) =>
        withInput(graph, lifecycle, "policy", JSON.stringify({ rules: changed }));
      return [
        {
          title: "untagged stay",
          graph: withRules(
            rules.filter((rule) => valueAt(rule, "selection.tagStatus") !== "untagged"),
          ),
        },
        {
          title: "releases go by age",
          graph: withRules([
            ...rules,
            { selection: { tagStatus: "any", countType: "sinceImagePushed", countNumber: 30 } },
          ]),
        },
      ];
    },
  }),
);

export const repositoryControls: readonly Control[] = [
  {
    id: "ECR-01",
    title: "Images are looked through for known weaknesses when they are pushed",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["ECR.1", "CKV_AWS_163", "Inspector.2"],
    status: { kind: "held" },
    rule: scanned,
  },
  {
    id: "ECR-02",
    title: "A pushed tag stays what it is, and production's images are not deleted by the stack",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["ECR.2", "CKV_AWS_51", "CKV_AWS_136", "CKV_AWS_32", "AWS-0032"],
    status: { kind: "held" },
    rule: keptImages,
  },
  {
    id: "ECR-03",
    title: "Every repository lets go of untagged images, and keeps its newest releases",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["ECR.3"],
    status: { kind: "held" },
    rule: cleanedUp,
  },
];
