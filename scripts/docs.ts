import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { findExamples } from "../local/examples";
import { configurationPage } from "./configuration-page";
import { controlsPage } from "./controls-page";
import { emulatedAwsPage } from "./emulated-aws-page";
import { withPicture } from "./example-page";
import { withRecovery } from "./recovery-table";
import { withSavings } from "./off-hours-savings";
import { withTimes } from "./rollout-times";

const ROOT = path.join(__dirname, "..");

/** The pages that are printed from code wholly or in part, by their file: what they shall be, given what they are. */
export const PAGES: Readonly<Record<string, (current: string) => string>> = {
  "docs/configuration.md": configurationPage,
  "docs/controls.md": controlsPage,
  "docs/delivery.md": withTimes,
  "docs/disaster-recovery.md": withRecovery,
  "docs/emulated-aws.md": emulatedAwsPage,
  "docs/off-hours.md": withSavings,
  ...Object.fromEntries(
    findExamples(ROOT)
      // A program of its own has no stack file to draw.
      .filter(({ project }) => project === ROOT)
      .map(({ name, stackFile }) => [
        `examples/${name}/README.md`,
        (current: string) => withPicture(current, name, stackFile),
      ]),
  ),
};

export function readPage(page: string): string {
  const file = path.join(ROOT, page);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

if (require.main === module) {
  for (const [page, print] of Object.entries(PAGES)) {
    writeFileSync(path.join(ROOT, page), print(readPage(page)));
    console.log(`wrote ${page}`);
  }
}
