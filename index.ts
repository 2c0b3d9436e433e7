import { loadConfig } from "./stacks/config";
import { failWhereGivenUp } from "./stacks/given-up";
import { createPlatform } from "./stacks/platform";

const platform = createPlatform(loadConfig(), failWhereGivenUp);

/** Address to open first. */
export const url = platform.url;
/** Address of the load balancer itself. */
export const albUrl = platform.albUrl;
/** Address of every service that gets requests. */
export const serviceEndpoints = platform.serviceEndpoints;
/** The CloudWatch dashboard. */
export const dashboardUrl = platform.dashboardUrl;
/** Commands to copy: a shell in a task, its logs, a tunnel to a database. */
export const commands = platform.commands;
/** Ids that other stacks need, through a StackReference. */
export const ids = platform.ids;
/** The same of the second region, where there is one. */
export const secondRegion = platform.secondRegion;
