import { GAPS } from "../local/emulators/gaps";
import { markdownTable } from "./markdown";

/** docs/emulated-aws.md, printed from the table that a run shows at its end. */
export function emulatedAwsPage(): string {
  return [
    "# What the emulated AWS lacks",
    "`npm run local` deploys against moto and ministack, two emulators of AWS, with the mends in " +
      "`local/emulators/python/emulated_aws/mends/`. This is what they still lack or do otherwise than AWS. The page is " +
      "printed by `npm run docs`, and a test keeps it true.",
    markdownTable(
      ["service", "lacks", "so"],
      GAPS.map(({ service, lacks, effect }) => [service, lacks, effect]),
    ),
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}
