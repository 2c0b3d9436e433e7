import * as pulumi from "@pulumi/pulumi";

/**
 * All metrics of one name that have some dimensions in common: one line for each, or their sum. What is new shows by
 * itself; what has had no data for two weeks does not show.
 */
export interface Search {
  readonly namespace: string;
  readonly metricName: string;
  /** What they have in common. */
  readonly within: Readonly<Record<string, pulumi.Input<string>>>;
  /** The dimension that tells them apart. */
  readonly each: string;
  readonly statistic: string;
  /** Draws their sum instead of each, and calls it so. */
  readonly total?: string;
}

/** As CloudWatch takes it, from "CloudWatch search expression syntax" in its user guide. */
export function searchExpression(search: Search): pulumi.Output<string> {
  const { namespace, metricName, within, each, statistic, total } = search;
  const schema = [namespace, ...Object.keys(within), each].join(",");
  return pulumi.output(within).apply((values) => {
    const terms = Object.entries({ MetricName: metricName, ...values }).map(
      ([name, value]) => `${name}="${value}"`,
    );
    const expression = `SEARCH('{${schema}} ${terms.join(" ")}', '${statistic}')`;
    return total === undefined ? expression : `SUM(${expression})`;
  });
}

/** How a line is called: by what tells it apart from the others. */
export function searchLabel({ each, total }: Search): string {
  return total ?? `\${PROP('Dim.${each}')}`;
}
