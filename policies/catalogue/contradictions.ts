/** Two demands that no stack can meet at once, and what was decided. Printed on docs/controls.md. */
export interface Contradiction {
  /** Controls that it concerns. */
  readonly controls: readonly string[];
  readonly demands: string;
  readonly decision: string;
}

export const contradictions: readonly Contradiction[] = [
  {
    controls: ["ALB-01", "NET-09"],
    demands:
      "ELB.1 wants a listener on port 80 that redirects, ELB.18 no listener without TLS, and CKV_AWS_260 port 80 closed.",
    decision:
      "Port 80 redirects: a first visit by a typed name would else find nobody. Nothing but the redirect answers there.",
  },
  {
    controls: ["ECS-04", "ECS-14"],
    demands:
      "ECS.5 wants a read-only root filesystem, ECS Exec writes to three folders of it (aws/containers-roadmap #1359).",
    decision:
      "Both: with `exec` these folders are volumes of the task, and the rest stays read-only.",
  },
  {
    controls: ["LOG-01"],
    demands: "CloudWatch.16 wants logs for a year, the seeds for 7 to 90 days by environment.",
    decision:
      "Every log has an end, and the stack file says which. What must be kept for a year is the record of calls (AUD-01), not every line of an application.",
  },
  {
    controls: ["LOG-02", "SEC-01", "DDB-01", "RDS-02"],
    demands:
      "Scanners want a key of one's own for each log, secret, table and database; the seeds want small bills.",
    decision:
      "AWS's own keys encrypt, for nothing. Keys of one's own are a setting where they close something: buckets, tables and vaults have `kms`. Topics, artifacts, states and backups always have one, because services of AWS must be let in.",
  },
  {
    controls: ["S3-03", "ALB-04"],
    demands:
      "CKV_AWS_145 wants KMS for every bucket; load balancers cannot write to one with a key.",
    decision: "Buckets for logs have the keys of S3 itself; others have `kms` as a setting.",
  },
  {
    controls: ["S3-04"],
    demands:
      "S3.14 wants versions in every bucket; of logs and artifacts each object is written once, under a name of its own.",
    decision: "Buckets that services of AWS deliver to keep no versions, all others do.",
  },
  {
    controls: ["S3-06"],
    demands:
      "S3.9 wants a log of accesses for every bucket, which is a bucket with the same demand.",
    decision:
      "No such logs: who reads an object is in the trail where somebody pays for data events (AUD-01), and changes of a bucket are there anyway.",
  },
  {
    controls: ["RDS-14", "SEC-02"],
    demands:
      "Passwords shall be RDS's own and change by themselves; RDS makes no replica of an instance with such a password.",
    decision:
      "`password: managed` is the default. `generated` is for replicas, and production says so under `controls.exceptions`.",
  },
  {
    controls: ["RDS-15"],
    demands:
      "Scanners want statements that change the schema in the log, and a password in `ALTER ROLE` would be one of them.",
    decision:
      "They are logged. docs/databases.md says how to change a password without writing it.",
  },
  {
    controls: ["RDS-18"],
    demands:
      "Some want the proxy to know users by IAM alone; its tokens last 15 minutes, and few clients renew them.",
    decision:
      "Services log in by the secret, over TLS. People may use IAM on the database itself (RDS-09).",
  },
  {
    controls: ["KMS-02", "SEC-01", "S3-07", "PUL-01"],
    demands:
      "What holds data shall take long to delete; an environment for a review is made and removed in an hour.",
    decision:
      "One key, `unprotectedBecause`, turns all of it around, and the stack is development then.",
  },
  {
    controls: ["MON-03"],
    demands:
      "SNS.4 wants conditions in a topic's policy; EventBridge publishes to no topic whose policy has one.",
    decision:
      "Topics for alarms refuse plain HTTP and other accounts. Those for EventBridge are open to that service alone, and its key to topics of the account.",
  },
  {
    controls: ["MON-04"],
    demands: "Targets of events shall have a queue for what cannot be delivered.",
    decision:
      "EventBridge tries for a day; what it delivers to is a log group or a function of the same account, which need no queue that somebody would have to watch.",
  },
  {
    controls: ["BKP-01"],
    demands:
      "A locked vault keeps backups from everybody; `pulumi destroy` shall leave nothing behind.",
    decision:
      "The lock is a setting, and of the kind that whoever may change locks can take off. `changeableForDays` makes it final.",
  },
  {
    controls: ["AUD-01", "AUD-02", "AUD-03"],
    demands:
      "Every stack shall see to trail, detector and recorder; an account has each of them once.",
    decision:
      "They are in a stack of the account, examples/account-baseline, and in no platform: two environments would fight over them.",
  },
];

/** Findings of other scanners that stay, and why. */
export const SCANNERS: readonly { readonly id: string; readonly because: string }[] = [
  {
    id: "CKV_AWS_144",
    because: "Buckets are copied by AWS Backup (`backups.copyTo`), not by replication.",
  },
  { id: "CKV2_AWS_62", because: "A bucket tells of new objects where somebody listens." },
  {
    id: "CKV_AWS_310",
    because: "CloudFront has one origin; a second region has records of its own.",
  },
  {
    id: "CKV2_AWS_3",
    because: "GuardDuty of an organization is turned on in its management account.",
  },
  {
    id: "CKV2_AWS_38, CKV2_AWS_39",
    because: "A zone is mostly not the stack's own; queries are logged and signed by its owner.",
  },
  { id: "CKV2_AWS_32", because: "Headers of answers are the applications' own." },
  {
    id: "CKV_AWS_378, ELB.21, ELB.22",
    because: "Between load balancer and task the VPC is the boundary; see ALB-09.",
  },
  {
    id: "CloudFront.5",
    because: "What is not kept at the edge is in the load balancer's access logs.",
  },
];
