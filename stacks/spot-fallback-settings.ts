import { z } from "zod";
import { spotFallbackSettings } from "../components/spot-fallback/settings";
import { different } from "../components/support/rules";

/** How what runs on Spot capacity gets on without it. */
export const spotFallbackConfig = spotFallbackSettings.safeExtend({
  except: different(z.array(z.string()), "services")
    .default([])
    .describe("Services that wait for Spot capacity, by key."),
});
