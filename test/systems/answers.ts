/** Reads docs/systems.md, and finds what is wrong with its answers to the rows of the seed documents. */

/** How many rows each seed document has. */
export const ROW_COUNTS: readonly number[] = [65, 27, 235, 41, 156];

const COLUMNS = ["id", "configuration", "resources", "test or document"];

/** Text of a file of the repository; undefined where there is none. */
export type ReadFile = (file: string) => string | undefined;

/** The ids of one seed's rows: "S002-06", and "S002-100" where two digits do not do. */
export function idsOf(seed: number): string[] {
  return Array.from(
    { length: ROW_COUNTS[seed] ?? 0 },
    (_, index) => `S00${seed}-${String(index + 1).padStart(2, "0")}`,
  );
}

/** Every problem of the page, in its order; none where each row has one answer that holds. */
export function problemsOfAnswers(page: string, read: ReadFile): string[] {
  const rows = rowsOf(page);
  const perSeed = ROW_COUNTS.flatMap((_, seed) => missingRows(seed, rows));
  const known = new Set(ROW_COUNTS.flatMap((_, seed) => idsOf(seed)));
  const tests = new Map<string, readonly string[] | undefined>();
  return [...perSeed, ...rows.flatMap((row) => problemsOfRow(row, known, read, tests))];
}

interface Row {
  readonly line: number;
  /** Seed of the heading that the row stands under. */
  readonly seed: number;
  readonly cells: readonly string[];
}

/** The rows of all tables below a heading "## Seed 000 …". */
function rowsOf(page: string): Row[] {
  let seed: number | undefined;
  return page.split("\n").flatMap((text, index) => {
    const heading = /^## (?:Seed 00(\d)\b)?/.exec(text);
    if (heading !== null) seed = heading[1] === undefined ? undefined : Number(heading[1]);
    if (seed === undefined || !text.startsWith("|")) return [];
    const cells = text
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim());
    const isFrame = cells.every((cell) => /^:?-+:?$/.test(cell)) || cells[0] === COLUMNS[0];
    return isFrame ? [] : [{ line: index + 1, seed, cells }];
  });
}

function missingRows(seed: number, rows: readonly Row[]): string[] {
  const given = rows.map(({ cells: [id = ""] }) => id);
  return idsOf(seed).flatMap((id) => {
    const count = given.filter((other) => other === id).length;
    if (count === 1) return [];
    return [count === 0 ? `${id} has no row` : `${id} has ${count} rows`];
  });
}

function problemsOfRow(
  { line, seed, cells }: Row,
  known: ReadonlySet<string>,
  read: ReadFile,
  tests: Map<string, readonly string[] | undefined>,
): string[] {
  const [id = "", configuration, resources, answer = ""] = cells;
  const say = (problem: string) => [`line ${line}, ${id}: ${problem}`];
  if (cells.length !== COLUMNS.length) {
    return say(`has ${cells.length} columns, not ${COLUMNS.join(", ")}`);
  }
  if (!known.has(id)) return say("is no row of any seed");
  if (!id.startsWith(`S00${seed}-`)) return say(`stands below the heading of seed 00${seed}`);
  if (answer.startsWith("open")) return say("is open");
  if (configuration === "" && resources === "") {
    return say("names neither configuration nor resources; a dash says that there is none");
  }
  const references = [...answer.matchAll(/`([^`#]+)#([^`]+)`/g)];
  if (references.length === 0) return say("names no test and no heading, as `FILE#TITLE`");
  return references.flatMap(([, file = "", title = ""]) => {
    const problem = file.endsWith(".md")
      ? problemOfHeading(file, title, read)
      : problemOfTest(id, file, title, read, tests);
    return problem === undefined ? [] : say(problem);
  });
}

function problemOfHeading(file: string, title: string, read: ReadFile): string | undefined {
  const text = read(file);
  if (text === undefined) return `there is no ${file}`;
  const headings = text.split("\n").flatMap((line) => /^#{1,6} (.*)$/.exec(line)?.[1] ?? []);
  return headings.includes(title) ? undefined : `${file} has no heading "${title}"`;
}

/** A test is named by its whole title, or by the row's id where its title begins with that. */
function problemOfTest(
  id: string,
  file: string,
  title: string,
  read: ReadFile,
  tests: Map<string, readonly string[] | undefined>,
): string | undefined {
  if (!tests.has(file)) tests.set(file, testTitles(read(file)));
  const titles = tests.get(file);
  if (titles === undefined) return `there is no ${file}`;
  if (titles.includes(title)) return undefined;
  if (title !== id) return `${file} has no test "${title}"`;
  return titles.some((candidate) => idsOfTitle(candidate).includes(id))
    ? undefined
    : `no test of ${file} has a title that starts with ${id}`;
}

/** "S004-11, S004-12: one for each zone" speaks for both rows. */
export function idsOfTitle(title: string): string[] {
  const [, ids = ""] = /^((?:S\d{3}-\d{2,3})(?:, S\d{3}-\d{2,3})*): ./.exec(title) ?? [];
  return ids === "" ? [] : ids.split(", ");
}

/** Titles of the tests that a file has, but for those that are skipped or have no body. */
export function testTitles(source: string | undefined): readonly string[] | undefined {
  if (source === undefined) return undefined;
  if (/^\s*(x?describe|context)\.skip\(|^\s*xdescribe\(/m.test(source)) return [];
  const tests = source.matchAll(/^\s*it\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1\s*,/gm);
  return [...tests].map(([, , title = ""]) => title.replace(/\\(.)/g, "$1"));
}
