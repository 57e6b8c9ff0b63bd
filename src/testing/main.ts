import { Settings } from '../config/settings.js';
import { startPosthorn } from '../app/start.js';
import { Database } from '../database/database.js';
import { WorkSignal } from '../database/work-signal.js';
import { KnownHosts } from '../dispatcher/attempt/known-hosts.js';
import { Sweeper } from '../dispatcher/upkeep/sweeper.js';
import { HandClock } from './hand-clock.js';
import { throwawayDatabase } from './throwaway-database.js';
import { TimeTravel } from './time-travel.js';

/**
 * The engine of `@posthorn/testing`: a process of its own, on a throw-away database, by a clock that the test moves. It
 * talks over the IPC channel of the process that started it, and ends with that.
 */

/** What the test asks, by number. */
interface Question {
  n: number;
  /** `advance`: move the clock by `ms`. `settle`: wait until nothing is due. `stop`: remove everything and end. */
  ask: 'advance' | 'settle' | 'stop';
  ms?: number;
}

interface Start {
  databaseUrl?: string;
  settings?: Partial<Settings>;
}

const { databaseUrl = '', settings: given } = JSON.parse(process.argv[2] ?? '{}') as Start;
const database = await throwawayDatabase(databaseUrl);
const settings = Object.assign(new Settings(), {
  port: 0,
  host: '127.0.0.1',
  allowHttp: true,
  allowTargets: ['127.0.0.0/8', '::1/128'],
  logLevel: 'error',
  sweepIntervalMs: 200,
  shutdownGraceMs: 500,
  ...database.settings,
  ...given,
});
const clock = new HandClock(startTime());
const posthorn = await startPosthorn(settings, clock).catch(async (error: unknown) => {
  await database.remove();
  throw error;
});
const { api, worker } = posthorn;
if (!api || !worker) throw new Error('The role must be all.');
worker.get(KnownHosts, { strict: false }).areEvidence = false;
const travel = new TimeTravel(
  clock,
  api.get(Database),
  worker.get(Sweeper, { strict: false }),
  worker.get(WorkSignal, { strict: false }),
);

let stopping: Promise<void> | undefined;
const stop = () => (stopping ??= posthorn.stop().finally(() => database.remove()));

async function answer({ n, ask, ms = 0 }: Question): Promise<void> {
  try {
    if (ask === 'advance') await travel.advance(ms);
    else if (ask === 'settle') await travel.settle();
    else await stop();
    process.send?.({ n, now: clock.now() });
  } catch (error) {
    process.send?.({ n, error: (error as Error).message });
  }
  if (ask === 'stop') process.disconnect();
}

/** The computer's time: receivers compare it with their own. */
function startTime(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}

process.on('message', (question: Question) => void answer(question));
// The test ended, or died, without a word.
process.on('disconnect', () => void stop().finally(() => process.exit()));
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void stop().finally(() => process.exit()));
process.send?.({ url: posthorn.url, key: settings.adminKey, now: clock.now() });
