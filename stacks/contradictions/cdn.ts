import { nameProblems } from "../../components/cdn/certificate";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";

/** What CloudFront needs of the rest of the file. */
export function cdnProblems(
  base: string,
  { cdn, loadBalancer, domains = {}, secondRegion }: SoundSections,
): Problem[] {
  if (cdn === undefined) return [];
  const problems: Problem[] = [];
  if (loadBalancer !== undefined && loadBalancer.scheme !== "internal") {
    problems.push({
      key: joinKey(base, ["loadBalancer", "scheme"]),
      value: loadBalancer.scheme,
      rule: "leaves a way around CloudFront",
      allowed: "internal with cdn",
      fix: "set it to internal: CloudFront reaches the load balancer inside the VPC",
    });
  }
  if (secondRegion !== undefined) {
    problems.push({
      key: joinKey(base, ["cdn"]),
      value: cdn,
      rule: "stands in front of one region only",
      allowed: "nothing with secondRegion",
      fix: "remove it, or secondRegion",
    });
  }
  const names = Object.values(domains).flatMap((domain) => domain.names ?? []);
  return [...problems, ...nameProblems(joinKey(base, ["domains"]), names)];
}
