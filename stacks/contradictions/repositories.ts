import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";
import { nearest } from "./nearest";

/** Services and tasks that follow a tag which no push can move. */
export function repositoryProblems(
  base: string,
  { services = {}, tasks = {}, repositories = {} }: SoundSections,
): Problem[] {
  return Object.entries<typeof tasks>({ services, tasks }).flatMap(([section, members]) =>
    Object.entries(members).flatMap(([name, { repository }]) => {
      if (repository === undefined) return [];
      const key = joinKey(base, [section, name, "repository"]);
      return Object.hasOwn(repositories, repository.name)
        ? fixedTag(key, repository, repositories[repository.name]?.movingTags)
        : unknownRepository(base, key, repository.name, Object.keys(repositories));
    }),
  );
}

function unknownRepository(
  base: string,
  key: string,
  name: string,
  known: readonly string[],
): Problem[] {
  const meant = nearest(name, known);
  return [
    {
      key: joinKey(key, ["name"]),
      value: name,
      rule: "names no repository of this stack",
      allowed: known.length === 0 ? "none: repositories is empty" : known.join(", "),
      fix:
        meant === undefined
          ? `add it under ${base}repositories, or correct the name`
          : `did you mean "${meant}"?`,
    },
  ];
}

function fixedTag(
  key: string,
  { name, tag }: { readonly name: string; readonly tag: string },
  movingTags: readonly string[] | undefined,
): Problem[] {
  if (movingTags === undefined || movingTags.includes(tag)) return [];
  return [
    {
      key: joinKey(key, ["tag"]),
      value: tag,
      rule: `is no moving tag of ${name}: it would name one image for ever`,
      allowed: movingTags.length === 0 ? "none: movingTags is empty" : movingTags.join(", "),
      fix: `correct it, or add it to repositories.${name}.movingTags`,
    },
  ];
}
