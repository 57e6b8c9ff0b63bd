import { StartupError } from '../config/startup-error.js';
import { keepHeapSmall } from './keep-heap-small.js';

/** npm passes Ctrl-C on to a process that the terminal told already: that is still one wish. */
const SAME_SIGNAL_MS = 500;

/** Something that runs until it is told to stop. */
export interface Running {
  /** Rejects when it can go on no longer. */
  lost: Promise<never>;
  stop: () => Promise<void>;
}

/**
 * The life of a process: start, announce, run until a signal, stop, exit 0. A second signal exits at once. What goes
 * wrong is one line for a person where it can be, and exit code 1.
 */
export async function runUntilStopped<T extends Running>(
  start: () => Promise<T>,
  announce: (running: T) => void | Promise<void>,
): Promise<void> {
  keepHeapSmall();
  // A full disk or a reader that has gone ends nobody.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  let stopRequestedAt: number | undefined;
  try {
    const starting = start();
    const requestStop = () => {
      const now = performance.now();
      if (stopRequestedAt === undefined) {
        stopRequestedAt = now;
        starting.then((running) => running.stop()).then(() => process.exit(0), fail);
      } else if (now - stopRequestedAt > SAME_SIGNAL_MS) {
        process.exit(1);
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, requestStop);
    const running = await starting;
    if (stopRequestedAt === undefined) await announce(running);
    await running.lost;
  } catch (error) {
    // What a stop breaks off on its way ends with the stop.
    if (stopRequestedAt === undefined) fail(error);
  }
}

function fail(error: unknown): never {
  if (error instanceof StartupError)
    for (const problem of error.problems) console.error(`posthorn: ${problem}`);
  else console.error(error);
  process.exit(1);
}
