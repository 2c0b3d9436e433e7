/** EventBridge calls this function when capacity is short, and Scheduler from time to time. */
import { readFileSync } from "node:fs";
import * as aws from "./aws.mjs";
import { fallBackOrReturn } from "./fallback.mjs";

const plan = JSON.parse(readFileSync(new URL("plan.json", import.meta.url), "utf8"));

export async function handler(event) {
  return fallBackOrReturn(event, plan, aws, Date.now());
}
