/**
 * A load hook: @actions/workflow-parser imports its schema as bundlers take it, without the attribute that Node wants.
 * Only its files are concerned.
 */
import { readFile } from "node:fs/promises";

export async function load(url, context, next) {
  if (!/@actions\/workflow-parser\/.*\.json$/.test(url)) return next(url, context);
  const json = await readFile(new URL(url), "utf8");
  return { format: "module", source: `export default ${json}`, shortCircuit: true };
}
