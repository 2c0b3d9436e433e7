import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { configurationPage } from "./configuration-page";
import { emulatedAwsPage } from "./emulated-aws-page";

/** The pages that are printed from code, by their file in docs/. */
export const PAGES: Readonly<Record<string, () => string>> = {
  "configuration.md": configurationPage,
  "emulated-aws.md": emulatedAwsPage,
};

export function pageFile(page: string): string {
  return path.join(__dirname, "..", "docs", page);
}

if (require.main === module) {
  for (const [page, print] of Object.entries(PAGES)) {
    writeFileSync(pageFile(page), print());
    console.log(`wrote docs/${page}`);
  }
}
