import type { JsonObject } from "./json";
import { mockAccountId, mockRegion } from "./mock-aws";

/** Answers one provider function (an "invoke"), such as a lookup of the caller's account. */
export type InvokeMock = (inputs: JsonObject) => JsonObject | Promise<JsonObject>;

/**
 * Provider functions that every program may call, by token. A lookup that only one program needs
 * belongs in that test: `runProgram(program, { invokes: { ... } })`. Anything else fails the run,
 * because a lookup that silently answers nothing hides mistakes.
 */
export const defaultInvokes: Readonly<Record<string, InvokeMock>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    id: mockAccountId,
    accountId: mockAccountId,
    arn: `arn:aws:iam::${mockAccountId}:user/test`,
    userId: "AIDATEST",
  }),
  "aws:index/getPartition:getPartition": () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getRegion:getRegion": () => ({
    id: mockRegion,
    region: mockRegion,
    name: mockRegion,
    description: "US East (N. Virginia)",
    endpoint: `ec2.${mockRegion}.amazonaws.com`,
  }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
    id: mockRegion,
    names: ["a", "b", "c"].map((letter) => `${mockRegion}${letter}`),
    zoneIds: ["use1-az1", "use1-az2", "use1-az3"],
  }),
};

/** Answers a call with the run's own mock or a default one; without either it rejects. */
export async function answerInvoke(
  mocks: Readonly<Record<string, InvokeMock>>,
  token: string,
  inputs: JsonObject,
): Promise<JsonObject> {
  const mock = mocks[token] ?? defaultInvokes[token];
  if (mock === undefined) {
    throw new Error(
      `the program called ${token}, which has no mock: add it to this run with ` +
        `runProgram(program, { invokes: { "${token}": (inputs) => ({ ... }) } }), ` +
        `or to test/support/invokes.ts if every program may call it`,
    );
  }
  return mock(inputs);
}
