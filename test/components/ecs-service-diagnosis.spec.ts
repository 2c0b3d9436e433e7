import * as assert from "node:assert/strict";
import { diagnose } from "../../components/ecs-service/diagnosis";
import { explain } from "../../components/ecs-service/stop-reasons";
import { AwsError, type Script, withFakeAws } from "../support/fake-aws";

const SERVICE_ARN = "arn:aws:ecs:us-east-1:123456789012:service/platform/api-1a2b";
const DEPLOYMENT_ARN = SERVICE_ARN.replace(":service/", ":service-deployment/") + "/new";
const REVISION_ARN = SERVICE_ARN.replace(":service/", ":service-revision/") + "/42";
const TASK_DEFINITION = "arn:aws:ecs:us-east-1:123456789012:task-definition/platform-api:7";
const ROLLED_BACK =
  "Service deployment rolled back because the circuit breaker threshold was exceeded.";
const taskArn = (id: string) => `arn:aws:ecs:us-east-1:123456789012:task/platform/${id}`;

const failed = {
  name: "api",
  cluster: "arn:aws:ecs:us-east-1:123456789012:cluster/platform",
  serviceName: "api-1a2b",
  taskDefinition: TASK_DEFINITION,
  logGroupName: "api-logs",
};

/** A task that stopped, as DescribeTasks has it. */
function stopped(id: string, changes: object = {}, container: object = {}) {
  return {
    taskArn: taskArn(id),
    taskDefinitionArn: TASK_DEFINITION,
    startedBy: "ecs-svc/42",
    lastStatus: "STOPPED",
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    containers: [{ name: "api", exitCode: 1, ...container }],
    ...changes,
  };
}

/** ECS after a deployment whose tasks exited. */
function script(changes: Script = {}): Script {
  return {
    DescribeServices: [
      {
        services: [
          {
            serviceName: "api-1a2b",
            events: [
              {
                createdAt: Date.parse("2026-11-21T15:04:05Z") / 1000,
                message: "(service api-1a2b) (deployment ecs-svc/42) deployment failed.",
              },
            ],
          },
        ],
      },
    ],
    ListServiceDeployments: [
      {
        serviceDeployments: [
          { serviceDeploymentArn: "an older one", createdAt: 1 },
          { serviceDeploymentArn: DEPLOYMENT_ARN, createdAt: 2 },
        ],
      },
    ],
    DescribeServiceDeployments: [
      {
        serviceDeployments: [
          {
            serviceDeploymentArn: DEPLOYMENT_ARN,
            status: "ROLLBACK_SUCCESSFUL",
            statusReason: ROLLED_BACK,
            rollback: { reason: ROLLED_BACK },
            targetServiceRevision: { arn: REVISION_ARN },
          },
        ],
      },
    ],
    ListTasks: [{ taskArns: [taskArn("a"), taskArn("b"), taskArn("old")] }, { taskArns: [] }],
    DescribeTasks: [
      {
        tasks: [
          stopped("a"),
          stopped("b"),
          stopped("old", { startedBy: "ecs-svc/1", stoppedReason: "of another deployment" }),
        ],
      },
    ],
    GetLogEvents: [{ events: [{ message: "Starting." }, { message: "No DATABASE_URL.\n" }] }],
    ...changes,
  };
}

const withDeployment = (deployment: object): Script => ({
  DescribeServiceDeployments: [
    { serviceDeployments: [{ targetServiceRevision: { arn: REVISION_ARN }, ...deployment }] },
  ],
});

async function diagnosis(answers: Script) {
  return withFakeAws(answers, async (clients, fake) => {
    const text = await diagnose(clients, failed);
    return { text, lines: text?.split("\n") ?? [], fake };
  });
}

describe("The diagnosis of a deployment that failed", () => {
  it("tells of ECS's reason, the stopped tasks, their last lines, the events and the runbook", async () => {
    const { text } = await diagnosis(script());
    assert.equal(
      text,
      `The deployment of api failed.
ECS: ROLLBACK_SUCCESSFUL, ${ROLLED_BACK}
ECS went back to the former tasks, which serve as before.
2 tasks: Essential container in task exited (EssentialContainerExited)
  Container api: exit code 1
  The application ended by itself with an error: its last log lines say why.
  The last lines of api in task a:
    | Starting.
    | No DATABASE_URL.
  All of it: aws logs tail api-logs --log-stream-names api/api/a --since 1d --region us-east-1
The service's latest events:
  15:04:05 UTC (service api-1a2b) (deployment ecs-svc/42) deployment failed.
What to do: docs/runbooks/deployment-failed.md`,
    );
  });

  it("asks for the newest deployment, and for the last lines alone", async () => {
    const { fake } = await diagnosis(script());
    assert.deepEqual(fake.inputsOf("DescribeServiceDeployments"), [
      { serviceDeploymentArns: [DEPLOYMENT_ARN] },
    ]);
    assert.deepEqual(fake.inputsOf("GetLogEvents"), [
      {
        logGroupName: "api-logs",
        logStreamName: "api/api/a",
        limit: 20,
        startFromHead: false,
      },
    ]);
  });

  it("has nothing to add where no deployment failed: the provider's error says it all", async () => {
    assert.equal(
      (await diagnosis(script(withDeployment({ status: "SUCCESSFUL" })))).text,
      undefined,
    );
  });

  it("has nothing to add where there is no service", async () => {
    const { text, fake } = await diagnosis({ DescribeServices: [{ services: [], failures: [] }] });
    assert.equal(text, undefined);
    assert.equal(fake.calls.length, 1);
  });

  it("tells of tasks that failed for different reasons, without those that a rollback took away", async () => {
    const { lines } = await diagnosis(
      script({
        DescribeTasks: [
          {
            tasks: [
              stopped("gone", {
                stopCode: "ServiceSchedulerInitiated",
                stoppedReason: "Scaling activity initiated by (deployment ecs-svc/42)",
              }),
              stopped("a", {}, { exitCode: 137, reason: "OutOfMemoryError: container killed" }),
              stopped("b", {
                stopCode: "ServiceSchedulerInitiated",
                stoppedReason: "Task failed ELB health checks in (target-group arn:aws:tg)",
              }),
            ],
          },
        ],
      }),
    );
    assert.deepEqual(
      lines.filter((line) => /^(Task|\d+ tasks)|Container|raise|application/.test(line)),
      [
        "Task a: Essential container in task exited (EssentialContainerExited)",
        "  Container api: exit code 137, OutOfMemoryError: container killed",
        "  The container needed more memory than it has, and was killed: raise memoryMiB, or look for a leak.",
        "Task b: Task failed ELB health checks in (target-group arn:aws:tg) (ServiceSchedulerInitiated)",
        "  Container api: exit code 1",
        "  The task ran but did not answer its health check: look at healthCheck (path, statusCodes, gracePeriodSeconds), at port, and whether the application listens on 0.0.0.0.",
      ],
    );
  });

  it("counts tasks as alike whose reasons differ by a request's number alone", async () => {
    const reason = (id: string) => `CannotPullContainerError: denied, request id: ${id}`;
    const never = (id: string, request: string) =>
      stopped(id, {
        stopCode: "TaskFailedToStart",
        stoppedReason: reason(request),
        containers: [{ name: "api" }],
      });
    const { lines } = await diagnosis(
      script({
        DescribeTasks: [
          {
            tasks: [
              never("a", "0b0fd8a2-1111-2222-3333-444444444444"),
              never("b", "0b0fd8a2-5555-6666-7777-888888888888"),
            ],
          },
        ],
      }),
    );
    assert.deepEqual(lines.slice(3, 5), [
      `2 tasks: ${reason("0b0fd8a2-1111-2222-3333-444444444444")} (TaskFailedToStart)`,
      "  The registry refused: the execution role may pull from ECR in its own account only, and other registries must be public.",
    ]);
  });

  it("tells of tasks that wait where `up` stopped waiting", async () => {
    const { lines, fake } = await diagnosis(
      script({
        ...withDeployment({ status: "IN_PROGRESS", lifecycleStage: "PRE_SCALE_UP" }),
        ListTasks: [{ taskArns: [] }, { taskArns: [taskArn("a"), taskArn("b"), taskArn("c")] }],
        DescribeTasks: [
          {
            tasks: [
              { taskArn: taskArn("a"), startedBy: "ecs-svc/42", lastStatus: "PROVISIONING" },
              { taskArn: taskArn("b"), startedBy: "ecs-svc/42", lastStatus: "PROVISIONING" },
              {
                taskArn: taskArn("c"),
                startedBy: "ecs-svc/42",
                lastStatus: "RUNNING",
                healthStatus: "UNHEALTHY",
              },
            ],
          },
        ],
      }),
    );
    assert.deepEqual(lines.slice(1, 7), [
      "ECS: IN_PROGRESS",
      "It is still under way: `up` waits no longer, and ECS goes on by itself.",
      "It came as far as PRE_SCALE_UP.",
      "2 of its tasks are PROVISIONING.",
      "One of its tasks is RUNNING but UNHEALTHY.",
      "None of its tasks has stopped, or ECS has forgotten them, as it does within an hour.",
    ]);
    assert.equal(fake.inputsOf("GetLogEvents").length, 0);
  });

  it("names the alarms that ended a deployment", async () => {
    const { lines } = await diagnosis(
      script(
        withDeployment({
          status: "ROLLBACK_FAILED",
          alarms: { status: "TRIGGERED", triggeredAlarmNames: ["api-errors", "api-latency"] },
        }),
      ),
    );
    assert.deepEqual(lines.slice(1, 4), [
      "ECS: ROLLBACK_FAILED",
      "ECS could not go back to former tasks: look at the service now.",
      "Alarms that ended it: api-errors, api-latency",
    ]);
  });

  it("finds the tasks by their definition where ECS knows of no deployment", async () => {
    const { lines } = await diagnosis(
      script({ ListServiceDeployments: [{ serviceDeployments: [] }] }),
    );
    assert.equal(lines[1], "ECS knows of no deployment.");
    assert.match(lines.join("\n"), /2 tasks: Essential container in task exited/);
  });

  it("says so where a container wrote nothing, or never began to", async () => {
    const silent = await diagnosis(script({ GetLogEvents: [{ events: [] }] }));
    assert.ok(silent.lines.includes("  api wrote nothing to its log."));
    const never = await diagnosis(
      script({ GetLogEvents: [new AwsError("ResourceNotFoundException", "no stream")] }),
    );
    assert.ok(never.lines.includes("  api wrote nothing to its log."));
  });

  it("tells the rest where the log may not be read", async () => {
    const { lines } = await diagnosis(
      script({ GetLogEvents: [new AwsError("AccessDeniedException", "you may not")] }),
    );
    assert.ok(
      lines.includes("  The log of api could not be read: AccessDeniedException: you may not"),
    );
    assert.ok(lines.includes("  Container api: exit code 1"));
  });

  it("shortens a line that is longer than anybody reads", async () => {
    const { lines } = await diagnosis(
      script({ GetLogEvents: [{ events: [{ message: "x".repeat(1000) }] }] }),
    );
    assert.ok(lines.includes(`    | ${"x".repeat(400)}`));
  });

  it("asks again where AWS is asked too often", async () => {
    const { DescribeServices = [] } = script();
    const throttled = new AwsError("ThrottlingException", "Rate exceeded");
    const { lines, fake } = await diagnosis(
      script({ DescribeServices: [throttled, ...DescribeServices] }),
    );
    assert.equal(fake.inputsOf("DescribeServices").length, 2);
    assert.equal(lines[0], "The deployment of api failed.");
  });

  it("fails with AWS's words where it may not ask at all", async () => {
    const denied = new AwsError("AccessDeniedException", "not authorized: ecs:DescribeServices");
    await assert.rejects(diagnosis({ DescribeServices: [denied] }), {
      name: "AccessDeniedException",
      message: "not authorized: ecs:DescribeServices",
    });
  });
});

describe("What is known of tasks that stop", () => {
  for (const [said, means] of [
    ["exec /app: exec format error", /another processor/],
    ["CannotPullContainerError: manifest for api:1 not found", /no such image/],
    ["CannotPullContainerError: pull access denied", /registry refused/],
    ["CannotPullContainerError: toomanyrequests: rate limit", /limits pulls/],
    ["CannotPullContainerError: i\\/o timeout", /without NAT/],
    [
      "ResourceInitializationError: unable to pull secrets or registry auth",
      /secret could not be read/,
    ],
    ["ResourceInitializationError: failed to validate logger args: log group", /log group/],
    ["ResourceInitializationError: failed to invoke EFS utils commands", /file system/],
    ["ResourceInitializationError: something", /before its containers start/],
    ["OutOfMemoryError: Container killed due to memory usage", /raise memoryMiB/],
    ["Task failed container health checks", /health check/],
    ["Capacity is unavailable at this time.", /no room/],
    ["RESOURCE:MEMORY", /no room/],
    ["SpotInterruption", /Spot capacity/],
    ["CannotStartContainerError: no such file", /could not be started/],
  ] as const) {
    it(`explains "${said}"`, () => {
      assert.match(explain(said) ?? "", means);
    });
  }

  for (const [code, means] of [
    [0, /must not end/],
    [1, /with an error/],
    [126, /not executable/],
    [127, /not found in the image/],
    [137, /was killed/],
    [139, /segmentation fault/],
    [143, /SIGTERM/],
  ] as const) {
    it(`explains exit code ${code}`, () => {
      assert.match(explain("", code) ?? "", means);
    });
  }

  it("says nothing where nothing is known", () => {
    assert.equal(explain("Something new", 42), undefined);
    assert.equal(explain("Something new"), undefined);
  });
});
