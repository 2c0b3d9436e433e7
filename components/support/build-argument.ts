import { z } from "zod";
import { rule } from "./rules";

/** A name of ARG in a Dockerfile that does not look like a secret. */
export const buildArgumentName = rule(
  rule(z.string(), (name) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(name), {
    rule: "is not a name for a build argument",
    allowed: "letters, digits and underscores, not starting with a digit",
    fix: "rename it",
  }),
  (name) => !/(PASS(WORD|WD)?|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)(_|$)/i.test(name),
  {
    rule: "looks like a secret, and build arguments stay readable in the image",
    allowed: "names without PASSWORD, SECRET, TOKEN, API_KEY, PRIVATE_KEY, CREDENTIALS",
    fix: "give it to the running container under secrets",
  },
);
