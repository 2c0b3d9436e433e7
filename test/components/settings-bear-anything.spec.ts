import fc from "fast-check";
import type { z } from "zod";
import { bastionSettings } from "../../components/bastion/settings";
import { cdnSettings } from "../../components/cdn/settings";
import { bucketSettings } from "../../components/bucket/settings";
import { cacheSettings } from "../../components/cache/settings";
import { databaseSettings } from "../../components/database/settings";
import { domainSettings } from "../../components/domain/settings";
import { ecsClusterSettings } from "../../components/ecs-cluster/settings";
import { ecsServiceSettings } from "../../components/ecs-service/settings";
import { ecsTaskSettings } from "../../components/ecs-task/settings";
import { fileSystemSettings } from "../../components/file-system/settings";
import { grafanaSettings } from "../../components/grafana/settings";
import { imageRepositorySettings } from "../../components/image/repository-settings";
import { loadBalancerSettings } from "../../components/load-balancer/settings";
import { logSearchSettings } from "../../components/log-search/settings";
import { monitoringSettings } from "../../components/monitoring/settings";
import { networkSettings } from "../../components/network/settings";
import { redeploymentSettings } from "../../components/redeployment/settings";
import { stateBackendSettings } from "../../components/state-backend/settings";
import { tableSettings } from "../../components/table/settings";
import { vaultSettings } from "../../components/vault/settings";
import { parseSettings } from "../../components/support/parse-settings";
import { SettingsError } from "../../components/support/problem";

const schemas: Record<string, z.ZodObject> = {
  bastion: bastionSettings,
  bucket: bucketSettings,
  cache: cacheSettings,
  cdn: cdnSettings,
  cluster: ecsClusterSettings,
  database: databaseSettings,
  domain: domainSettings,
  grafana: grafanaSettings,
  loadBalancer: loadBalancerSettings,
  logSearch: logSearchSettings,
  monitoring: monitoringSettings,
  network: networkSettings,
  fileSystem: fileSystemSettings,
  imageRepository: imageRepositorySettings,
  redeployment: redeploymentSettings,
  service: ecsServiceSettings,
  stateBackend: stateBackendSettings,
  table: tableSettings,
  vault: vaultSettings,
  task: ecsTaskSettings,
};

/** Any value of a stack file, often with keys that settings have, so that it gets past the first check. */
const KEYS = [
  "FARGATE",
  "FARGATE_SPOT",
  "weight",
  "min",
  "max",
  "A",
  "path",
  "timeoutSeconds",
  "main",
  "dependsOn",
  "image",
  "cpu",
  "port",
  "container",
  "strategy",
  "gates",
  "kind",
  "requests",
];
const { anything } = fc.letrec((tie) => ({
  anything: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, "", "x", "5", 0, -1, 1.5, 1e300, true),
    fc.array(tie("anything"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie("anything"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

describe("Settings", () => {
  for (const [name, schema] of Object.entries(schemas)) {
    it(`of ${name} bear any value, and say what is wrong with it`, () => {
      const settings = fc.dictionary(fc.constantFrom(...Object.keys(schema.shape)), anything, {
        noNullPrototype: true,
      });
      fc.assert(
        fc.property(settings, (given) => {
          new SettingsError("Thing", parseSettings(schema, given, "").problems);
        }),
        { numRuns: 300 },
      );
    });
  }
});
