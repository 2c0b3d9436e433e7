import { z } from "zod";
import { pipelineSettings } from "../components/pipeline/settings";
import { different } from "../components/support/rules";

/** A pipeline in a stack file: the component's own settings, and what it stands between. */
export const pipelineConfig = pipelineSettings.safeExtend({
  source: pipelineSettings.shape.source
    .safeExtend({ connection: z.string().describe("Connection to the code, by key.") })
    .describe("Where the code is."),
  repository: z.string().describe("Repository that the image is pushed to, by key."),
  services: different(z.array(z.string()).min(1), "services").describe(
    "Services that get the image, by key, in this order.",
  ),
});

export type PipelineConfig = z.output<typeof pipelineConfig>;
