/**
 * Runs in AWS Lambda: ECS calls it at a stage of a deployment and acts on what it returns. It asks the new tasks for all
 * that REQUESTS names, through the load balancer. Where an answer is wrong, ECS calls it again, until there were as many
 * attempts as ATTEMPTS says. The log says what was asked, what came, and what was decided; never what an answer contained.
 */
/* global AbortSignal */
import http from "node:http";
import https from "node:https";

/** Text is looked for in so much of an answer. */
const MOST_BYTES = 1024 * 1024;

export async function handler(event) {
  const env = process.env;
  const requests = Object.entries(JSON.parse(env.REQUESTS));
  // ECS hands back what the call before has returned as hookDetails: see "Lambda hooks" in its developer guide.
  const attempt = Number(event.hookDetails?.attempt ?? 1);
  const answers = await Promise.all(
    requests.map(([name, request]) => ask(name, request, event.lifecycleStage, env)),
  );
  const wrong = answers.filter((isRight) => !isRight).length;
  const count = `attempt ${attempt} of ${env.ATTEMPTS}`;
  const revision = event.executionDetails?.targetServiceRevisionArn;

  if (wrong === 0)
    return decide({ hookStatus: "SUCCEEDED" }, "all answers are right", count, revision);
  const why = `${wrong} of ${requests.length} answers are wrong`;
  if (attempt >= Number(env.ATTEMPTS))
    return decide({ hookStatus: "FAILED" }, why, count, revision);
  const again = {
    hookStatus: "IN_PROGRESS",
    callBackDelay: Number(env.INTERVAL_SECONDS),
    hookDetails: { attempt: attempt + 1 },
  };
  return decide(again, why, count, revision);
}

function decide(decision, why, count, revision) {
  console.log(`${decision.hookStatus}: ${why}, ${count}, ${revision}`);
  return decision;
}

/** Whether one request is answered as it should be. */
async function ask(name, request, stage, env) {
  const started = Date.now();
  let problem;
  try {
    const { status, body } = await get(request, stage, env);
    problem = problemOf(request, status, body);
  } catch (error) {
    problem =
      error.name === "AbortError" || error.name === "TimeoutError"
        ? `no answer within ${request.timeoutSeconds} seconds`
        : error.message;
  }
  const what = `${name}: GET ${env.PROTOCOL}://${env.HOST}${request.path}`;
  console.log(`${what}: ${problem ?? "right"} (${Date.now() - started} ms)`);
  return problem === undefined;
}

function problemOf({ statusCodes, contains }, status, body) {
  if (!isAmong(status, statusCodes)) return `status ${status} instead of ${statusCodes}`;
  if (contains !== undefined && !body.includes(contains)) return "lacks the text it must contain";
  return undefined;
}

/** "200,204" and "200-299" as target groups take them. */
export function isAmong(status, statusCodes) {
  return statusCodes.split(",").some((part) => {
    const [first, last = first] = part.split("-").map(Number);
    return first <= status && status <= last;
  });
}

/** Goes to the load balancer itself: the host's name may lead to CloudFront, to another region, or nowhere yet. */
function get({ path, headers, timeoutSeconds }, stage, env) {
  const client = env.PROTOCOL === "https" ? https : http;
  const options = {
    host: env.ENDPOINT,
    port: env.PORT,
    path,
    agent: false,
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
    headers: { "User-Agent": "ecs-platform-smoke-test", ...headers, Host: env.HOST },
    ...(client === https && {
      servername: env.HOST,
      rejectUnauthorized: env.ANY_CERTIFICATE !== "true",
    }),
  };
  // Later on, clients themselves reach the new tasks, and it asks as they do.
  if (stage === "POST_TEST_TRAFFIC_SHIFT") options.headers[env.TEST_HEADER] = env.TEST_VALUE;
  return new Promise((resolve, reject) => {
    const sent = client.get(options, (answer) => {
      const chunks = [];
      let size = 0;
      const finish = () => {
        resolve({ status: answer.statusCode, body: Buffer.concat(chunks).toString("utf8") });
      };
      answer.on("data", (chunk) => {
        if (size < MOST_BYTES) chunks.push(chunk);
        size += chunk.length;
        if (size < MOST_BYTES) return;
        finish();
        sent.destroy();
      });
      answer.on("end", finish);
      answer.on("error", reject);
    });
    sent.on("error", reject);
  });
}
