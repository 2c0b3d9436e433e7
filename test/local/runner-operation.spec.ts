import assert from "node:assert/strict";
import type { EngineEvent, OpType } from "@pulumi/pulumi/automation";
import { trackOperation } from "../../local/operation-events";
import { describeChanges } from "../../local/report";

const STACK = "urn:pulumi:dev::ecs-platform::pulumi:pulumi:Stack::ecs-platform-dev";
const NETWORK = "urn:pulumi:dev::ecs-platform::ecs-platform:index:Network::network";
const VPC = "urn:pulumi:dev::ecs-platform::ecs-platform:index:Network$aws:ec2/vpc:Vpc::network-vpc";
const SUBNET = `${NETWORK.replace("::network", "")}$aws:ec2/subnet:Subnet::network-app-a`;

function step(
  kind: "resourcePreEvent" | "resOutputsEvent" | "resOpFailedEvent",
  op: OpType,
  urn: string,
  details: { diffs?: string[]; custom?: boolean } = {},
): EngineEvent {
  const parent = urn === NETWORK ? STACK : NETWORK;
  const state = { custom: details.custom ?? urn !== NETWORK, parent };
  const metadata = { op, urn, type: "", provider: "", diffs: details.diffs, new: state };
  return { sequence: 0, timestamp: 0, [kind]: { metadata } };
}

function track(events: readonly EngineEvent[], expected = new Map([["Network network", 2]])) {
  const tracker = trackOperation(() => expected);
  for (const event of events) tracker.record(event);
  return tracker;
}

const end = { sequence: 0, timestamp: 0, cancelEvent: {} } as EngineEvent;

describe("what an operation of the engine is told to be doing", () => {
  it("says what is done, of how many, and what it waits for", () => {
    const tracker = track([
      step("resourcePreEvent", "create", NETWORK),
      step("resourcePreEvent", "create", VPC),
      step("resOutputsEvent", "create", VPC),
      step("resourcePreEvent", "create", SUBNET),
    ]);
    assert.match(
      tracker.status(),
      /^1 of 2 resources, waiting for Subnet network-app-a \(\d+ s\)$/,
    );
  });

  it("tells a component when all of it is done, once", () => {
    const tracker = track([
      step("resourcePreEvent", "create", NETWORK),
      step("resourcePreEvent", "create", VPC),
      step("resOutputsEvent", "create", VPC),
    ]);
    assert.deepEqual(tracker.finishedComponents(), []);
    tracker.record(step("resourcePreEvent", "create", SUBNET));
    tracker.record(step("resOutputsEvent", "create", SUBNET));
    assert.deepEqual(tracker.finishedComponents(), ["Network network: 2 created"]);
    assert.deepEqual(tracker.finishedComponents(), []);
  });

  it("says nothing of components in which nothing changed", () => {
    const tracker = track(
      [step("resourcePreEvent", "same", VPC), step("resOutputsEvent", "same", VPC)],
      new Map([["Network network", 1]]),
    );
    assert.deepEqual(tracker.finishedComponents(), []);
  });
});

describe("what an operation of the engine did", () => {
  it("tells what policies find at the resource, as an error or a warning", () => {
    const found = (enforcementLevel: "mandatory" | "warning"): EngineEvent => ({
      sequence: 0,
      timestamp: 0,
      policyEvent: {
        resourceUrn: VPC,
        message: "has no flow log",
        color: "never",
        policyName: enforcementLevel === "mandatory" ? "NET-03" : "NET-13",
        policyPackName: "ecs-platform",
        policyPackVersion: "0.1.0",
        policyPackVersionTag: "0.1.0",
        enforcementLevel,
      },
    });
    assert.deepEqual(track([found("mandatory"), found("warning"), end]).outcome().diagnostics, [
      { severity: "error", urn: VPC, message: "NET-03: has no flow log" },
      { severity: "warning", urn: VPC, message: "NET-13: has no flow log" },
    ]);
  });

  it("counts resources, but no components, and one for a replacement", () => {
    const { counts, changed, complete } = track([
      step("resourcePreEvent", "create", NETWORK),
      step("resOutputsEvent", "create", NETWORK),
      step("resourcePreEvent", "update", VPC, { diffs: ["tags"] }),
      step("resOutputsEvent", "update", VPC, { diffs: ["tags"] }),
      step("resourcePreEvent", "create-replacement", SUBNET),
      step("resOutputsEvent", "create-replacement", SUBNET),
      step("resourcePreEvent", "replace", SUBNET, { diffs: ["cidrBlock"] }),
      step("resOutputsEvent", "replace", SUBNET, { diffs: ["cidrBlock"] }),
      step("resourcePreEvent", "delete-replaced", SUBNET),
      step("resOutputsEvent", "delete-replaced", SUBNET),
      end,
    ]).outcome();
    assert.deepEqual(counts, { created: 0, updated: 1, replaced: 1, deleted: 0, same: 0 });
    assert.deepEqual(
      changed.map(({ change, component, keys }) => [change, component, keys]),
      [
        ["updated", "Network network", ["tags"]],
        ["replaced", "Network network", ["cidrBlock"]],
      ],
    );
    assert.equal(complete, true);
  });

  it("is not complete when the engine died, and counts nothing that failed or was in flight", () => {
    const { counts, complete } = track([
      step("resourcePreEvent", "create", VPC),
      step("resOpFailedEvent", "create", VPC),
      step("resourcePreEvent", "create", SUBNET),
    ]).outcome();
    assert.equal(complete, false);
    assert.equal(counts.created, 0);
  });

  it("takes from a refresh what it found, not that it looked", () => {
    const { counts, changed } = track([
      step("resourcePreEvent", "refresh", VPC),
      step("resourcePreEvent", "refresh", SUBNET),
      step("resOutputsEvent", "update", VPC, { diffs: ["tags"] }),
      step("resOutputsEvent", "same", SUBNET),
    ]).outcome();
    assert.deepEqual(counts, { created: 0, updated: 1, replaced: 0, deleted: 0, same: 1 });
    assert.deepEqual(changed[0]?.keys, ["tags"]);
  });

  it("leaves default providers out, which the program did not make", () => {
    const provider = "urn:pulumi:dev::ecs-platform::pulumi:providers:random::default_4_21_2";
    const { counts } = track([
      step("resourcePreEvent", "create", provider),
      step("resOutputsEvent", "create", provider),
    ]).outcome();
    assert.equal(counts.created, 0);
  });

  it("is told in as few lines as it takes", () => {
    const same = track([step("resOutputsEvent", "same", VPC)]).outcome();
    assert.equal(describeChanges(same, "done"), "Nothing changed: 1 resources.");
    const created = track([step("resOutputsEvent", "create", VPC)]).outcome();
    assert.equal(describeChanges(created, "done"), "All 1 created.");
    const mixed = track([
      step("resOutputsEvent", "same", SUBNET),
      step("resOutputsEvent", "update", VPC, { diffs: ["tags"] }),
    ]).outcome();
    assert.equal(
      describeChanges(mixed, "planned"),
      "1 to update, 1 unchanged:\n  ~ Network network: Vpc network-vpc: tags",
    );
    assert.match(describeChanges(mixed, "drifted"), /^1 different, 1 as in the state:/);
  });
});
