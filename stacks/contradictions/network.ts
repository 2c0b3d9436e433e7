import { natInstanceSettings } from "../../components/network/settings";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";

/** What the rest of the file asks of the network, in each region. */
export function networkProblems(base: string, sections: SoundSections): Problem[] {
  const networks = [
    { key: joinKey(base, ["network"]), network: sections.network },
    { key: joinKey(base, ["secondRegion", "network"]), network: sections.secondRegion?.network },
  ];
  return networks.flatMap(({ key, network }) =>
    network === undefined
      ? []
      : [...dataTierMissing(key, network, sections), ...portsMissing(key, network, sections)],
  );
}

type Network = NonNullable<SoundSections["network"]>;

/** Databases and caches stand in data subnets, which a network with subnets of its own choice may not have. */
function dataTierMissing(
  networkKey: string,
  { subnets, existing }: Network,
  { databases = {}, caches = {} }: SoundSections,
): Problem[] {
  const users = [...Object.keys(databases), ...Object.keys(caches)];
  if (users.length === 0) return [];
  if (subnets !== undefined && subnets.data === undefined) {
    return [
      {
        key: joinKey(networkKey, ["subnets", "data"]),
        value: undefined,
        rule: `is required: ${users.join(", ")} would have no subnets`,
        allowed: "a block for each zone",
        fix: "add data with a block for each zone",
      },
    ];
  }
  if (existing?.dataSubnetIds?.length === 0) {
    return [
      {
        key: joinKey(networkKey, ["existing", "dataSubnetIds"]),
        value: existing.dataSubnetIds,
        rule: `is required: ${users.join(", ")} would have no subnets`,
        allowed: "one private subnet for each zone",
        fix: "name the subnets for databases; those of appSubnetIds will do",
      },
    ];
  }
  return [];
}

/** A NAT instance passes on what it is told to, and nothing else. */
function portsMissing(
  networkKey: string,
  { nat, natInstance }: Network,
  { services = {}, tasks = {} }: SoundSections,
): Problem[] {
  if (nat !== "instance") return [];
  const { extraPorts } = natInstance ?? natInstanceSettings.parse({});
  const wanted = [...Object.values(services), ...Object.values(tasks)].flatMap(
    ({ egress = [] }) => egress,
  );
  const missing = [...new Set(wanted)].filter((port) => !extraPorts.includes(port));
  if (missing.length === 0) return [];
  return [
    {
      key: joinKey(networkKey, ["natInstance", "extraPorts"]),
      value: extraPorts,
      rule: `lacks ${missing.sort((a, b) => a - b).join(", ")}, which services or tasks use on the internet`,
      allowed: "every port that egress of a service or task has",
      fix: "add them, or choose another way out in nat",
    },
  ];
}
