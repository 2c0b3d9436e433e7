import { BEGINNINGS } from "./graph-panel";

/** What is repeated is sent once; this much must come of it. */
const LEAST_GAIN = 100;

/** What a mark stands for, itself shortened by the marks before it. */
type Mark = readonly [mark: string, long: string];

/**
 * Texts with marks in place of what they repeat, and the commands of `sed` that undo it. A compressed text would be shorter
 * still, and another one on each kind of computer: tasks would be replaced for nothing.
 */
export function shortened(texts: readonly string[]): {
  readonly texts: readonly string[];
  readonly undo: string;
} {
  const marks: Mark[] = [];
  for (const long of [...BEGINNINGS.map(beginningText), ...repeatedObjects(texts)]) {
    marks.push([`~${marks.length}~`, marked(long, marks)]);
  }
  return {
    texts: texts.map((text) => marked(text, marks)),
    undo: marks.map(replacement).reverse().join("\n"),
  };
}

function marked(text: string, marks: readonly Mark[]): string {
  return marks.reduce((rest, [mark, long]) => rest.replaceAll(long, mark), text);
}

function replacement([mark, long]: Mark): string {
  return `s|${mark}|${long.replace(/[\\|&]/g, "\\$&")}|g`;
}

/** JSON of objects that are there more than once, the shortest first: longer ones have them in them. */
function repeatedObjects(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    JSON.parse(text, (_key, value: unknown) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
      const json = JSON.stringify(value);
      counts.set(json, (counts.get(json) ?? 0) + 1);
      return value;
    });
  }
  return [...counts]
    .filter(([json, count]) => (count - 1) * json.length >= LEAST_GAIN)
    .map(([json]) => json)
    .sort((left, right) => left.length - right.length || (left < right ? -1 : 1));
}

/** An object's JSON without its braces: the same in everything that begins like it. */
function beginningText(beginning: object): string {
  return `${JSON.stringify(beginning).slice(1, -1)},`;
}
