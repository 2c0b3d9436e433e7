import { readConfig } from "../local/stack-files";
import { loadConfig } from "../stacks/config";
import { diagram } from "./diagram";

const PROJECT = "ecs-platform";
const PLACE = /(<!-- diagram -->\n)[^]*?(<!-- \/diagram -->)/;

/** The page of an example with the picture of what its stack file builds, between the two marks. */
export function withPicture(page: string, stack: string, stackFile: string): string {
  const values = Object.entries(readConfig(stackFile, PROJECT).config).map(
    ([key, value]): [string, string] => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ],
  );
  const config = loadConfig({ project: PROJECT, stack, values: Object.fromEntries(values) });
  if (!PLACE.test(page))
    throw new Error(`examples/${stack}/README.md lacks <!-- diagram --> marks`);
  return page.replace(PLACE, `$1\n\`\`\`mermaid\n${diagram(config)}\n\`\`\`\n\n$2`);
}
