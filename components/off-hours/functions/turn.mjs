/** Decides what sleeps and wakes in which order. What it asks and tells AWS is in aws.mjs. */

const SECONDS_BETWEEN_LOOKS = 15;
/** Kept for what comes after the databases, and for the end. */
const SECONDS_FOR_SERVICES = 300;
const SECONDS_FOR_THE_END = 30;
/** As long as tasks get to finish, and a little more. */
const SECONDS_FOR_TASKS = 300;

/**
 * Wakes an environment, or puts it to sleep. What is already as it shall be is left alone, so it may be called any number
 * of times. One part that fails keeps no other from its turn; the call fails in the end, and AWS tries it once more.
 *
 * @param {"wake" | "sleep"} which
 * @param {{
 *   services: Record<string, { serviceArn: string, tasks: number, scalingTargetArn?: string }>,
 *   databases: Record<string, { identifier: string, isCluster: boolean }>,
 *   hosts?: { groupName: string, minSize: number },
 *   instances: Record<string, string>,
 *   alarms: string[],
 * }} plan
 */
export async function turn(which, plan, aws) {
  const failures = [];
  const attempt = async (what, work) => {
    try {
      await work();
    } catch (error) {
      failures.push(`${what}: ${error.message}`);
    }
  };
  switch (which) {
    case "wake":
      await wake(plan, aws, attempt);
      break;
    case "sleep":
      await sleep(plan, aws, attempt);
      break;
    default:
      throw new Error('call it with {"turn":"wake"} or {"turn":"sleep"}');
  }
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return { turn: which };
}

async function wake(plan, aws, attempt) {
  const { services, databases, hosts, instances, alarms } = plan;
  for (const [name, id] of Object.entries(instances)) {
    await attempt(name, () => aws.startInstance(id));
  }
  if (hosts) await attempt("hosts", () => aws.setLeastHosts(hosts.groupName, hosts.minSize));
  await together(databases, attempt, (database) => wakeDatabase(database, aws));
  for (const [name, { serviceArn, tasks, scalingTargetArn }] of Object.entries(services)) {
    await attempt(name, async () => {
      const now = await aws.serviceState(serviceArn);
      if (now === undefined) return;
      // By day it may have more than it wakes with.
      if (now.desired < tasks) await aws.setTasks(serviceArn, tasks);
      if (scalingTargetArn) await aws.suspendScaling(serviceArn, false);
    });
  }
  if (alarms.length > 0) await attempt("alarms", () => unmute(alarms, aws));
}

async function sleep(plan, aws, attempt) {
  const { services, databases, hosts, instances, alarms } = plan;
  if (alarms.length > 0) await attempt("alarms", () => aws.muteAlarms(alarms));
  const stopped = [];
  for (const [name, { serviceArn, scalingTargetArn }] of Object.entries(services)) {
    await attempt(name, async () => {
      if ((await aws.serviceState(serviceArn)) === undefined) return;
      // First, or scaling would bring tasks back.
      if (scalingTargetArn) await aws.suspendScaling(serviceArn, true);
      await aws.setTasks(serviceArn, 0);
      stopped.push(serviceArn);
    });
  }
  let isWoken = false;
  await attempt("tasks", async () => {
    await tasksGone(stopped, aws);
    isWoken = await wantsTasks(stopped, aws);
  });
  if (isWoken) {
    console.log("somebody has woken it meanwhile: the rest stays awake");
    return;
  }
  await together(databases, attempt, (database) => stopDatabase(database, aws));
  if (hosts) await attempt("hosts", () => aws.setLeastHosts(hosts.groupName, 0));
  for (const [name, id] of Object.entries(instances)) {
    await attempt(name, () => aws.stopInstance(id));
  }
}

function together(databases, attempt, work) {
  return Promise.all(
    Object.entries(databases).map(([name, database]) => attempt(name, () => work(database))),
  );
}

/** Starts a database as soon as it can be started, and waits until it answers. */
async function wakeDatabase(database, aws) {
  await until("is not awake", SECONDS_FOR_SERVICES, aws, database, async (status) => {
    if (status === "stopped") await aws.startDatabase(database);
    return status === "available";
  });
}

/** Stops a database as soon as it can be stopped: not in the middle of a backup. */
async function stopDatabase(database, aws) {
  await until("does not sleep", SECONDS_FOR_THE_END, aws, database, async (status) => {
    if (status === "available") await aws.stopDatabase(database);
    return ["available", "stopping", "stopped"].includes(status);
  });
}

async function until(complaint, secondsKept, aws, database, step) {
  for (;;) {
    const status = await aws.databaseStatus(database);
    if (status === undefined || (await step(status))) return;
    if (aws.secondsLeft() < secondsKept + SECONDS_BETWEEN_LOOKS) {
      throw new Error(`${complaint} yet: it is ${status}`);
    }
    await aws.pause(SECONDS_BETWEEN_LOOKS);
  }
}

/** Databases are stopped when nobody uses them any more, or when a task takes too long to end. */
async function tasksGone(serviceArns, aws) {
  const latest = aws.secondsLeft() - SECONDS_FOR_TASKS;
  for (const serviceArn of serviceArns) {
    while ((await aws.serviceState(serviceArn))?.running > 0 && aws.secondsLeft() > latest) {
      await aws.pause(SECONDS_BETWEEN_LOOKS);
    }
  }
}

/** Whether any of them wants tasks again: who calls for waking while it falls asleep does not wait for that. */
async function wantsTasks(serviceArns, aws) {
  for (const serviceArn of serviceArns) {
    if ((await aws.serviceState(serviceArn))?.desired > 0) return true;
  }
  return false;
}

/** Alarms that ring still would not ring again for what has not woken: then the function's own alarm has to. */
async function unmute(alarms, aws) {
  let ringing = await aws.ringingAlarms(alarms);
  while (ringing.length > 0 && aws.secondsLeft() > SECONDS_FOR_THE_END + SECONDS_BETWEEN_LOOKS) {
    await aws.pause(SECONDS_BETWEEN_LOOKS);
    ringing = await aws.ringingAlarms(alarms);
  }
  await aws.unmuteAlarms(alarms);
  if (ringing.length > 0) throw new Error(`${ringing.join(", ")} ring after waking`);
}
