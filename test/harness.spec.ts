/** Each test breaks a program in one way that plain mocks under mocha let pass. */
import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { runProgram, type RunOptions } from "./support/run-program";

/** A component with one child; `extra` runs where the constructor of a real one would go wrong. */
class Site extends pulumi.ComponentResource {
  constructor(name: string, extra?: (self: Site) => pulumi.Inputs | undefined) {
    super("test:index:Site", name);
    const topic = new aws.sns.Topic(`${name}-topic`, {}, { parent: this });
    const outputs = extra?.(this);
    this.registerOutputs({ topicArn: topic.arn, ...outputs });
  }
}

const vpc = (
  name: string,
  args: aws.ec2.VpcArgs = {},
  opts?: pulumi.CustomResourceOptions,
): aws.ec2.Vpc => new aws.ec2.Vpc(name, args, opts);
const never = (): Promise<never> => new Promise(() => undefined);
const stuck =
  "the program never settles: it waits for something that nothing can bring about any more";

async function failure(program: () => unknown, options?: RunOptions): Promise<string> {
  try {
    await runProgram(program, options);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "(it passed)";
}

describe("runProgram", () => {
  it("passes a healthy program and returns what it declared", async () => {
    const run = await runProgram(() => {
      new Site("site");
      return { id: vpc("network").id };
    });
    assert.deepEqual(run.outputs, { id: "network-id" });
    assert.deepEqual(run.names(), [
      "aws:ec2/vpc:Vpc network",
      "aws:sns/topic:Topic site-topic",
      "test:index:Site site",
    ]);
  });

  it("fails with the very error the program throws", async () => {
    const thrown = new RangeError("three zones at most");
    const run = runProgram(() => {
      void Promise.reject(new Error("a consequence"));
      vpc("network");
      throw thrown;
    });
    await assert.rejects(run, (error) => error === thrown);
  });

  const rejections: [what: string, program: () => unknown, message: string][] = [
    [
      "an input is rejected",
      () => vpc("network", { cidrBlock: Promise.reject(new Error("no block left")) }),
      'aws:ec2/vpc:Vpc network: error serializing property "cidrBlock": no block left',
    ],
    [
      "a stack output is rejected",
      () => ({ url: pulumi.output(Promise.reject(new Error("no url"))) }),
      "no url",
    ],
    [
      "an output of a component is rejected",
      () => new Site("site", () => ({ url: Promise.reject(new Error("no url")) })),
      'error serializing property "outputs": no url',
    ],
    [
      "an output nobody uses is rejected",
      () => void pulumi.output(1).apply(() => Promise.reject(new Error("unseen"))),
      "unseen",
    ],
    [
      "an assertion fails in an apply nobody awaits",
      () => vpc("network").id.apply((id) => assert.ok(id === "other", "not the other")),
      "not the other",
    ],
    [
      "a promise of the program's own is rejected",
      () => void Promise.reject(new Error("left alone")),
      "left alone",
    ],
    [
      "a promise is rejected after a timer",
      () => void new Promise((_, reject) => setTimeout(() => reject(new Error("late")), 5)),
      "late",
    ],
    [
      "several things go wrong",
      () => {
        void Promise.reject(new Error("one"));
        void Promise.reject(new Error("two"));
      },
      "the program failed in 2 places:\n- one\n- two",
    ],
  ];
  for (const [what, program, message] of rejections) {
    it(`fails when ${what}`, async () => {
      assert.equal(await failure(program), message);
    });
  }

  it("fails when a mock throws, naming the resource", async () => {
    const resources = {
      "aws:ec2/vpc:Vpc": () => {
        throw new Error("limit reached");
      },
    };
    assert.equal(
      await failure(() => vpc("network"), { resources }),
      "failed to register new resource network [aws:ec2/vpc:Vpc]: limit reached",
    );
  });

  it("fails on a duplicate URN, naming it", async () => {
    assert.equal(
      await failure(() => [new Site("site"), new Site("site")]),
      "failed to register new resource site [test:index:Site]: duplicate URN " +
        "urn:pulumi:test::ecs-platform::test:index:Site::site: two resources have the same " +
        "parents, type and name",
    );
  });

  it("fails on an unknown invoke, even one whose error the program ignores", async () => {
    const message =
      "the program called aws:ec2/getAmi:getAmi, which has no mock: add it to this run with " +
      'runProgram(program, { invokes: { "aws:ec2/getAmi:getAmi": (inputs) => ({ ... }) } }), ' +
      "or to test/support/invokes.ts if every program may call it";
    assert.equal(await failure(() => ({ id: aws.ec2.getAmiOutput({}).id })), message);
    assert.equal(await failure(() => aws.ec2.getAmi({}).catch(() => "ignored")), message);
  });

  const unsettled: [what: string, program: () => unknown, reason: string][] = [
    [
      "an input never settles",
      () => vpc("network", { cidrBlock: never() }),
      '  * "network" [aws:ec2/vpc:Vpc] was waiting for the value of its input property "cidrBlock"',
    ],
    [
      "a dependency never settles",
      () => new aws.sns.Topic("topic", {}, { dependsOn: never() }),
      '  * "topic" [aws:sns/topic:Topic] was waiting for its dependencies to resolve',
    ],
    [
      "an output of a component never settles",
      () => new Site("site", () => ({ url: never() })),
      "- test:index:Site site waits for what it gave to registerOutputs",
    ],
    [
      "a stack output never settles",
      () => ({ url: never() }),
      "- the stack waits for the outputs it returned",
    ],
    [
      "the program never returns",
      () => never(),
      "- the program itself has not returned: it awaits a promise",
    ],
    [
      "an argument of a lookup never settles",
      () => void aws.getRegionOutput({ region: never() }),
      "- waiting: serializeProperty.await(Promise<invoke:aws:index/getRegion:getRegion.region>)",
    ],
  ];
  for (const [what, program, reason] of unsettled) {
    it(`fails at once when ${what}, naming it`, async () => {
      const start = Date.now();
      const message = await failure(program);
      assert.ok(message.startsWith(`${stuck}\n`), message);
      assert.ok(message.split("\n").includes(reason), message);
      assert.ok(Date.now() - start < 2500, "waited for the timeout");
    });
  }

  it("waits for timers, but not beyond the timeout", async () => {
    const delayed = new Promise((resolve) => setTimeout(() => resolve("late"), 30));
    assert.deepEqual((await runProgram(() => ({ value: delayed }))).outputs, { value: "late" });
    let timer: NodeJS.Timeout | undefined;
    const message = await failure(() => void (timer = setInterval(() => undefined, 10)), {
      timeoutMilliseconds: 50,
    });
    clearInterval(timer);
    assert.equal(message, "the program did not settle within 50 ms: Timeout still keeps it going");
  });

  it("fails on a child created after its parent registered its outputs", async () => {
    const late = (self: Site): undefined => {
      self.urn.apply(() => vpc("late", {}, { parent: self }));
    };
    assert.equal(
      await failure(() => new Site("site", late)),
      "aws:ec2/vpc:Vpc late was created after its parent test:index:Site site had registered its " +
        "outputs: create children in the constructor, before registerOutputs and outside apply",
    );
    assert.equal(
      await failure(() => vpc("network").id.apply(() => vpc("late"))),
      "aws:ec2/vpc:Vpc late was created after the program had returned, in an apply or a promise " +
        "callback: no preview can show it; create it synchronously",
    );
  });

  it("fails on an output inside a string", async () => {
    // eslint-disable-next-line @typescript-eslint/no-base-to-string -- the mistake to be detected
    const message = await failure(() => ({ url: `https://${String(vpc("network").id)}` }));
    assert.match(message, /^Calling \[toString\] on an \[Output<T>\] is not supported/);
  });

  it("fails when the program logs an error", async () => {
    const message = "the program called pulumi.log.error (see above), which fails a deployment";
    assert.equal(await failure(() => void pulumi.log.error("(expected in this test)")), message);
  });

  it("refuses a resource outside of any program", () => {
    assert.throws(() => vpc("network"), {
      message: "a resource was created outside of runProgram, where nothing looks at it",
    });
  });

  it("fails on transforms, which mocks do not run", async () => {
    const program = (): unknown => vpc("network", {}, { transforms: [() => undefined] });
    assert.match(await failure(program), /does not support transforms/);
  });

  it("tells concurrent runs apart", async () => {
    const runs = Array.from({ length: 8 }, (_, index) =>
      failure(
        async () => {
          await new Promise((resolve) => setImmediate(resolve));
          assert.equal(pulumi.getStack(), `stack-${index}`);
          assert.equal(new pulumi.Config().require("index"), String(index));
          vpc("network").id.apply(() => {
            if (index % 2 === 1) {
              throw new Error(`failure of ${index}`);
            }
          });
        },
        { stack: `stack-${index}`, config: { index: String(index) } },
      ),
    );
    assert.deepEqual(
      await Promise.all(runs),
      runs.map((_, index) => (index % 2 === 1 ? `failure of ${index}` : "(it passed)")),
    );
  });
});

describe("the setup of mocha", () => {
  it("fails the suite on a rejection that belongs to no run", () => {
    const mocha = path.join(path.dirname(require.resolve("mocha/package.json")), "bin/mocha.js");
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        ...[mocha, "--no-config", "--require", "ts-node/register/transpile-only"],
        ...["--require", "./test/support/setup.ts", "./test/support/stray-rejection.fixture.ts"],
      ],
      { encoding: "utf8", cwd: path.join(__dirname, "..") },
    );
    assert.equal(status, 1);
    assert.match(stdout, /1 passing/);
    assert.match(stdout, /during or after "a test passes too early": Error: after the test/);
  });
});
