import * as pulumi from "@pulumi/pulumi";
import type { Watched } from "./watched";

/** Logs Insights searches so many log groups at once. */
const MOST_LOG_GROUPS = 50;

/** Pages of AWS's console that lead further than a dashboard, by what they are. */
export function consoleLinks(
  { services }: Watched,
  region: pulumi.Input<string>,
): { readonly title: string; readonly url: pulumi.Output<string> }[] {
  const page = (path: string) =>
    pulumi.interpolate`https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#${path}`;
  const isTraced = Object.values(services).some((service) => service.isTraced === true);
  return [
    { title: "All alarms", url: page("alarmsV2:") },
    { title: "Search the logs", url: page("logsV2:logs-insights") },
    ...(isTraced ? [{ title: "Traces", url: page("xray:service-map/map") }] : []),
  ];
}

/** The services' log groups, as many as one query takes. */
export function searchedLogGroups({ services }: Watched): pulumi.Input<string>[] {
  return Object.values(services)
    .flatMap(({ logGroupName }) => logGroupName ?? [])
    .slice(0, MOST_LOG_GROUPS);
}
