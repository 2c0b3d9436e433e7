/** GitHub takes 65,536 characters in a comment; this leaves room for what stands around the output. */
const MOST_CHARACTERS = 60_000;

/** A preview as Markdown: what it comes to, and the whole output to unfold. */
export function previewPage(stack: string, code: number, output: string): string {
  const text = output.trimEnd();
  const shown = text.length <= MOST_CHARACTERS ? text : text.slice(-MOST_CHARACTERS);
  const cut =
    shown === text ? "" : `The first ${text.length - shown.length} characters are in the log.\n\n`;
  // A fence longer than any in the output: what comes out of a program must not end it.
  const fence = "`".repeat(
    Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)),
  );
  return [
    `### Preview of ${stack}: ${code === 0 ? counts(text) : "failed"}`,
    "",
    `${cut}<details><summary>What \`pulumi preview\` says</summary>`,
    "",
    `${fence}diff`,
    shown.replace(/^( +)([-+~]{1,2})/gm, "$2$1"),
    fence,
    "",
    "</details>",
    "",
  ].join("\n");
}

/** The last lines of a preview count its steps: "    + 3 to create". */
function counts(text: string): string {
  const found = [...text.matchAll(/^ +[-+~=<>]+ *(\d+ to [a-z]+)$/gm)].map(
    ([, count]) => count ?? "",
  );
  return found.length === 0 ? "no changes" : found.join(", ");
}
