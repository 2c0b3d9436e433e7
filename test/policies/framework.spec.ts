import * as assert from "node:assert/strict";
import { contextOf } from "../../policies/context";
import type { Control } from "../../policies/control";
import { describeViolation, evaluate } from "../../policies/evaluate";
import { graphOf, type PolicyResource, UNKNOWN } from "../../policies/graph";
import { twin, without, withInput, withResource } from "../../policies/mutants";
import { type ControlsContext, inputRule } from "../../policies/rule";
import { hasUnknown, inputAt, parsed } from "../../policies/values";
import { resource } from "./fixtures";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const LISTENER = "aws:lb/listener:Listener";

describe("a graph of resources", () => {
  const service = resource("ecs-platform:index:EcsService", "api", {}, {}, { custom: false });
  const balancer = resource(BALANCER, "alb");
  const listener = resource(
    LISTENER,
    "https",
    { loadBalancerArn: UNKNOWN, port: 443 },
    { loadBalancerArn: balancer },
    { parent: service.urn },
  );
  const graph = graphOf([service, balancer, listener]);
  const names = (found: readonly PolicyResource[]) => found.map(({ name }) => name);

  it("knows what belongs together while no value is known", () => {
    assert.deepEqual(names(graph.references(listener, "loadBalancerArn", BALANCER)), ["alb"]);
    assert.deepEqual(names(graph.references(listener, "loadBalancerArn", LISTENER)), []);
    assert.deepEqual(names(graph.references(listener, "port")), []);
    assert.deepEqual(names(graph.referrers(balancer, LISTENER, "loadBalancerArn")), ["https"]);
    assert.deepEqual(names(graph.referrers(balancer, LISTENER, "port")), []);
    assert.equal(graph.parentOf(listener), service);
    assert.deepEqual(names(graph.childrenOf(service)), ["https"]);
    assert.deepEqual(names(graph.ofType(LISTENER, BALANCER)), ["https", "alb"]);
  });

  it("gives inputs by path, and says which are not known", () => {
    const task = resource("t", "task", {
      list: [{ a: 1 }, UNKNOWN],
      map: { deep: UNKNOWN },
      document: '{"Version":"2012-10-17"}',
    });
    assert.equal(inputAt(task, "list.0.a"), 1);
    assert.equal(inputAt(task, "list.1.a"), UNKNOWN);
    assert.equal(inputAt(task, "map.deep.deeper"), UNKNOWN);
    assert.equal(inputAt(task, "map.other"), undefined);
    assert.equal(inputAt(task, "list.0.a.b"), undefined);
    assert.deepEqual([task.inputs["list"], 1].map(hasUnknown), [true, false]);
    assert.deepEqual(parsed(inputAt(task, "document")), { Version: "2012-10-17" });
    assert.equal(parsed("no JSON"), UNKNOWN);
  });

  it("is broken on purpose without a change to itself", () => {
    const changed = withInput(graph, listener, "port", 80);
    assert.equal(inputAt(listener, "port"), 443);
    assert.equal(changed.byUrn(listener.urn)?.inputs["port"], 80);
    assert.deepEqual(names(without(graph, balancer).resources), ["api", "https"]);
    const second = twin(listener, "http", { port: 80 });
    assert.deepEqual(names(withResource(graph, second).ofType(LISTENER)), ["https", "http"]);
  });
});

describe("an evaluation", () => {
  const control = (id: string, parts: Partial<Control> = {}): Control => ({
    id,
    title: id,
    severity: "medium",
    appliesTo: "every-stack",
    sources: [],
    status: { kind: "held" },
    rule: inputRule({
      type: LISTENER,
      path: "port",
      holds: (value) => value === 443,
      message: "listens elsewhere",
      fix: "listen on 443",
      wrong: [80],
    }),
    ...parts,
  });
  const service = resource("ecs-platform:index:EcsService", "api", {}, {}, { custom: false });
  const wrong = resource(LISTENER, "http", { port: 80 }, {}, { parent: service.urn });
  const graph = graphOf([service, wrong, resource(LISTENER, "later", { port: UNKNOWN })]);
  const strict: ControlsContext = { level: "production", exceptions: [] };
  const ids = (found: readonly { readonly control: Control }[]) =>
    found.map((one) => one.control.id);

  it("tells the most severe first, in words", () => {
    const { violations } = evaluate(
      graph,
      [control("A-1", { severity: "low" }), control("A-2", { severity: "critical" })],
      strict,
    );
    assert.deepEqual(violations.map(describeViolation), [
      `A-2 (critical) ${LISTENER} http: listens elsewhere. Fix: listen on 443.`,
      `A-1 (low) ${LISTENER} http: listens elsewhere. Fix: listen on 443.`,
    ]);
  });

  it("leaves controls of production out for other stacks", () => {
    const all = [control("A-1"), control("A-2", { appliesTo: "production" })];
    assert.deepEqual(ids(evaluate(graph, all, strict).violations), ["A-1", "A-2"]);
    const loose = { ...strict, level: "development" } as const;
    assert.deepEqual(ids(evaluate(graph, all, loose).violations), ["A-1"]);
  });

  it("takes a reason for what it is given for, and no more", () => {
    const excepted = (component?: { type: string; name: string }) =>
      evaluate(graph, [control("A-1"), control("A-2")], {
        level: "production",
        exceptions: [
          { rule: "A-1", reason: "a reason", key: "k", ...(component && { component }) },
        ],
      });
    assert.deepEqual(ids(excepted().excepted), ["A-1"]);
    assert.deepEqual(ids(excepted().violations), ["A-2"]);
    const { type, name } = service;
    assert.deepEqual(ids(excepted({ type, name }).excepted), ["A-1"]);
    assert.deepEqual(ids(excepted({ type, name: "other" }).excepted), []);
  });

  it("tells exceptions in the stack file that nothing needs any more", () => {
    const context = contextOf({
      controls: { exceptions: { "A-1": "is needed", "A-9": "is not needed" } },
      network: { flowLogs: { disabledBecause: "has nothing to except" } },
    });
    const { stale } = evaluate(graph, [control("A-1")], context);
    assert.deepEqual(
      stale.map(({ key }) => key),
      ["controls.exceptions.A-9"],
    );
  });
});

describe("the context of a stack file", () => {
  it("is production's, unless the stack may be destroyed or says otherwise", () => {
    assert.equal(contextOf({}).level, "production");
    assert.equal(contextOf({ unprotectedBecause: "it is a test" }).level, "development");
    const controls = { level: "production" };
    assert.equal(contextOf({ controls, unprotectedBecause: "a test" }).level, "production");
  });

  it("counts the opt-outs of settings as exceptions, limited to their service", () => {
    const { exceptions } = contextOf({
      loadBalancer: { plainHttpBecause: "nobody listens" },
      services: {
        api: {
          publicIpBecause: "no NAT",
          sidecars: { logs: { writableRootBecause: "its image" } },
        },
        web: {},
      },
    });
    const component = { type: "ecs-platform:index:EcsService", name: "api" };
    assert.deepEqual(exceptions, [
      { rule: "ALB-01", reason: "nobody listens", key: "loadBalancer.plainHttpBecause" },
      { rule: "ECS-01", reason: "no NAT", key: "services.api.publicIpBecause", component },
      {
        rule: "ECS-04",
        reason: "its image",
        key: "services.api.sidecars.logs.writableRootBecause",
        component,
      },
    ]);
  });
});
