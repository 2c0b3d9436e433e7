import * as assert from "node:assert/strict";
import type { Run } from "../support/run";
import { containerOf, routing, serviceKeys, sourcesOf, userDataOf } from "./reading";
import { exampleFile, runExample } from "./support";

/** The parts of the two applications, with the port that each listens on. */
const PORTS = {
  "java-frontend": 8082,
  "java-backend": 8080,
  "dotnet-frontend": 8083,
  "dotnet-backend": 8081,
};
const PARTS = Object.entries(PORTS);
const IMAGE =
  /^123456789012\.dkr\.ecr\.eu-central-1\.amazonaws\.com\/(.*)-repository-1a2b3c4@sha256:/;

const imageFile = (part: string, file: string) =>
  exampleFile("java-and-dotnet", `images/${part}/${file}`);

/** Instructions of the stage that becomes the image. */
function lastStage(part: string): string {
  return (
    imageFile(part, "Dockerfile")
      .split(/^(?=FROM )/m)
      .at(-1) ?? ""
  );
}

describe("seed 000, the applications", () => {
  let run: Run;
  before(async () => {
    run = await runExample("java-and-dotnet");
  });

  /** That a part has a service, a container, a target group and a rule that are nobody else's. */
  function assertStandsAlone(part: keyof typeof PORTS, path: string): void {
    const service = run.one("aws:ecs/service:Service", `${part}-service`);
    const task = run.one("aws:ecs/taskDefinition:TaskDefinition", `${part}-task`);
    assert.equal(service.input("taskDefinition"), task.outputs["arn"]);
    assert.deepEqual(containerOf(run, part).portMappings, [
      { containerPort: PORTS[part], hostPort: PORTS[part], protocol: "tcp" },
    ]);
    assert.equal(IMAGE.exec(containerOf(run, part).image)?.[1], part);
    assert.equal(
      containerOf(run, part).logConfiguration?.options["awslogs-group"],
      run.one("aws:cloudwatch/logGroup:LogGroup", `${part}-logs`).outputs["name"],
    );
    const group = run.one("aws:lb/targetGroup:TargetGroup", `${part}-tg`);
    assert.deepEqual(service.input("loadBalancers"), [
      { containerName: part, containerPort: PORTS[part], targetGroupArn: group.outputs["arn"] },
    ]);
    const rules = routing(run).filter(({ to }) => to === group.name);
    assert.equal(rules.length, 1);
    assert.ok(rules[0]?.paths.includes(path));
  }

  it("S000-02: one ECS cluster runs all applications", () => {
    const { outputs } = run.one("aws:ecs/cluster:Cluster");
    assert.deepEqual(serviceKeys(run), [
      "dotnet-backend",
      "dotnet-frontend",
      "grafana",
      "java-backend",
      "java-frontend",
    ]);
    for (const service of run.all("aws:ecs/service:Service")) {
      assert.equal(service.input("cluster"), outputs["arn"]);
    }
  });

  it("S000-03, S000-34: the four applications start from images in a repository of ECR each", () => {
    assert.deepEqual(
      run.all("aws:ecr/repository:Repository").map(({ name }) => name),
      PARTS.map(([part]) => `${part}-repository`).sort(),
    );
    for (const [part] of PARTS) {
      assert.match(containerOf(run, part).image, IMAGE);
      assert.equal(
        run.one("awsx:ecr:Image", `${part}-image`).input("repositoryUrl"),
        run.one("aws:ecr/repository:Repository", `${part}-repository`).outputs["repositoryUrl"],
      );
    }
  });

  it("S000-06, S000-26, S000-50: the back end in Java", () => {
    assertStandsAlone("java-backend", "/java/api/*");
    assert.match(imageFile("java-backend", "Dockerfile"), /^RUN javac .*Server\.java$/m);
    assert.match(lastStage("java-backend"), /^FROM \S+\/eclipse-temurin:21-jre\n/);
    assert.match(lastStage("java-backend"), /^ENTRYPOINT \["java", .*"Server"\]$/m);
  });

  it("S000-07, S000-30, S000-52: the back end in .NET", () => {
    assertStandsAlone("dotnet-backend", "/dotnet/api/*");
    assert.match(imageFile("dotnet-backend", "Dockerfile"), /^RUN dotnet publish /m);
    assert.match(lastStage("dotnet-backend"), /^FROM mcr\.microsoft\.com\/dotnet\/aspnet:10\.0\n/);
    assert.match(lastStage("dotnet-backend"), /^ENTRYPOINT \["dotnet", "\/app\/Backend\.dll"\]$/m);
  });

  it("S000-08, S000-25, S000-49: the front end of the Java application", () => {
    assertStandsAlone("java-frontend", "/java/*");
    assert.match(imageFile("java-frontend", "page/index.html"), /<script type="module"/);
  });

  it("S000-09, S000-29, S000-51: the front end of the .NET application", () => {
    assertStandsAlone("dotnet-frontend", "/dotnet/*");
    assert.match(imageFile("dotnet-frontend", "page/index.html"), /<script type="module"/);
  });

  it("S000-27, S000-31: nginx serves both front ends, on the port that their task opens", () => {
    for (const part of ["java-frontend", "dotnet-frontend"] as const) {
      assert.match(lastStage(part), /^FROM public\.ecr\.aws\/nginx\/nginx-unprivileged:/);
      assert.match(lastStage(part), /^COPY nginx\.conf \/etc\/nginx\/conf\.d\/default\.conf$/m);
      const listens = /^ {2}listen (\d+);$/m.exec(imageFile(part, "nginx.conf"))?.[1];
      assert.equal(Number(listens), containerOf(run, part).portMappings?.[0]?.containerPort);
      assert.equal(Number(listens), PORTS[part]);
    }
  });

  it("S000-28: what a first stage builds is copied to where nginx looks", () => {
    for (const application of ["java", "dotnet"]) {
      const part = `${application}-frontend`;
      const root = /^ {2}root (\S+);$/m.exec(imageFile(part, "nginx.conf"))?.[1];
      assert.equal(root, "/usr/share/nginx/html");
      assert.match(imageFile(part, "Dockerfile"), /^FROM \S+ AS build$/m);
      assert.match(imageFile(part, "Dockerfile"), /^RUN node build\.mjs$/m);
      assert.ok(
        lastStage(part).includes(`COPY --from=build /build/dist ${root}/${application}\n`),
        lastStage(part),
      );
      assert.match(imageFile(part, "nginx.conf"), new RegExp(`location /${application}/ {`));
    }
  });

  it("S000-23: ECS agents on hosts in the app subnets, on the AL2023 image for ECS", () => {
    const hosts = run.one("aws:autoscaling/group:Group");
    assert.deepEqual(hosts.input("vpcZoneIdentifiers"), ["network-app-a-id", "network-app-b-id"]);
    const cluster = run.one("aws:ecs/cluster:Cluster").outputs["name"] as string;
    assert.match(
      userDataOf(run, "platform-hosts-template"),
      new RegExp(`ECS_CLUSTER=${cluster}\n`),
    );
    assert.equal(
      run.one("aws:ec2/launchTemplate:LaunchTemplate", "platform-hosts-template").input("imageId"),
      "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
    );
  });

  it("S000-24: the agents there, and no others, create the containers of every service", () => {
    const provider = run.one("aws:ecs/capacityProvider:CapacityProvider").outputs["name"];
    const association = run.one("aws:ecs/clusterCapacityProviders:ClusterCapacityProviders");
    assert.deepEqual(association.input("capacityProviders"), [provider]);
    for (const service of run.all("aws:ecs/service:Service")) {
      assert.deepEqual(service.input("capacityProviderStrategies"), [
        { capacityProvider: provider, base: 0, weight: 1 },
      ]);
      assert.ok(service.dependencies.includes(association.urn), service.name);
    }
    for (const task of run.all("aws:ecs/taskDefinition:TaskDefinition")) {
      assert.deepEqual(task.input("requiresCompatibilities"), ["EC2"]);
    }
  });

  it("S000-45: without a domain, the load balancer answers under its own name", () => {
    const host = run.one("aws:lb/loadBalancer:LoadBalancer").outputs["dnsName"] as string;
    const listener = run.one("aws:lb/listener:Listener");
    assert.equal(listener.input("port"), 80);
    assert.equal(listener.input("protocol"), "HTTP");
    assert.equal(run.outputs["albUrl"], `http://${host}`);
    for (const { hosts } of routing(run)) assert.deepEqual(hosts, [host]);
  });

  it("S000-47: every path leads to the part that has it, and any other is answered with 404", () => {
    assert.deepEqual(
      routing(run).map(({ paths, to }) => [paths, to]),
      [
        [["/java/api/*"], "java-backend-tg"],
        [["/java", "/java/*"], "java-frontend-tg"],
        [["/dotnet/api/*"], "dotnet-backend-tg"],
        [["/dotnet", "/dotnet/*"], "dotnet-frontend-tg"],
      ],
    );
    const [answer] = run.one("aws:lb/listener:Listener").input("defaultActions") as unknown as {
      type: string;
      fixedResponse: { statusCode: string };
    }[];
    assert.equal(answer?.type, "fixed-response");
    assert.equal(answer.fixedResponse.statusCode, "404");
  });

  it("S000-48: four target groups, none of them shared", () => {
    const groups = run.all("aws:lb/targetGroup:TargetGroup");
    assert.deepEqual(
      groups.map(({ name }) => name),
      PARTS.map(([part]) => `${part}-tg`).sort(),
    );
    const used = run
      .all("aws:ecs/service:Service")
      .flatMap((service) => sourcesOf(run, service, "loadBalancers"))
      .filter((name) => name.endsWith("-tg"));
    assert.deepEqual(used.sort(), groups.map(({ name }) => name).sort());
  });

  it("S000-53: answers come back the way the request went: forwarded, and filtered by groups alone", () => {
    for (const rule of run.all("aws:lb/listenerRule:ListenerRule")) {
      assert.equal(rule.input("actions.0.type"), "forward");
    }
    assert.deepEqual(
      run.names().filter((name) => /networkAcl/i.test(name)),
      [],
    );
  });
});
