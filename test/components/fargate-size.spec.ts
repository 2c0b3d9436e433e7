import * as assert from "node:assert/strict";
import { FARGATE_CPU_SIZES, memorySizesFor } from "../../components/ecs-service/fargate-size";

describe("Fargate sizes", () => {
  it("are these CPU sizes", () => {
    assert.deepEqual(FARGATE_CPU_SIZES, [256, 512, 1024, 2048, 4096, 8192, 16384, 32768]);
  });

  // From "Task CPU and memory" in the Amazon ECS Developer Guide, in GiB.
  const memory: [cpu: number, gibibytes: readonly number[]][] = [
    [256, [0.5, 1, 2]],
    [512, [1, 2, 3, 4]],
    [1024, [2, 3, 4, 5, 6, 7, 8]],
    [2048, [4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]],
    [
      4096,
      [8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30],
    ],
    [8192, [16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60]],
    [16384, [32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120]],
    [32768, [60, 120, 244]],
  ];
  for (const [cpu, gibibytes] of memory) {
    it(`are these memory sizes for ${cpu} units of CPU`, () => {
      assert.deepEqual(
        memorySizesFor(cpu),
        gibibytes.map((size) => size * 1024),
      );
    });
  }

  it("are none for a CPU size that does not exist", () => {
    assert.deepEqual(memorySizesFor(300), []);
  });
});
