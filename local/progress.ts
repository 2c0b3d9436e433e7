/** Tells a waiting person what is going on: one line a step, alive while the step lasts. */
export interface Progress {
  /**
   * Runs one step under a title. `detail` says what the step is doing just now; a failing step is marked and its error
   * passed on.
   */
  step<T>(title: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T>;
  /** Prints a line between steps. */
  note(text: string): void;
}

/** How often a log that nobody can redraw (CI) repeats that a long step is still alive. */
const HEARTBEAT_SECONDS = 20;

/** Progress on a terminal redraws its line every second; in a log it prints a line now and then. */
export function consoleProgress(output: NodeJS.WriteStream = process.stdout): Progress {
  const redraws = output.isTTY && process.env["CI"] === undefined;
  const line = (text: string) => output.write(`${redraws ? "\r\x1b[K" : ""}${text}\n`);

  return {
    note: line,
    async step(title, work) {
      const started = Date.now();
      let detail = "";
      const status = () => `${title} (${elapsed(started)})${detail === "" ? "" : `: ${detail}`}`;
      const redraw = () => output.write(`\r\x1b[K… ${status().slice(0, output.columns - 3)}`);
      if (!redraws) line(`… ${title}`);
      const timer = setInterval(
        () => (redraws ? redraw() : line(`… ${status()}`)),
        1000 * (redraws ? 1 : HEARTBEAT_SECONDS),
      );
      try {
        const result = await work((text) => {
          detail = text;
          if (redraws) redraw();
        });
        line(`✔ ${title} (${elapsed(started)})`);
        return result;
      } catch (error) {
        line(`✖ ${title} (${elapsed(started)})`);
        throw error;
      } finally {
        clearInterval(timer);
      }
    },
  };
}

/** "42 s" or "3 min 07 s" since a moment in milliseconds. */
export function elapsed(startedMilliseconds: number): string {
  const seconds = Math.round((Date.now() - startedMilliseconds) / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}
