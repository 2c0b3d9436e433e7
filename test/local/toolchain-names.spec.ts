import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { pluginPart } from "../../local/toolchain/build";
import { exists } from "../../local/toolchain/cache";
import { neededPlugins } from "../../local/toolchain/plugin";

/** Modules of @pulumi/aws that the platform is made of. */
const MODULES =
  /^aws:(acm|appautoscaling|autoscaling|cloudwatch|ec2|ecs|iam|kms|lb|rds|s3|secretsmanager|sns|ssm|vpc)\//;

/** The parts of a Pulumi schema that say what a program may pass. */
interface Property {
  readonly type?: string;
  readonly items?: Property;
  readonly $ref?: string;
  readonly oneOf?: readonly Property[];
}
interface Schema {
  readonly resources: Record<string, { readonly inputProperties?: Record<string, Property> }>;
  readonly types: Record<string, { readonly properties?: Record<string, Property> }>;
}

/*
 * The plugin computes its names from Terraform's, @pulumi/aws had some of them chosen by hand. A
 * name that only the plugin knows is one that differs. The other way round it is one that is newer
 * than the Terraform provider it was built from, which is no fault.
 */
describe("the schema of the aws plugin built from source", function () {
  it("names and shapes all inputs as the installed @pulumi/aws does", async function () {
    this.timeout(60_000).slow(15_000);
    const [aws] = await neededPlugins();
    const { folder } = await pluginPart(aws!);
    if (!(await exists(folder))) return this.skip();
    const schema = JSON.parse(await readFile(join(folder, "schema.json"), "utf8")) as Schema;

    const tokens = Object.keys(schema.resources).filter((token) => MODULES.test(token));
    assert.ok(tokens.length > 250, `only ${tokens.length} types were found`);
    const typings = typingsOf(tokens, aws!.packageFolder);
    const differences = tokens.flatMap((token) => {
      const inputs = schema.resources[token]!.inputProperties ?? {};
      return differencesOf(schema, inputs, typings.inputs(token), typings.checker, token);
    });
    assert.deepEqual(differences, []);
  });
});

/** Finds the arguments of resources in the typings of a package. */
function typingsOf(tokens: readonly string[], packageFolder: string) {
  const fileOf = (token: string) => join(packageFolder, `${token.split(":")[1]!}.d.ts`);
  const program = ts.createProgram(tokens.map(fileOf), {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    skipLibCheck: true,
    strict: true,
    types: [],
  });
  const checker = program.getTypeChecker();
  return {
    checker,
    inputs(token: string): ts.Type {
      const name = `${token.split(":")[2]!}Args`;
      const file = program.getSourceFile(fileOf(token));
      assert.ok(file, `@pulumi/aws has no ${token}`);
      const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(file)!);
      return checker.getDeclaredTypeOfSymbol(exported.find((symbol) => symbol.name === name)!);
    },
  };
}

/** Inputs, at any depth, that the typings do not have or have in another shape. */
function differencesOf(
  schema: Schema,
  properties: Record<string, Property>,
  type: ts.Type,
  checker: ts.TypeChecker,
  path: string,
  visited: readonly string[] = [],
): string[] {
  return Object.entries(properties).flatMap(([name, property]) => {
    const symbol = type.getProperty(name);
    if (symbol === undefined) return [`${path}.${name} is not in the typings`];
    return compare(property, plainTypes(checker.getTypeOfSymbol(symbol)), `${path}.${name}`);
  });

  function compare(property: Property, types: ts.Type[], where: string): string[] {
    const shapes = types.map((each) => shapeOf(each, checker));
    const shape = shapeInSchema(property);
    if (shape !== undefined && !shapes.includes(shape)) {
      return [`${where} is ${shapes.join("|")} in the typings, ${shape} in the schema`];
    }
    const found = types[shapes.indexOf(shape ?? "")];
    if (found === undefined) return [];
    if (property.items !== undefined) {
      const [element] = checker.getTypeArguments(found as ts.TypeReference);
      return compare(property.items, plainTypes(element!), `${where}[]`);
    }
    const reference = property.$ref?.replace("#/types/", "");
    if (reference === undefined || visited.includes(reference)) return [];
    const nested = schema.types[reference]?.properties ?? {};
    return differencesOf(schema, nested, found, checker, where, [...visited, reference]);
  }
}

/** The alternatives of `Input<T>` and unions, without promises, outputs and undefined. */
function plainTypes(type: ts.Type): ts.Type[] {
  if (type.isUnion()) return type.types.flatMap(plainTypes);
  const isOutput = type.isIntersection() || type.symbol?.name === "OutputInstance";
  const isNothing = (type.flags & ts.TypeFlags.Undefined) !== 0;
  return isOutput || isNothing || type.symbol?.name === "Promise" ? [] : [type];
}

function shapeOf(type: ts.Type, checker: ts.TypeChecker): string {
  if (checker.isArrayType(type)) return "array";
  if (type.flags & ts.TypeFlags.StringLike) return "string";
  if (type.flags & ts.TypeFlags.NumberLike) return "number";
  if (type.flags & ts.TypeFlags.BooleanLike) return "boolean";
  return "object";
}

/** Undefined where anything goes. */
function shapeInSchema(property: Property): string | undefined {
  if (property.oneOf !== undefined) return undefined;
  if (property.$ref !== undefined) return "object";
  return property.type === "integer" ? "number" : property.type;
}
