import pg from 'pg';
import { WorkSignal } from '../../src/database/work-signal.js';
import { Heartbeat } from '../../src/dispatcher/upkeep/heartbeat.js';
import { Sweeper } from '../../src/dispatcher/upkeep/sweeper.js';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';

/** A process is idle when nothing has been leased for longer than a lease lasts; here 31 s and a margin. */
const UNTIL_IDLE_MS = 60_000;
const COUNTED_MS = 30_000;
const LEAD = { type: 'lead.create', data: {} };

describe('an engine in which nothing happens', () => {
  let client: pg.Client;
  // Before the engine's end, which drops the database.
  afterAll(() => client.end());
  const { engine, tenant, receiver } = useStory({
    settings: { leaseGraceMs: 1_000, sweepIntervalMs: 2_000 },
  });
  beforeAll(async () => {
    const asking = new pg.Client({ connectionString: engine.settings.databaseUrl });
    await asking.connect();
    const [worker] = engine.workers;
    await eventually(() => worker?.get(WorkSignal, { strict: false }).isWatched, {
      timeoutMs: UNTIL_IDLE_MS,
    });
    await eventually(
      async () => {
        const { rows } = await asking.query('SELECT FROM posthorn.workers WHERE seen_at <> $1', ['infinity']);
        return rows.length === 0;
      },
      { timeoutMs: UNTIL_IDLE_MS },
    );
    // A connection's transactions are counted when it ends, at the latest.
    await asking.end();
    client = new pg.Client({ connectionString: engine.settings.databaseUrl });
    await client.connect();
  }, 2 * UNTIL_IDLE_MS);

  // Not the position in the log of changes: other tests use the same server. Not what autovacuum writes of statistics.
  const counts = async () => {
    const { rows } = await client.query<{ transactions: number; written: number }>(
      `SELECT xact_commit::float8 AS transactions, (
         SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::float8 FROM pg_stat_user_tables t JOIN pg_class c ON c.oid = t.relid
         WHERE c.relpersistence = 'p') AS written
       FROM pg_stat_database WHERE datname = current_database()`,
    );
    return rows[0] ?? { transactions: 0, written: 0 };
  };

  it(
    'makes less than one transaction a second, and writes next to nothing that goes to the log of changes',
    async () => {
      const before = await counts();
      const from = performance.now();
      await eventually(() => performance.now() - from > COUNTED_MS, { timeoutMs: 2 * COUNTED_MS });
      const after = await counts();
      const seconds = (performance.now() - from) / 1_000;
      expect((after.transactions - before.transactions) / seconds).toBeLessThan(1);
      // One row in ten seconds, of 300 bytes with its index, is 2.6 MB a day.
      expect((after.written - before.written) / seconds).toBeLessThan(0.1);
    },
    3 * COUNTED_MS,
  );

  it('delivers the first event at once, and has a heartbeat again from then on', async () => {
    await tenant.subscribe(receiver.url);
    const heartbeat = engine.workers[0]?.get(Heartbeat, { strict: false });
    expect(heartbeat?.isFresh).toBe(true);
    await tenant.publish(LEAD);
    await receiver.received(1);
    await eventually(async () => {
      const { rows } = await client.query('SELECT FROM posthorn.workers WHERE seen_at < $1', ['infinity']);
      return rows.length === 1;
    });
    // What is lost now is found as while it is busy, and not with the looks of an idle worker, six seconds apart.
    const sweeper = engine.workers[0]?.get(Sweeper, { strict: false }) as Sweeper;
    let sweeps = 0;
    const sweep = sweeper.sweep.bind(sweeper);
    sweeper.sweep = (graceMs) => {
      sweeps += 1;
      return sweep(graceMs);
    };
    await eventually(() => sweeps >= 2, { timeoutMs: 5_000 });
  });

  it(
    'takes at once what SQL publishes',
    async () => {
      await tenant.subscribe(receiver.url);
      const [worker] = engine.workers;
      const isWatched = () => worker?.get(WorkSignal, { strict: false }).isWatched;
      await eventually(isWatched, { timeoutMs: UNTIL_IDLE_MS });
      const from = performance.now();
      await client.query(`SELECT posthorn.publish($1, 'lead.create', '{}')`, [tenant.uid]);
      await receiver.received(1);
      expect(performance.now() - from).toBeLessThan(900);
      // Now the worker looks by itself, and whoever publishes need not tell.
      expect(isWatched()).toBe(false);
      await client.query('LISTEN posthorn_work');
      let told = 0;
      client.on('notification', () => (told += 1));
      await client.query(`SELECT posthorn.publish($1, 'lead.create', '{}')`, [tenant.uid]);
      await receiver.received(2);
      await client.query('UNLISTEN posthorn_work');
      expect(told).toBe(0);
    },
    UNTIL_IDLE_MS,
  );

  it(
    'starts a job without waiting for its own look',
    async () => {
      const { id } = await tenant.subscribe(receiver.url);
      await tenant.publish(LEAD);
      await receiver.received(1);
      const isWatched = () => engine.workers[0]?.get(WorkSignal, { strict: false }).isWatched;
      await eventually(isWatched, { timeoutMs: UNTIL_IDLE_MS });
      const from = performance.now();
      await engine.ok('POST', tenant.path(`/subscriptions/${id}/replay`), { since: '2020-01-01T00:00:00Z' });
      await eventually(async () => {
        const { rows } = await client.query('SELECT FROM posthorn.jobs WHERE finished_at IS NOT NULL');
        return rows.length === 1;
      });
      expect(performance.now() - from).toBeLessThan(2_000);
    },
    UNTIL_IDLE_MS,
  );

  it(
    'lets the other workers look by themselves when the one that looked for all stops',
    async () => {
      const [watching] = engine.workers;
      const signalOf = (worker: typeof watching) => worker?.get(WorkSignal, { strict: false });
      await eventually(() => signalOf(watching)?.isWatched, { timeoutMs: UNTIL_IDLE_MS });
      const other = await engine.startWorker();
      await eventually(() => signalOf(other)?.isWatched, { timeoutMs: UNTIL_IDLE_MS });
      const [stopping] = engine.workers.splice(0, 1);
      await stopping?.close();
      // By itself it would notice at its next look, and would be as quiet as before.
      await eventually(() => signalOf(other)?.isQuiet === false, { timeoutMs: 1_000 });
      expect(signalOf(other)?.isWatched).toBe(false);
    },
    2 * UNTIL_IDLE_MS,
  );
});
