/**
 * Network interfaces of the types that cannot lend one to several tasks (no "trunking"): each task needs one of its own,
 * and the host needs one. (EC2 user guide, "Maximum IP addresses per network interface", read in November 2026.)
 */
const INTERFACES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  t2: { nano: 2, micro: 2, small: 3, medium: 3, large: 3, xlarge: 3, "2xlarge": 3 },
  t3: { nano: 2, micro: 2, small: 3, medium: 3, large: 3, xlarge: 4, "2xlarge": 4 },
  t3a: { nano: 2, micro: 2, small: 2, medium: 3, large: 3, xlarge: 4, "2xlarge": 4 },
  t4g: { nano: 2, micro: 2, small: 3, medium: 3, large: 3, xlarge: 4, "2xlarge": 4 },
};

/** Tasks that a host of this type can have at once; undefined where it depends on more than the type. */
export function taskSlots(instanceType: string): number | undefined {
  const [family = "", size = ""] = instanceType.split(".");
  const interfaces = INTERFACES[family]?.[size];
  return interfaces === undefined ? undefined : interfaces - 1;
}
