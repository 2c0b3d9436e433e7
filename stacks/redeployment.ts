import type * as pulumi from "@pulumi/pulumi";
import {
  type EcsService,
  type Monitoring,
  Redeployment,
  type RedeploymentArgs,
} from "../components";
import type { PlatformConfig } from "./config";
import type { Repositories } from "./images";

/** What rolls services for pushed images and changed secrets; undefined where there is nothing to watch. */
export function createRedeployment(
  config: PlatformConfig,
  made: {
    readonly services: Readonly<Record<string, EcsService>>;
    readonly repositories: Repositories;
    readonly monitoring: Monitoring;
  },
  opts: pulumi.ComponentResourceOptions,
): Redeployment | undefined {
  const services = Object.fromEntries(
    Object.entries(made.services).flatMap(([name, service]) => {
      const image = followedImage(config.services[name]?.repository, made.repositories);
      const { serviceArn, secretArns } = service;
      return image === undefined && secretArns.length === 0
        ? []
        : [[name, { serviceArn, secretArns, ...(image && { image }) }]];
    }),
  );
  if (Object.keys(services).length === 0) return undefined;
  return new Redeployment(
    "redeployment",
    { ...config.redeployment, services, telling: made.monitoring.telling },
    opts,
  );
}

function followedImage(
  given: PlatformConfig["services"][string]["repository"],
  repositories: Repositories,
): RedeploymentArgs["services"][string]["image"] {
  const repository = given?.rollOnPush === true ? repositories[given.name] : undefined;
  return given && repository && { repositoryArn: repository.repositoryArn, tag: given.tag };
}
