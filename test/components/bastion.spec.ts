import * as assert from "node:assert/strict";
import { Bastion, type BastionArgs } from "../../components";
import { bastionSettings } from "../../components/bastion/settings";
import {
  build,
  database,
  dependsOn,
  inputsByName,
  itBounds,
  itRefuses,
  itTakes,
  network,
  refusal,
} from "./support";

const happy = (): BastionArgs => ({ network });

const INSTANCE = "aws:ec2/instance:Instance";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const httpsOut = {
  securityGroupId: "bastion-security-group-id",
  description: "HTTPS to Systems Manager",
  cidrIpv4: "0.0.0.0/0",
  ipProtocol: "tcp",
  fromPort: 443,
  toPort: 443,
};

describe("Bastion", () => {
  it("creates this and nothing else: no key, no rule that lets anybody in", async () => {
    const { component, children } = await build(() => new Bastion("bastion", happy()));
    assert.equal(component.type, "ecs-platform:index:Bastion");
    assert.deepEqual(children, [
      "aws:ec2/instance:Instance bastion-instance",
      "aws:ec2/launchTemplate:LaunchTemplate bastion-template",
      "aws:ec2/securityGroup:SecurityGroup bastion-security-group",
      "aws:iam/instanceProfile:InstanceProfile bastion-profile",
      "aws:iam/policy:Policy bastion-session-policy",
      "aws:iam/role:Role bastion-role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment bastion-session-manager",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule bastion-https-out",
    ]);
  });

  it("previews what it creates", async () => {
    const make = () => new Bastion("bastion", { ...happy(), connections: { orders: database } });
    const [preview, deployment] = [await build(make, { preview: true }), await build(make)];
    assert.deepEqual(preview.children, deployment.children);
  });

  it("is a small instance with IMDSv2 and an encrypted disk, and without a key", async () => {
    const run = await build(() => new Bastion("bastion", happy()));
    assert.deepEqual(run.one(TEMPLATE).inputs, {
      imageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
      instanceType: "t4g.nano",
      iamInstanceProfile: {
        arn: "arn:aws:iam::123456789012:instance-profile/bastion-profile-1a2b3c4",
      },
      vpcSecurityGroupIds: ["bastion-security-group-id"],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
      },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: 8,
            encrypted: "true",
            deleteOnTermination: "true",
          },
        },
      ],
      updateDefaultVersion: true,
    });
  });

  it("stands in an app subnet, is watched every minute, and takes all else from its template", async () => {
    const run = await build(() => new Bastion("bastion", happy()));
    assert.deepEqual(run.one(INSTANCE).inputs, {
      launchTemplate: { id: "bastion-template-id", version: "1" },
      subnetId: "subnet-app-a",
      monitoring: true,
      tags: { Name: "bastion" },
    });
  });

  it("has the size and disk of the settings", async () => {
    const settings = { instanceType: "t4g.small", volumeGiB: 20 };
    const run = await build(() => new Bastion("bastion", { ...happy(), ...settings }));
    const template = run.one(TEMPLATE);
    assert.equal(template.input("instanceType"), "t4g.small");
    assert.equal(template.input("blockDeviceMappings.0.ebs.volumeSize"), 20);
  });

  for (const [instanceType, processor] of [
    ["t4g.nano", "arm64"],
    ["m7gd.medium", "arm64"],
    ["im4gn.large", "arm64"],
    ["a1.medium", "arm64"],
    ["t3.nano", "x86_64"],
    ["g4dn.xlarge", "x86_64"],
    ["m7i.large", "x86_64"],
  ] as const) {
    const image = `al2023-ami-kernel-default-${processor}`;
    it(`starts ${instanceType} from the image for ${processor}`, async () => {
      const run = await build(() => new Bastion("bastion", { ...happy(), instanceType }));
      assert.equal(
        run.one(TEMPLATE).input("imageId"),
        `resolve:ssm:/aws/service/ami-amazon-linux-latest/${image}`,
      );
    });
  }

  it("starts when it may register, and is gone before its successor comes", async () => {
    const run = await build(() => new Bastion("bastion", happy()));
    const instance = run.one(INSTANCE);
    assert.deepEqual(dependsOn(run, instance), [
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment bastion-session-manager",
    ]);
    assert.equal(instance.deleteBeforeReplace, true);
  });

  it("may be managed by Systems Manager, and nothing else", async () => {
    const run = await build(() => new Bastion("bastion", happy()));
    assert.deepEqual(run.one("aws:iam/role:Role").jsonInput("assumeRolePolicy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "ec2.amazonaws.com" },
          Action: ["sts:AssumeRole"],
        },
      ],
    });
    assert.deepEqual(run.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment").inputs, {
      role: "bastion-role-1a2b3c4",
      policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    });
    assert.deepEqual(run.one("aws:iam/instanceProfile:InstanceProfile").inputs, {
      role: "bastion-role-1a2b3c4",
    });
  });

  it("lets nobody in, and only HTTPS out", async () => {
    const run = await build(() => new Bastion("bastion", happy()));
    assert.deepEqual(run.one("aws:ec2/securityGroup:SecurityGroup").inputs, {
      vpcId: "vpc-1",
      description: "Bastion, reached by Session Manager",
      tags: { Name: "bastion" },
    });
    assert.deepEqual(inputsByName(run, INGRESS), {});
    assert.deepEqual(inputsByName(run, EGRESS), { "bastion-https-out": httpsOut });
  });

  it("opens a passage to each database, on its port alone", async () => {
    const args = { ...happy(), connections: { orders: database } };
    const run = await build(() => new Bastion("bastion", args));
    const through = {
      description: "Tunnels to orders",
      ipProtocol: "tcp",
      fromPort: 5433,
      toPort: 5433,
    };
    assert.deepEqual(inputsByName(run, EGRESS), {
      "bastion-https-out": httpsOut,
      "bastion-to-orders-out": {
        securityGroupId: "bastion-security-group-id",
        referencedSecurityGroupId: "sg-database",
        ...through,
      },
    });
    assert.deepEqual(inputsByName(run, INGRESS), {
      "bastion-to-orders-in": {
        securityGroupId: "sg-database",
        referencedSecurityGroupId: "bastion-security-group-id",
        ...through,
      },
    });
  });

  it("opens a passage to the container hosts, for SSH alone", async () => {
    const args = { ...happy(), hostSecurityGroupId: "sg-hosts" };
    const run = await build(() => new Bastion("bastion", args));
    const through = {
      description: "SSH to container hosts",
      ipProtocol: "tcp",
      fromPort: 22,
      toPort: 22,
    };
    assert.deepEqual(inputsByName(run, EGRESS), {
      "bastion-https-out": httpsOut,
      "bastion-ssh-to-hosts-out": {
        securityGroupId: "bastion-security-group-id",
        referencedSecurityGroupId: "sg-hosts",
        ...through,
      },
    });
    assert.deepEqual(inputsByName(run, INGRESS), {
      "bastion-ssh-to-hosts-in": {
        securityGroupId: "sg-hosts",
        referencedSecurityGroupId: "bastion-security-group-id",
        ...through,
      },
    });
  });

  it("has a policy for those who may open sessions on it alone, and end their own", async () => {
    const run = await build(() => new Bastion("bastion", happy()));
    const ssm = "arn:aws:ssm:us-east-1";
    assert.deepEqual(run.one("aws:iam/policy:Policy").jsonInput("policy"), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["ssm:StartSession"],
          Resource: [run.one(INSTANCE).outputs["arn"]],
          Condition: { BoolIfExists: { "ssm:SessionDocumentAccessCheck": "true" } },
        },
        {
          Effect: "Allow",
          Action: ["ssm:StartSession"],
          Resource: [
            `${ssm}:123456789012:document/SSM-SessionManagerRunShell`,
            `${ssm}::document/AWS-StartSSHSession`,
            `${ssm}::document/AWS-StartPortForwardingSession`,
            `${ssm}::document/AWS-StartPortForwardingSessionToRemoteHost`,
          ],
        },
        {
          Effect: "Allow",
          Action: ["ssm:TerminateSession", "ssm:ResumeSession", "ssmmessages:OpenDataChannel"],
          Resource: [`${ssm}:123456789012:session/\${aws:userid}-*`],
        },
      ],
    });
  });

  it("registers what others need", async () => {
    const { component } = await build(() => new Bastion("bastion", happy()));
    assert.deepEqual(component.outputs, {
      instanceId: "bastion-instance-id",
      securityGroupId: "bastion-security-group-id",
      sessionPolicyArn: "arn:aws:iam::123456789012:policy/bastion-session-policy-1a2b3c4",
    });
  });

  it("lists every problem and registers nothing", async () => {
    const wrong = { ...happy(), volumeGiB: 1, keyName: "mine" } as BastionArgs;
    const error = await refusal(() => new Bastion("bastion", wrong));
    assert.match(error.message, /^Bastion "bastion": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["volumeGiB", "keyName"],
    );
  });
});

describe("Bastion settings", () => {
  const notAType = (instanceType: string) => ({
    change: { instanceType },
    problem: {
      key: "instanceType",
      value: instanceType,
      rule: "must be an EC2 instance type",
      allowed: "FAMILY.SIZE",
      fix: 'write it like "t4g.nano"',
    },
  });

  itTakes(
    bastionSettings,
    {},
    {
      "a metal type": { instanceType: "m7i.metal-24xl" },
      "a flex type": { instanceType: "m7i-flex.large" },
    },
  );
  itBounds(bastionSettings, {}, { volumeGiB: [8, 16384] });
  itRefuses(
    bastionSettings,
    {},
    {
      "a class of RDS": notAType("db.t4g.micro"),
      "a type without size": notAType("t4g"),
      "a type with something behind it": notAType("t4g.nano!"),
    },
  );
});
