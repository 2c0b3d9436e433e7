import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";

type Pipelines = NonNullable<SoundSections["pipelines"]>;

/** What a pipeline must have for itself, with the keys that say so. */
interface Claim {
  readonly value: string;
  readonly path: readonly (string | number)[];
}

/** Services and repositories that two pipelines claim. */
export function claimedTwice(base: string, pipelines: Pipelines): Problem[] {
  return [
    // Two would overtake each other, and the tag would follow whichever came last.
    ...claims(
      pipelines,
      ({ services = [] }) =>
        services.map((value, position) => ({ value, path: ["services", position] })),
      {
        base,
        claim: "deployed",
        allowed: "a service of no other pipeline",
        fix: "take it out of one of the two",
      },
    ),
    // A commit's tag is taken once: whichever builds second would find the image of the other, and deploy that.
    ...claims(
      pipelines,
      ({ repository }) =>
        repository === undefined ? [] : [{ value: repository, path: ["repository"] }],
      {
        base,
        claim: "filled",
        allowed: "a repository of no other pipeline",
        fix: "give each a repository of its own, or make one pipeline of the two if they build the same image",
      },
    ),
  ];
}

function claims(
  pipelines: Pipelines,
  claimsOf: (pipeline: Pipelines[string]) => readonly Claim[],
  {
    base,
    claim,
    ...advice
  }: {
    readonly base: string;
    readonly claim: string;
    readonly allowed: string;
    readonly fix: string;
  },
): Problem[] {
  const owners = new Map<string, string>();
  return Object.entries(pipelines).flatMap(([name, pipeline]) =>
    claimsOf(pipeline).flatMap(({ value, path }) => {
      const owner = owners.get(value) ?? name;
      owners.set(value, owner);
      const key = joinKey(base, ["pipelines", name, ...path]);
      const rule = `is ${claim} by the pipeline ${owner}, too`;
      return owner === name ? [] : [{ key, value, rule, ...advice }];
    }),
  );
}
