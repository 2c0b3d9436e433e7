import type { PlatformConfig } from "./config";
import type { SecondRegionSettings } from "./second-region-settings";

type Services = PlatformConfig["services"];

/** What of the configuration a second region has that does not run in full. */
export function onStandby(
  config: PlatformConfig,
  { standby, warmTasks = 1 }: Pick<SecondRegionSettings, "standby" | "warmTasks">,
): PlatformConfig {
  switch (standby) {
    case "active":
      return config;
    case "warm":
      return {
        ...config,
        services: mapServices(config.services, (given) => warm(given, warmTasks)),
      };
    case "cold":
      return cold(config);
  }
}

/** Few tasks, and as many as in the first region when requests come. */
function warm<Service extends Services[string]>(service: Service, tasks: number): Service {
  const { scaling } = service;
  if (scaling === undefined) {
    // A number of tasks that does not follow the load must bear it from the start.
    return service;
  }
  const { schedules: _, ...rest } = scaling;
  const min = Math.min(tasks, scaling.min);
  return { ...service, desiredCount: min, scaling: { ...rest, min, schedules: {} } };
}

/** What costs nothing, or takes long to make: network, load balancer, cluster, roles, repositories, and empty stores. */
function cold(config: PlatformConfig): PlatformConfig {
  const {
    bastion: _bastion,
    grafana: _grafana,
    logSearch: _logSearch,
    // There is nothing to wake, and nothing on Spot capacity.
    offHours: _offHours,
    spotFallback: _spotFallback,
    ...rest
  } = config;
  return {
    ...rest,
    network: withoutWayOut(config.network),
    cluster: withoutHosts(config.cluster),
    services: mapServices(config.services, ({ scaling: _, ...service }) => ({
      ...service,
      desiredCount: 0,
      databases: [],
      caches: [],
    })),
    // What starts by the clock would start there, too.
    tasks: {},
    databases: {},
    caches: {},
  };
}

/** NAT and interface endpoints are paid by the hour, and there is no task that would take them. */
function withoutWayOut(network: PlatformConfig["network"]): PlatformConfig["network"] {
  if (network.existing !== undefined) return network;
  const { natInstance: _, ...rest } = network;
  return { ...rest, nat: "none", interfaceEndpoints: [] };
}

function withoutHosts({ ec2, ...cluster }: PlatformConfig["cluster"]): PlatformConfig["cluster"] {
  return ec2 === undefined
    ? cluster
    : { ...cluster, ec2: { ...ec2, minSize: 0, desiredCapacity: 0 } };
}

function mapServices(
  services: Services,
  convert: (service: Services[string]) => Services[string],
): Services {
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => [name, convert(service)]),
  );
}
