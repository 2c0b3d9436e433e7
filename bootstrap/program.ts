import { CiRoles, StateBackend } from "../components";
import { createProvider } from "../stacks/provider";
import type { BootstrapConfig } from "./config";

/** What an account has once, whatever stacks it has: the bucket for their states, and the roles that deploy them. */
export interface Bootstrap {
  readonly state: StateBackend;
  /** Undefined without `ci`. */
  readonly ci: CiRoles | undefined;
}

export function createBootstrap({
  aws,
  state,
  ci,
  unprotectedBecause,
}: BootstrapConfig): Bootstrap {
  const provider = createProvider("aws", aws, {
    Project: "ecs-platform-bootstrap",
    ManagedBy: "pulumi",
  });
  const opts = { providers: [provider] };
  const deletionProtection = unprotectedBecause === undefined;
  const backend = new StateBackend("state", { ...state, deletionProtection }, opts);
  return { state: backend, ci: ci && new CiRoles("ci", { ...ci, state: backend }, opts) };
}
