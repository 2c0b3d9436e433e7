import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { ECS } from "@aws-sdk/client-ecs";

/** What hooks ask of ECS. */
export type EcsClient = Pick<
  ECS,
  | "describeServices"
  | "updateService"
  | "listServiceDeployments"
  | "describeServiceDeployments"
  | "listTasks"
  | "describeTasks"
  | "runTask"
  | "stopTask"
>;

/** What hooks ask of CloudWatch Logs. */
export type LogsClient = Pick<CloudWatchLogs, "getLogEvents">;

/**
 * AWS as the program itself asks it, in hooks that run while `up` deploys; a preview never does. Clients are made when one
 * is first needed.
 */
export interface AwsClients {
  /** Region that they ask. Plain: it tells apart the hooks of the same component in two regions. */
  readonly region: string;
  readonly ecs: () => Promise<EcsClient>;
  readonly logs: () => Promise<LogsClient>;
}

/** What an error says, in one line. */
export function reasonOf(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return name === "Error" ? message : `${name}: ${message}`;
}
