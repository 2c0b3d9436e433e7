import { namespace, pulumiSource } from "../../stacks/config-source";
import type { ValueMap } from "../graph";

/** The sections of the stack that is being deployed, as its file has them. */
export function sectionsOfStack(): ValueMap {
  const source = pulumiSource();
  return namespace(source, source.project) as ValueMap;
}
