import type { MonitoringArgs } from "../../components";

export const CERTIFICATE_ARN = "arn:aws:acm:us-east-1:123456789012:certificate/1";

/** Everything that an alarm can be about. */
export const everything = (): MonitoringArgs => ({
  accountId: "123456789012",
  dashboardName: "shop-dev",
  cluster: {
    arn: "arn:aws:ecs:us-east-1:123456789012:cluster/platform",
    clusterName: "platform",
    countsRunningTasks: true,
    ec2CapacityProviderName: "platform-ec2",
    spotTopicArn: "arn:aws:sns:us-east-1:123456789012:spot",
  },
  loadBalancer: { arnSuffix: "app/lb/1" },
  natGatewayIds: { a: "nat-1" },
  certificateArns: { app: CERTIFICATE_ARN },
  services: {
    api: {
      serviceName: "api-1a2b",
      serviceArn: "arn:aws:ecs:us-east-1:123456789012:service/platform/api",
      targetGroupArnSuffix: "targetgroup/api/1",
      minimumTasks: 2,
      usesSpot: true,
      logGroupName: "api-logs",
    },
  },
  databases: {
    aurora: { identifier: "aurora-1", kind: "serverless", replicaIdentifiers: { a: "aurora-2" } },
    orders: { identifier: "orders-1", replicaIdentifiers: { a: "orders-1-replica-a" } },
  },
  applicationErrors: {},
});
