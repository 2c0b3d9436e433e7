import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";
import type { AwsSettings } from "../provider";

/** Without NAT, tasks and bastion reach only what has an endpoint in the VPC. */
export function noWayOut(
  base: string,
  aws: AwsSettings | undefined,
  sections: SoundSections,
): Problem[] {
  const { network, secondRegion } = sections;
  return [
    ...noWayOutOf(base, ["network"], network, aws?.region, sections),
    ...noWayOutOf(
      base,
      ["secondRegion", "network"],
      secondRegion?.network,
      secondRegion?.region,
      sections,
    ),
  ];
}

function noWayOutOf(
  base: string,
  networkKey: readonly string[],
  network: SoundSections["network"],
  region: string | undefined,
  { cluster, bastion, vaults, ...sections }: SoundSections,
): Problem[] {
  if (network === undefined || region === undefined || network.nat !== "none") return [];
  const hasHosts = cluster?.ec2 !== undefined;
  const hasVaults = vaults !== undefined && Object.keys(sections.services ?? {}).length > 0;
  const inside = [...workloads(sections), ...pages(sections)].filter(
    ({ settings }) => settings.publicIpBecause === undefined,
  );
  const all = inside.map(({ settings }) => settings);
  const needed: Record<string, boolean> = {
    "ecr.api": all.length > 0,
    "ecr.dkr": all.length > 0,
    logs: all.length > 0,
    monitoring: sections.grafana !== undefined,
    xray: all.some(({ tracing }) => tracing !== undefined),
    secretsmanager:
      hasVaults ||
      all.some(({ secrets = {}, databases = [], caches = [] }) =>
        [databases, caches, Object.keys(secrets)].some((names) => names.length > 0),
      ),
    ssmmessages: bastion !== undefined || all.some(({ exec }) => exec === true),
    ssm: bastion !== undefined,
    ec2messages: bastion !== undefined,
    ecs: hasHosts,
    "ecs-agent": hasHosts,
    "ecs-telemetry": hasHosts,
  };
  const given: readonly string[] = network.interfaceEndpoints ?? [];
  const missing = Object.keys(needed).filter(
    (name) => needed[name] === true && !given.includes(name),
  );
  const endpointProblems =
    missing.length === 0
      ? []
      : [
          {
            key: joinKey(base, [...networkKey, "interfaceEndpoints"]),
            value: given,
            rule: `lacks ${missing.join(", ")}, which tasks, hosts or bastion reach in no other way with nat: none`,
            allowed: `a list with ${missing.join(", ")}`,
            fix: `add them, or set ${networkKey.join(".")}.nat to single`,
          },
        ];
  const privateRegistry = new RegExp(`^\\d{12}\\.dkr\\.ecr\\.${region}\\.`);
  const images = inside.flatMap(({ path, settings: { image, tracing } }) => [
    { path: [...path, "image"], image },
    { path: [...path, "tracing", "image"], image: tracing?.image },
  ]);
  const imageProblems = images.flatMap(({ path, image }) =>
    typeof image !== "string" || privateRegistry.test(image)
      ? []
      : [
          {
            key: joinKey(base, path),
            value: image,
            rule: "cannot be pulled with nat: none: only ECR of the same region has an endpoint",
            allowed: `ACCOUNT.dkr.ecr.${region}.amazonaws.com/REPOSITORY:TAG`,
            fix: `copy the image to ECR, or set ${networkKey.join(".")}.nat to single`,
          },
        ],
  );
  return [...endpointProblems, ...imageProblems];
}

/** What runs for people to look at; each reads its password from Secrets Manager. */
function pages({
  grafana,
  logSearch,
}: Pick<SoundSections, "grafana" | "logSearch">): ReturnType<typeof workloads> {
  const ui = logSearch?.opensearch?.ui;
  const secrets = { PASSWORD: "" };
  return [
    ...(grafana === undefined
      ? []
      : [{ path: ["grafana"], settings: { image: grafana.image, exec: grafana.exec, secrets } }]),
    ...(ui === undefined
      ? []
      : [
          {
            path: ["logSearch", "opensearch", "ui"],
            settings: { image: ui.image ?? "the official image", exec: ui.exec, secrets },
          },
        ]),
  ];
}

/** Services and tasks: much holds for both. */
function workloads({ services = {}, tasks = {} }: Pick<SoundSections, "services" | "tasks">) {
  return Object.entries<NonNullable<SoundSections["tasks"]>>({ services, tasks }).flatMap(
    ([section, members]) =>
      Object.entries(members).map(([name, settings]) => ({ path: [section, name], settings })),
  );
}
