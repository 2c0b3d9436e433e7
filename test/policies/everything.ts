import type { StackConfig } from "../stacks/support";

/** A production stack with the parts that no shipped stack has, so that the rules about them have something to judge. */
export const EVERYTHING: StackConfig = {
  "aws:region": "eu-west-1",
  "ecs-platform:network": {
    cidr: "10.60.0.0/16",
    availabilityZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    nat: "per-az",
    flowLogs: { destination: "s3", retentionDays: 90, aggregationSeconds: 60 },
  },
  "ecs-platform:loadBalancer": { scheme: "internal", accessLogs: { retentionDays: 365 } },
  "ecs-platform:domains": {
    site: { zone: "example.com", createZone: true, names: ["app.example.com", "*.example.com"] },
  },
  "ecs-platform:cdn": { cachedPaths: ["/static/*"], waf: {} },
  "ecs-platform:services": {
    shop: {
      image: "public.ecr.aws/nginx/nginx:1.29",
      user: "101",
      route: { priority: 100, hosts: ["app.example.com"], protocol: "HTTPS" },
      scaling: { min: 3, max: 6 },
      capacity: { FARGATE: { base: 3, weight: 1 } },
      databases: ["orders", "ledger"],
      caches: ["sessions", "pages"],
      buckets: { uploads: "read-write" },
      volumes: { shared: { fileSystem: "shared", path: "/shared" } },
      tables: { carts: "read-write" },
      vaultKeys: ["API_TOKEN"],
    },
  },
  "ecs-platform:databases": {
    orders: {
      engine: "aurora-postgresql",
      engineVersion: "17",
      serverless: { minAcu: 0.5, maxAcu: 4 },
      replicas: { a: {} },
      proxy: {},
      backupRetentionDays: 14,
    },
    ledger: {
      engine: "mysql",
      engineVersion: "8.4",
      instanceClass: "db.m7g.large",
      multiAz: true,
      password: "generated",
      replicas: { reports: {} },
      backupRetentionDays: 14,
    },
  },
  "ecs-platform:caches": {
    sessions: { engineVersion: "8.1", nodes: { type: "cache.m7g.large", replicas: 2 } },
    pages: { engineVersion: "8.1", serverless: {} },
  },
  "ecs-platform:buckets": { uploads: { kms: true }, reports: {} },
  "ecs-platform:tables": { carts: { partitionKey: { name: "id" }, kms: true } },
  "ecs-platform:fileSystems": { shared: {} },
  "ecs-platform:vaults": { kms: true },
  "ecs-platform:bastion": {},
  "ecs-platform:monitoring": {
    emails: { oncall: "oncall@example.com" },
    databaseEvents: true,
  },
  "ecs-platform:backups": { lock: {}, copyTo: { region: "eu-central-1" }, restoreTest: {} },
  "ecs-platform:budget": { monthlyUsd: 500, anomalyAboveUsd: 50 },
  "ecs-platform:controls": {
    exceptions: { "SEC-02": "a database with replicas has a password that only people change" },
  },
  "ecs-platform:tags": { Owner: "platform-team", CostCenter: "shop" },
};
