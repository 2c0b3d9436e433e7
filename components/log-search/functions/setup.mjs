/* global AbortSignal, fetch */
/** Sets OpenSearch up after each deployment that changes something: who may do what, how lines are kept, for how long. */

/** @param {Parameters<typeof requests>[0]} event */
export async function handler(event) {
  const master = await secret(process.env.MASTER_SECRET_ARN);
  const ui = await secret(process.env.UI_SECRET_ARN);
  const send = sender(process.env.ENDPOINT, master);
  for (const { method, path, body } of requests(event, ui)) await send(method, path, body);
  await keep(send, event);
  return { ready: true };
}

/** Everything but the retention, in order. */
export function requests(event, ui) {
  const security = "/_plugins/_security/api";
  const put = (path, body) => ({ method: "PUT", path, body });
  return [
    put(`${security}/internalusers/${ui.username}`, { password: ui.password }),
    // What the built-in role of Dashboards' own user may, which AWS lets nobody map.
    put(`${security}/roles/search_page`, {
      cluster_permissions: [
        "cluster_monitor",
        "cluster_composite_ops",
        "manage_point_in_time",
        "indices:admin/template*",
        "indices:admin/index_template*",
        "indices:data/read/scroll*",
      ],
      index_permissions: [
        {
          index_patterns: [".kibana*", ".opensearch_dashboards*", ".tasks"],
          allowed_actions: ["indices_all"],
        },
        { index_patterns: ["*"], allowed_actions: ["indices:admin/aliases*"] },
      ],
      // Dashboards keeps its own things in the tenant of all; without it the index above is refused.
      tenant_permissions: [
        { tenant_patterns: ["global_tenant"], allowed_actions: ["kibana_all_write"] },
      ],
    }),
    put(`${security}/rolesmapping/search_page`, { users: [ui.username] }),
    put(`${security}/roles/log_writer`, {
      cluster_permissions: ["indices:data/write/bulk"],
      index_permissions: [
        {
          index_patterns: [`${event.indexPrefix}-*`],
          allowed_actions: ["create_index", "indices:admin/mapping/put", "index"],
        },
      ],
    }),
    put(`${security}/rolesmapping/log_writer`, { backend_roles: [event.writerRoleArn] }),
    put(`/_index_template/${event.indexPrefix}`, {
      index_patterns: [`${event.indexPrefix}-*`],
      template: {
        settings: { number_of_shards: 1, number_of_replicas: event.replicas },
        mappings: {
          properties: {
            "@timestamp": { type: "date" },
            log_group: { type: "keyword" },
            log_stream: { type: "keyword" },
            level: { type: "keyword" },
            message: { type: "text" },
            // Services disagree about types of fields of the same name; one flat field bears that.
            fields: { type: "flat_object" },
          },
        },
      },
    }),
  ];
}

export function retentionPolicy({ indexPrefix, retentionDays }) {
  return {
    policy: {
      description: `Deletes log lines after ${retentionDays} days`,
      default_state: "kept",
      states: [
        {
          name: "kept",
          actions: [],
          transitions: [
            { state_name: "deleted", conditions: { min_index_age: `${retentionDays}d` } },
          ],
        },
        { name: "deleted", actions: [{ delete: {} }], transitions: [] },
      ],
      ism_template: [{ index_patterns: [`${indexPrefix}-*`], priority: 100 }],
    },
  };
}

/** A policy that is there is changed only by who names the version he has seen. */
async function keep(send, event) {
  const path = `/_plugins/_ism/policies/${event.indexPrefix}`;
  const present = await send("GET", path, undefined, [404]);
  const version =
    present._seq_no === undefined
      ? ""
      : `?if_seq_no=${present._seq_no}&if_primary_term=${present._primary_term}`;
  await send("PUT", `${path}${version}`, retentionPolicy(event));
}

export function sender(endpoint, { username, password }, request = fetch) {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  return async (method, path, body, tolerated = []) => {
    const response = await request(`https://${endpoint}${path}`, {
      method,
      headers: { authorization, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok && !tolerated.includes(response.status)) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
    return JSON.parse(text || "{}");
  };
}

async function secret(arn) {
  // Part of Lambda's Node, and not of this repository.
  const { GetSecretValueCommand, SecretsManagerClient } =
    await import("@aws-sdk/client-secrets-manager");
  const { SecretString } = await new SecretsManagerClient({}).send(
    new GetSecretValueCommand({ SecretId: arn }),
  );
  return JSON.parse(SecretString);
}
