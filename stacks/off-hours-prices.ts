/** Prices in USD an hour, on demand, from AWS's price pages for us-east-1, read in November 2026. */
export const PRICES_AN_HOUR = {
  fargate: {
    X86_64: { vCpu: 0.04048, GiB: 0.004445 },
    ARM64: { vCpu: 0.03238, GiB: 0.00356 },
  },
  /** Instances for hosts, bastion and NAT. */
  instances: {
    "t4g.nano": 0.0042,
    "t4g.micro": 0.0084,
    "t4g.medium": 0.0336,
    "t3a.medium": 0.0376,
    "t3.medium": 0.0416,
    "m6i.large": 0.096,
  },
  /** Instances of PostgreSQL and MySQL without a standby. */
  databases: { "db.t4g.micro": 0.016, "db.t4g.small": 0.032, "db.m7g.large": 0.168 },
} as const;

/** What Spot costs of the price on demand, about. */
export const SPOT_SHARE = 0.3;

export const HOURS_A_MONTH = 730;
