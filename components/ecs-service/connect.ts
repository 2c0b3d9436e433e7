import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Connection } from "../support/connection";
import { port, ruleAcross } from "../support/rules";
import { taskLogs } from "./container-definitions";
import type { TaskNeighbours } from "./task";

/** Parts of the names of the variables that a connection to a service gives. */
export const SERVICE_VARIABLES = ["HOST", "PORT", "URL"] as const;

/** Name of the port that Service Connect leads to. */
const CONNECT_PORT_NAME = "main";

export const connect = ruleAcross(
  z.strictObject({
    port: port
      .optional()
      .describe("Port that others find it at. Default: the port that its container listens on."),
    protocol: z
      .enum(["http", "http2", "grpc", "tcp"])
      .default("http")
      .describe("What is spoken there; all but tcp give metrics of the requests."),
    timeoutSeconds: z
      .int()
      .min(0)
      .max(2147483647)
      .optional()
      .describe("Seconds a request may take; 0 is for ever. Default: 15, which cuts off streams."),
  }),
  ["timeoutSeconds"],
  ({ protocol, timeoutSeconds }) => protocol !== "tcp" || timeoutSeconds === undefined,
  {
    rule: "has no meaning with protocol: tcp, which knows no requests",
    allowed: "nothing with tcp",
    fix: "remove it, or name the protocol",
  },
);

/** What ECS calls a protocol; plain TCP it has no word for. */
export function connectPort(given: z.output<typeof connect> | undefined) {
  if (given === undefined) return undefined;
  const { protocol } = given;
  return { name: CONNECT_PORT_NAME, ...(protocol !== "tcp" && { appProtocol: protocol }) };
}

/** How a service joins the namespace of its cluster: with an address of its own, or to call others only. */
export function serviceConnectConfiguration(
  name: string,
  { cluster, connections = {} }: Pick<TaskNeighbours, "cluster" | "connections">,
  args: {
    readonly connect: z.output<typeof connect> | undefined;
    readonly port: number;
    readonly logGroup: aws.cloudwatch.LogGroup;
  },
): Pick<aws.ecs.ServiceArgs, "serviceConnectConfiguration"> {
  const calls = Object.values(connections).some(
    ({ connection }) => connection.isFoundByServiceConnect,
  );
  const namespace = cluster.serviceConnectNamespaceArn;
  if (namespace === undefined || (!calls && args.connect === undefined)) return {};
  return {
    serviceConnectConfiguration: {
      enabled: true,
      namespace,
      // The proxy beside every task writes where the task's containers do.
      logConfiguration: taskLogs(args.logGroup, "service-connect"),
      ...(args.connect && {
        services: [
          {
            portName: CONNECT_PORT_NAME,
            discoveryName: name,
            clientAlias: [{ dnsName: name, port: args.connect.port ?? args.port }],
            ...(args.connect.timeoutSeconds !== undefined && {
              timeout: { perRequestTimeoutSeconds: args.connect.timeoutSeconds },
            }),
          },
        ],
      }),
    },
  };
}

/** What others need to call a service. */
export function serviceConnection(
  name: string,
  args: {
    readonly connect: z.output<typeof connect>;
    readonly port: number;
    readonly securityGroupId: pulumi.Output<string>;
    readonly service: aws.ecs.Service;
  },
): Connection {
  const { protocol } = args.connect;
  const scheme = protocol === "http2" ? "http" : protocol;
  // Known once the service stands: tasks learn only those names that are there when their own service is deployed.
  const host = args.service.id.apply(() => name);
  const ownPort = args.connect.port ?? args.port;
  return {
    environment: {
      HOST: host,
      PORT: String(ownPort),
      URL: pulumi.interpolate`${scheme}://${host}:${ownPort}`,
    },
    secrets: {},
    // The proxy in front of the container listens on the container's own port, whatever the name's.
    listener: { securityGroupId: args.securityGroupId, port: args.port },
    permissions: [],
    isFoundByServiceConnect: true,
  };
}
