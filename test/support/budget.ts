/** What the event loop may be kept for 64 KiB of a stranger's bytes, milliseconds. */
const PER_64_KIB = 1;
const ROUNDS = 25;
/** How long the yardstick takes on the machine that the milliseconds are meant for. */
const YARDSTICK_MS = 0.04;

const BYTES = new Uint8Array(64 * 1024).fill(7);

/** Adds 64 KiB of bytes up. A busy or slow machine takes longer for this, too. */
function yardstick(): number {
  const bytes = BYTES;
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 1) sum += bytes[at] as number;
  return sum;
}

function took(work: () => unknown): number {
  const from = performance.now();
  work();
  return performance.now() - from;
}

/**
 * How much of its budget `work` takes for so many bytes: 1 is all of it. The best of many rounds, in turns with the
 * yardstick: what others do on the machine makes both longer.
 */
export function budgetTaken(bytes: number, work: () => unknown, rounds = ROUNDS): number {
  let best = Infinity;
  let unit = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    unit = Math.min(unit, took(yardstick));
    best = Math.min(best, took(work));
  }
  const slowness = Math.max(1, unit / YARDSTICK_MS);
  return best / slowness / (PER_64_KIB * Math.max(1, bytes / (64 * 1024)));
}
