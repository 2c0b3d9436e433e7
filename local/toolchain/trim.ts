import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** Kept out of the copy anywhere in the module: nothing there is compiled into the provider. */
const UNUSED = /(^|\/)(\.github|docs|examples|testdata|website)$|_test\.go$/;

const SERVICE_FOLDER = /^internal\/service\/(\w+)(\/|$)/;
const PACKAGE_LIST = "internal/provider/sdkv2/service_packages_gen.go";
const CLIENT_ACCESSORS = "internal/conns/awsclient_gen.go";

/**
 * Copies the Terraform AWS provider from the module cache, reduced to some of its 250 services. A
 * build of them all takes 20 minutes on two cores, of the ones this project meets 6. A copy,
 * because Go builds neither changed files in the module cache nor an `-overlay` over it. Only two
 * generated files change: the list of service packages, and the accessors for the SDK clients.
 */
export async function trimmedCopy(module: string, copy: string, services: ReadonlySet<string>) {
  await copyFolder(module, copy, (path) => {
    const service = SERVICE_FOLDER.exec(path)?.[1];
    return !UNUSED.test(path) && (service === undefined || services.has(service));
  });
  await change(join(copy, PACKAGE_LIST), (text) => withoutPackages(text, services));
  const called = await calledAccessors(join(copy, "internal"));
  await change(join(copy, CLIENT_ACCESSORS), (text) => withoutAccessors(text, called));
}

/**
 * Written anew instead of copied: everything in the module cache is read-only, and a copy would be
 * too.
 */
async function copyFolder(
  from: string,
  to: string,
  wanted: (path: string) => boolean,
  root = from,
) {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (!wanted(relative(root, source))) continue;
    if (entry.isDirectory()) await copyFolder(source, target, wanted, root);
    else await writeFile(target, await readFile(source));
  }
}

async function change(file: string, edit: (text: string) => string): Promise<void> {
  await writeFile(file, edit(await readFile(file, "utf8")));
}

/** Drops the import and the entry of every service that is not kept. */
function withoutPackages(text: string, services: ReadonlySet<string>): string {
  const dropped = (line: string) => {
    const used =
      /\/internal\/service\/(\w+)"/.exec(line) ?? /^\s+(\w+)\.ServicePackage\(ctx\),/.exec(line);
    return used?.[1] !== undefined && !services.has(used[1]);
  };
  return text
    .split("\n")
    .filter((line) => !dropped(line))
    .join("\n");
}

/** The accessors (`c.ECSClient(ctx)`) that what was kept still calls. */
async function calledAccessors(folder: string): Promise<Set<string>> {
  const called = new Set<string>();
  for (const file of await readdir(folder, { recursive: true })) {
    if (!file.endsWith(".go") || file.endsWith("awsclient_gen.go")) continue;
    const text = await readFile(join(folder, file), "utf8");
    for (const call of text.matchAll(/\.(\w+Client)\(ctx/g)) called.add(call[1]!);
  }
  return called;
}

/** Drops the accessors nobody calls, and then the SDK imports that no accessor needs. */
function withoutAccessors(text: string, called: ReadonlySet<string>): string {
  const [head = "", ...accessors] = text.split(/(?=^func \(c \*AWSClient\) )/m);
  const kept = accessors.filter((accessor) =>
    called.has(/^func \(c \*AWSClient\) (\w+)\(/.exec(accessor)![1]!),
  );
  const needed = (line: string) => {
    const sdk = /^\s+(?:(\w+) )?"github\.com\/aws\/aws-sdk-go-v2\/service\/([\w/]+)"/.exec(line);
    if (sdk === null) return true;
    const name = sdk[1] ?? sdk[2]!.split("/").at(-1)!;
    return kept.some((accessor) => new RegExp(`\\b${name}\\.`).test(accessor));
  };
  return head.split("\n").filter(needed).join("\n") + kept.join("");
}
