import { companionRule } from "../companions";
import type { Control } from "../control";
import type { Graph, PolicyResource } from "../graph";
import { withInput } from "../mutants";
import { requiredRule } from "../required";
import { allOf, inputRule, type Rule } from "../rule";
import { inputAt, isAbsent, mapsOf, textOf } from "../values";
import { CLUSTER, INSTANCE, isNoReplica } from "./database-types";

const VAULT = "aws:backup/vault:Vault";
const PLAN = "aws:backup/plan:Plan";
const SELECTION = "aws:backup/selection:Selection";
const LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const TEST = "aws:backup/restoreTestingPlan:RestoreTestingPlan";

const DATABASES = [INSTANCE, CLUSTER];
const OTHERS = ["aws:dynamodb/table:Table", "aws:efs/fileSystem:FileSystem"];

/** That everything of some types bears a tag by which a plan finds it. */
function selected(...types: readonly string[]): Rule {
  const kept = (graph: Graph) => graph.ofType(...types).filter(isNoReplica);
  return {
    check: (graph) =>
      kept(graph)
        .filter((resource) => !isSelected(graph, resource))
        .map((resource) => ({
          resource,
          message: "is in no plan of AWS Backup",
          fix: "add the section backups",
        })),
    mutants: (graph) =>
      kept(graph).map((resource) => ({
        title: `${resource.name}: without its tag`,
        graph: withInput(graph, resource, "tags", {}),
        finds: resource.urn,
      })),
  };
}

function isSelected(graph: Graph, resource: PolicyResource): boolean {
  return graph
    .ofType(SELECTION)
    .flatMap((selection) => mapsOf(inputAt(selection, "selectionTags")))
    .some(({ key, value }) => inputAt(resource, `tags.${textOf(key)}`) === value);
}

function holdsData(graph: Graph): boolean {
  return graph.ofType(...DATABASES, ...OTHERS).length > 0;
}

export const backupControls: readonly Control[] = [
  {
    id: "RDS-20",
    title: "Databases of production are in a backup plan, too",
    severity: "medium",
    appliesTo: "production",
    sources: ["RDS.26"],
    status: {
      kind: "optional",
      setting: "backups",
      because:
        "backups beside those of RDS cost 0.095 USD a month for each GB; without databases there is nothing to back up",
    },
    rule: selected(...DATABASES),
  },
  {
    id: "BKP-01",
    title: "Production is backed up each day into an encrypted, locked vault",
    severity: "medium",
    appliesTo: "production",
    sources: ["Backup.1", "REL09-BP01", "REL09-BP02", "CKV_AWS_166"],
    status: {
      kind: "optional",
      setting: "backups",
      because:
        "backups cost from 0.05 USD a month for each GB, and a vault that is locked is not deleted with its stack",
    },
    rule: allOf(
      selected(...OTHERS),
      inputRule(
        {
          type: VAULT,
          path: "kmsKeyArn",
          holds: (value) => !isAbsent(value),
          message: "is encrypted with a key that the whole account may use",
          fix: "set kmsKeyArn",
          wrong: [undefined],
        },
        {
          type: PLAN,
          path: "rules.0.lifecycle.deleteAfter",
          holds: (value) => Number(value) >= 7,
          message: "keeps backups for less than a week",
          fix: "set backups.retentionDays to 7 or more",
          wrong: [1, undefined],
        },
        {
          type: PLAN,
          path: "rules.0.schedule",
          holds: (value) =>
            typeof value === "string" && /^cron\(\S+ \S+ (\*|\?) \* (\*|\?) \*\)$/.test(value),
          message: "does not back up every day",
          fix: 'set backups.schedule to a time of each day, like "cron(0 6 * * ? *)"',
          wrong: ["cron(0 6 1 * ? *)", undefined],
        },
      ),
      companionRule({
        of: VAULT,
        type: LOCK,
        input: "backupVaultName",
        message: "lets whoever gets in delete the backups",
        fix: "set backups.lock to {}",
      }),
    ),
  },
  {
    id: "BKP-02",
    title:
      "Backups of production lie in two regions, and are restored once a week to see that they can be",
    severity: "medium",
    appliesTo: "production",
    sources: ["REL09-BP04", "REL13", "seed 004"],
    status: {
      kind: "optional",
      setting: "backups.copyTo, backups.restoreTest",
      because: "a copy doubles the price, and the law may keep data in its region",
    },
    rule: allOf(
      inputRule({
        type: PLAN,
        path: "rules.0.copyActions.0.destinationVaultArn",
        holds: (value) => !isAbsent(value),
        message: "keeps all backups in one region",
        fix: "set backups.copyTo",
        wrong: [undefined],
      }),
      requiredRule({
        type: TEST,
        where: (graph) => graph.ofType(PLAN).length > 0 || holdsData(graph),
        message: "has backups that nobody ever restored",
        fix: "set backups.restoreTest to {}",
      }),
    ),
  },
];
