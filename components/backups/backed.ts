import type * as pulumi from "@pulumi/pulumi";

/** What is backed up, by name. The resources themselves bear the tag. */
export interface Backed {
  readonly databases?: Readonly<
    Record<
      string,
      {
        readonly kind: "instance" | "cluster" | "serverless";
        readonly subnetGroupName: pulumi.Input<string>;
      }
    >
  >;
  readonly tables?: Readonly<Record<string, unknown>>;
  readonly buckets?: Readonly<Record<string, unknown>>;
  readonly fileSystems?: Readonly<Record<string, unknown>>;
}

/** Whether there is anything to back up. */
export function hasAnything(backed: Backed): boolean {
  return Object.values(backed).some(
    (members: Readonly<Record<string, unknown>> | undefined) =>
      Object.keys(members ?? {}).length > 0,
  );
}
