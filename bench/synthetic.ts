import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** A program of exactly this many resources: a provider, and components of up to ten children. */
export function synthetic(resources: number): () => void {
  return () => {
    const provider = new aws.Provider("aws", { region: "us-east-1" });
    let left = resources - 1;
    for (let index = 0; left > 0; index += 1) {
      const children = Math.min(left - 1, unitSize);
      new Unit(`unit-${index}`, { children }, { providers: [provider] });
      left -= children + 1;
    }
  };
}

const unitSize = 10;

/** Children in the mix and with the wiring of a real stack: small ones, one with many outputs. */
class Unit extends pulumi.ComponentResource {
  constructor(
    name: string,
    args: { readonly children: number },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("bench:index:Unit", name, args, opts);
    const child = { parent: this };
    const vpc = new aws.ec2.Vpc(`${name}-vpc`, { cidrBlock: "10.0.0.0/16" }, child);
    const tags = { Name: name, Vpc: vpc.id };
    const assumeRolePolicy = pulumi.jsonStringify({ Statement: [{ Resource: vpc.arn }] });
    const others: ((name: string) => pulumi.Resource)[] = [
      (it) => new aws.ec2.Subnet(it, { vpcId: vpc.id, cidrBlock: "10.0.0.0/24", tags }, child),
      (it) => new aws.ec2.Subnet(it, { vpcId: vpc.id, cidrBlock: "10.0.1.0/24", tags }, child),
      (it) => new aws.ec2.SecurityGroup(it, { vpcId: vpc.id, tags }, child),
      (it) => new aws.iam.Role(it, { assumeRolePolicy, tags }, child),
      (it) => new aws.cloudwatch.LogGroup(it, { retentionInDays: 30, tags }, child),
      (it) => new aws.ecs.Cluster(it, { tags }, child),
      (it) => new aws.lb.TargetGroup(it, { vpcId: vpc.id, port: 80, tags }, child),
      (it) => new aws.sns.Topic(it, { tags }, child),
      (it) =>
        new aws.rds.Instance(
          it,
          { instanceClass: "db.t4g.micro", password: pulumi.secret("secret"), tags },
          child,
        ),
    ];
    others.slice(0, args.children - 1).forEach((make, index) => make(`${name}-${index}`));
    this.registerOutputs({ vpcId: vpc.id });
  }
}
