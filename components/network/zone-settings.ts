import { z } from "zod";
import { rule } from "../support/rules";

const availabilityZone = rule(z.string(), (name) => /^[a-z]{2}(-[a-z]+)+-\d[a-h]$/.test(name), {
  rule: "must be an Availability Zone name",
  allowed: "a region and a letter from a to h, e.g. us-east-1a",
  fix: "list zones by `aws ec2 describe-availability-zones` and give their names",
});

/** The zones of a network: load balancers and databases refuse a single one. */
export const availabilityZones = rule(
  z.array(availabilityZone).min(2).max(6),
  (zones) => new Set(zones).size === zones.length,
  { rule: "names a zone twice", allowed: "different zones", fix: "remove the repeated zone" },
);
