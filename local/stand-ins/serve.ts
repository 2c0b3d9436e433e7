/** The process of a stand-in. Started by the engine only, with package, version and record before its own arguments. */
import { provider } from "@pulumi/pulumi";
import { awsxStandIn } from "./awsx";
import { cloudflareStandIn } from "./cloudflare";
import { pulumiserviceStandIn } from "./pulumiservice";
import type { StandInName } from "./stand-ins";

const MAKERS: Readonly<
  Record<StandInName, (version: string, recordFile: string) => provider.Provider>
> = {
  awsx: awsxStandIn,
  cloudflare: cloudflareStandIn,
  pulumiservice: pulumiserviceStandIn,
};

const [name, version = "", recordFile = "", ...ofEngine] = process.argv.slice(2);

// The engine holds the other end: a stand-in must not outlive one that was killed.
process.stdin.on("end", () => process.exit()).resume();

void provider.main(MAKERS[name as StandInName](version, recordFile), ofEngine);
