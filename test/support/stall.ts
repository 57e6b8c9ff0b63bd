import { eventually } from './condition.js';
import { NodeProcess } from './node-process.js';

/** Where `distant-receivers.ts` listens. */
export interface DistantReceivers {
  plain: string;
  secure: string;
  hanging: string;
  slowBody: string;
  impatient: string;
}

/** Receivers in a process of their own. */
export async function startDistantReceivers(): Promise<{
  urls: DistantReceivers;
  /** How many requests have come. */
  asked: () => number;
  close: () => Promise<unknown>;
}> {
  const receivers = NodeProcess.run('test/support/distant-receivers.ts');
  await eventually(() => receivers.stdout.includes('\n'), { timeoutMs: 30_000 });
  return {
    urls: JSON.parse(receivers.stdout.slice(0, receivers.stdout.indexOf('\n'))) as DistantReceivers,
    asked: () => receivers.stdout.length - receivers.stdout.indexOf('\n') - 1,
    close: () => {
      receivers.kill('SIGKILL');
      return receivers.ended;
    },
  };
}

/**
 * Stops the event loop, as a long garbage collection or SIGSTOP does: nothing of this process runs, the rest of the
 * world goes on.
 */
export function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
