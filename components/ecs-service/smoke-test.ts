import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createLambdaFunction } from "../support/lambda-function";
import { openPassage } from "../support/passage";
import type { RouteLoadBalancer } from "./route";
import type { CheckedServiceSettings } from "./settings";
import type { SmokeTest } from "./smoke-test-settings";

/** Where a smoke test calls from, and whom. */
export interface SmokeTestSurroundings {
  /** Where it runs when the load balancer is an internal one. */
  readonly network: {
    readonly vpcId: pulumi.Input<string>;
    readonly appSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  };
  readonly loadBalancer: RouteLoadBalancer;
  /** Host that it asks for where the gate names none. */
  readonly host: pulumi.Input<string>;
  /** What tells test requests from others. */
  readonly testHeader: { readonly name: string; readonly value: pulumi.Input<string> };
  readonly logRetentionDays: CheckedServiceSettings["logRetentionDays"];
}

/** A function that calls the new tasks through the load balancer and tells ECS whether they answer as they should. */
export function createSmokeTest(
  name: string,
  gate: SmokeTest,
  surroundings: SmokeTestSurroundings,
  child: pulumi.CustomResourceOptions,
): aws.lambda.Function {
  const { loadBalancer, testHeader } = surroundings;
  const isSecure = loadBalancer.protocol !== "http";
  const port = isSecure ? 443 : 80;
  const slowest = Math.max(...Object.values(gate.requests).map((one) => one.timeoutSeconds));
  return createLambdaFunction(
    name,
    {
      description: "Tells ECS whether new tasks answer as they should",
      code: new pulumi.asset.FileArchive(join(__dirname, "functions", "smoke-test")),
      // All requests are sent at once; the rest is for its own start.
      timeoutSeconds: slowest + 10,
      environment: {
        REQUESTS: JSON.stringify(gate.requests),
        ATTEMPTS: String(gate.attempts),
        INTERVAL_SECONDS: String(gate.intervalSeconds),
        ENDPOINT: loadBalancer.dnsName,
        PROTOCOL: isSecure ? "https" : "http",
        PORT: String(port),
        HOST: gate.host ?? surroundings.host,
        TEST_HEADER: testHeader.name,
        TEST_VALUE: testHeader.value,
        ...(gate.unverifiedCertificateBecause !== undefined && { ANY_CERTIFICATE: "true" }),
      },
      logRetentionDays: surroundings.logRetentionDays,
      ...(loadBalancer.scheme === "internal" && standInside(name, port, surroundings, child)),
    },
    child,
  ).lambda;
}

/** The internet reaches no internal load balancer: the function stands in the app subnets, with a way to it alone. */
function standInside(
  name: string,
  port: number,
  { network, loadBalancer }: SmokeTestSurroundings,
  child: pulumi.CustomResourceOptions,
) {
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-security-group`,
    { vpcId: network.vpcId, description: `Smoke test ${name}`, tags: { Name: name } },
    child,
  );
  const passage = openPassage(
    `${name}-to-load-balancer`,
    {
      from: securityGroup.id,
      to: loadBalancer.securityGroupId,
      port,
      description: `Requests of ${name}`,
    },
    child,
  );
  return {
    // The first call comes with the service.
    dependsOn: passage,
    vpcConfig: { subnetIds: network.appSubnetIds, securityGroupIds: [securityGroup.id] },
  };
}
