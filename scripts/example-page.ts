import { diagram } from "./diagram";
import { readStack } from "./stack-file";

const PLACE = /(<!-- diagram -->\n)[^]*?(<!-- \/diagram -->)/;

/** The page of an example with the picture of what its stack file builds, between the two marks. */
export function withPicture(page: string, stack: string, stackFile: string): string {
  if (!PLACE.test(page))
    throw new Error(`examples/${stack}/README.md lacks <!-- diagram --> marks`);
  return page.replace(
    PLACE,
    `$1\n\`\`\`mermaid\n${diagram(readStack(stack, stackFile))}\n\`\`\`\n\n$2`,
  );
}
