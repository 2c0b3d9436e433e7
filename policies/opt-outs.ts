import type { ValueMap } from "./graph";
import type { Exception } from "./rule";
import { isMap } from "./values";

/** A safeguard that a section lets go with a reason, and the controls that then need not hold. */
interface OptOut {
  /** Where the reason stands; "*" is any key. */
  readonly key: string;
  readonly rules: readonly string[];
  /** The component it is limited to, named after the key that the first "*" stands for; without: the whole stack. */
  readonly component?: string;
}

const SERVICE = "ecs-platform:index:EcsService";

const OPT_OUTS: readonly OptOut[] = [
  { key: "network.publicIpOnLaunchBecause", rules: ["NET-04"] },
  { key: "network.flowLogs.disabledBecause", rules: ["NET-03"] },
  { key: "loadBalancer.plainHttpBecause", rules: ["ALB-01"] },
  { key: "loadBalancer.accessLogs.disabledBecause", rules: ["ALB-04"] },
  { key: "loadBalancer.waf.groups.*.offBecause", rules: ["WAF-01"] },
  { key: "loadBalancer.waf.groups.*.countBecause", rules: ["WAF-04"] },
  { key: "loadBalancer.waf.rateLimit.offBecause", rules: ["WAF-01"] },
  { key: "loadBalancer.waf.logs.disabledBecause", rules: ["WAF-03"] },
  { key: "services.*.publicIpBecause", rules: ["ECS-01"], component: SERVICE },
  { key: "services.*.writableRootBecause", rules: ["ECS-04"], component: SERVICE },
  { key: "services.*.sidecars.*.writableRootBecause", rules: ["ECS-04"], component: SERVICE },
  { key: "services.*.initContainers.*.writableRootBecause", rules: ["ECS-04"], component: SERVICE },
  { key: "services.*.deployment.noRollbackBecause", rules: ["ECS-15"], component: SERVICE },
  {
    key: "tasks.*.writableRootBecause",
    rules: ["ECS-04"],
    component: "ecs-platform:index:EcsTask",
  },
  // What outlives a stack's end.
  {
    key: "unprotectedBecause",
    rules: ["ALB-05", "KMS-02", "PUL-01", "RDS-05", "RDS-06", "S3-07", "SEC-01"],
  },
  {
    key: "databases.*.noFinalSnapshotBecause",
    rules: ["RDS-06"],
    component: "ecs-platform:index:Database",
  },
  {
    key: "tables.*.noRecoveryBecause",
    rules: ["DDB-01"],
    component: "ecs-platform:index:Table",
  },
  {
    key: "buckets.*.unversionedBecause",
    rules: ["S3-04"],
    component: "ecs-platform:index:Bucket",
  },
  {
    key: "fileSystems.*.noBackupsBecause",
    rules: ["BKP-01"],
    component: "ecs-platform:index:FileSystem",
  },
  { key: "monitoring.silencedBecause", rules: ["MON-01"] },
  { key: "monitoring.noAlarmsBecause", rules: ["MON-02", "MON-04"] },
  { key: "monitoring.without.*", rules: ["MON-02", "MON-04"] },
  {
    key: "pipelines.*.build.privilegedBecause",
    rules: ["CI-01"],
    component: "ecs-platform:index:Pipeline",
  },
  // The account's own stack (examples/account-baseline).
  { key: "auditTrail.offBecause", rules: ["AUD-01"] },
  { key: "threatDetection.offBecause", rules: ["AUD-02"] },
  { key: "threatDetection.runtime.offBecause", rules: ["AUD-02"] },
  { key: "configuration.offBecause", rules: ["AUD-03"] },
  { key: "regionDefaults.offBecause", rules: ["AUD-03"] },
  { key: "resourceScan.offBecause", rules: ["AUD-03"] },
  { key: "securityHub.offBecause", rules: ["AUD-03"] },
];

/** The exceptions that the opt-outs of a stack file are. */
export function optOuts(sections: ValueMap): Exception[] {
  return OPT_OUTS.flatMap(({ key, rules, component }) =>
    reasonsAt(sections, key.split(".")).flatMap(({ path, reason, name }) =>
      rules.map((rule) => ({
        rule,
        reason,
        key: path.join("."),
        ...(component === undefined ? {} : { component: { type: component, name } }),
      })),
    ),
  );
}

interface Reason {
  readonly path: readonly string[];
  readonly reason: string;
  /** What the first "*" stands for. */
  readonly name: string;
}

function reasonsAt(
  section: ValueMap,
  [step = "", ...rest]: readonly string[],
  path: readonly string[] = [],
  name = "",
): Reason[] {
  return Object.keys(step === "*" ? section : { [step]: 0 }).flatMap((key) => {
    const value = section[key];
    const here = { path: [...path, key], name: step === "*" && name === "" ? key : name };
    if (rest.length === 0) return typeof value === "string" ? [{ ...here, reason: value }] : [];
    return isMap(value) ? reasonsAt(value, rest, here.path, here.name) : [];
  });
}
