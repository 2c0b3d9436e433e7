import { loadBootstrapConfig } from "./config";
import { createStateBackend } from "./program";

const state = createStateBackend(loadBootstrapConfig());

/** The bucket, for whoever looks at it or restores from it. */
export const bucketName = state.bucketName;
/** For `pulumi login`. */
export const backendUrl = state.backendUrl;
/** For `pulumi stack init --secrets-provider`. */
export const secretsProvider = state.secretsProvider;
/** Table with an entry for every version of every state; nothing without `ledger`. */
export const ledgerTableName = state.ledgerTableName;
