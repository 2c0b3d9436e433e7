import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";
import type { AwsSettings } from "../provider";

/** What a second region needs of the rest of the file. */
export function secondRegionProblems(
  base: string,
  aws: AwsSettings | undefined,
  sections: SoundSections,
): Problem[] {
  const { secondRegion } = sections;
  if (secondRegion === undefined) return [];
  return [
    ...sameRegion(base, aws, secondRegion),
    ...sameAddresses(base, sections, secondRegion),
    ...certificateMissing(base, sections, secondRegion),
    ...unknownSnapshots(base, sections, secondRegion),
  ];
}

type SecondRegion = NonNullable<SoundSections["secondRegion"]>;

function sameRegion(
  base: string,
  aws: AwsSettings | undefined,
  { region }: SecondRegion,
): Problem[] {
  if (region === undefined || region !== aws?.region) return [];
  return [
    {
      key: joinKey(base, ["secondRegion", "region"]),
      value: region,
      rule: "is the first region, which aws:region names",
      allowed: "another region",
      fix: "name another region, or remove secondRegion",
    },
  ];
}

/** Two networks of the same block can never be joined by peering or a transit gateway. */
function sameAddresses(
  base: string,
  { network }: SoundSections,
  { network: other }: SecondRegion,
): Problem[] {
  if (other?.cidr === undefined || other.cidr !== network?.cidr) return [];
  return [
    {
      key: joinKey(base, ["secondRegion", "network", "cidr"]),
      value: other.cidr,
      rule: "is the block of the first region, so the two could never be joined",
      allowed: "another private block",
      fix: "choose another block, such as 10.1.0.0/16",
    },
  ];
}

function certificateMissing(
  base: string,
  { loadBalancer }: SoundSections,
  { region = "the second region", certificateArn }: SecondRegion,
): Problem[] {
  const first = loadBalancer?.certificateArn;
  if (loadBalancer === undefined || (first === undefined) === (certificateArn === undefined)) {
    return [];
  }
  return [
    {
      key: joinKey(base, ["secondRegion", "certificateArn"]),
      value: certificateArn,
      rule:
        first === undefined
          ? "stands without loadBalancer.certificateArn"
          : "is required with loadBalancer.certificateArn: a certificate is good for one region only",
      allowed: first === undefined ? "nothing" : `the ARN of an ACM certificate in ${region}`,
      fix:
        first === undefined
          ? "remove it, or give the first region its certificate, too"
          : "request the same certificate there, and name it",
    },
  ];
}

function unknownSnapshots(
  base: string,
  { databases }: SoundSections,
  { snapshots = {} }: SecondRegion,
): Problem[] {
  if (databases === undefined) return [];
  const known = Object.keys(databases);
  return Object.keys(snapshots)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      key: joinKey(base, ["secondRegion", "snapshots", name]),
      value: snapshots[name],
      rule: "is for a database that there is not",
      allowed: known.length === 0 ? "nothing: the stack has no databases" : known.join(", "),
      fix: "correct the key, or remove it",
    }));
}
