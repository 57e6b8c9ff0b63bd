import pg from 'pg';
import { newLease, newWorkerId } from '../../src/core/lease.js';
import { Database } from '../../src/database/database.js';
import { thisProcess } from '../../src/database/process-identity.js';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import type { Delivery } from '../support/tenant.js';

const LEAD = { type: 'lead.create', data: {} };

describe('what a worker has leased that is dead', () => {
  let answer: () => number;
  const { engine, tenant, receiver } = useStory({
    workers: 0,
    settings: { sweepIntervalMs: 500 },
    engineFor: 'test',
    answer: () => ({ status: answer() }),
  });
  beforeEach(async () => {
    answer = () => 200;
    await tenant.subscribe(receiver.url, { retrySchedule: [3_600] });
  });

  const query = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await engine.apis[0]?.get(Database).source.query<Row[]>(text, values)) ?? [];

  interface Dead {
    space?: string;
    pid?: number;
    start?: string;
    hasSession?: boolean;
    silentSeconds?: number;
  }

  /** A worker that has taken all there is, and was heard of for the last time so many seconds ago. */
  async function leaseTo({
    space = 'elsewhere',
    pid = 1,
    start = '',
    hasSession = true,
    silentSeconds = 10,
  }: Dead) {
    const id = newWorkerId();
    await query(
      `INSERT INTO posthorn.workers (id, process_space, pid, process_start, has_session, seen_at)
       VALUES ($1, $2, $3, $4, $5, clock_timestamp() - $6 * interval '1 second')`,
      [id, space, pid, start, hasSession, silentSeconds],
    );
    await query(
      `UPDATE posthorn.deliveries SET lease = $1, lease_until = clock_timestamp() + interval '1 hour' WHERE status = 'pending'`,
      [newLease(id)],
    );
    return id;
  }

  const only = async (): Promise<Delivery> => {
    const [delivery] = await tenant.deliveries();
    return engine.ok('GET', tenant.path(`/deliveries/${delivery?.id}`));
  };
  const isDelivered = async () =>
    expect(await only()).toMatchObject({
      status: 'succeeded',
      attempts: [{ errorCode: 'interrupted' }, { statusCode: 200 }],
    });

  it('is delivered at once when its process is gone from this machine', async () => {
    await tenant.publish(LEAD);
    await leaseTo({ ...thisProcess(), start: 'an earlier one', silentSeconds: 0 });
    await engine.startWorker();
    await eventually(isDelivered, { timeoutMs: 3_000 });
  });

  it('is delivered within seconds when its session has ended, also what no index knows', async () => {
    await tenant.publish(LEAD);
    await leaseTo({});
    await query('UPDATE posthorn.deliveries SET next_attempt_at = NULL');
    await engine.startWorker();
    await eventually(isDelivered, { timeoutMs: 8_000 });
  });

  it('stays its own as long as its session is open', async () => {
    await tenant.publish(LEAD);
    const id = await leaseTo({});
    const session = new pg.Client({ connectionString: engine.settings.databaseUrl });
    await session.connect();
    try {
      await session.query(`SELECT pg_advisory_lock(('x' || $1::text)::bit(64)::bigint)`, [id]);
      const dead = await leaseToAnother();
      await engine.startWorker();
      // By the time the other one is taken for dead it has been seen just as often.
      await eventually(async () => expect(await endedIds()).toEqual([dead]));
      expect(await only()).toMatchObject({ status: 'pending', attemptCount: 0 });
    } finally {
      await session.end();
    }
    await eventually(isDelivered, { timeoutMs: 8_000 });
  });

  const endedIds = async () =>
    (await query<{ id: string }>('SELECT id FROM posthorn.workers WHERE ended_at IS NOT NULL')).map(
      ({ id }) => id,
    );

  /** One that has leased nothing. */
  async function leaseToAnother(): Promise<string> {
    const id = newWorkerId();
    await query(
      `INSERT INTO posthorn.workers SELECT $1, process_space, pid, process_start, has_session, seen_at FROM posthorn.workers`,
      [id],
    );
    return id;
  }

  it('costs no step of the schedule and no failure', async () => {
    answer = () => 500;
    await tenant.publish(LEAD);
    await leaseTo({ ...thisProcess(), start: 'an earlier one' });
    await engine.startWorker();
    await eventually(async () => expect(await only()).toMatchObject({ status: 'pending', attemptCount: 2 }));
    expect((await only()).nextAttemptAt).not.toBeNull();
  });

  it('a worker that was taken for dead goes on under another name, and leaves when it stops', async () => {
    await engine.startWorker();
    const [first] = await query<{ id: string }>('SELECT id FROM posthorn.workers');
    await query('UPDATE posthorn.workers SET ended_at = clock_timestamp()');
    await eventually(async () => {
      const rows = await query<{ id: string }>('SELECT id FROM posthorn.workers WHERE ended_at IS NULL');
      expect(rows).toHaveLength(1);
      expect(rows[0]?.id).not.toBe(first?.id);
    });
    await tenant.publish(LEAD);
    await eventually(async () =>
      expect(await only()).toMatchObject({ status: 'succeeded', attemptCount: 1 }),
    );
    await engine.stopWorkers();
    expect(await endedIds()).toHaveLength(2);
  });
});
