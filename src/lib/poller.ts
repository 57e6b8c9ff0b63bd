import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

const LATER_MS = 1_000;

/**
 * Calls `step` again and again, until it is stopped. A step gives for how long to rest before the next, milliseconds;
 * with 0 the next begins in the next turn of the event loop. One that throws, and has logged why, is followed a second
 * later.
 */
export class Poller {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly step: () => Promise<number>) {}

  start(): void {
    this.running = this.run(this.stopping.signal);
  }

  /** Resolves when the step under way has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const rest = await this.step().catch(() => LATER_MS);
      if (rest === 0) await nextTurn();
      else await sleep(rest, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
