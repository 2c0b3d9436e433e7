import type { Clock } from "../../scripts/clock";

/** A clock that jumps to the end of every sleep at once. */
export class FakeClock implements Clock {
  constructor(private time = Date.UTC(2026, 10, 21, 12)) {}

  now(): number {
    return this.time;
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.time += milliseconds;
    // As a true sleep, it lets everything else go on first.
    await new Promise(setImmediate);
  }
}
