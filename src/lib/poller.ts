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
  private resting = new AbortController();
  private isWoken = false;

  constructor(private readonly step: () => Promise<number>) {}

  start(): void {
    this.running = this.run(this.stopping.signal);
  }

  /** Resolves when the step under way has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Ends the rest; during a step: lets the next one follow at once. */
  wake(): void {
    this.isWoken = true;
    this.resting.abort();
  }

  private async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.resting.abort());
    while (!signal.aborted) {
      this.isWoken = false;
      const rest = await this.step().catch(() => LATER_MS);
      await this.rest(rest);
    }
  }

  private async rest(ms: number): Promise<void> {
    if (ms === 0 || this.isWoken || this.stopping.signal.aborted) {
      await nextTurn();
      return;
    }
    this.resting = new AbortController();
    await sleep(ms, undefined, { signal: this.resting.signal, ref: false }).catch(() => undefined);
  }
}
