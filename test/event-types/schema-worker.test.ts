import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SchemaWorker } from '../../src/event-types/schema-worker.js';

const LIMIT_MS = 500;
const STOPPED_S = 1.5;

/** Compares each of so many items with all others. */
const costly = (items: number) => ({
  schema: { properties: { a: { uniqueItems: true } } },
  examples: [{ a: Array.from({ length: items }, (_none, index) => [index]) }],
});

let worker: SchemaWorker;
beforeEach(async () => {
  worker = new SchemaWorker(LIMIT_MS);
  // The thread has started, and its code is loaded.
  await worker.check({ schema: { type: 'object' }, examples: [{}] });
});
afterEach(() => worker.end());

/** Stops this whole process, threads included, and lets it go on. */
async function stopProcess(): Promise<void> {
  const script = `kill -STOP ${process.pid}; sleep ${STOPPED_S}; kill -CONT ${process.pid}`;
  const shell = spawn('sh', ['-c', script], { stdio: 'ignore' });
  await once(shell, 'exit');
}

it('time in which the process was stopped counts against no schema', async () => {
  const from = performance.now();
  const asked = worker.check(costly(1_500));
  await stopProcess();
  expect(performance.now() - from).toBeGreaterThan(LIMIT_MS);
  expect(await asked).toEqual({ kind: 'well' });
});

it('what uses up its time ends, and the next check is made', async () => {
  const from = performance.now();
  expect(await worker.check(costly(20_000))).toEqual({ kind: 'too_costly' });
  expect(performance.now() - from).toBeGreaterThanOrEqual(LIMIT_MS);
  expect(await worker.check(costly(2))).toEqual({ kind: 'well' });
});
