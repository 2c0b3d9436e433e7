import * as assert from "node:assert/strict";
import { EcsCluster } from "../../components";
import { build } from "./support";

const NAMESPACE = "aws:servicediscovery/httpNamespace:HttpNamespace";

describe("EcsCluster, namespace", () => {
  it("is there where services are to find each other", async () => {
    const run = await build(() => new EcsCluster("platform", { serviceConnect: true }));
    assert.equal(run.one(NAMESPACE).name, "platform-namespace");
    assert.deepEqual(run.one(NAMESPACE).inputs, {
      description: "Services of the cluster platform",
    });
    assert.equal(
      run.component.outputs["serviceConnectNamespaceArn"],
      run.one(NAMESPACE).outputs["arn"],
    );
  });

  it("is not there by default", async () => {
    const run = await build(() => new EcsCluster("platform", {}));
    assert.deepEqual(run.all(NAMESPACE), []);
    assert.equal(run.component.outputs["serviceConnectNamespaceArn"], undefined);
  });
});
