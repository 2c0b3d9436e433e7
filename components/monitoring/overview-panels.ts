import type { Panel, Row } from "./panels";
import type { Search } from "./search";
import {
  type Watched,
  capacityReservation,
  clusterMetric,
  loadBalancerMetric,
  natMetric,
} from "./watched";

/** What concerns everything: it tells which service or database to look at. */
export function overviewRows(watched: Watched): Row[] {
  return [
    { heading: "What do users notice?", panels: requestPanels(watched) },
    { heading: "Since when, and what has changed?", panels: taskPanels(watched) },
    { heading: "Has the cluster room?", panels: clusterPanels(watched) },
    ...natRows(watched),
  ];
}

function requestPanels(watched: Watched): Panel[] {
  return [
    {
      title: "Is anybody getting errors?",
      metrics: [
        loadBalancerMetric(watched, "HTTPCode_ELB_5XX_Count"),
        loadBalancerMetric(watched, "HTTPCode_ELB_4XX_Count"),
        { ...ofTargets(watched, "HTTPCode_Target_5XX_Count", "Sum"), total: "5xx of all services" },
      ],
    },
    {
      title: "Which service answers with errors?",
      metrics: [ofTargets(watched, "HTTPCode_Target_5XX_Count", "Sum")],
    },
    {
      title: "Which service is slow?",
      metrics: [ofTargets(watched, "TargetResponseTime", "p99")],
    },
    {
      title: "How many requests come in?",
      metrics: [loadBalancerMetric(watched, "RequestCount")],
    },
    {
      title: "Which service has unhealthy tasks?",
      metrics: [ofTargets(watched, "UnHealthyHostCount", "Maximum")],
    },
  ];
}

function taskPanels(watched: Watched): Panel[] {
  // Only Container Insights counts tasks and deployments.
  const counted: Panel[] = watched.cluster.countsRunningTasks
    ? [
        {
          // Two while a service is being deployed, one before and after.
          title: "What was deployed then?",
          metrics: [ofServices(watched, INSIGHTS, "DeploymentCount", "Maximum")],
        },
        {
          title: "Which service lost tasks?",
          metrics: [ofServices(watched, INSIGHTS, "RunningTaskCount", "Minimum")],
        },
        {
          title: "Which service waits for tasks to start?",
          metrics: [ofServices(watched, INSIGHTS, "PendingTaskCount", "Maximum")],
        },
      ]
    : [];
  return [
    ...counted,
    {
      title: "Which service is short of CPU?",
      metrics: [ofServices(watched, "AWS/ECS", "CPUUtilization", "Average")],
    },
    {
      title: "Which service is short of memory?",
      metrics: [ofServices(watched, "AWS/ECS", "MemoryUtilization", "Average")],
    },
  ];
}

function clusterPanels(watched: Watched): Panel[] {
  const { countsRunningTasks, ec2CapacityProviderName } = watched.cluster;
  const hosts: Panel[] =
    ec2CapacityProviderName === undefined
      ? []
      : [
          {
            title: "Cluster: do tasks wait for a host?",
            metrics: [capacityReservation(watched, ec2CapacityProviderName)],
          },
        ];
  // Without Container Insights a cluster tells of its EC2 instances alone.
  if (!countsRunningTasks) {
    return [
      {
        title: "Cluster: is it short of CPU or memory?",
        metrics: [
          clusterMetric(watched, "CPUUtilization"),
          clusterMetric(watched, "MemoryUtilization"),
        ],
      },
      ...hosts,
    ];
  }
  return [
    {
      title: "Cluster: how much of the reserved CPU is used?",
      metrics: [clusterMetric(watched, "CpuUtilized"), clusterMetric(watched, "CpuReserved")],
    },
    {
      title: "Cluster: how much of the reserved memory is used?",
      metrics: [clusterMetric(watched, "MemoryUtilized"), clusterMetric(watched, "MemoryReserved")],
    },
    { title: "Cluster: how many tasks run?", metrics: [clusterMetric(watched, "TaskCount")] },
    ...hosts,
  ];
}

function natRows({ natGatewayIds = {} }: Watched): Row[] {
  const ids = Object.values(natGatewayIds);
  if (ids.length === 0) return [];
  return [
    {
      heading: "Is the way out open?",
      panels: [
        {
          title: "NAT: are connections refused for lack of ports?",
          metrics: ids.map((id) => natMetric(id, "ErrorPortAllocation")),
        },
        {
          title: "NAT: how much goes out?",
          metrics: ids.map((id) => natMetric(id, "BytesOutToDestination")),
        },
        {
          title: "NAT: how much comes in?",
          metrics: ids.map((id) => natMetric(id, "BytesInFromDestination")),
        },
      ],
    },
  ];
}

const INSIGHTS = "ECS/ContainerInsights";

/** Of every target group of the load balancer, whichever service it belongs to. */
function ofTargets({ loadBalancer }: Watched, metricName: string, statistic: string): Search {
  return {
    namespace: "AWS/ApplicationELB",
    metricName,
    within: { LoadBalancer: loadBalancer.arnSuffix },
    each: "TargetGroup",
    statistic,
  };
}

/** Of every service of the cluster, Grafana's among them. */
function ofServices(
  { cluster }: Watched,
  namespace: string,
  metricName: string,
  statistic: string,
): Search {
  return {
    namespace,
    metricName,
    within: { ClusterName: cluster.clusterName },
    each: "ServiceName",
    statistic,
  };
}
