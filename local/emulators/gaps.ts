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
    effect: "every deployment succeeds at once, also of an image that does not exist",
  },
  {
    service: "ECS",
    lacks: "Service Connect and volumes configured at deployment",
    effect: "a refresh shows them as removed",
  },
  {
    service: "load balancers, databases, instances",
    lacks: "anything behind their host names",
    effect: "endpoints in outputs lead nowhere",
  },
  {
    service: "load balancers",
    lacks: "certificates made outside the stack",
    effect: "the ARN of any certificate passes",
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
    service: "SNS",
    lacks: "e-mail",
    effect: "a subscription counts as confirmed at once",
  },
  {
    service: "CodeStar connections, Chatbot, Access Analyzer",
    lacks: "everything",
    effect: "their resources fail with NotEmulated",
  },
];
