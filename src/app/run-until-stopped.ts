import { StartupError } from '../config/startup-error.js';
import { keepHeapSmall } from './keep-heap-small.js';

/** npm forwards Ctrl-C to a process that already got it from the terminal: both count as one. */
const SAME_SIGNAL_MS = 500;

/** Something that runs until it is stopped. */
export interface Running {
  /** Rejects when it can no longer run. */
  lost: Promise<never>;
  stop: () => Promise<void>;
}

/**
 * Runs a process: start, announce, run until a signal, stop, exit 0. A second signal exits at once. An error is
 * printed as one line where possible, with exit code 1.
 */
export async function runUntilStopped<T extends Running>(
  start: () => Promise<T>,
  announce: (running: T) => void | Promise<void>,
): Promise<void> {
  keepHeapSmall();
  // A full disk or a closed pipe must not end the process.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  let stopRequestedAt: number | undefined;
  try {
    const starting = start();
    const requestStop = () => {
      const now = performance.now();
      if (stopRequestedAt === undefined) {
        stopRequestedAt = now;
        // A start that is interrupted may fail, for its database server got the signal, too.
        starting.then(
          (running) => running.stop().then(() => process.exit(0), fail),
          () => process.exit(0),
        );
      } else if (now - stopRequestedAt > SAME_SIGNAL_MS) {
        process.exit(1);
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, requestStop);
    const running = await starting;
    if (stopRequestedAt === undefined) await announce(running);
    await running.lost;
  } catch (error) {
    // Errors caused by the stop itself are ignored.
    if (stopRequestedAt === undefined) fail(error);
  }
}

function fail(error: unknown): never {
  if (error instanceof StartupError)
    for (const problem of error.problems) console.error(`posthorn: ${problem}`);
  else console.error(error);
  process.exit(1);
}
