import * as assert from "node:assert/strict";
import type { ValueMap } from "../../policies/graph";
import { findings, resource } from "./fixtures";

const INSTANCE = "aws:rds/instance:Instance";

describe("policies about the stack", () => {
  it("PUL-01: reports what holds data and that a change may delete", () => {
    const message = "is deleted by any change that replaces it or takes it out of the stack file";
    const artifacts = resource("aws:s3/bucket:Bucket", "artifacts");
    assert.deepEqual(
      findings("PUL-01", [
        resource(INSTANCE, "kept", {}, {}, { protect: true }),
        resource(INSTANCE, "loose"),
        resource(INSTANCE, "copy", { replicateSourceDb: "kept" }),
        {
          ...resource("aws:ec2/vpc:Vpc", "hasty", {}, {}, { protect: true }),
          deleteBeforeReplace: true,
        },
        resource("aws:kms/key:Key", "of-notices"),
        artifacts,
        resource("aws:codepipeline/pipeline:Pipeline", "shop", {}, { artifactStores: artifacts }),
      ]),
      [`hasty: ${message}`, `loose: ${message}`],
    );
  });

  it("PUL-02: reports secrets in plain, whole inputs and passwords inside of others", () => {
    const users = { authenticationMode: { type: "password", passwords: ["x"] } };
    const user = resource("aws:elasticache/user:User", "user", users);
    assert.deepEqual(
      findings("PUL-02", [
        {
          ...resource(INSTANCE, "hidden", { password: "x" }),
          isSecret: (path) => path === "password",
        },
        {
          ...user,
          name: "hidden-user",
          isSecret: (path) => path === "authenticationMode.passwords",
        },
        resource(INSTANCE, "managed", { manageMasterUserPassword: true }),
        resource(INSTANCE, "shown", { password: "x" }),
        user,
      ]),
      [
        "user: shows authenticationMode in the state and in previews",
        "shown: shows password in the state and in previews",
      ],
    );
  });

  it("PUL-03: reports missing tags, those of an owner in production alone", () => {
    const provider = (name: string, tags: ValueMap, asJson = true) => {
      const defaultTags = asJson ? JSON.stringify({ tags }) : { tags };
      return resource("pulumi:providers:aws", name, { defaultTags });
    };
    const always = { Project: "shop", Environment: "prod", ManagedBy: "pulumi" };
    const given = [
      provider("all", { ...always, Owner: "team", CostCenter: "1" }),
      provider("plain", { ...always, Owner: "team", CostCenter: "1" }, false),
      provider("nobody's", always),
      provider("nameless", {
        ManagedBy: "pulumi",
        Environment: "",
        Owner: "team",
        CostCenter: "1",
      }),
    ];
    const lacks = (name: string, tag: string) => `${name}: does not tag what it makes with ${tag}`;
    const always2 = [lacks("nameless", "Project"), lacks("nameless", "Environment")];
    assert.deepEqual(findings("PUL-03", given, { level: "development" }), always2);
    assert.deepEqual(findings("PUL-03", given), [
      lacks("nobody's", "Owner"),
      lacks("nobody's", "CostCenter"),
      ...always2,
    ]);
  });
});
