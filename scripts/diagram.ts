import { planSubnets } from "../components/network/subnet-plan";
import type { PlatformConfig } from "../stacks/config";

/** A box of the picture, with everything that lies in it. */
interface Box {
  readonly id: string;
  readonly title: string;
  readonly nodes: readonly Node[];
}

interface Node {
  readonly id: string;
  /** Lines of text. */
  readonly lines: readonly string[];
  /** How Mermaid draws it: a box, a cylinder for data, a stadium for what is outside. */
  readonly shape?: "cylinder" | "stadium";
}

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  /** What is read or written beside the requests. */
  readonly dotted?: boolean;
}

/** What a stack file builds, as a Mermaid flowchart that GitHub and GitLab draw. */
export function diagram(config: PlatformConfig): string {
  const boxes = [publicBox(config), appBox(config), dataBox(config)].filter(
    ({ nodes }) => nodes.length > 0,
  );
  const { outside, arrows } = surroundings(config);
  return [
    "flowchart TB",
    ...outside.filter(({ shape }) => shape === "stadium").map((node) => `  ${drawn(node)}`),
    `  subgraph region["${config.aws.region}"]`,
    `    subgraph vpc["VPC ${config.network.existing === undefined ? config.network.cidr : "that was there"}"]`,
    ...boxes.flatMap(({ id, title, nodes }) => [
      `      subgraph ${id}["${title}"]`,
      ...nodes.map((node) => `        ${drawn(node)}`),
      "      end",
    ]),
    "    end",
    ...outside.filter(({ shape }) => shape !== "stadium").map((node) => `    ${drawn(node)}`),
    "  end",
    ...[...inside(config), ...arrows].map(arrow),
  ].join("\n");
}

function publicBox(config: PlatformConfig): Box {
  const { nat } = config.network;
  const single = nat === "single" || nat === "instance";
  const natOf = (position: number) => {
    if (nat === "per-az" || (single && position === 0)) {
      return nat === "instance" ? ["NAT instance"] : ["NAT gateway"];
    }
    return [];
  };
  return {
    id: "public",
    title: "public subnets",
    nodes: [
      { id: "igw", lines: ["internet gateway"] },
      { id: "alb", lines: ["Application Load Balancer"] },
      ...zones(config, "public").map(({ id, lines }, position) => ({
        id,
        lines: [...lines, ...natOf(position)],
      })),
      ...(nat === "regional" ? [{ id: "nat", lines: ["regional NAT gateway"] }] : []),
    ],
  };
}

function appBox(config: PlatformConfig): Box {
  const { ec2 } = config.cluster;
  return {
    id: "app",
    title: "app subnets",
    nodes: [
      ...zones(config, "app"),
      ...(ec2 === undefined
        ? []
        : [
            {
              id: "hosts",
              lines: [`${ec2.minSize} to ${ec2.maxSize} EC2 hosts`, ec2.instanceTypes.join(", ")],
            },
          ]),
      ...Object.entries(config.services).map(([name, { port, scaling, desiredCount }]) => ({
        id: nodeId("service", name),
        lines: [name, `port ${port}`, tasks(scaling, desiredCount)],
      })),
      ...Object.entries(config.tasks).map(([name, { schedule }]) => ({
        id: nodeId("task", name),
        lines: [name, schedule === undefined ? "started by hand" : "scheduled task"],
      })),
      ...(config.grafana === undefined ? [] : [{ id: "grafana", lines: ["Grafana"] }]),
      ...(config.bastion === undefined ? [] : [{ id: "bastion", lines: ["bastion"] }]),
    ],
  };
}

function dataBox(config: PlatformConfig): Box {
  return {
    id: "data",
    title: "data subnets, no route out",
    nodes: [
      ...zones(config, "data"),
      ...Object.entries(config.databases).map(([name, { engine, engineVersion }]) => ({
        id: nodeId("database", name),
        lines: [name, `${engine} ${engineVersion}`],
        shape: "cylinder" as const,
      })),
      ...Object.keys(config.caches).map((name) => ({
        id: nodeId("cache", name),
        lines: [name, "Valkey"],
        shape: "cylinder" as const,
      })),
    ],
  };
}

/** A node for each zone's subnet, with its block. */
function zones(config: PlatformConfig, tier: "public" | "app" | "data"): Node[] {
  const { availabilityZones = [], cidr, subnets } = config.network;
  if (config.network.existing !== undefined) return [];
  return planSubnets(cidr, [...availabilityZones].sort(), subnets)[tier].map((subnet) => ({
    id: `${tier}_${subnet.letter}`,
    lines: [subnet.availabilityZone, subnet.cidr],
  }));
}

/** Requests, queries and the way out. */
function inside(config: PlatformConfig): Arrow[] {
  const services = Object.entries(config.services);
  return [
    ...services.flatMap(([name, { route, port }]) =>
      route === undefined
        ? []
        : [
            {
              from: "alb",
              to: nodeId("service", name),
              label: `${route.paths.join(" ")} : ${port}`,
            },
          ],
    ),
    ...services.flatMap(([name, { databases, caches }]) => [
      ...databases.map((key) => ({
        from: nodeId("service", name),
        to: nodeId("database", key),
      })),
      ...caches.map((key) => ({ from: nodeId("service", name), to: nodeId("cache", key) })),
    ]),
    ...(config.bastion === undefined
      ? []
      : Object.keys(config.databases).map((key) => ({
          from: "bastion",
          to: nodeId("database", key),
          label: "tunnel",
          dotted: true,
        }))),
    { from: "igw", to: "alb" },
    ...wayOut(config),
  ];
}

/** From the app subnets through their NAT: each zone through its own, or all through the one there is. */
function wayOut({ network }: PlatformConfig): Arrow[] {
  const letters = [...(network.availabilityZones ?? [])].sort().map((zone) => zone.slice(-1));
  const [first = ""] = letters;
  switch (network.nat) {
    case undefined:
    case "none":
      return [];
    case "per-az":
      return letters.flatMap((letter) => [
        { from: `app_${letter}`, to: `public_${letter}`, label: "443" },
        { from: `public_${letter}`, to: "internet" },
      ]);
    default: {
      const through = network.nat === "regional" ? "nat" : `public_${first}`;
      return [
        { from: "app", to: through, label: "443" },
        { from: through, to: "internet" },
      ];
    }
  }
}

/** What stands around the network, as far as the stack file asks for it. */
function surroundings(config: PlatformConfig): { outside: Node[]; arrows: Arrow[] } {
  const parts = [
    entrance(config),
    ...Object.entries(config.domains).map(([name, domain]) => ({
      outside: [
        {
          id: nodeId("domain", name),
          lines: [domain.provider === "route53" ? "Route 53" : "Cloudflare", ...domain.names],
        },
        { id: nodeId("certificate", name), lines: ["ACM certificate"] },
      ],
      arrows: [
        { from: "clients", to: nodeId("domain", name), label: "asks", dotted: true },
        { from: nodeId("certificate", name), to: "alb", dotted: true },
      ],
    })),
    ...stores("bucket", "S3", config.buckets),
    ...stores("table", "DynamoDB", config.tables),
    ...Object.entries(config.services).map(([name, { buckets, tables }]) => ({
      outside: [],
      arrows: [
        ...Object.keys(buckets).map((key) => ({
          from: nodeId("service", name),
          to: nodeId("bucket", key),
        })),
        ...Object.keys(tables).map((key) => ({
          from: nodeId("service", name),
          to: nodeId("table", key),
        })),
      ],
    })),
    aside("ecr", "ECR", builds(config), "images"),
    ...Object.entries(config.pipelines).map(([name, pipeline]) => pipelinePart(name, pipeline)),
    aside("secrets", "Secrets Manager", hasSecrets(config), "secrets at start"),
    clusterPart(config),
    aside("scaling", "Application Auto Scaling", scales(config), "number of tasks"),
    {
      outside: [{ id: "cloudwatch", lines: ["CloudWatch", "logs, metrics, alarms, dashboard"] }],
      arrows: [{ from: "app", to: "cloudwatch", dotted: true }],
    },
  ];
  return {
    outside: [
      { id: "clients", lines: ["Clients"], shape: "stadium" },
      { id: "internet", lines: ["Internet"], shape: "stadium" },
      ...parts.flatMap(({ outside }) => outside),
    ],
    arrows: parts.flatMap(({ arrows }) => arrows),
  };
}

interface Part {
  readonly outside: readonly Node[];
  readonly arrows: readonly Arrow[];
}

/** The way in: straight to the load balancer, or by CloudFront. */
function entrance({ cdn, loadBalancer, domains }: PlatformConfig): Part {
  const secure = loadBalancer.certificateArn !== undefined || Object.keys(domains).length > 0;
  const ports = secure ? "80, 443" : "80";
  if (cdn === undefined) {
    return { outside: [], arrows: [{ from: "clients", to: "igw", label: ports }] };
  }
  return {
    outside: [{ id: "cdn", lines: ["CloudFront"] }],
    arrows: [
      { from: "clients", to: "cdn", label: ports },
      { from: "cdn", to: "igw", label: "443" },
    ],
  };
}

function stores(kind: string, title: string, map: Readonly<Record<string, unknown>>): Part[] {
  return Object.keys(map).map((name) => ({
    outside: [{ id: nodeId(kind, name), lines: [name, title], shape: "cylinder" }],
    arrows: [],
  }));
}

/** From the code to the services, past the repository of their image. */
function pipelinePart(
  name: string,
  { source, services }: PlatformConfig["pipelines"][string],
): Part {
  const [code, pipeline, build] = [
    nodeId("code", name),
    nodeId("pipeline", name),
    nodeId("build", name),
  ];
  return {
    outside: [
      { id: code, lines: ["Code", source.repository, source.branch], shape: "stadium" },
      { id: pipeline, lines: ["CodePipeline", name] },
      { id: build, lines: ["CodeBuild"] },
    ],
    arrows: [
      { from: code, to: pipeline, label: "push" },
      { from: pipeline, to: build },
      { from: build, to: "ecr", label: "image of the commit" },
      ...services.map((service) => ({
        from: pipeline,
        to: nodeId("service", service),
        label: "rollout",
      })),
    ],
  };
}

/** Something that all tasks read from. */
function aside(id: string, title: string, isThere: boolean, label: string): Part {
  return isThere
    ? { outside: [{ id, lines: [title] }], arrows: [{ from: id, to: "app", label, dotted: true }] }
    : { outside: [], arrows: [] };
}

function clusterPart({ cluster: { fargate, ec2 } }: PlatformConfig): Part {
  const capacity = [...(fargate ? ["Fargate"] : []), ...(ec2 === undefined ? [] : ["EC2"])];
  return {
    outside: [{ id: "cluster", lines: ["ECS cluster", capacity.join(", ")] }],
    arrows: [{ from: "cluster", to: "app", label: "tasks", dotted: true }],
  };
}

function scales({ services }: PlatformConfig): boolean {
  return Object.values(services).some(({ scaling }) => scaling !== undefined);
}

function builds({ services }: PlatformConfig): boolean {
  return Object.values(services).some(
    ({ build, repository, image }) =>
      build !== undefined ||
      repository !== undefined ||
      (typeof image === "string" && image.includes(".dkr.ecr.")),
  );
}

function hasSecrets({ services, vaults, databases }: PlatformConfig): boolean {
  return (
    vaults !== undefined ||
    Object.keys(databases).length > 0 ||
    Object.values(services).some(({ secrets }) => Object.keys(secrets).length > 0)
  );
}

function tasks(
  scaling: { readonly min: number; readonly max: number } | undefined,
  desiredCount: number | undefined,
): string {
  if (scaling !== undefined) return `${scaling.min} to ${scaling.max} tasks`;
  return `${desiredCount ?? 2} tasks`;
}

function nodeId(kind: string, name: string): string {
  return `${kind}_${name.replace(/-/g, "_")}`;
}

function drawn({ id, lines, shape }: Node): string {
  const text = `"${lines.join("<br/>")}"`;
  if (shape === "cylinder") return `${id}[(${text})]`;
  return shape === "stadium" ? `${id}([${text}])` : `${id}[${text}]`;
}

function arrow({ from, to, label, dotted }: Arrow): string {
  const line = dotted === true ? "-.->" : "-->";
  return `  ${from} ${line}${label === undefined ? "" : `|"${label}"|`} ${to}`;
}
