import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";
import type { AwsSettings } from "../provider";

export function zonesOutsideRegion(
  base: string,
  aws: AwsSettings | undefined,
  { network, secondRegion }: SoundSections,
): Problem[] {
  return [
    ...outside(joinKey(base, ["network"]), network, aws?.region, "aws:region"),
    ...outside(
      joinKey(base, ["secondRegion", "network"]),
      secondRegion?.network,
      secondRegion?.region,
      "secondRegion.region",
    ),
  ];
}

function outside(
  networkKey: string,
  network: SoundSections["network"],
  region: string | undefined,
  regionKey: string,
): Problem[] {
  if (region === undefined) return [];
  const lists = [
    { key: joinKey(networkKey, ["availabilityZones"]), zones: network?.availabilityZones },
    {
      key: joinKey(networkKey, ["existing", "availabilityZones"]),
      zones: network?.existing?.availabilityZones,
    },
  ];
  return lists.flatMap(({ key, zones = [] }) =>
    zones.flatMap((zone, position) =>
      zone.startsWith(region) && zone.length === region.length + 1
        ? []
        : [
            {
              key: joinKey(key, [position]),
              value: zone,
              rule: `is not in the region that ${regionKey} names, ${region}`,
              allowed: `${region} and a letter`,
              fix: `correct the zone, or ${regionKey}`,
            },
          ],
    ),
  );
}
