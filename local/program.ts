import { createRequire } from "node:module";
import { join, sep } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { label, NO_COMPONENT } from "./resources";

/** The program of this repository, to be run in this process by the engine. */
export interface Program {
  readonly run: PulumiFn;
  /** How many resources each component has registered, in the last run of the program. */
  readonly registered: () => Map<string, number>;
}

const load = createRequire(__filename);

/** Wraps `index.ts`, so that it can be run again and tells how much there is to do before the engine does it. */
export function loadProgram(root: string): Program {
  let parents = new Map<pulumi.Resource, pulumi.Resource | undefined>();
  let labels = new Map<pulumi.Resource, string>();

  return {
    run: () => {
      parents = new Map();
      labels = new Map();
      // A transformation that transforms nothing is the one way to hear of each resource when the program makes it.
      pulumi.runtime.registerStackTransformation(({ resource, type, name, opts }) => {
        parents.set(resource, opts.parent);
        labels.set(resource, label(type, name));
        return undefined;
      });
      forgetModules(root);
      return Promise.resolve(load(join(root, "index")) as Record<string, unknown>);
    },
    registered: () => {
      const counts = new Map<string, number>();
      for (const resource of labels.keys()) {
        if (!pulumi.CustomResource.isInstance(resource)) continue;
        let component: string | undefined;
        for (let at = parents.get(resource); at !== undefined; at = parents.get(at))
          component = labels.get(at) ?? component;
        const key = component ?? NO_COMPONENT;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return counts;
    },
  };
}

/** A module is evaluated once in a process, but its exports and its resources belong to one deployment. */
function forgetModules(root: string): void {
  for (const file of Object.keys(load.cache)) {
    const own = file.startsWith(root + sep) && !file.startsWith(__dirname + sep);
    if (own && !file.includes(`${sep}node_modules${sep}`)) delete load.cache[file];
  }
}
