import { performance } from 'node:perf_hooks';

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

/** How long it is tried again while it takes too long, milliseconds: a busy machine also compiles late. */
const PATIENCE_MS = 1_000;

/**
 * How much of its budget `work` takes for so many bytes: 1 is all of it. The best of many rounds, in turns with the
 * yardstick: what others do on the machine makes both longer.
 */
export function budgetTaken(bytes: number, work: () => unknown, rounds = ROUNDS): number {
  const budget = PER_64_KIB * Math.max(1, bytes / (64 * 1024));
  const until = performance.now() + PATIENCE_MS;
  let best = Infinity;
  let unit = Infinity;
  const taken = () => best / Math.max(1, unit / YARDSTICK_MS) / budget;
  for (let round = 0; round < rounds || (taken() > 1 && performance.now() < until); round += 1) {
    unit = Math.min(unit, took(yardstick));
    best = Math.min(best, took(work));
  }
  return taken();
}

/**
 * The same for work that mostly waits for threads: only what it keeps the event loop for counts, everything that runs
 * between its turns included. The budget is that of 64 KiB, for whatever it is.
 */
export async function loopBudgetTaken(work: () => Promise<unknown>, rounds = ROUNDS): Promise<number> {
  const until = performance.now() + PATIENCE_MS;
  let best = Infinity;
  let unit = Infinity;
  const taken = () => best / Math.max(1, unit / YARDSTICK_MS) / PER_64_KIB;
  for (let round = 0; round < rounds || (taken() > 1 && performance.now() < until); round += 1) {
    // Often enough that it is compiled, also where there are few rounds.
    for (let again = 0; again < 10; again += 1) unit = Math.min(unit, took(yardstick));
    const before = performance.eventLoopUtilization();
    await work();
    best = Math.min(best, performance.eventLoopUtilization(before).active);
  }
  return taken();
}
