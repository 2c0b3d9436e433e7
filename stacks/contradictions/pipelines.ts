import { type RolloutSettings, rolloutTime } from "../../components/ecs-service/rollout-time";
import { LONGEST_DEPLOYMENT_MINUTES } from "../../components/pipeline/stages";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";
import { nearest } from "./nearest";
import { claimedTwice } from "./pipeline-claims";

type Pipeline = NonNullable<SoundSections["pipelines"]>[string];
type Service = NonNullable<SoundSections["services"]>[string];

/** What is wrong between pipelines and what they stand between: connections, repositories, services, a second region. */
export function pipelineProblems(base: string, sections: SoundSections): Problem[] {
  const { pipelines = {}, sourceConnections = {}, repositories = {}, services = {} } = sections;
  return [
    ...secondRegion(base, sections),
    ...claimedTwice(base, pipelines),
    ...Object.entries(pipelines).flatMap(([name, pipeline]) => {
      const path = ["pipelines", name];
      return [
        ...unknown(joinKey(base, [...path, "source", "connection"]), pipeline.source?.connection, {
          section: "sourceConnections",
          known: Object.keys(sourceConnections),
        }),
        ...unknown(joinKey(base, [...path, "repository"]), pipeline.repository, {
          section: "repositories",
          known: Object.keys(repositories),
        }),
        ...(pipeline.services ?? []).flatMap((service, position) =>
          unknown(joinKey(base, [...path, "services", position]), service, {
            section: "services",
            known: Object.keys(services),
          }),
        ),
        ...architectures(joinKey(base, [...path, "services"]), pipeline, sections),
        ...(pipeline.services ?? []).flatMap((service) => {
          const key = joinKey(base, ["services", service]);
          return [
            ...imageProblems(key, name, {
              service: services[service],
              // One that is not there has a problem of its own.
              repository: Object.keys(repositories).find((one) => one === pipeline.repository),
            }),
            ...slowRollout(key, name, services[service]),
          ];
        }),
      ];
    }),
  ];
}

function unknown(
  key: string,
  value: string | undefined,
  { section, known }: { readonly section: string; readonly known: readonly string[] },
): Problem[] {
  if (value === undefined || known.includes(value)) return [];
  const meant = nearest(value, known);
  return [
    {
      key,
      value,
      rule: `is not a key of ${section}`,
      allowed: known.length === 0 ? `none: ${section} is empty` : known.join(", "),
      fix:
        meant === undefined ? `add it under ${section}, or correct it` : `did you mean "${meant}"?`,
    },
  ];
}

/** One build makes one image, for one kind of processor. */
function architectures(
  key: string,
  pipeline: Pipeline,
  { services = {} }: SoundSections,
): Problem[] {
  const names = pipeline.services ?? [];
  const kinds = new Set(names.flatMap((name) => services[name]?.architecture ?? []));
  if (kinds.size < 2) return [];
  return [
    {
      key,
      value: names,
      rule: `run on different processors: ${names.map((name) => `${name} on ${services[name]?.architecture ?? "?"}`).join(", ")}`,
      allowed: "services of one architecture",
      fix: "give them the same architecture, or each a pipeline of its own",
    },
  ];
}

/** The service must run what the pipeline pushes, and nobody else may roll it. */
function imageProblems(
  key: string,
  pipeline: string,
  {
    service,
    repository,
  }: {
    readonly service: Service | undefined;
    readonly repository: string | undefined;
  },
): Problem[] {
  if (service === undefined || repository === undefined) return [];
  const followed = service.repository;
  if (followed?.name !== repository) {
    return [
      {
        key: joinKey(key, ["repository", "name"]),
        value: followed?.name,
        rule: `is not the repository that the pipeline ${pipeline} pushes to`,
        allowed: repository,
        fix: `set repository: { name: ${repository}, rollOnPush: false } in place of image, build or another repository`,
      },
    ];
  }
  if (!followed.rollOnPush) return [];
  return [
    {
      key: joinKey(key, ["repository", "rollOnPush"]),
      value: followed.rollOnPush,
      rule: `would roll the service once more when the pipeline ${pipeline} moves the tag`,
      allowed: "false",
      fix: "set it to false: the pipeline rolls the service",
    },
  ];
}

/** CodePipeline gives a deployment up that takes longer, while ECS goes on with it. */
function slowRollout(key: string, pipeline: string, service: Service | undefined): Problem[] {
  if (service === undefined) return [];
  const least = isWhole(service)
    ? rolloutTime({ ...service, release: undefined }).shortestMinutes
    : 0;
  const gates = Object.entries(service.deployment?.gates ?? {}).flatMap(([name, gate]) =>
    gate.kind === "approval" && gate.timeoutMinutes > LONGEST_DEPLOYMENT_MINUTES
      ? [
          {
            key: joinKey(key, ["deployment", "gates", name, "timeoutMinutes"]),
            value: gate.timeoutMinutes,
            rule: `is longer than the pipeline ${pipeline} waits for a deployment`,
            allowed: `1 to ${LONGEST_DEPLOYMENT_MINUTES}`,
            fix: "lower it, or let the pipeline ask: pipelines.NAME.approval",
          },
        ]
      : [],
  );
  if (least <= LONGEST_DEPLOYMENT_MINUTES) return gates;
  return [
    {
      key: joinKey(key, ["deployment"]),
      value: service.deployment,
      rule: `takes at least ${Math.ceil(least)} minutes, and the pipeline ${pipeline} waits for ${LONGEST_DEPLOYMENT_MINUTES}`,
      allowed: `a rollout of at most ${LONGEST_DEPLOYMENT_MINUTES} minutes`,
      fix: "shorten its bake times or steps",
    },
    ...gates,
  ];
}

/** A key that is wrong by itself is missing here. */
function isWhole(service: Service): service is Service & RolloutSettings {
  const needed = [
    "capacity",
    "deployment",
    "deregistrationDelaySeconds",
    "healthCheck",
    "sidecars",
  ];
  return needed.every((key) => key in service);
}

/** CodePipeline's action for ECS knows the cluster of its own region alone. */
function secondRegion(base: string, { pipelines = {}, ...sections }: SoundSections): Problem[] {
  const names = Object.keys(pipelines);
  if (sections.secondRegion === undefined || names.length === 0) return [];
  return [
    {
      key: joinKey(base, ["pipelines"]),
      value: names,
      rule: "would deploy to the first region alone, and leave the second with the image before",
      allowed: "pipelines, or secondRegion",
      fix: "let a push roll the services of both (services.NAME.repository), or make each region a stack",
    },
  ];
}
