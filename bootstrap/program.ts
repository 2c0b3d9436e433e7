import { StateBackend } from "../components";
import { createProvider } from "../stacks/provider";
import type { BootstrapConfig } from "./config";

/** The bucket for the states of all other stacks, with what belongs to it. */
export function createStateBackend({
  aws,
  state,
  unprotectedBecause,
}: BootstrapConfig): StateBackend {
  const provider = createProvider("aws", aws, {
    Project: "ecs-platform-bootstrap",
    ManagedBy: "pulumi",
  });
  const deletionProtection = unprotectedBecause === undefined;
  return new StateBackend("state", { ...state, deletionProtection }, { providers: [provider] });
}
