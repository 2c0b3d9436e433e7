/** Exit codes, as those of `npm run local`: done, the result is bad, wrong options. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Where a program writes lines to. */
export interface Output {
  readonly line: (text: string) => void;
  readonly error: (text: string) => void;
}
