import { loadBootstrapConfig } from "./config";
import { createBootstrap } from "./program";

const { state, ci } = createBootstrap(loadBootstrapConfig());

/** The bucket, for whoever looks at it or restores from it. */
export const bucketName = state.bucketName;
/** For `pulumi login`. */
export const backendUrl = state.backendUrl;
/** For `pulumi stack init --secrets-provider`. */
export const secretsProvider = state.secretsProvider;
/** Table with an entry for every version of every state; nothing without `ledger`. */
export const ledgerTableName = state.ledgerTableName;
/** For pipelines, by stack: the roles that preview, deploy and look for drift. Nothing without `ci`. */
export const roleArns = ci?.roleArns;
