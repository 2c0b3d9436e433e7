/** What the function asks and tells AWS, by the SDK that Lambda brings along. It never reads the value of a secret. */
import { DescribeImagesCommand, ECRClient } from "@aws-sdk/client-ecr";
import {
  DescribeServicesCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeSecretCommand,
  ListSecretVersionIdsCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { DescribeParametersCommand, SSMClient } from "@aws-sdk/client-ssm";

const ecr = new ECRClient({});
const ecs = new ECSClient({});

const UNDER_WAY = [
  "PENDING",
  "IN_PROGRESS",
  "STOP_REQUESTED",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
];

/** The newest deployment of a service, whatever came of it; undefined where there is no such service any more. */
export async function newestDeployment(serviceArn) {
  const cluster = clusterOf(serviceArn);
  const { services } = await ecs.send(
    new DescribeServicesCommand({ cluster, services: [serviceArn] }),
  );
  const [service] = services;
  if (service?.status !== "ACTIVE") return undefined;
  // The service knows the deployment that runs, and this list those of the last 90 days that failed, too: one that was
  // rolled back must not look like a change that nothing has been done about, or it would be tried for ever.
  const { serviceDeployments } = await ecs.send(
    new ListServiceDeploymentsCommand({ cluster, service: serviceArn }),
  );
  const times = [...service.deployments, ...serviceDeployments].map(({ createdAt }) => +createdAt);
  return {
    createdAt: new Date(Math.max(...times)),
    isUnderWay:
      service.deployments.some(({ rolloutState }) => rolloutState === "IN_PROGRESS") ||
      serviceDeployments.some(({ status }) => UNDER_WAY.includes(status)),
  };
}

/** Has the service start new tasks in place of all that run, in the way of its strategy. */
export async function startAnew(serviceArn) {
  await ecs.send(
    new UpdateServiceCommand({
      cluster: clusterOf(serviceArn),
      service: serviceArn,
      forceNewDeployment: true,
    }),
  );
}

export async function imagePushedAt({ repositoryArn, tag }) {
  const [, repositoryName] = repositoryArn.split(":repository/");
  try {
    const { imageDetails } = await ecr.send(
      new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: tag }] }),
    );
    return imageDetails[0]?.imagePushedAt;
  } catch (error) {
    if (error.name === "ImageNotFoundException") return undefined;
    throw error;
  }
}

/** When its current value came. Other changes, as of its description, do not count. */
export async function secretChangedAt(arn) {
  const client = new SecretsManagerClient({ region: regionOf(arn) });
  const { Versions } = await client.send(new ListSecretVersionIdsCommand({ SecretId: arn }));
  const current = Versions.find(({ VersionStages }) => VersionStages?.includes("AWSCURRENT"));
  // A rotation makes its version first, and makes it the current one later.
  const { LastRotatedDate } = await client.send(new DescribeSecretCommand({ SecretId: arn }));
  return latest([current?.CreatedDate, LastRotatedDate]);
}

export async function parameterChangedAt(arn) {
  const [, path] = arn.split(":parameter/");
  const client = new SSMClient({ region: regionOf(arn) });
  // Names with folders begin with a slash; of others the ARN does not tell.
  const Values = path.includes("/") ? [`/${path}`] : [path, `/${path}`];
  const { Parameters } = await client.send(
    new DescribeParametersCommand({
      ParameterFilters: [{ Key: "Name", Option: "Equals", Values }],
    }),
  );
  return latest(Parameters.map(({ LastModifiedDate }) => LastModifiedDate));
}

function latest(times) {
  const known = times.filter((time) => time !== undefined && time !== null);
  return known.length === 0 ? undefined : new Date(Math.max(...known));
}

/** arn:aws:ecs:REGION:ACCOUNT:service/CLUSTER/SERVICE */
function clusterOf(serviceArn) {
  return serviceArn.split("/")[1];
}

function regionOf(arn) {
  return arn.split(":")[3];
}
