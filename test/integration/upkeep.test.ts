import { jest } from '@jest/globals';
import pg from 'pg';
import { Sweeper } from '../../src/dispatcher/upkeep/sweeper.js';
import { eventually, staysSo } from '../support/condition.js';
import { useStory } from '../support/story.js';

const { engine, tenant, receiver } = useStory({
  settings: { sweepIntervalMs: 50 },
  engineFor: 'test',
  answer: () => ({ status: 500 }),
});

/** Runs `work` while nothing else can read the table. */
async function whileLocked(
  table: string,
  work: (waiting: () => Promise<number>, isSweeping: () => Promise<boolean>) => Promise<void>,
): Promise<void> {
  const database = new pg.Client({ connectionString: engine.settings.databaseUrl });
  await database.connect();
  try {
    await database.query(`BEGIN; LOCK TABLE posthorn.${table} IN ACCESS EXCLUSIVE MODE`);
    const waiting = async () => {
      const { rows } = await database.query(
        `SELECT FROM pg_locks WHERE NOT granted AND relation = 'posthorn.${table}'::regclass`,
      );
      return rows.length;
    };
    const isSweeping = async () => {
      const { rows } = await database.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 7340021 AND granted
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return rows.length > 0;
    };
    await work(waiting, isSweeping);
    await database.query('ROLLBACK');
  } finally {
    await database.end();
  }
}

it('a search for expired events that takes long is not started once more at each interval', async () => {
  await whileLocked('event_expiries', async (waiting) => {
    await eventually(async () => (await waiting()) > 0);
    await staysSo(async () => (await waiting()) <= 1, {
      forMs: 500,
      because: 'each further interval of 50 ms would begin another search',
    });
  });
});

it('a stop waits for a sweep that began some intervals before', async () => {
  const sweeper = engine.workers[0]?.get(Sweeper) as Sweeper;
  let isStopped = false;
  let stopping: Promise<void> | undefined;
  await whileLocked('deliveries', async (waiting, isSweeping) => {
    await eventually(async () => (await waiting()) > 0 && (await isSweeping()));
    const later = jest.spyOn(sweeper, 'sweep');
    await eventually(() => later.mock.results.length > 1);
    expect(await later.mock.results[1]?.value).toBe(false);
    stopping = sweeper.beforeApplicationShutdown().then(() => void (isStopped = true));
    await staysSo(() => !isStopped, { forMs: 200, because: 'the first sweep still waits for the table' });
  });
  await stopping;
  expect(isStopped).toBe(true);
});

it('what a sweep found is found and counted by the next one when its transaction failed', async () => {
  const sweeper = engine.workers[0]?.get(Sweeper) as Sweeper;
  const sweep = () => Sweeper.prototype.sweep.call(sweeper, 0);
  // Only those of this test.
  jest.spyOn(sweeper, 'sweep').mockResolvedValue(true);
  const missed = async () => {
    const { values } = await engine.metrics.counters.sweeperFound.get();
    return values.find(({ labels }) => labels.kind === 'missed')?.value ?? 0;
  };
  const database = new pg.Client({ connectionString: engine.settings.databaseUrl });
  await database.connect();
  try {
    const paused = await tenant.subscribe(receiver.url, { pauseAfter: 1 });
    await tenant.subscribe(receiver.url, { retrySchedule: [600], pauseAfter: null });
    await tenant.publish({ type: 'lead.create', data: {} });
    await eventually(async () => (await tenant.subscription(paused.id)).status === 'paused');
    await eventually(async () => (await tenant.deliveries()).every(({ attemptCount }) => attemptCount === 1));
    const before = await missed();
    // The sweep also sends a probe: its transaction fails when that is committed.
    await database.query(`
      UPDATE posthorn.deliveries SET next_attempt_at = now() WHERE status = 'pending';
      UPDATE posthorn.subscriptions SET next_probe_at = now() WHERE status = 'paused';
      CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
      CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON posthorn.subscriptions DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION refuse()`);
    await expect(sweep()).rejects.toThrow('refused');
    expect(await missed()).toBe(before);
    await database.query('DROP TRIGGER refuse ON posthorn.subscriptions');
    expect(await sweep()).toBe(true);
    // Without a grace period the probe is due as well.
    expect(await missed()).toBe(before + 2);
  } finally {
    await database.end();
  }
});
