import { companionRule } from "../companions";
import type { Control } from "../control";
import type { Graph, PolicyResource, ValueMap } from "../graph";
import { withInput } from "../mutants";
import { allOf, inputRule, type Rule } from "../rule";
import { inputAt, isMap, mapsOf, valueAt } from "../values";
import { beside, BUCKET } from "./buckets";

const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";

/** Services of AWS that put objects into a bucket, each once and under a name of its own, and their inputs that name it. */
const DELIVERIES: readonly (readonly [type: string, input: string])[] = [
  ["aws:lb/loadBalancer:LoadBalancer", "accessLogs"],
  ["aws:ec2/flowLog:FlowLog", "logDestination"],
  ["aws:codepipeline/pipeline:Pipeline", "artifactStores"],
  ["aws:bcmdata/export:Export", "export"],
  ["aws:cfg/deliveryChannel:DeliveryChannel", "s3BucketName"],
  ["aws:cloudtrail/trail:Trail", "s3BucketName"],
];

/** Whether nothing in the bucket is ever written over, so that older versions of it would only cost. */
function getsDeliveries(bucket: PolicyResource, graph: Graph): boolean {
  return DELIVERIES.some(([type, input]) => graph.referrers(bucket, type, input).length > 0);
}

/** S3-04 and S3-05: a rule of the lifecycle that speaks of all objects. */
function lifecycleRule(
  wanted: (rule: ValueMap) => boolean,
  of: (bucket: PolicyResource, graph: Graph) => boolean,
  { message, fix, part }: { message: string; fix: string; part: string },
): Rule {
  const subjects = (graph: Graph) =>
    graph
      .ofType(LIFECYCLE)
      .filter((lifecycle) =>
        graph.references(lifecycle, "bucket", BUCKET).some((b) => of(b, graph)),
      );
  return {
    check: (graph) =>
      subjects(graph)
        .filter((lifecycle) => {
          const rules = mapsOf(inputAt(lifecycle, "rules"));
          return !rules.some((one) => one["status"] === "Enabled" && isForAll(one) && wanted(one));
        })
        .map((resource) => ({ resource, message, fix })),
    mutants: (graph) =>
      subjects(graph).flatMap((lifecycle) =>
        mapsOf(inputAt(lifecycle, "rules")).flatMap((_, index) => [
          {
            title: `${lifecycle.name}: without ${part}`,
            graph: withInput(graph, lifecycle, `rules.${index}.${part}`, undefined),
            finds: lifecycle.urn,
          },
          {
            title: `${lifecycle.name}: turned off`,
            graph: withInput(graph, lifecycle, `rules.${index}.status`, "Disabled"),
            finds: lifecycle.urn,
          },
        ]),
      ),
  };
}

function isForAll(rule: ValueMap): boolean {
  const filter = rule["filter"];
  return !isMap(filter) || Object.values(filter).every((value) => value === "");
}

/** What becomes of the objects in buckets. */
export const bucketContentsControls: readonly Control[] = [
  {
    id: "S3-04",
    title: "Buckets keep older versions of what is written over, for a while",
    severity: "medium",
    appliesTo: "every-stack",
    sources: ["S3.10", "S3.14", "CKV_AWS_21"],
    status: { kind: "held", setting: "buckets.NAME.unversionedBecause" },
    rule: allOf(
      companionRule({
        of: BUCKET,
        where: (bucket, graph) => !getsDeliveries(bucket, graph),
        type: VERSIONING,
        input: "bucket",
        message: "loses what is written over",
        fix: "add a BucketVersioning",
      }),
      inputRule({
        type: VERSIONING,
        path: "versioningConfiguration.status",
        holds: (value) => value === "Enabled",
        message: "loses what is written over",
        fix: "remove buckets.NAME.unversionedBecause",
        wrong: ["Suspended", undefined],
      }),
      lifecycleRule(
        (one) => isMap(one["noncurrentVersionExpiration"]),
        (bucket, graph) => graph.referrers(bucket, VERSIONING, "bucket").length > 0,
        {
          part: "noncurrentVersionExpiration",
          message: "keeps older versions for ever",
          fix: "add noncurrentVersionExpiration to a rule for all objects",
        },
      ),
    ),
  },
  {
    id: "S3-05",
    title: "What is never uploaded to its end is removed after a week",
    severity: "low",
    appliesTo: "every-stack",
    sources: ["S3.13", "CKV2_AWS_61", "CKV_AWS_300", "seed 002"],
    status: { kind: "held" },
    rule: allOf(
      beside(LIFECYCLE, "keeps everything for ever", "add a lifecycle configuration"),
      lifecycleRule(
        (one) => Number(valueAt(one, "abortIncompleteMultipartUpload.daysAfterInitiation")) <= 7,
        () => true,
        {
          part: "abortIncompleteMultipartUpload",
          message: "keeps and pays for parts of uploads that never ended",
          fix: "add abortIncompleteMultipartUpload of 7 days or less to a rule for all objects",
        },
      ),
    ),
  },
  {
    id: "S3-07",
    title: "A bucket of production is not deleted with what is in it",
    severity: "high",
    appliesTo: "production",
    sources: ["REL09"],
    status: { kind: "held", setting: "unprotectedBecause" },
    rule: inputRule({
      type: BUCKET,
      // What stages of a pipeline hand on can be made again.
      of: (bucket, graph) =>
        graph.referrers(bucket, "aws:codepipeline/pipeline:Pipeline", "artifactStores").length ===
        0,
      path: "forceDestroy",
      holds: (value) => value !== true,
      message: "is deleted with everything in it",
      fix: "remove unprotectedBecause",
      wrong: [true],
    }),
  },
];
