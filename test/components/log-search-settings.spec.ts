import { logSearchSettings } from "../../components/log-search/settings";
import { itBounds, itRefuses, itTakes } from "./support";

const happy = { insights: {}, opensearch: {} };

describe("LogSearch settings", () => {
  itTakes(logSearchSettings, happy, {
    "saved queries alone": { opensearch: undefined },
    "OpenSearch alone": { insights: undefined },
    "another version": { "opensearch.version": "3.1" },
    "another instance type": { "opensearch.instanceType": "r7g.large.search" },
    "one node": { "opensearch.instances": 1 },
    "ten nodes": { "opensearch.instances": 10 },
    "a field within another": { "insights.levelField": "log.level" },
    "a field of CloudWatch's own": { "insights.messageField": "@message" },
    "hosts of its own": { "opensearch.ui.capacity": { EC2: {} } },
  });

  itBounds(logSearchSettings, happy, {
    "opensearch.volumeGiB": [10, 16384],
    "opensearch.retentionDays": [1, 3653],
  });

  const wrong = (key: string, value: unknown, rule: string, allowed: string, fix: string) => ({
    change: { [key]: value },
    problem: { key, value, rule, allowed, fix },
  });
  const noVersion = (value: string) =>
    wrong(
      "opensearch.version",
      value,
      "must be a version of OpenSearch",
      "2.7 or newer",
      'write it in quotes, like "2.19"',
    );
  const noField = (value: string) =>
    wrong(
      "insights.durationField",
      value,
      "must be a field of a log line",
      "letters, digits, dots and underscores",
      'write it as the JSON has it, like "level" or "http.status"',
    );
  const noInstanceType = (value: string) =>
    wrong(
      "opensearch.instanceType",
      value,
      "must be an instance type of OpenSearch",
      "FAMILY.SIZE.search",
      'write it like "t3.small.search"',
    );

  itRefuses(logSearchSettings, happy, {
    "nothing to search with": {
      change: { insights: undefined, opensearch: undefined },
      problem: {
        key: "",
        value: {},
        rule: "says nothing",
        allowed: "insights, opensearch or both",
        fix: "add insights: {}, or remove logSearch",
      },
    },
    Elasticsearch: noVersion("7.10"),
    "a version without its minor": noVersion("2"),
    "an instance of EC2": noInstanceType("t3.small"),
    "a field with a space": noField("duration ms"),
    "a field with a pipe": noField("a|limit"),
    "three nodes": wrong(
      "opensearch.instances",
      3,
      "cannot be shared out over two zones",
      "1, or an even number up to 10",
      "add or remove one",
    ),
    "a quote in the severity": wrong(
      "insights.errorLevel",
      'err"or',
      "must be a value of the severity",
      "1 to 64 characters without quotes and backslashes",
      'write it as the log has it, like "error"',
    ),
    "no milliseconds": wrong(
      "insights.slowMilliseconds",
      0,
      "is out of bounds",
      "a whole number, at least 1",
      "set a whole number, at least 1",
    ),
  });
});
