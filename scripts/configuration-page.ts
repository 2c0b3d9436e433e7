import { z } from "zod";
import {
  describeAllowed,
  kindOfOption,
  optionsOf,
  unwrap,
} from "../components/support/describe-schema";
import { platformConfig } from "../stacks/config";
import { awsSettings } from "../stacks/provider";
import { markdownTable } from "./markdown";

/** One key of a stack file. */
interface Row {
  readonly key: string;
  readonly allowed: string;
  readonly fallback: string;
  readonly description: string;
}

/** docs/configuration.md, printed from the schemas that check stack files. */
export function configurationPage(): string {
  const own = Object.entries(platformConfig.shape).map(([section, schema]) => {
    const intro = (schema as z.ZodType).description ?? "";
    return [`## ecs-platform:${section}`, intro, table(rowsOf(section, schema as z.ZodType))];
  });
  return [
    "# Configuration",
    "Every key of a stack file. This page is printed by `npm run docs` from the schemas that check stack files, and a test " +
      "keeps it true. NAME stands for a name of your choice; lists and maps are written as YAML writes them. Prices are those " +
      "of us-east-1, read in November 2026.",
    ...own.flat(),
    "## aws",
    "Settings of the AWS provider. Keys that are not listed are refused.",
    table(rowsOf("aws:", awsSettings)),
    "",
  ]
    .join("\n\n")
    .replace(/\n+$/, "\n");
}

function rowsOf(key: string, schema: z.ZodType): Row[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) {
    const separator = key.endsWith(":") ? "" : ".";
    return Object.entries(inner.shape).flatMap(([name, value]) =>
      rowsOf(`${key}${separator}${name}`, value as z.ZodType),
    );
  }
  if (inner instanceof z.ZodRecord && hasKeys(unwrap(inner.valueType as z.ZodType))) {
    return rowsOf(`${key}.NAME`, inner.valueType as z.ZodType);
  }
  if (inner instanceof z.ZodDiscriminatedUnion) {
    return optionsOf(inner).flatMap((option) =>
      rowsOf(`${key}(${kindOfOption(inner, option)})`, option),
    );
  }
  if (inner instanceof z.ZodArray && unwrap(inner.element as z.ZodType) instanceof z.ZodObject) {
    return [
      rowOf(key, schema, "a list of maps"),
      ...rowsOf(`${key}[]`, inner.element as z.ZodType),
    ];
  }
  return [rowOf(key, schema, describeAllowed(schema))];
}

function hasKeys(schema: z.ZodType | undefined): boolean {
  return schema instanceof z.ZodObject || schema instanceof z.ZodDiscriminatedUnion;
}

function rowOf(key: string, schema: z.ZodType, allowed: string): Row {
  return { key, allowed, fallback: defaultOf(schema), description: schema.description ?? "" };
}

function defaultOf(schema: z.ZodType): string {
  if (schema instanceof z.ZodDefault) return `\`${JSON.stringify(schema.def.defaultValue)}\``;
  return schema instanceof z.ZodOptional ? "" : "**required**";
}

function table(rows: readonly Row[]): string {
  return markdownTable(
    ["key", "allowed", "default", "meaning"],
    rows.map(({ key, allowed, fallback, description }) => [
      `\`${key}\``,
      allowed,
      fallback,
      description,
    ]),
  );
}
