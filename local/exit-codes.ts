/** What the commands here end with. */
export const EXIT = { ok: 0, failed: 1, usage: 2, stopped: 130 } as const;

/** How a run of work that was begun can end. */
export type RunExitCode = (typeof EXIT)["ok" | "failed" | "stopped"];
