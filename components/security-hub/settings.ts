import { z } from "zod";

export const securityHubSettings = z.strictObject({
  standards: z
    .strictObject({
      bestPractices: z
        .boolean()
        .default(true)
        .describe("AWS Foundational Security Best Practices, of which most controls here are."),
      cis: z.boolean().default(false).describe("CIS AWS Foundations Benchmark 3.0."),
      nist: z.boolean().default(false).describe("NIST SP 800-53 Revision 5."),
    })
    .prefault({})
    .describe("What the account is measured by. 0.001 USD each time that a resource is."),
});

export type SecurityHubSettings = z.input<typeof securityHubSettings>;
