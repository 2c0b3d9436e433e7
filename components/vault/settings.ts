import { z } from "zod";
import { rule } from "../support/rules";

export const vaultSettings = z.strictObject({
  namePrefix: rule(
    z.string(),
    (prefix) => /^[A-Za-z0-9/_+=.@-]*$/.test(prefix) && prefix.length <= 200,
    {
      rule: "must be the beginning of a secret's name",
      allowed: "letters, digits and /_+=.@-, at most 200, or nothing",
      fix: 'write it like "shop/prod/"',
    },
  )
    .optional()
    .describe(
      'What the vaults\' names begin with; the service\'s name follows. Default: "PROJECT/STACK/", so that stacks can share an account. "" names each vault exactly like its service.',
    ),
  recoveryWindowDays: rule(z.int(), (days) => days === 0 || (days >= 7 && days <= 30), {
    rule: "is a time that Secrets Manager does not offer",
    allowed: "0, or a whole number from 7 to 30",
    fix: "set 30 where values matter, 0 where the stack is made and destroyed at will",
  })
    .optional()
    .describe(
      "Days that a deleted vault can be had back; its name is taken for as long. Default 30, and 0 in an unprotected stack.",
    ),
  kms: z
    .boolean()
    .default(false)
    .describe(
      "Whether each vault has a KMS key of its own (1 USD a month each) instead of the account's aws/secretsmanager, which is free.",
    ),
});

export type VaultSettings = z.input<typeof vaultSettings>;
