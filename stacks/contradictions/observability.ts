import { unencryptedRoute } from "../../components/ecs-service/login-route";
import { unknownDashboards } from "../../components/grafana/problems";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";
import { claimsOf } from "./priorities";

/** What Grafana and the search page of the logs need of the rest of the file. */
export function observabilityProblems(base: string, sections: SoundSections): Problem[] {
  const { grafana, services = {}, databases = {} } = sections;
  const isEncrypted = hasCertificate(sections);
  return [
    ...(grafana === undefined
      ? []
      : [
          ...unknownDashboards(joinKey(base, ["grafana"]), grafana.dashboards ?? {}, {
            services,
            databases,
          }),
          ...unencryptedRoute(joinKey(base, ["grafana"]), grafana.route, isEncrypted),
        ]),
    ...unencryptedRoute(
      joinKey(base, ["logSearch", "opensearch", "ui"]),
      sections.logSearch?.opensearch?.ui.route,
      isEncrypted,
    ),
    ...takenNames(base, sections),
    ...takenPriorities(base, sections),
  ];
}

function hasCertificate({ loadBalancer, domains = {} }: SoundSections): boolean {
  return loadBalancer?.certificateArn !== undefined || Object.keys(domains).length > 0;
}

/** A task definition is known in the account by its service's name. */
function takenNames(
  base: string,
  { grafana, logSearch, services = {}, tasks = {} }: SoundSections,
): Problem[] {
  const taken = [
    ...(grafana === undefined ? [] : ["grafana"]),
    ...(logSearch?.opensearch === undefined ? [] : ["log-search-ui"]),
  ];
  return Object.entries({ services, tasks }).flatMap(([section, members]) =>
    Object.keys(members)
      .filter((name) => taken.includes(name))
      .map((name) => ({
        key: joinKey(base, [section, name]),
        value: name,
        rule: `is the name of what ${name === "grafana" ? "grafana" : "logSearch.opensearch"} runs`,
        allowed: "any other name",
        fix: "rename it, or remove the section",
      })),
  );
}

function takenPriorities(
  base: string,
  { grafana, logSearch, services = {} }: SoundSections,
): Problem[] {
  const owners = new Map(claimsOf(services).map(({ priority, owner }) => [priority, owner]));
  const pages = [
    { path: ["grafana", "route", "priority"], route: grafana?.route },
    {
      path: ["logSearch", "opensearch", "ui", "route", "priority"],
      route: logSearch?.opensearch?.ui.route,
    },
  ];
  return pages.flatMap(({ path, route }) => {
    if (route === undefined) return [];
    const owner = owners.get(route.priority);
    owners.set(route.priority, owner ?? path.slice(0, -2).join("."));
    if (owner === undefined) return [];
    return [
      {
        key: joinKey(base, path),
        value: route.priority,
        rule: `is the priority of ${owner} too, and a listener takes each once`,
        allowed: `1 to 50000, but for ${[...owners.keys()].sort((a, b) => a - b).join(", ")}`,
        fix: "give it another number; the lower one is tried first",
      },
    ];
  });
}
