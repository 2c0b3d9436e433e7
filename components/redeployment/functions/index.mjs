/** EventBridge calls this function for a pushed image or a changed secret, and Scheduler from time to time. */
import { readFileSync } from "node:fs";
import * as aws from "./aws.mjs";
import { redeploy } from "./redeploy.mjs";

const watched = JSON.parse(readFileSync(new URL("watched.json", import.meta.url), "utf8"));

export async function handler(event) {
  return redeploy(event, watched, aws);
}
