/**
 * Memory in MiB that Fargate offers for each CPU size (1024 units are a vCPU), from "Task CPU and memory" in the Amazon
 * ECS Developer Guide.
 */
const MEMORY_BY_CPU: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, gibibytes(1, 4, 1)],
  [1024, gibibytes(2, 8, 1)],
  [2048, gibibytes(4, 16, 1)],
  [4096, gibibytes(8, 30, 1)],
  [8192, gibibytes(16, 60, 4)],
  [16384, gibibytes(32, 120, 8)],
  [32768, [61440, 122880, 249856]],
]);

export const FARGATE_CPU_SIZES: readonly number[] = [...MEMORY_BY_CPU.keys()];

/** Memory sizes in MiB that go with a CPU size; none for a size that Fargate does not have. */
export function memorySizesFor(cpu: number): readonly number[] {
  return MEMORY_BY_CPU.get(cpu) ?? [];
}

function gibibytes(first: number, last: number, step: number): number[] {
  const sizes = [];
  for (let size = first; size <= last; size += step) sizes.push(size * 1024);
  return sizes;
}

/** Every size as one text: "cpu 1024: 2048 to 8192 in steps of 1024; …", in MiB. */
export const FARGATE_SIZES_IN_WORDS = FARGATE_CPU_SIZES.map(
  (cpu) => `cpu ${cpu}: ${memoryRange(cpu)}`,
).join("; ");

function memoryRange(cpu: number): string {
  const sizes = memorySizesFor(cpu);
  const [first = 0, second = 0] = sizes;
  if (sizes.length <= 3) return sizes.join(", ");
  return `${first} to ${sizes.at(-1) ?? first} in steps of ${second - first}`;
}
