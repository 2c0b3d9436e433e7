import type { Problem } from "../components/support/problem";
import type { SoundSections } from "./config";
import { backupProblems } from "./contradictions/backups";
import { capacityContradictions } from "./contradictions/capacity";
import { callProblems } from "./contradictions/calls";
import { cdnProblems } from "./contradictions/cdn";
import { connectedProblems } from "./contradictions/connected";
import { domainProblems } from "./contradictions/domains";
import { firewallProblems } from "./contradictions/firewall";
import { gateProblems } from "./contradictions/gates";
import { hostProblems } from "./contradictions/hosts";
import { networkProblems } from "./contradictions/network";
import { noWayOut } from "./contradictions/no-way-out";
import { observabilityProblems } from "./contradictions/observability";
import { offHoursProblems } from "./contradictions/off-hours";
import { pipelineProblems } from "./contradictions/pipelines";
import { sharedPriorities } from "./contradictions/priorities";
import { repositoryProblems } from "./contradictions/repositories";
import { secondRegionProblems } from "./contradictions/second-region";
import { unknownSecrets } from "./contradictions/secret-changes";
import { spotFallbackProblems } from "./contradictions/spot-fallback";
import { taskContradictions } from "./contradictions/tasks";
import { zonesOutsideRegion } from "./contradictions/zones";
import type { AwsSettings } from "./provider";

/** What is wrong between values that are right by themselves. What is missing or wrong has problems of its own. */
export function contradictions(
  base: string,
  aws: AwsSettings | undefined,
  sections: SoundSections,
): Problem[] {
  return [
    ...zonesOutsideRegion(base, aws, sections),
    ...networkProblems(base, sections),
    ...secondRegionProblems(base, aws, sections),
    ...backupProblems(base, aws, sections),
    ...connectedProblems(base, sections),
    ...repositoryProblems(base, sections),
    ...unknownSecrets(base, sections),
    ...sharedPriorities(base, sections),
    ...domainProblems(base, sections),
    ...hostProblems(base, sections),
    ...observabilityProblems(base, sections),
    ...cdnProblems(base, sections),
    ...firewallProblems(base, sections),
    ...capacityContradictions(base, sections),
    ...callProblems(base, sections),
    ...gateProblems(base, aws, sections),
    ...offHoursProblems(base, sections),
    ...spotFallbackProblems(base, sections),
    ...pipelineProblems(base, sections),
    ...taskContradictions(base, sections),
    ...noWayOut(base, aws, sections),
  ];
}
