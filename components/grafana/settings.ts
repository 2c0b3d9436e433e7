import { z } from "zod";
import { loginRoute } from "../ecs-service/login-route";
import { ecsServiceSettings } from "../ecs-service/settings";
import { taskRules } from "../ecs-service/task-settings";

const service = ecsServiceSettings.shape;
export const grafanaSettings = taskRules(
  z.strictObject({
    image: service.image
      .default("docker.io/grafana/grafana:13.1.1")
      .describe("Official image of Grafana, or a copy of it."),
    architecture: service.architecture,
    cpu: service.cpu,
    memoryMiB: service.memoryMiB,
    capacity: service.capacity,
    dashboards: z
      .strictObject({
        services: z.array(z.string()).optional().describe("Services, by key. Default: all."),
        databases: z.array(z.string()).optional().describe("Databases, by key. Default: all."),
      })
      .default({})
      .describe(
        "What has a dashboard of its own, beside the overview. About twelve have room, eight of services with two target groups.",
      ),
    route: loginRoute
      .optional()
      .describe(
        "A way in from the internet. Without it: a tunnel, for which the stack's outputs have the command.",
      ),
    exec: z
      .boolean()
      .default(true)
      .describe("Whether Session Manager may open a tunnel, or a shell, to its tasks."),
    logRetentionDays: service.logRetentionDays,
  }),
);

export type GrafanaSettings = z.input<typeof grafanaSettings>;
