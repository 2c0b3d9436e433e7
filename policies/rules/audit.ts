import type { Control } from "../control";
import type { Graph, PolicyResource, Value } from "../graph";
import { without, withInput } from "../mutants";
import { requiredRule } from "../required";
import { allOf, type InputCondition, inputRule, type Rule } from "../rule";
import { inputAt, isAbsent, mapsOf, textOf } from "../values";

const TRAIL = "aws:cloudtrail/trail:Trail";
const DETECTOR = "aws:guardduty/detector:Detector";
const FEATURE = "aws:guardduty/detectorFeature:DetectorFeature";
const RECORDER = "aws:cfg/recorder:Recorder";
const RECORDING = "aws:cfg/recorderStatus:RecorderStatus";
const HUB = "aws:securityhub/account:Account";
const ANALYZER = "aws:accessanalyzer/analyzer:Analyzer";
const EBS = "aws:ebs/encryptionByDefault:EncryptionByDefault";
const SCANS = "aws:inspector2/enabler:Enabler";

/** What an account has once. A stack with any of it is the one of its account, and must have all; a platform has none. */
const ONCE = [TRAIL, DETECTOR, RECORDER, HUB, ANALYZER, EBS, SCANS];

function isOfAccount(graph: Graph): boolean {
  return graph.ofType(...ONCE).length > 0;
}

function required(type: string, what: string): Rule {
  return requiredRule({
    type,
    where: isOfAccount,
    message: `has no ${what}`,
    fix: "turn it on again in the account's own stack",
  });
}

function isTrue(type: string, path: string, message: string): InputCondition {
  return {
    type,
    path,
    holds: (value) => value === true,
    message,
    fix: `set ${path} to true`,
    wrong: [false, undefined],
  };
}

function isGiven(type: string, path: string, message: string): InputCondition {
  return {
    type,
    path,
    holds: (value) => !isAbsent(value),
    message,
    fix: `set ${path}`,
    wrong: [undefined],
  };
}

/** AUD-03: what has no region, such as roles, is recorded in one. */
const recordsGlobal: Rule = {
  check: (graph) => {
    const recorders = graph.ofType(RECORDER);
    return recorders.some((recorder) => inputAt(recorder, GLOBAL) === true)
      ? []
      : recorders.slice(0, 1).map((resource) => ({
          resource,
          message: "misses what has no region, such as roles, and so does every other",
          fix: `set ${GLOBAL} to true in one region`,
        }));
  },
  mutants: (graph) =>
    graph
      .ofType(RECORDER)
      .slice(0, 1)
      .map(({ urn }) => ({
        title: "nothing without a region",
        graph: graph
          .ofType(RECORDER)
          .reduce((former, recorder) => withInput(former, recorder, GLOBAL, false), graph),
        finds: urn,
      })),
};

const GLOBAL = "recordingGroup.includeGlobalResourceTypes";

/** Features of GuardDuty that must be on; RDS.* and the agent on Fargate are what a platform on ECS lives on. */
const FEATURES = ["RUNTIME_MONITORING", "RDS_LOGIN_EVENTS", "S3_DATA_EVENTS"];
const AGENT = "ECS_FARGATE_AGENT_MANAGEMENT";

/** AUD-02: what GuardDuty looks at beside calls, traffic and names. */
const looksEverywhere: Rule = {
  check: (graph) =>
    graph.ofType(DETECTOR).flatMap((resource) => {
      const off = [...FEATURES, AGENT].filter((name) => !isOn(graph, resource, name));
      return off.length === 0
        ? []
        : [
            {
              resource,
              message: `does not look at ${off.join(", ")}`,
              fix: "turn the features on",
            },
          ];
    }),
  mutants: (graph) =>
    graph.ofType(DETECTOR).flatMap((detector) =>
      featuresOf(graph, detector)
        .filter((feature) => FEATURES.includes(textOf(inputAt(feature, "name"))))
        .flatMap((feature) => [
          {
            title: `${feature.name}: off`,
            graph: withInput(graph, feature, "status", "DISABLED"),
            finds: detector.urn,
          },
          { title: `${feature.name}: gone`, graph: without(graph, feature), finds: detector.urn },
          ...mapsOf(inputAt(feature, "additionalConfigurations"))
            .filter(({ name }) => name === AGENT)
            .map(() => ({
              title: `${feature.name}: no agent on Fargate`,
              graph: withInput(graph, feature, "additionalConfigurations", []),
              finds: detector.urn,
            })),
        ]),
    ),
};

function isOn(graph: Graph, detector: PolicyResource, name: string): boolean {
  return featuresOf(graph, detector).some((feature) => {
    const isEnabled = inputAt(feature, "status") === "ENABLED";
    if (name !== AGENT) return isEnabled && inputAt(feature, "name") === name;
    return mapsOf(inputAt(feature, "additionalConfigurations")).some(
      (addition) => addition["name"] === AGENT && addition["status"] === "ENABLED",
    );
  });
}

function featuresOf(graph: Graph, detector: PolicyResource): readonly PolicyResource[] {
  return graph.referrers(detector, FEATURE, "detectorId");
}

const because =
  "an account has it once, and several platforms may share an account: it is in a stack of its own, examples/account-baseline";

export const auditControls: readonly Control[] = [
  {
    id: "AUD-01",
    title: "Every call to AWS is recorded, in all regions, encrypted, and provably as it was",
    severity: "high",
    appliesTo: "every-stack",
    sources: [
      "CloudTrail.1",
      "CloudTrail.2",
      "CloudTrail.4",
      "CloudTrail.5",
      "CIS 4.1",
      "CIS 4.2",
      "CIS 4.5",
    ],
    status: { kind: "optional", setting: "account-baseline:auditTrail", because },
    rule: allOf(
      required(TRAIL, "record of the calls to AWS"),
      inputRule(
        isTrue(TRAIL, "isMultiRegionTrail", "misses what is done in other regions"),
        isTrue(TRAIL, "enableLogFileValidation", "does not show whether somebody changed it"),
        isGiven(TRAIL, "kmsKeyId", "can be read by whoever reads the bucket"),
        isGiven(TRAIL, "cloudWatchLogsGroupArn", "cannot be searched, and raises no alarm"),
        {
          type: TRAIL,
          path: "enableLogging",
          // AWS's own default.
          holds: (value: Value | undefined) => value !== false,
          message: "records nothing",
          fix: "remove enableLogging",
          wrong: [false],
        },
      ),
    ),
  },
  {
    id: "AUD-02",
    title:
      "GuardDuty looks for attackers, also in containers, at logins to databases and in buckets",
    severity: "high",
    appliesTo: "every-stack",
    sources: ["GuardDuty.1", "GuardDuty.9", "GuardDuty.10", "GuardDuty.11", "GuardDuty.12"],
    status: { kind: "optional", setting: "account-baseline:threatDetection", because },
    rule: allOf(
      required(DETECTOR, "GuardDuty"),
      inputRule({
        type: DETECTOR,
        path: "enable",
        holds: (value) => value !== false,
        message: "looks at nothing",
        fix: "remove enable",
        wrong: [false],
      }),
      looksEverywhere,
    ),
  },
  {
    id: "AUD-03",
    title:
      "Config records every resource, Security Hub judges, Access Analyzer and Inspector look, disks are encrypted by default",
    severity: "medium",
    appliesTo: "every-stack",
    sources: [
      "Config.1",
      "CIS 2.19",
      "CIS 4.3",
      "CIS 5.16",
      "CIS 6.1.1",
      "Inspector.2",
      "CKV2_AWS_45",
      "CKV2_AWS_48",
    ],
    status: {
      kind: "optional",
      setting:
        "account-baseline:configuration, account-baseline:securityHub, account-baseline:resourceScan, account-baseline:regionDefaults",
      because,
    },
    rule: allOf(
      required(RECORDER, "record of its resources"),
      required(RECORDING, "recorder of resources that runs"),
      required(HUB, "Security Hub"),
      required(ANALYZER, "Access Analyzer"),
      required(EBS, "encryption of disks by default"),
      required(SCANS, "scans of images"),
      recordsGlobal,
      inputRule(
        isTrue(RECORDER, "recordingGroup.allSupported", "misses kinds of resources"),
        isTrue(RECORDING, "isEnabled", "records nothing"),
        {
          type: EBS,
          path: "enabled",
          holds: (value) => value !== false,
          message: "leaves new disks in plain",
          fix: "remove enabled",
          wrong: [false],
        },
      ),
    ),
  },
];
