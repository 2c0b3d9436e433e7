import * as assert from "node:assert/strict";
import { LoadBalancer, type LoadBalancerArgs } from "../../components";
import { runProgram } from "../support/run-program";
import { build, inputsByName, network, refusal } from "./support";

const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b-2c3d";

const happy = (): LoadBalancerArgs => ({ network });
const secure = (): LoadBalancerArgs => ({ network, certificateArn });

const LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const LISTENER = "aws:lb/listener:Listener";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const ALB_ARN =
  "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/lb-alb-1a2b3c4/50dc6c495c0c9188";

const notFound = [
  {
    type: "fixed-response",
    fixedResponse: { contentType: "text/plain", messageBody: "Not found", statusCode: "404" },
  },
];

const ingress = (port: number, cidrIpv4 = "0.0.0.0/0") => ({
  securityGroupId: "lb-security-group-id",
  description: port === 443 ? "HTTPS from clients" : "HTTP from clients",
  cidrIpv4,
  ipProtocol: "tcp",
  fromPort: port,
  toPort: port,
});

describe("LoadBalancer", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await build(() => new LoadBalancer("lb", happy()));
    assert.equal(component.type, "ecs-platform:index:LoadBalancer");
    assert.deepEqual(children, [
      "aws:ec2/securityGroup:SecurityGroup lb-security-group",
      "aws:lb/listener:Listener lb-http",
      "aws:lb/loadBalancer:LoadBalancer lb-alb",
      "aws:s3/bucket:Bucket lb-access-logs",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration lb-access-logs-lifecycle",
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls lb-access-logs-ownership",
      "aws:s3/bucketPolicy:BucketPolicy lb-access-logs-policy",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock lb-access-logs-public-access",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration lb-access-logs-encryption",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule lb-port-80-from-0.0.0.0-0",
    ]);
  });

  it("adds one listener and one way in for HTTPS", async () => {
    const plain = await build(() => new LoadBalancer("lb", happy()));
    const { children } = await build(() => new LoadBalancer("lb", secure()));
    assert.deepEqual(
      children.filter((child) => !plain.children.includes(child)),
      [
        "aws:lb/listener:Listener lb-https",
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule lb-port-443-from-0.0.0.0-0",
      ],
    );
  });

  it("previews what it creates", async () => {
    const make = () => new LoadBalancer("lb", secure());
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("stands in the public subnets, strict about headers, safe from deletion", async () => {
    const run = await build(() => new LoadBalancer("lb", happy()));
    const loadBalancer = run.one(LOAD_BALANCER);
    assert.deepEqual(loadBalancer.inputs, {
      loadBalancerType: "application",
      subnets: ["subnet-public-a", "subnet-public-b"],
      securityGroups: ["lb-security-group-id"],
      idleTimeout: 60,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableDeletionProtection: true,
      accessLogs: { bucket: "lb-access-logs-id", enabled: true },
    });
    assert.equal(loadBalancer.protect, true);
  });

  it("can be deleted where the caller says so", async () => {
    const run = await build(
      () => new LoadBalancer("lb", { ...happy(), deletionProtection: false }),
    );
    const loadBalancer = run.one(LOAD_BALANCER);
    assert.equal(loadBalancer.input("enableDeletionProtection"), false);
    assert.equal(loadBalancer.protect, false);
  });

  it("closes silent connections as the settings say", async () => {
    const run = await build(() => new LoadBalancer("lb", { ...happy(), idleTimeoutSeconds: 120 }));
    assert.equal(run.one(LOAD_BALANCER).input("idleTimeout"), 120);
  });

  it("answers unclaimed requests with 404 over HTTP", async () => {
    const run = await build(() => new LoadBalancer("lb", happy()));
    assert.deepEqual(inputsByName(run, LISTENER), {
      "lb-http": {
        loadBalancerArn: ALB_ARN,
        port: 80,
        protocol: "HTTP",
        defaultActions: notFound,
      },
    });
  });

  it("only redirects on port 80 with a certificate, and speaks TLS 1.2 and 1.3", async () => {
    const run = await build(() => new LoadBalancer("lb", secure()));
    assert.deepEqual(inputsByName(run, LISTENER), {
      "lb-http": {
        loadBalancerArn: ALB_ARN,
        port: 80,
        protocol: "HTTP",
        defaultActions: [
          {
            type: "redirect",
            redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" },
          },
        ],
      },
      "lb-https": {
        loadBalancerArn: ALB_ARN,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        certificateArn,
        defaultActions: notFound,
      },
    });
  });

  it("lets everybody in on port 80 and nothing out", async () => {
    const run = await build(() => new LoadBalancer("lb", happy()));
    assert.deepEqual(run.one("aws:ec2/securityGroup:SecurityGroup").inputs, {
      vpcId: "vpc-1",
      description: "Public load balancer",
      tags: { Name: "lb" },
    });
    assert.deepEqual(inputsByName(run, INGRESS), { "lb-port-80-from-0.0.0.0-0": ingress(80) });
  });

  it("lets only the named blocks in, on both ports", async () => {
    const allowedCidrs = ["198.51.100.0/24", "203.0.113.7/32"];
    const run = await build(() => new LoadBalancer("lb", { ...secure(), allowedCidrs }));
    assert.deepEqual(inputsByName(run, INGRESS), {
      "lb-port-80-from-198.51.100.0-24": ingress(80, "198.51.100.0/24"),
      "lb-port-80-from-203.0.113.7-32": ingress(80, "203.0.113.7/32"),
      "lb-port-443-from-198.51.100.0-24": ingress(443, "198.51.100.0/24"),
      "lb-port-443-from-203.0.113.7-32": ingress(443, "203.0.113.7/32"),
    });
  });

  const overIpv6 = (settings: Partial<LoadBalancerArgs>): LoadBalancerArgs => ({
    network: { ...network, ipv6: true },
    ...settings,
  });
  const ingressV6 = (cidrIpv6: string) => {
    const { cidrIpv4: _, ...rule } = ingress(80);
    return { ...rule, cidrIpv6 };
  };

  it("answers over IPv6, too, where its network does", async () => {
    const run = await build(() => new LoadBalancer("lb", overIpv6({})));
    assert.equal(run.one(LOAD_BALANCER).input("ipAddressType"), "dualstack");
    assert.deepEqual(inputsByName(run, INGRESS), {
      "lb-port-80-from-0.0.0.0-0": ingress(80),
      "lb-port-80-from----0": ingressV6("::/0"),
    });
  });

  it("lets only the named IPv6 blocks in", async () => {
    const allowed = { allowedCidrs: ["203.0.113.7/32"], allowedIpv6Cidrs: ["2001:db8::/32"] };
    const run = await build(() => new LoadBalancer("lb", overIpv6(allowed)));
    assert.deepEqual(inputsByName(run, INGRESS), {
      "lb-port-80-from-203.0.113.7-32": ingress(80, "203.0.113.7/32"),
      "lb-port-80-from-2001-db8---32": ingressV6("2001:db8::/32"),
    });
  });

  it("lets nobody in over IPv6 where only IPv4 blocks are named", async () => {
    const run = await build(
      () => new LoadBalancer("lb", overIpv6({ allowedCidrs: ["203.0.113.7/32"] })),
    );
    assert.deepEqual(Object.keys(inputsByName(run, INGRESS)), ["lb-port-80-from-203.0.113.7-32"]);
  });

  it("lets nobody in but the named prefix lists", async () => {
    const allowed = { allowedPrefixListIds: ["pl-3b927c52"] };
    const run = await build(() => new LoadBalancer("lb", overIpv6(allowed)));
    const { cidrIpv4: _, ...rule } = ingress(80);
    assert.deepEqual(inputsByName(run, INGRESS), {
      "lb-port-80-from-pl-3b927c52": { ...rule, prefixListId: "pl-3b927c52" },
    });
  });

  it("lets the named blocks in beside the named prefix lists", async () => {
    const allowed = {
      allowedCidrs: ["203.0.113.7/32"],
      allowedPrefixListIds: ["pl-3b927c52"],
    };
    const run = await build(() => new LoadBalancer("lb", { ...happy(), ...allowed }));
    assert.deepEqual(Object.keys(inputsByName(run, INGRESS)), [
      "lb-port-80-from-203.0.113.7-32",
      "lb-port-80-from-pl-3b927c52",
    ]);
  });

  it("ignores IPv6 blocks where its network has no IPv6", async () => {
    const allowed = { allowedIpv6Cidrs: ["2001:db8::/32"] };
    const run = await build(() => new LoadBalancer("lb", { ...happy(), ...allowed }));
    assert.equal(run.one(LOAD_BALANCER).input("ipAddressType"), undefined);
    assert.deepEqual(Object.keys(inputsByName(run, INGRESS)), ["lb-port-80-from-0.0.0.0-0"]);
  });

  it("stands in the app subnets where it is internal", async () => {
    const run = await build(() => new LoadBalancer("lb", { ...happy(), scheme: "internal" }));
    assert.equal(run.one(LOAD_BALANCER).input("internal"), true);
    assert.deepEqual(run.one(LOAD_BALANCER).input("subnets"), ["subnet-app-a", "subnet-app-b"]);
    assert.equal(
      run.one("aws:ec2/securityGroup:SecurityGroup").input("description"),
      "Internal load balancer",
    );
  });

  for (const [title, args, listener, protocol] of [
    ["HTTP", happy(), "lb-http", "http"],
    ["HTTPS where it has a certificate", secure(), "lb-https", "https"],
  ] as const) {
    it(`offers services its listener for ${title}`, async () => {
      const run = await runProgram(() => {
        const loadBalancer = new LoadBalancer("lb", args);
        const { arn, listenerArn, dualStack } = loadBalancer;
        return { arn, listenerArn, protocol: loadBalancer.protocol, dualStack };
      });
      assert.deepEqual(run.outputs, {
        arn: ALB_ARN,
        dualStack: false,
        listenerArn: run.one(LISTENER, listener).outputs["arn"],
        protocol,
      });
    });
  }

  for (const [title, change, scheme, isOpen] of [
    ["internet-facing and open", {}, "internet-facing", true],
    ["internal", { scheme: "internal" }, "internal", true],
    ["closed but for some", { allowedCidrs: ["203.0.113.0/24"] }, "internet-facing", false],
    [
      "closed but for some lists",
      { allowedPrefixListIds: ["pl-3b927c52"] },
      "internet-facing",
      false,
    ],
    [
      "open to everybody by name",
      { allowedCidrs: ["203.0.113.0/24", "0.0.0.0/0"], allowedPrefixListIds: ["pl-3b927c52"] },
      "internet-facing",
      true,
    ],
  ] as const) {
    it(`says that it is ${title}`, async () => {
      const run = await runProgram(() => {
        const loadBalancer = new LoadBalancer("lb", { ...happy(), ...change } as LoadBalancerArgs);
        return { scheme: loadBalancer.scheme, isOpen: loadBalancer.isOpen };
      });
      assert.deepEqual(run.outputs, { scheme, isOpen });
    });
  }

  it("registers what others need", async () => {
    const { component } = await build(() => new LoadBalancer("lb", secure()));
    assert.deepEqual(component.outputs, {
      listenerArn:
        "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/lb-https/50dc6c495c0c9188/1a2b3c4",
      securityGroupId: "lb-security-group-id",
      dnsName: "lb-alb-1a2b3c4-1234567890.us-east-1.elb.amazonaws.com",
      zoneId: "Z35SXDOTRQ7X7K",
      arnSuffix: "app/lb-alb-1a2b3c4/50dc6c495c0c9188",
    });
  });

  it("lists every problem and registers nothing", async () => {
    const wrong = { ...happy(), allowedCidrs: [], accesLogs: {} } as LoadBalancerArgs;
    const error = await refusal(() => new LoadBalancer("lb", wrong));
    assert.match(error.message, /^LoadBalancer "lb": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["allowedCidrs", "accesLogs"],
    );
  });
});
