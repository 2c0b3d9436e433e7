/** Where the emulated AWS lacks something, or answers otherwise than AWS. */
export interface Gap {
  readonly service: string;
  readonly lacks: string;
  readonly effect: string;
}

/** What the emulators lack or answer otherwise than AWS, shown after a run and in the docs. */
export const GAPS: readonly Gap[] = [
  {
    service: "all services",
    lacks: "permissions, quotas and most checks of values",
    effect: "what AWS would refuse can pass",
  },
  {
    service: "ECS",
    lacks: "running containers",
    effect:
      'every deployment succeeds at once, also of an image that does not exist. To try a failure: an image whose tag begins with "exits-1", or a command that ends with "exit 1", ends with that exit code; a task that is run by itself ends at once, with 0 otherwise',
  },
  {
    service: "ECS",
    lacks: "moving requests between two target groups",
    effect:
      "a deployment of any strategy is done at once, and the weights of its rules stay as they are",
  },
  {
    service: "ECS",
    lacks: "volumes configured at deployment, and names that Service Connect gives",
    effect: "a refresh shows them as removed",
  },
  {
    service: "ECS",
    lacks:
      "gates: deployments go through all stages at once, and the plugin built here knows no PAUSE hooks",
    effect: "functions of gates are never called, and a service with an approval is refused",
  },
  {
    service: "load balancers, databases, caches, instances",
    lacks: "anything behind their host names",
    effect: "endpoints in outputs lead nowhere",
  },
  {
    service: "load balancers",
    lacks: "certificates made outside the stack",
    effect: "the ARN of any certificate passes",
  },
  {
    service: "ACM",
    lacks: "the look into DNS",
    effect: "a certificate is issued at once, whatever its records are",
  },
  {
    service: "Route 53",
    lacks: "zones made outside the stack, and an answer to queries",
    effect: "the id of any zone passes, and its records are found by nobody",
  },
  {
    service: "CloudFront",
    lacks: "edges",
    effect: "a distribution is deployed within a minute, and answers nobody",
  },
  {
    service: "RDS",
    lacks: "the list of engine versions",
    effect: "any version passes, and PostgreSQL 17 becomes 17.6",
  },
  {
    service: "EC2",
    lacks: "the refusal to delete a security group that others refer to",
    effect: "a deletion in the wrong order passes",
  },
  {
    service: "CloudWatch, flow logs, access logs",
    lacks: "data",
    effect: "alarms stay at INSUFFICIENT_DATA, and scaling policies never act",
  },
  {
    service: "Lambda",
    lacks: "running code",
    effect: "every call succeeds and answers {}",
  },
  {
    service: "EventBridge, Scheduler",
    lacks: "calls of what rules and schedules aim at",
    effect:
      "no push and no changed secret rolls a service, nothing sleeps or wakes, nothing falls back from Spot",
  },
  {
    service: "OpenSearch",
    lacks: "an engine behind its domains",
    effect: "a domain stands at once, and nothing can be stored or searched",
  },
  {
    service: "AWS Backup",
    lacks: "backups, copies and restores; a lock never becomes final",
    effect: "vaults stay empty, and the alarm on missing backups sees no data",
  },
  {
    service: "Budgets, Cost Explorer",
    lacks: "costs, and the day until AWS knows a tag",
    effect: "no budget is ever reached, nothing is unusual, and a tag is taken for bills at once",
  },
  {
    service: "SNS",
    lacks: "e-mail",
    effect: "a subscription counts as confirmed at once",
  },
  {
    service: "Cloudflare",
    lacks: "everything: a stand-in takes what it is asked, records it and keeps nothing",
    effect: "records are in no DNS, and what Cloudflare would refuse passes",
  },
  {
    service: "Pulumi Cloud (pulumiservice)",
    lacks: "everything: a stand-in takes what it is asked, records it and keeps nothing",
    effect: "no deployment starts, and what Pulumi Cloud would refuse passes",
  },
  {
    service: "IAM",
    lacks:
      "the refusal of what a policy does not allow, and logins by a token of GitHub, GitLab or Pulumi",
    effect: "whatever anybody's rights are, every call passes",
  },
  {
    service: "container images (awsx)",
    lacks: "Docker: a stand-in answers with a digest of the files to build from",
    effect: "nothing is built or pushed, and a Dockerfile that fails passes",
  },
  {
    service: "CodePipeline, CodeBuild",
    lacks: "running anything: no push starts a pipeline, and a build does nothing",
    effect: "every run counts as succeeded at once, also of a project that could not build",
  },
  {
    service: "CodeConnections",
    lacks: "a page to confirm a connection on",
    effect: "a connection stays PENDING",
  },
  {
    service: "Chatbot (Amazon Q Developer in chat applications)",
    lacks: "Slack",
    effect: "every workspace counts as let in, and nothing is written to a channel",
  },
  {
    service: "WAF",
    lacks: "a look at requests, and the capacity that rules need",
    effect: "nothing is blocked, and rules pass that AWS would find too many",
  },
  {
    service: "CloudTrail, GuardDuty, AWS Config, Security Hub, Access Analyzer, Inspector",
    lacks: "a look at anything",
    effect: "records stay empty, nothing is found, and nobody is told",
  },
  {
    service: "Data Exports",
    lacks: "reports, and a check of the query",
    effect: "its bucket stays empty",
  },
  {
    service: "CodeStar connections",
    lacks: "everything",
    effect: "their resources fail with NotEmulated",
  },
];
