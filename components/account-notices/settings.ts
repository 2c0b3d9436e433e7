import { z } from "zod";
import { email, nameKey, rule } from "../support/rules";

export const accountNoticesSettings = z.strictObject({
  emails: z
    .record(nameKey, email)
    .default({})
    .describe("Who gets the notices, by a name of your choice. Everyone confirms once by mail."),
  threatSeverity: z
    .number()
    .min(1)
    .max(10)
    .default(7)
    .describe("Findings of GuardDuty from this severity on are told; 7 begins what it calls high."),
  runbooksUrl: rule(z.string(), (text) => /^[^\s]{1,300}$/.test(text) && !text.endsWith("/"), {
    rule: "must be an address or a path",
    allowed: "1 to 300 characters without spaces, and without a slash at the end",
    fix: 'write it like "https://wiki.example.com/runbooks"',
  })
    .default("docs/runbooks")
    .describe("Where notices send people who want to know what to do."),
});

export type AccountNoticesSettings = z.input<typeof accountNoticesSettings>;
