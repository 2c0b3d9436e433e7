import * as aws from "@pulumi/aws";
import { EcsCluster, EcsService, LoadBalancer, Monitoring, Network } from "../../components";

// A team whose stack file would not do: its workers live on a queue, which no section of a stack file knows.
const network = new Network("network", {
  availabilityZones: ["eu-central-1a", "eu-central-1b"],
  nat: "single",
  deletionProtection: false,
});
const cluster = new EcsCluster("platform", {});
const loadBalancer = new LoadBalancer("load-balancer", { network, deletionProtection: false });

const failed = new aws.sqs.Queue("orders-failed", {
  messageRetentionSeconds: 14 * 24 * 3600,
  sqsManagedSseEnabled: true,
});
const orders = new aws.sqs.Queue("orders", {
  sqsManagedSseEnabled: true,
  redrivePolicy: failed.arn.apply((arn) =>
    JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 5 }),
  ),
});

const shop = new EcsService("shop", {
  cluster,
  network,
  loadBalancer,
  image: "public.ecr.aws/nginx/nginx:1.29",
  port: 80,
  writablePaths: ["/tmp", "/var/cache/nginx", "/var/run"],
  route: { priority: 100 },
  healthCheck: { path: "/" },
  scaling: { min: 2, max: 10 },
  environment: { ORDERS_QUEUE_URL: orders.url },
  permissions: [{ actions: ["sqs:SendMessage"], resources: [orders.arn] }],
});

// Grows with the queue instead of with its own CPU, and runs on spare capacity: a message that it loses comes back.
const worker = new EcsService("worker", {
  cluster,
  network,
  image: "public.ecr.aws/docker/library/busybox:1.37",
  command: ["sh", "-c", "while :; do sleep 60; done"],
  capacity: { FARGATE_SPOT: {} },
  scaling: {
    min: 1,
    max: 20,
    custom: {
      backlog: {
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: orders.name },
        statistic: "Average",
        target: 100,
      },
    },
  },
  environment: { ORDERS_QUEUE_URL: orders.url },
  permissions: [
    {
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"],
      resources: [orders.arn],
    },
  ],
});

const monitoring = new Monitoring("monitoring", {
  accountId: network.accountId,
  dashboardName: "in-code",
  cluster,
  loadBalancer,
  services: { shop, worker },
  databases: {},
});

export const url = loadBalancer.dnsName.apply((name) => `http://${name}/`);
export const dashboardUrl = monitoring.dashboardUrl;
export const ordersQueueUrl = orders.url;
