import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The Pulumi token of each Terraform type. */
export interface Tokens {
  readonly resources: Readonly<Record<string, string>>;
  readonly functions: Readonly<Record<string, string>>;
}

/** The Pulumi modules of a service, where they are not just the one of the same name. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  bcmdataexports: ["bcmdata"],
  ce: ["costexplorer"],
  cognitoidp: ["cognito"],
  configservice: ["cfg"],
  deploy: ["codedeploy"],
  ds: ["directoryservice"],
  ec2: ["ec2", "vpc", "ebs"],
  elbv2: ["lb"],
  events: ["cloudwatch"],
  logs: ["cloudwatch"],
  meta: ["index"],
  s3control: ["s3control", "s3"],
  sts: ["index"],
};

/** Types whose Terraform name does not end in their Pulumi name. */
const RESOURCES_BY_NAME: Readonly<Record<string, string>> = {
  aws_account_alternate_contact: "aws:account/alternativeContact:AlternativeContact",
  aws_cloudtrail: "aws:cloudtrail/trail:Trail",
  aws_codedeploy_app: "aws:codedeploy/application:Application",
  aws_codepipeline: "aws:codepipeline/pipeline:Pipeline",
  aws_ec2_host: "aws:ec2/dedicatedHost:DedicatedHost",
  aws_ec2_instance_connect_endpoint:
    "aws:ec2transitgateway/instanceConnectEndpoint:InstanceConnectEndpoint",
  aws_elb: "aws:elb/loadBalancer:LoadBalancer",
  aws_guardduty_ipset: "aws:guardduty/iPSet:IPSet",
  aws_guardduty_threatintelset: "aws:guardduty/threatIntelSet:ThreatIntelSet",
  aws_iam_openid_connect_provider: "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  aws_instance: "aws:ec2/instance:Instance",
  aws_launch_configuration: "aws:ec2/launchConfiguration:LaunchConfiguration",
  aws_lb: "aws:lb/loadBalancer:LoadBalancer",
  aws_lb_cookie_stickiness_policy:
    "aws:elb/loadBalancerCookieStickinessPolicy:LoadBalancerCookieStickinessPolicy",
  aws_network_interface_sg_attachment:
    "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment",
  aws_rds_instance_state: "aws:rds/instanceDesiredState:InstanceDesiredState",
  aws_route: "aws:ec2/route:Route",
  aws_route53_hosted_zone_dnssec: "aws:route53/hostedZoneDnsSec:HostedZoneDnsSec",
  aws_s3_bucket_replication_configuration: "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
  aws_s3_object: "aws:s3/bucketObjectv2:BucketObjectv2",
  aws_vpc_endpoint_service_allowed_principal:
    "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple",
};

const FUNCTIONS_BY_NAME: Readonly<Record<string, string>> = {
  aws_availability_zone: "aws:index/getAvailabilityZone:getAvailabilityZone",
  aws_availability_zones: "aws:index/getAvailabilityZones:getAvailabilityZones",
  aws_caller_identity: "aws:index/getCallerIdentity:getCallerIdentity",
  aws_ec2_host: "aws:ec2/getDedicatedHost:getDedicatedHost",
  aws_eip: "aws:ec2/getElasticIp:getElasticIp",
  aws_elb: "aws:elb/getLoadBalancer:getLoadBalancer",
  aws_iam_openid_connect_provider: "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider",
  aws_instance: "aws:ec2/getInstance:getInstance",
  aws_kms_ciphertext: "aws:kms/getCipherText:getCipherText",
  aws_launch_configuration: "aws:ec2/getLaunchConfiguration:getLaunchConfiguration",
  aws_lb: "aws:lb/getLoadBalancer:getLoadBalancer",
  aws_lbs: "aws:lb/getLbs:getLbs",
  aws_route: "aws:ec2/getRoute:getRoute",
};

/**
 * Left out: twins of a type under an older name, types of Pulumi modules that nobody here uses but
 * whose names look like those of EC2, and one with an input called "id", which the bridge refuses.
 */
const LEFT_OUT =
  /^aws_alb|verifiedaccess|transit_gateway|client_vpn|^aws_elasticache_reserved_cache_node$/;

/**
 * Names every type of a Terraform provider source as the installed @pulumi/aws does. A Terraform
 * name belongs to the longest Pulumi name that it ends with, among the modules of its service:
 * `aws_ecs_task_definition` to `aws:ecs/taskDefinition:TaskDefinition`.
 */
export async function tokensOf(
  provider: string,
  services: Iterable<string>,
  awsPackage: string,
): Promise<Tokens> {
  const installed = await installedTokens(awsPackage);
  const resources = new Map<string, string>();
  const functions = new Map<string, string>();
  for (const service of services) {
    const modules = MODULES[service] ?? [service];
    for (const { kind, name } of await declaredTypes(join(provider, "internal/service", service))) {
      if (LEFT_OUT.test(name)) continue;
      const [known, byName, found] =
        kind === "Resource"
          ? [installed.resources, RESOURCES_BY_NAME, resources]
          : [installed.functions, FUNCTIONS_BY_NAME, functions];
      const token = byName[name] ?? longestMatch(name, modules, known);
      if (token !== undefined) found.set(name, token);
    }
  }
  return {
    resources: withoutRivals(resources),
    functions: withoutRivals(functions),
  };
}

type TokensByModule = ReadonlyMap<string, readonly { suffix: string; token: string }[]>;

/** Resources are listed in the index file of their module, functions have a file each. */
async function installedTokens(awsPackage: string) {
  const resources = new Map<string, { suffix: string; token: string }[]>();
  const functions = new Map<string, { suffix: string; token: string }[]>();
  for (const path of await readdir(awsPackage, { recursive: true })) {
    const [, folder = "index", file] = /^(?:([^/]+)\/)?([^/]+)\.js$/.exec(path) ?? [];
    if (file === undefined || folder === "node_modules" || folder === "types") continue;
    const add = (list: typeof resources, member: string, token: string) => {
      const suffix = `_${member.replace(/(?!^)[A-Z]/g, "_$&").toLowerCase()}`;
      list.set(folder, [...(list.get(folder) ?? []), { suffix, token }]);
    };
    if (/^get[A-Z]/.test(file)) {
      add(functions, file.slice("get".length), `aws:${folder}/${file}:${file}`);
    } else if (file === "index") {
      const text = await readFile(join(awsPackage, path), "utf8");
      for (const found of text.matchAll(/case "(aws:[^"]+:(\w+))"/g)) {
        add(resources, found[2]!, found[1]!);
      }
    }
  }
  return { resources, functions };
}

/** Resources and data sources a service of the Terraform provider declares by annotation. */
async function declaredTypes(service: string) {
  const declared: { kind: string; name: string }[] = [];
  for (const file of (await readdir(service)).sort()) {
    if (!file.endsWith(".go")) continue;
    const text = await readFile(join(service, file), "utf8");
    for (const [, kind, name] of text.matchAll(
      /@(?:SDK|Framework)(Resource|DataSource)\("(aws_\w+)/g,
    )) {
      declared.push({ kind: kind!, name: name! });
    }
  }
  return declared;
}

function longestMatch(name: string, modules: readonly string[], known: TokensByModule) {
  return modules
    .flatMap((module) => known.get(module) ?? [])
    .filter(({ suffix }) => name.endsWith(suffix))
    .reduce<{ suffix: string; token: string } | undefined>(
      (best, next) => (best && best.suffix.length >= next.suffix.length ? best : next),
      undefined,
    )?.token;
}

/**
 * One Terraform type a token: of several that end alike, the shortest is the one that Pulumi means.
 */
function withoutRivals(found: ReadonlyMap<string, string>): Record<string, string> {
  const shortest = new Map<string, string>();
  for (const [name, token] of found) {
    const rival = shortest.get(token);
    if (rival === undefined || name.length < rival.length) shortest.set(token, name);
  }
  return Object.fromEntries([...found].filter(([name, token]) => shortest.get(token) === name));
}
