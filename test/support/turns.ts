import { performance } from 'node:perf_hooks';

const ROUNDS = 5;

/**
 * The share that the longest turn of the event loop has of all the time that `work` takes: 1 when nothing else gets a
 * turn before it is done. The best of several rounds, since others run on the machine.
 */
export async function longestShare(work: () => Promise<unknown>): Promise<number> {
  const shares = [];
  for (let round = 0; round < ROUNDS; round += 1) shares.push(await shareOf(work));
  return Math.min(...shares);
}

async function shareOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  let last = begun;
  let longest = 0;
  let next: NodeJS.Immediate;
  const tick = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    next = setImmediate(tick);
  };
  next = setImmediate(tick);
  await work();
  clearImmediate(next);
  const now = performance.now();
  return Math.max(longest, now - last) / (now - begun);
}
