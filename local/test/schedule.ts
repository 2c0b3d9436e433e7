/** One piece of work, by the name a person calls it. */
export interface Job {
  readonly name: string;
  readonly work: () => Promise<void>;
}

/** Does all work, some of it at the same time, and says when each begins. */
export async function runJobs(
  jobs: readonly Job[],
  atOnce: number,
  print: (line: string) => void = console.log,
): Promise<void> {
  let next = 0;
  const takeTurns = async () => {
    for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) {
      print(`… ${job.name} (${jobs.indexOf(job) + 1} of ${jobs.length})`);
      await job.work();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, takeTurns));
}
