import * as assert from "node:assert/strict";
import { Budget, type BudgetArgs, CostAllocationTags } from "../../components";
import { BUDGET_PUBLISHERS } from "../../components/budget/budget";
import { budgetSettings } from "../../components/budget/settings";
import { build, inputsByName, itBounds, itRefuses, itTakes, refusal } from "./support";

const BUDGET = "aws:budgets/budget:Budget";
const MONITOR = "aws:costexplorer/anomalyMonitor:AnomalyMonitor";
const SUBSCRIPTION = "aws:costexplorer/anomalySubscription:AnomalySubscription";
const TAG = "aws:costexplorer/costAllocationTag:CostAllocationTag";

const topic = (severity: string) => `arn:aws:sns:us-east-1:123456789012:${severity}`;
const telling = {
  topics: { critical: topic("critical"), warning: topic("warning"), info: topic("info") },
  runbooksUrl: "https://example.com/runbooks",
  silenced: false,
};

const happy = (): BudgetArgs => ({
  monthlyUsd: 500,
  tag: { key: "Environment", value: "prod" },
  telling,
});
const make = (changes: Partial<BudgetArgs> = {}) =>
  build(() => new Budget("budget", { ...happy(), ...changes }));

const notice = (notificationType: string, threshold: number, severity?: string) => ({
  comparisonOperator: "GREATER_THAN",
  notificationType,
  threshold,
  thresholdType: "PERCENTAGE",
  ...(severity && { subscriberSnsTopicArns: [topic(severity)] }),
});

describe("Budget", () => {
  it("creates this and nothing else", async () => {
    const { component, children } = await make();
    assert.equal(component.type, "ecs-platform:index:Budget");
    assert.deepEqual(children, [`${BUDGET} budget-budget`]);
    assert.deepEqual((await make({ anomalyAboveUsd: 50 })).children, [
      `${BUDGET} budget-budget`,
      `${MONITOR} budget-anomalies`,
      `${SUBSCRIPTION} budget-anomalies`,
    ]);
  });

  it("counts what bears the stack's tag, and tells of 80 and 100 percent and of a forecast of 100", async () => {
    const run = await make();
    assert.deepEqual(run.one(BUDGET).inputs, {
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: "500",
      limitUnit: "USD",
      costFilters: [{ name: "TagKeyValue", values: ["user:Environment$prod"] }],
      notifications: [
        notice("ACTUAL", 80, "info"),
        notice("ACTUAL", 100, "warning"),
        notice("FORECASTED", 100, "warning"),
      ],
    });
  });

  it("tells people beside the topics, and them alone where alarms are silenced", async () => {
    const emails = { team: "team@example.com", finance: "finance@example.com" };
    const subscriberEmailAddresses = ["finance@example.com", "team@example.com"];
    const thresholds = { actualPercent: [99], forecastPercent: [120] };
    const run = await make({ ...thresholds, emails });
    assert.deepEqual(run.one(BUDGET).input("notifications"), [
      { ...notice("ACTUAL", 99, "info"), subscriberEmailAddresses },
      { ...notice("FORECASTED", 120, "warning"), subscriberEmailAddresses },
    ]);
    const silenced = { ...telling, silenced: true };
    const silent = await make({ ...thresholds, emails, telling: silenced });
    assert.deepEqual(silent.one(BUDGET).input("notifications"), [
      { ...notice("ACTUAL", 99), subscriberEmailAddresses },
      { ...notice("FORECASTED", 120), subscriberEmailAddresses },
    ]);
    const nobody = await make({ telling: silenced, anomalyAboveUsd: 5 });
    assert.deepEqual(nobody.one(BUDGET).input("notifications"), []);
    assert.deepEqual(nobody.all(SUBSCRIPTION), []);
  });

  it("has unusual costs told at once", async () => {
    const run = await make({ anomalyAboveUsd: 50 });
    assert.deepEqual(run.one(MONITOR).inputs, {
      monitorType: "CUSTOM",
      monitorSpecification:
        '{"And":null,"CostCategories":null,"Dimensions":null,"Not":null,"Or":null,"Tags":{"Key":"Environment","MatchOptions":null,"Values":["prod"]}}',
    });
    assert.deepEqual(run.one(SUBSCRIPTION).inputs, {
      frequency: "IMMEDIATE",
      monitorArnLists: [run.one(MONITOR).outputs["arn"]],
      subscribers: [{ type: "SNS", address: topic("warning") }],
      thresholdExpression: {
        dimension: {
          key: "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
          matchOptions: ["GREATER_THAN_OR_EQUAL"],
          values: ["50"],
        },
      },
    });
  });

  it("names who must be let publish", () => {
    assert.deepEqual(BUDGET_PUBLISHERS, ["budgets.amazonaws.com", "costalerts.amazonaws.com"]);
  });

  it("registers its name and what learns the usual", async () => {
    const run = await make({ anomalyAboveUsd: 50 });
    assert.deepEqual(run.component.outputs, {
      budgetName: "budget-budget-1a2b3c4",
      anomalyMonitorArn: run.one(MONITOR).outputs["arn"],
    });
  });

  it("lists every problem and registers nothing", async () => {
    const args = { ...happy(), monthlyUsd: 0, emails: { team: "team" } };
    const error = await refusal(() => new Budget("budget", args));
    assert.match(error.message, /^Budget "budget": 2 problems; nothing was created\.\n/);
    assert.deepEqual(
      error.problems.map(({ key }) => key),
      ["monthlyUsd", "emails.team"],
    );
  });
});

describe("budget settings", () => {
  const least = { monthlyUsd: 1 };
  const addresses = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`p${index}`, `p${index}@example.com`]),
    );

  itBounds(budgetSettings, {}, { monthlyUsd: [1, 10_000_000] });
  itBounds(budgetSettings, least, { anomalyAboveUsd: [1, 10_000_000] });
  itTakes(budgetSettings, least, {
    "ten addresses": { emails: addresses(10) },
    "forecasts alone": { actualPercent: [] },
    "what is spent alone": { forecastPercent: [] },
  });
  itRefuses(budgetSettings, least, {
    "eleven addresses": {
      change: { emails: addresses(11) },
      problem: {
        key: "emails",
        value: addresses(11),
        rule: "has more addresses than a budget tells",
        allowed: "10 at most",
        fix: "remove some, or name a list of your mail server",
      },
    },
    "the same share twice": {
      change: { actualPercent: [80, 80] },
      problem: {
        key: "actualPercent",
        value: [80, 80],
        rule: "has an entry twice",
        allowed: "different percentages, 5 at most",
        fix: "remove the repeated entry",
      },
    },
    "no share at all": {
      change: { actualPercent: [], forecastPercent: [] },
      problem: {
        key: "actualPercent",
        value: [],
        rule: "is empty, and so is forecastPercent: nobody would ever be told",
        allowed: "at least one share in one of the two",
        fix: "add one, such as 100",
      },
    },
  });
});

describe("CostAllocationTags", () => {
  it("lets bills go by the tags that everything in a stack bears", async () => {
    const run = await build(() => new CostAllocationTags("cost-allocation"));
    assert.equal(run.component.type, "ecs-platform:index:CostAllocationTags");
    assert.deepEqual(
      inputsByName(run, TAG),
      Object.fromEntries(
        ["Project", "Environment", "ManagedBy"].map((tagKey) => [
          `cost-allocation-${tagKey}`,
          { tagKey, status: "Active" },
        ]),
      ),
    );
  });

  it("or by others, but none that AWS keeps for itself", async () => {
    const run = await build(() => new CostAllocationTags("tags", { keys: ["team"] }));
    assert.deepEqual(run.children, [`${TAG} tags-team`]);
    const error = await refusal(() => new CostAllocationTags("tags", { keys: ["aws:createdBy"] }));
    assert.deepEqual(error.problems, [
      {
        key: "keys[0]",
        value: "aws:createdBy",
        rule: "is not the key of a tag of yours",
        allowed: '1 to 128 characters, not starting with "aws:"',
        fix: "rename it",
      },
    ]);
  });
});
