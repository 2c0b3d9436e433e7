import * as pulumi from "@pulumi/pulumi";
import { DATA_SOURCE } from "./graph-panel";
import { shortened } from "./shortening";

/** Where Grafana keeps everything; both containers see it. */
export const DATA_PATH = "/var/lib/grafana";
export const PROVISIONING_PATH = `${DATA_PATH}/provisioning`;
const DASHBOARDS_PATH = `${DATA_PATH}/dashboards`;
export const HOME_DASHBOARD = `${DASHBOARDS_PATH}/overview.json`;

/** User and group of Grafana in its image. */
export const GRAFANA_USER = "472";

/** ECS takes 64 KiB for a whole task definition; what is neither file nor script needs some of it, and quotes count twice. */
const MOST_BYTES = 56 * 1024;

/**
 * The init container's work: it writes the data source and the dashboards into the folder that Grafana then reads, and
 * hands the folder over. Every task starts from these files, so that a restart loses nothing.
 */
export function provisioning(
  region: pulumi.Input<string>,
  dashboards: Readonly<Record<string, pulumi.Input<string>>>,
): { readonly script: string; readonly environment: Record<string, pulumi.Input<string>> } {
  const files: [path: string, text: pulumi.Input<string>][] = [
    [`${PROVISIONING_PATH}/datasources/cloudwatch.yaml`, dataSource(region)],
    [`${PROVISIONING_PATH}/dashboards/stack.yaml`, dashboardProvider()],
    ...Object.entries(dashboards)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, text]): [string, pulumi.Input<string>] => [
        `${DASHBOARDS_PATH}/${name}.json`,
        text,
      ]),
  ];
  const folders = [...new Set(files.map(([path]) => path.replace(/\/[^/]*$/, "")))];
  const script = [
    "set -eu",
    'lengthen() { sed -e "$REPEATED"; }',
    `mkdir -p ${folders.join(" ")}`,
    ...files.map(([path], index) => `printf '%s' "$FILE_${index + 1}" | lengthen > ${path}`),
    // An empty volume is root's, and Grafana is not root.
    `chown -R ${GRAFANA_USER}:0 ${DATA_PATH} /tmp`,
  ].join("\n");
  const sent = pulumi.all(files.map(([, text]) => text)).apply((all) => bounded(script, all));
  const texts = Object.fromEntries(
    files.map((_, index) => [`FILE_${index + 1}`, sent.texts.apply((all) => all[index] ?? "")]),
  );
  return { script, environment: { REPEATED: sent.undo, ...texts } };
}

/** JSON is YAML, too. */
function dataSource(region: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.jsonStringify({
    apiVersion: 1,
    datasources: [
      {
        name: "CloudWatch",
        ...DATA_SOURCE,
        access: "proxy",
        isDefault: true,
        editable: false,
        // "default" is the task's own role: no key anywhere.
        jsonData: { authType: "default", defaultRegion: region },
      },
    ],
  });
}

function dashboardProvider(): string {
  return JSON.stringify({
    apiVersion: 1,
    providers: [
      {
        name: "stack",
        type: "file",
        disableDeletion: true,
        allowUiUpdates: false,
        options: { path: DASHBOARDS_PATH },
      },
    ],
  });
}

function bounded(script: string, files: readonly string[]): ReturnType<typeof shortened> {
  const sent = shortened(files);
  // As they stand in the task definition: texts within JSON.
  const bytes = Buffer.byteLength(JSON.stringify([script, sent.undo, ...sent.texts]));
  if (bytes <= MOST_BYTES) return sent;
  throw new pulumi.RunError(
    `Grafana's dashboards take ${bytes} bytes, and a task definition has room for ${MOST_BYTES}. ` +
      "Name under grafana.dashboards what needs one of its own.",
  );
}
