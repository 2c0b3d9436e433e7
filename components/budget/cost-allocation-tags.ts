import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { different, rule } from "../support/rules";
import { checkSettings } from "../support/parse-settings";

const tagKey = rule(
  z.string(),
  (key) => key.length >= 1 && key.length <= 128 && !/^aws:/i.test(key),
  {
    rule: "is not the key of a tag of yours",
    allowed: '1 to 128 characters, not starting with "aws:"',
    fix: "rename it",
  },
);

export const costAllocationTagsSettings = z.strictObject({
  keys: different(z.array(tagKey).min(1), "keys of tags")
    .default(["Project", "Environment", "ManagedBy"])
    .describe(
      "Keys of the tags that bills can be read by. AWS refuses one that nothing bore a day ago, so name Owner and the like once a stack bears them.",
    ),
});

export type CostAllocationTagsArgs = z.input<typeof costAllocationTagsSettings>;

/**
 * Lets bills, budgets and cost reports go by tags. It belongs once into the account that pays: with an organization its
 * management account, which AWS lets do this alone.
 *
 * ```ts
 * const tags = new CostAllocationTags("cost-allocation", { keys: ["Project", "Owner"] });
 * ```
 *
 * AWS knows a key only a day after the first resource bore it, and refuses it until then. Deleting this takes the keys out of
 * bills again.
 *
 * Cost: none.
 */
export class CostAllocationTags extends pulumi.ComponentResource {
  /** @throws SettingsError before anything registers, listing every problem. */
  constructor(
    name: string,
    args: CostAllocationTagsArgs = {},
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { keys } = checkSettings(
      `CostAllocationTags "${name}"`,
      costAllocationTagsSettings,
      args,
    );
    super("ecs-platform:index:CostAllocationTags", name, {}, opts);
    for (const tagKeyName of keys) {
      new aws.costexplorer.CostAllocationTag(
        `${name}-${tagKeyName}`,
        { tagKey: tagKeyName, status: "Active" },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}
