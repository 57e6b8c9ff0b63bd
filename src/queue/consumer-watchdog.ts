import type { createRedisBackend } from 'bullmq';

type Backend = ReturnType<typeof createRedisBackend>;

/** A blocking wait that takes so much longer than asked, milliseconds, has failed. BullMQ itself allows 1,000. */
const LATE_MS = 900;
const LOST_MS = 3_000;

/** Watches a BullMQ worker's blocking waits for jobs. */
export class ConsumerWatchdog {
  /** When a wait must have ended, monotonic milliseconds; null while none is under way. */
  private dueBy: number | null = null;

  isOverdue(): boolean {
    return this.dueBy !== null && performance.now() > this.dueBy;
  }

  /** The server is back only now: gives the worker time to notice. */
  extend(): void {
    this.dueBy = performance.now() + LOST_MS;
  }

  /** Watches one wait of so many seconds. */
  async watch<T>(seconds: number, wait: () => Promise<T | null>): Promise<T | null> {
    const since = performance.now();
    // A wait that failed does not extend the time for the next one.
    this.dueBy ??= since + seconds * 1_000 + LOST_MS;
    const found = await wait();
    if (found !== null || performance.now() - since < seconds * 1_000 + LATE_MS) this.dueBy = null;
    return found;
  }
}

const watchdogs = new WeakMap<object, ConsumerWatchdog>();

/** Watches the backend's waits. `options` are those of the queue or worker it is for. */
export function withWatchdog(backend: Backend, options: object): Backend {
  const watchdog = new ConsumerWatchdog();
  const wait = backend.waitForJob.bind(backend);
  backend.waitForJob = (seconds) => watchdog.watch(seconds, () => wait(seconds));
  watchdogs.set(options, watchdog);
  return backend;
}

/** The watchdog of the worker with these options. */
export function watchdogOf(options: object): ConsumerWatchdog | undefined {
  return watchdogs.get(options);
}
