/**
 * Moves the tags that the services' task definitions name to the image that was deployed, once every service runs it for
 * good. CodePipeline calls a deployment done that ECS rolled back, or that still bakes: here it comes to light.
 */
import { execFileSync } from "node:child_process";

const { CLUSTER, SERVICES, TAGS, REPOSITORY, REPOSITORY_URL, COMMIT } = process.env;
const IMAGE = `${REPOSITORY_URL}:${COMMIT}`;
/** Seconds from one look at a deployment to the next. */
const PAUSE_SECONDS = Number(process.env.PAUSE_SECONDS ?? 15);

/** What a deployment is called that has come to no end yet. */
const UNDER_WAY = [
  "PENDING",
  "IN_PROGRESS",
  "STOP_REQUESTED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
];

/** Every form in which a repository keeps an image: one for a single processor, or a list for several. */
const MEDIA_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

function aws(...args) {
  const output = execFileSync("aws", [...args, "--output", "json"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
  return output.trim() === "" ? {} : JSON.parse(output);
}

/** The end of a service's newest deployment, which CodeBuild's time limit bounds. */
async function endOf(container, service) {
  for (let isTold = false; ; isTold = true) {
    const { serviceDeployments } = aws(
      ...["ecs", "list-service-deployments", "--cluster", CLUSTER, "--service", service],
    );
    const [newest] = serviceDeployments.sort(
      (one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt),
    );
    if (!UNDER_WAY.includes(newest?.status)) return newest;
    if (!isTold) console.log(`${container}: waits for the end of its deployment`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_SECONDS * 1000));
  }
}

/** The image that a service's newest deployment runs in the container of its name. */
function imageOf(container, service) {
  const [{ taskDefinition }] = aws(
    ...["ecs", "describe-services", "--cluster", CLUSTER, "--services", service],
  ).services;
  const { containerDefinitions } = aws(
    ...["ecs", "describe-task-definition", "--task-definition", taskDefinition],
  ).taskDefinition;
  return containerDefinitions.find(({ name }) => name === container)?.image;
}

function move(tag, { imageManifest, imageManifestMediaType, imageId }) {
  try {
    aws(
      ...["ecr", "put-image", "--repository-name", REPOSITORY, "--image-tag", tag],
      ...["--image-manifest", imageManifest, "--image-manifest-media-type", imageManifestMediaType],
      ...["--image-digest", imageId.imageDigest],
    );
    console.log(`${tag} is ${IMAGE} now`);
  } catch (error) {
    // What ECR calls it when the tag is there already.
    if (!String(error.stderr).includes("ImageAlreadyExistsException")) throw error;
    console.log(`${tag} is ${IMAGE} already`);
  }
}

/** Why a service cannot be said to run the image; undefined where it does. */
async function objection([container, service]) {
  const end = await endOf(container, service);
  const image = imageOf(container, service);
  if (image !== IMAGE) {
    return `${container} runs ${image}: ECS went back, or somebody deployed in between`;
  }
  if (end !== undefined && end.status !== "SUCCESSFUL") {
    return `${container}: its deployment ended as ${end.status}: ${end.statusReason ?? "ECS gave no reason"}`;
  }
}

const objections = [];
for (const entry of Object.entries(JSON.parse(SERVICES))) objections.push(await objection(entry));
const failures = objections.filter((one) => one !== undefined);
if (failures.length > 0) {
  for (const failure of failures) console.error(failure);
  process.exitCode = 1;
} else {
  const { images } = aws(
    ...["ecr", "batch-get-image", "--repository-name", REPOSITORY],
    ...["--image-ids", `imageTag=${COMMIT}`, "--accepted-media-types", ...MEDIA_TYPES],
  );
  if (images.length === 0) throw new Error(`${IMAGE} is not in the repository`);
  for (const tag of JSON.parse(TAGS)) move(tag, images[0]);
}
