import { z } from "zod";
import { rule } from "./rules";

/** An EC2 instance type, e.g. "t4g.nano". */
export const instanceType = rule(
  z.string(),
  (value) => /^[a-z]+\d[a-z]*(-flex)?\.[a-z0-9-]+$/.test(value),
  {
    rule: "must be an EC2 instance type",
    allowed: "FAMILY.SIZE",
    fix: 'write it like "t4g.nano"',
  },
);

export type Processor = "arm64" | "x86_64";

/** What an instance type computes with. Graviton types have a "g" behind their generation: "t4g", "m7gd"; "a1" was the first. */
export function processorOf(type: string): Processor {
  return /^([a-z]+\d+g|a1\.)/.test(type) ? "arm64" : "x86_64";
}
