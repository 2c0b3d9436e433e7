/** Scheduler calls this function morning and evening, and people with the commands of the stack's outputs. */
import { readFileSync } from "node:fs";
import * as aws from "./aws.mjs";
import { turn } from "./turn.mjs";

const plan = JSON.parse(readFileSync(new URL("plan.json", import.meta.url), "utf8"));

export async function handler(event, context) {
  const secondsLeft = () => context.getRemainingTimeInMillis() / 1000;
  return turn(event.turn, plan, { ...aws, secondsLeft });
}
