/** Decides which services start anew. What it asks and tells AWS is in aws.mjs. */

/**
 * Starts those of the watched services anew for which something has changed since their newest deployment. It may be
 * called any number of times for one change: after the first there is a deployment that is newer.
 *
 * @param {{ source?: string, time?: string, resources?: string[], detail?: Record<string, string> }} event a change that
 *   AWS tells of, or nothing in particular: then everything is looked at
 * @param {Record<string, Watched>} watched services by their names
 * @typedef {{
 *   serviceArn: string,
 *   image?: { repositoryArn: string, tag: string },
 *   secretArns: string[],
 *   parameterArns: string[],
 * }} Watched
 */
export async function redeploy(event, watched, aws) {
  const outcomes = {};
  const failures = [];
  for (const [name, service] of Object.entries(watched)) {
    if (!concerns(event, service)) continue;
    try {
      outcomes[name] = await startIfChanged(event, service, aws);
    } catch (error) {
      // One service that cannot be looked at keeps no other from its new image.
      failures.push(`${name}: ${error}`);
    }
  }
  console.log(outcomes);
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return outcomes;
}

function concerns({ source, detail, resources = [] }, { image, secretArns, parameterArns }) {
  switch (source) {
    case "aws.ecr":
      return (
        image?.tag === detail["image-tag"] &&
        image.repositoryArn.endsWith(`:repository/${detail["repository-name"]}`)
      );
    case "aws.secretsmanager":
      return resources.some((arn) => secretArns.includes(arn));
    case "aws.ssm":
      return resources.some((arn) => parameterArns.includes(arn));
    default:
      return true;
  }
}

async function startIfChanged(event, service, aws) {
  const newest = await aws.newestDeployment(service.serviceArn);
  if (newest === undefined) return "is not there";
  // Its tasks may have started before the change or after it: the next look tells.
  if (newest.isUnderWay) return "waits for the rollout under way";
  const changes = event.time ? [new Date(event.time)] : await changesOf(service, aws);
  if (!changes.some((time) => time > newest.createdAt)) return "is up to date";
  await aws.startAnew(service.serviceArn);
  return "starts anew";
}

/** When the image and the secrets of a service were last changed. */
async function changesOf({ image, secretArns, parameterArns }, aws) {
  const changes = await Promise.all([
    ...(image ? [aws.imagePushedAt(image)] : []),
    ...secretArns.map(aws.secretChangedAt),
    ...parameterArns.map(aws.parameterChangedAt),
  ]);
  return changes.filter((time) => time !== undefined);
}
