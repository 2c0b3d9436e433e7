import { secretChangeProblems } from "../../components/ecs-service/secret-changes";
import { variableName } from "../../components/support/connection";
import { joinKey } from "../../components/support/parse-settings";
import type { Problem } from "../../components/support/problem";
import type { SoundSections } from "../config";

/** Parts of the names of the variables that databases and caches give from a secret. */
const SECRET_PARTS = ["USERNAME", "PASSWORD"];

/** Secrets that a service is told to ignore and does not have. */
export function unknownSecrets(base: string, { services = {} }: SoundSections): Problem[] {
  return Object.entries(services).flatMap(([name, settings]) => {
    const { databases = [], caches = [] } = settings;
    const connected = [...databases, ...caches].flatMap((key) =>
      SECRET_PARTS.map((part) => variableName(key, part)),
    );
    return secretChangeProblems(joinKey(base, ["services", name]), settings, connected);
  });
}
