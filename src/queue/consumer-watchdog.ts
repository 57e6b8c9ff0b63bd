import type { createRedisBackend } from 'bullmq';

type Backend = ReturnType<typeof createRedisBackend>;

/** How much longer than asked a blocking wait may take before it looks lost, milliseconds. BullMQ itself gives it 1,000. */
const LATE_MS = 900;
const LOST_MS = 3_000;

/** Sees how a worker's blocking waits for jobs do. */
export class ConsumerWatchdog {
  /** When the worker must have heard something, or that there is nothing; null while it is not listening. */
  private dueBy: number | null = null;

  isOverdue(): boolean {
    return this.dueBy !== null && performance.now() > this.dueBy;
  }

  /** Its server is back only now: it may find out by itself. */
  extend(): void {
    this.dueBy = performance.now() + LOST_MS;
  }

  /** Watches one wait of so many seconds. */
  async watch<T>(seconds: number, wait: () => Promise<T | null>): Promise<T | null> {
    const since = performance.now();
    // A wait that failed leaves this as it is: the next one has no more time.
    this.dueBy ??= since + seconds * 1_000 + LOST_MS;
    const found = await wait();
    if (found !== null || performance.now() - since < seconds * 1_000 + LATE_MS) this.dueBy = null;
    return found;
  }
}

const watchdogs = new WeakMap<object, ConsumerWatchdog>();

/** The same backend, its waits watched. `options` are those of the queue or worker it is for. */
export function withWatchdog(backend: Backend, options: object): Backend {
  const watchdog = new ConsumerWatchdog();
  const wait = backend.waitForJob.bind(backend);
  backend.waitForJob = (seconds) => watchdog.watch(seconds, () => wait(seconds));
  watchdogs.set(options, watchdog);
  return backend;
}

/** How the waits of the worker with these options do. */
export function watchdogOf(options: object): ConsumerWatchdog | undefined {
  return watchdogs.get(options);
}
