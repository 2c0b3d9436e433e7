import * as assert from "node:assert/strict";
import type { ValueMap } from "../../policies/graph";
import { findings, resource } from "./fixtures";

const TRAIL = "aws:cloudtrail/trail:Trail";
const DETECTOR = "aws:guardduty/detector:Detector";
const FEATURE = "aws:guardduty/detectorFeature:DetectorFeature";
const RECORDER = "aws:cfg/recorder:Recorder";

/** What an account has beside trail and detector. */
const OTHERS = [
  "aws:cfg/recorderStatus:RecorderStatus",
  "aws:securityhub/account:Account",
  "aws:accessanalyzer/analyzer:Analyzer",
  "aws:ebs/encryptionByDefault:EncryptionByDefault",
  "aws:inspector2/enabler:Enabler",
];

describe("policies about the account", () => {
  it("AUD-01: reports a trail that misses something or proves nothing, and an account without one", () => {
    const good = {
      isMultiRegionTrail: true,
      enableLogFileValidation: true,
      kmsKeyId: "key",
      cloudWatchLogsGroupArn: "group",
    };
    const trail = (name: string, inputs: ValueMap) => resource(TRAIL, name, { ...good, ...inputs });
    assert.deepEqual(
      findings("AUD-01", [
        trail("good", {}),
        trail("one-region", { isMultiRegionTrail: false }),
        trail("mutable", { enableLogFileValidation: undefined }),
        trail("plain", { kmsKeyId: undefined }),
        trail("unsearched", { cloudWatchLogsGroupArn: "" }),
        trail("off", { enableLogging: false }),
      ]),
      [
        "one-region: misses what is done in other regions",
        "mutable: does not show whether somebody changed it",
        "plain: can be read by whoever reads the bucket",
        "unsearched: cannot be searched, and raises no alarm",
        "off: records nothing",
      ],
    );
    assert.deepEqual(findings("AUD-01", [resource(DETECTOR, "detector")]), [
      "detector: has no record of the calls to AWS",
    ]);
    assert.deepEqual(findings("AUD-01", [resource("aws:ecs/cluster:Cluster", "platform")]), []);
  });

  it("AUD-02: reports what GuardDuty does not look at", () => {
    const detector = (name: string, inputs: ValueMap = {}) => resource(DETECTOR, name, inputs);
    const feature = (of: ReturnType<typeof detector>, name: string, status = "ENABLED") =>
      resource(
        FEATURE,
        `${of.name}-${name}`,
        {
          name,
          status,
          ...(name === "RUNTIME_MONITORING" && {
            additionalConfigurations: [{ name: "ECS_FARGATE_AGENT_MANAGEMENT", status }],
          }),
        },
        { detectorId: of },
      );
    const all = ["RUNTIME_MONITORING", "RDS_LOGIN_EVENTS", "S3_DATA_EVENTS"];
    const [good, half, off] = [
      detector("good"),
      detector("half"),
      detector("off", { enable: false }),
    ];
    assert.deepEqual(
      findings("AUD-02", [
        good,
        half,
        off,
        ...all.map((name) => feature(good, name)),
        feature(half, "RUNTIME_MONITORING", "DISABLED"),
        feature(half, "S3_DATA_EVENTS"),
        ...all.map((name) => feature(off, name)),
      ]),
      [
        "off: looks at nothing",
        "half: does not look at RUNTIME_MONITORING, RDS_LOGIN_EVENTS, ECS_FARGATE_AGENT_MANAGEMENT",
      ],
    );
  });

  it("AUD-03: reports what the account lacks, a recorder that rests, and what no recorder sees", () => {
    const group = (includeGlobalResourceTypes: boolean) => ({
      recordingGroup: { allSupported: true, includeGlobalResourceTypes },
    });
    const recorder = (name: string, inputs: ValueMap) => resource(RECORDER, name, inputs);
    const others = OTHERS.map((type) => resource(type, type, { isEnabled: true }));
    assert.deepEqual(
      findings("AUD-03", [
        recorder("home", group(true)),
        recorder("other", group(false)),
        ...others,
      ]),
      [],
    );
    assert.deepEqual(
      findings("AUD-03", [
        recorder("home", { recordingGroup: { allSupported: false } }),
        ...others.slice(2),
        resource(OTHERS[0] ?? "", "resting", { isEnabled: false }),
        resource("aws:ebs/encryptionByDefault:EncryptionByDefault", "plain", { enabled: false }),
      ]),
      [
        "home: has no Security Hub",
        "home: misses what has no region, such as roles, and so does every other",
        "home: misses kinds of resources",
        "resting: records nothing",
        "plain: leaves new disks in plain",
      ],
    );
  });
});
