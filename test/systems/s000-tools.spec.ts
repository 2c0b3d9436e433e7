import * as assert from "node:assert/strict";
import { parse } from "yaml";
import { StateBackend } from "../../components";
import type { Run } from "../support/run";
import { filesOfInitScript } from "../support/init-script";
import { runProgram } from "../support/run-program";
import {
  actionsOf,
  containerOf,
  environmentOf,
  routing,
  rulesInto,
  secretsOf,
  serviceKeys,
  statementsOf,
  textOf,
} from "./reading";
import { exampleConfig, exampleFile, repositoryFile, runExample } from "./support";

const RECORD = "aws:route53/record:Record";
const FILTER = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter";

/** A name at Route 53 and HTTPS with it, in place of the plain HTTP that the example speaks. */
const DOMAIN = {
  "loadBalancer.plainHttpBecause": undefined,
  domains: {
    main: {
      provider: "route53",
      zoneId: "Z0123456789ABCDEFGHIJ",
      names: ["example.com", "logs.example.com"],
    },
  },
};

const SEARCH_PAGE = {
  "logSearch.opensearch": {
    ui: { capacity: { EC2: {} }, route: { priority: 10, hosts: ["logs.example.com"] } },
  },
};

/** What Grafana's init container writes, by path. */
function grafanaFiles(run: Run): Record<string, string> {
  const init = containerOf(run, "grafana", "provisioning");
  return filesOfInitScript(init.command?.at(-1) ?? "", environmentOf(init));
}

describe("seed 000, what surrounds the applications", () => {
  let run: Run;
  before(async () => {
    run = await runExample("java-and-dotnet");
  });

  it("S000-01: the page of the example has a picture of every part, under its heading", () => {
    const page = exampleFile("java-and-dotnet", "README.md");
    const picture = /^## ECS infrastructure\n\n<!-- diagram -->\n([^]*)<!-- \/diagram -->$/m.exec(
      page,
    );
    const parts = [
      "Application Load Balancer",
      "NAT gateway",
      "java-frontend",
      "java-backend",
      "dotnet-frontend",
      "dotnet-backend",
      "Grafana",
      "bastion",
      "java-db<br/>postgres 17",
      "dotnet-db<br/>mysql 8.4",
      '["ECR"]',
    ];
    for (const part of parts) assert.ok(picture?.[1]?.includes(part), `the picture lacks ${part}`);
  });

  it("S000-04: the whole is a Pulumi program in TypeScript, and no other tool provisions anything", () => {
    const project = parse(repositoryFile("Pulumi.yaml")) as { runtime: { name: string } };
    assert.equal(project.runtime.name, "nodejs");
    const kinds = new Set(run.resources.map(({ type }) => type.split(":")[0]));
    assert.deepEqual([...kinds].sort(), ["aws", "awsx", "ecs-platform", "pulumi", "random"]);
  });

  it("S000-32: Grafana is a service with a log of its own, and its files are written from code", () => {
    assert.ok(serviceKeys(run).includes("grafana"));
    const main = containerOf(run, "grafana");
    assert.match(main.image, /^docker\.io\/grafana\/grafana:/);
    assert.equal(
      main.logConfiguration?.options["awslogs-group"],
      run.one("aws:cloudwatch/logGroup:LogGroup", "grafana-logs").outputs["name"],
    );
    assert.deepEqual(main.dependsOn, [{ containerName: "provisioning", condition: "SUCCESS" }]);
    assert.equal(environmentOf(main)["GF_PATHS_PROVISIONING"], "/var/lib/grafana/provisioning");
    assert.deepEqual(Object.keys(secretsOf(main)), ["GF_SECURITY_ADMIN_PASSWORD"]);
  });

  it("S000-33: Grafana reads CloudWatch metrics, shows them on dashboards, and can write nothing", () => {
    const actions = actionsOf(run, "grafana-task-role");
    assert.ok(actions.includes("cloudwatch:GetMetricData"));
    assert.ok(actions.includes("cloudwatch:ListMetrics"));
    // StartQuery and StopQuery read logs; ssmmessages are the channels of the tunnel, and of the shell's own log.
    const others = actions.filter((action) => !/:(Get|List|Describe)/.test(action)).sort();
    assert.deepEqual(
      others.filter((action) => !action.startsWith("ssmmessages:")),
      ["logs:CreateLogStream", "logs:PutLogEvents", "logs:StartQuery", "logs:StopQuery"],
    );
    const written = statementsOf(run, "grafana-task-role")
      .filter(({ Action }) => Action.includes("logs:PutLogEvents"))
      .flatMap(({ Resource }) => Resource);
    assert.deepEqual(
      written.map((resource) => /:log-group:([^:]*):/.exec(resource)?.[1]),
      ["platform-exec-logs-1a2b3c4"],
    );

    const files = grafanaFiles(run);
    const source = JSON.parse(
      files["/var/lib/grafana/provisioning/datasources/cloudwatch.yaml"] ?? "",
    ) as { datasources: { type: string }[] };
    assert.deepEqual(
      source.datasources.map(({ type }) => type),
      ["cloudwatch"],
    );
    const names = ["overview", "service-java-backend", "service-dotnet-backend"];
    for (const name of [...names, "database-java-db", "database-dotnet-db"]) {
      const { panels } = JSON.parse(files[`/var/lib/grafana/dashboards/${name}.json`] ?? "") as {
        panels: { type: string; datasource: { type: string }; targets: { metricName: string }[] }[];
      };
      const graphs = panels.filter(({ type }) => type !== "row");
      assert.ok(graphs.length >= 3, `${name} has ${graphs.length} panels`);
      for (const { datasource, targets } of graphs) {
        assert.equal(datasource.type, "cloudwatch");
        assert.ok(targets.every(({ metricName }) => metricName !== ""));
      }
    }
  });

  it("S000-35, S000-36, S000-37, S000-44: states in a bucket with versions, and a function that enters each into a table", async () => {
    const state = await runProgram(() => new StateBackend("state", { ledger: {} }));
    assert.deepEqual(
      state.one("aws:s3/bucketVersioning:BucketVersioning").input("versioningConfiguration"),
      { status: "Enabled" },
    );
    const notification = state.one("aws:s3/bucketNotification:BucketNotification");
    assert.equal(notification.input("bucket"), "state-bucket-id");
    const recorder = state.one("aws:lambda/function:Function");
    assert.equal(
      notification.input("lambdaFunctions.0.lambdaFunctionArn"),
      recorder.outputs["arn"],
    );
    assert.deepEqual(notification.input("lambdaFunctions.0.events"), ["s3:ObjectCreated:*"]);
    assert.equal(notification.input("lambdaFunctions.0.filterPrefix"), ".pulumi/stacks/");
    const table = state.one("aws:dynamodb/table:Table");
    assert.equal(recorder.input("environment.variables.TABLE_NAME"), table.outputs["name"]);
    assert.ok(actionsOf(state, "state-ledger-role").includes("dynamodb:PutItem"));
  });

  it("S000-46: a domain brings a record to the load balancer; without one there is nothing of Route 53", async () => {
    assert.deepEqual(
      run.names().filter((name) => name.startsWith("aws:route53/")),
      [],
    );
    const named = await runExample("java-and-dotnet", DOMAIN);
    const loadBalancer = named.one("aws:lb/loadBalancer:LoadBalancer");
    const record = named.one(RECORD, "main-example.com-a");
    assert.equal(record.input("name"), "example.com");
    assert.equal(record.input("aliases.0.name"), loadBalancer.outputs["dnsName"]);
    assert.ok(routing(named).every(({ hosts }) => hosts.includes("example.com")));
  });

  it("S000-58: a page to search the logs is one key, with its store, and is not there without", async () => {
    assert.deepEqual(run.all("aws:opensearch/domain:Domain"), []);
    assert.ok(!serviceKeys(run).some((key) => key.startsWith("log-search")));
    const searched = await runExample("java-and-dotnet", { ...DOMAIN, ...SEARCH_PAGE });
    assert.equal(searched.all("aws:opensearch/domain:Domain").length, 1);
    assert.ok(serviceKeys(searched).includes("log-search-ui"));
    assert.match(
      containerOf(searched, "log-search-ui").image,
      /^docker\.io\/opensearchproject\/opensearch-dashboards:2\.19\./,
    );
  });

  it("S000-59: every application's log goes to the store, and the page needs no bastion, but a login", async () => {
    const searched = await runExample("java-and-dotnet", {
      ...DOMAIN,
      ...SEARCH_PAGE,
      bastion: undefined,
    });
    assert.deepEqual(searched.all("aws:ec2/instance:Instance"), []);
    const fed = searched.all(FILTER).map((filter) => textOf(filter, "logGroup"));
    assert.deepEqual(
      fed.sort(),
      Object.keys(exampleConfig("java-and-dotnet")["ecs-platform:services"] as object)
        .map((service) => `${service}-logs-1a2b3c4`)
        .sort(),
    );
    const [first] = routing(searched);
    assert.deepEqual(first, {
      priority: 10,
      hosts: ["logs.example.com"],
      paths: ["/*"],
      to: "log-search-ui-tg",
    });
    assert.deepEqual(rulesInto(searched, "log-search-ui-security-group"), [
      "tcp 5601 from load-balancer-security-group",
    ]);
    assert.equal(
      searched
        .one("aws:opensearch/domain:Domain")
        .input("advancedSecurityOptions.internalUserDatabaseEnabled"),
      true,
    );
  });
});
