/** Decides what falls back to on-demand capacity, and what returns. What it asks and tells AWS is in aws.mjs. */

/** Where a service runs that has fallen back. It is also how one is told that has. */
const ON_DEMAND = [{ capacityProvider: "FARGATE", base: 0, weight: 1 }];

/** What Auto Scaling says of a host that it gets no Spot capacity for, in the event and in its record. */
const NO_SPOT = /could not launch spot instances|no spot capacity/i;

/** A deployment that finds no capacity for so long may find none for days, and ECS does not give it up. */
const LONGEST_WAIT_MINUTES = 60;

/**
 * Moves what the event names to on-demand capacity, and everything back that has been there long enough. It keeps no state:
 * it goes by what services and hosts are like now, so it may be called any number of times.
 *
 * @param {{ source?: string, resources?: string[], detail?: Record<string, any> }} event a lack of capacity, or nothing
 *   in particular
 * @param {{
 *   services: Record<string, { serviceArn: string, strategy: Share[] }>,
 *   hosts?: { groupName: string, distribution: Distribution },
 *   returnAfterMinutes: number,
 *   metric: { namespace: string, clusterName: string },
 * }} plan
 * @typedef {{ capacityProvider: string, base: number, weight: number }} Share
 * @typedef {{ onDemandBase: number, onDemandPercentageAboveBase: number, spotAllocationStrategy: string }} Distribution
 */
export async function fallBackOrReturn(event, plan, aws, now) {
  const since = now - plan.returnAfterMinutes * 60_000;
  const hopeless = now - LONGEST_WAIT_MINUTES * 60_000;
  const users = {
    ...Object.fromEntries(
      Object.entries(plan.services).map(([name, service]) => [
        name,
        () => moveService(service, lacksTask(event, service), { since, hopeless }, aws),
      ]),
    ),
    ...(plan.hosts && {
      hosts: () => moveHosts(plan.hosts, lacksHost(event, plan.hosts), since, aws),
    }),
  };
  const outcomes = {};
  const failures = [];
  for (const [name, move] of Object.entries(users)) {
    try {
      outcomes[name] = await move();
    } catch (error) {
      // One that cannot be moved keeps no other from it.
      failures.push(`${name}: ${error.message}`);
    }
  }
  console.log(outcomes);
  const fallenBack = Object.values(outcomes).filter((outcome) => ON_DEMAND_NOW.includes(outcome));
  await aws.count(plan.metric, fallenBack.length);
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return outcomes;
}

const ON_DEMAND_NOW = ["falls back", "stays on demand"];

/** Whether ECS says of this service that it finds no Fargate Spot; other lacks are not mended by on-demand capacity. */
function lacksTask({ source, resources = [], detail = {} }, { serviceArn }) {
  const { reason = "capacity", capacityProviderArns = ["FARGATE_SPOT"] } = detail;
  return (
    source === "aws.ecs" &&
    resources.includes(serviceArn) &&
    /fargate|capacity/i.test(reason) &&
    capacityProviderArns.some((arn) => arn.endsWith("FARGATE_SPOT"))
  );
}

function lacksHost({ source, detail = {} }, { groupName }) {
  return (
    source === "aws.autoscaling" &&
    detail.AutoScalingGroupName === groupName &&
    NO_SPOT.test(`${detail.StatusMessage} ${detail.Cause}`)
  );
}

async function moveService({ serviceArn, strategy }, isShort, { since, hopeless }, aws) {
  const now = await aws.serviceState(serviceArn);
  if (now === undefined) return "is not there";
  const isOnDemand = isSame(now.strategy, ON_DEMAND);
  // Another deployment on top would end the one under way, and whoever waits for that would see it fail.
  const isHopeless = isShort && now.deployedAt <= hopeless;
  if (now.isUnderWay && !isHopeless) {
    return isOnDemand ? "stays on demand" : "waits for the deployment under way";
  }
  if (isOnDemand) {
    if (isShort || now.deployedAt > since) return "stays on demand";
    await aws.useStrategy(serviceArn, strategy);
    return "returns to Spot";
  }
  // A strategy that neither the stack nor this function gave is somebody's own.
  if (!isShort || !isSame(now.strategy, strategy)) return "is as it shall be";
  await aws.useStrategy(serviceArn, ON_DEMAND);
  return "falls back";
}

async function moveHosts({ groupName, distribution }, isShort, since, aws) {
  const percentage = await aws.onDemandPercentage(groupName);
  if (percentage === undefined) return "is not there";
  if (percentage === 100) {
    const lastLack = await aws.lastLackOfSpot(groupName, NO_SPOT);
    if (isShort || lastLack > since) return "stays on demand";
    await aws.useDistribution(groupName, distribution);
    return "returns to Spot";
  }
  if (!isShort) return "is as it shall be";
  await aws.useDistribution(groupName, { ...distribution, onDemandPercentageAboveBase: 100 });
  return "falls back";
}

function isSame(left, right) {
  const text = (shares) =>
    shares
      .map(({ capacityProvider, base = 0, weight = 0 }) => `${capacityProvider} ${base} ${weight}`)
      .sort()
      .join();
  return text(left) === text(right);
}
