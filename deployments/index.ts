import { loadDeploymentsConfig } from "./config";
import { createDeployments } from "./program";

createDeployments(loadDeploymentsConfig());
