import pg from 'pg';
import { Database } from '../../src/database/database.js';
import { LocalDispatch } from '../../src/deliveries/local-dispatch.js';
import { Dispatcher } from '../../src/dispatcher/dispatcher.js';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';

describe('a worker in the process that publishes', () => {
  let answer: () => number | Promise<number>;
  const { engine, tenant, receiver } = useStory({
    settings: { sweepIntervalMs: 600_000, shutdownGraceMs: 200 },
    engineFor: 'test',
    answer: async () => ({ status: await answer() }),
  });
  beforeEach(() => {
    const [api] = engine.apis;
    const [worker] = engine.workers;
    if (api && worker) api.get(LocalDispatch).attach(worker.get(Dispatcher, { strict: false }));
    answer = () => 200;
  });

  const query = async <Row extends object>(text: string): Promise<Row[]> =>
    (await engine.apis[0]?.get(Database).source.query<Row[]>(text)) ?? [];
  const leads = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ type: 'lead.create', data: { n } }));
  const byStatus = () =>
    query<{ status: string; count: number; leased: number }>(
      `SELECT status, count(*)::int AS count, count(lease)::int AS leased FROM posthorn.deliveries GROUP BY status ORDER BY status`,
    );

  /** Nothing is leased in process before the endpoint has succeeded once. */
  async function makeHealthy(): Promise<void> {
    await tenant.publish(leads(1)[0] ?? {});
    await receiver.received(1);
    await eventually(async () => expect(await byStatus()).toMatchObject([{ status: 'succeeded' }]));
  }

  it('delivers past the queue, each event once', async () => {
    await tenant.subscribe(receiver.url);
    await makeHealthy();
    const [before] = await query('SELECT last_value FROM bullmq.job_seq');
    await tenant.send(leads(30));
    await receiver.received(31);
    await eventually(async () =>
      expect(await byStatus()).toEqual([{ status: 'succeeded', count: 31, leased: 0 }]),
    );
    expect(receiver.requests).toHaveLength(31);
    expect(await query('SELECT last_value FROM bullmq.job_seq')).toEqual([before]);
  });

  it('shows what it has leased as pending, due since it was made', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    await makeHealthy();
    answer = () => new Promise<number>(() => undefined);
    await tenant.send(leads(5));
    await receiver.received(6);
    expect(
      await query(`SELECT FROM posthorn.deliveries WHERE status = 'pending' AND next_attempt_at IS NULL`),
    ).toHaveLength(5);
    for (const filter of ['', `&subscription=${id}`]) {
      const pending = await tenant.deliveries(`?status=pending&limit=4${filter}`);
      expect(pending).toHaveLength(4);
      for (const each of pending) expect(each.nextAttemptAt).toBe(each.createdAt);
    }
    const overview = await engine.ok('GET', tenant.path('/overview'));
    expect(overview).toMatchObject({ waiting: { pending: 5 } });
    await engine.ok('DELETE', tenant.path(`/subscriptions/${id}`));
    expect(await byStatus()).toMatchObject([{ status: 'cancelled', count: 5 }, { status: 'succeeded' }]);
  });

  it('sends nothing more once a pause is answered, and holds what it had taken', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    await makeHealthy();
    let release: () => void = () => undefined;
    const gate = new Promise<number>((resolve) => (release = () => resolve(200)));
    answer = () => gate;
    // More than the eight or nine requests that a new endpoint gets at once: the others wait, leased.
    await tenant.send(leads(30));
    await receiver.received(2);
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    const seen = receiver.requests.length;
    release();
    await eventually(async () => {
      const rows = await byStatus();
      expect(rows.map(({ status, leased }) => [status, leased])).toEqual([
        ['held', 0],
        ['succeeded', 0],
      ]);
    });
    expect(receiver.requests).toHaveLength(seen);
    expect(seen).toBeLessThan(31);
  });

  it('gives back what waits when it stops', async () => {
    await tenant.subscribe(receiver.url);
    await makeHealthy();
    answer = () => new Promise<number>(() => undefined);
    await tenant.send(leads(30));
    await receiver.received(2);
    await engine.stopWorkers();
    answer = () => 200;
    await engine.startWorker();
    await eventually(async () =>
      expect(await byStatus()).toEqual([{ status: 'succeeded', count: 31, leased: 0 }]),
    );
  });

  it('gives back what was being written when it stopped, without an attempt', async () => {
    await tenant.subscribe(receiver.url);
    await makeHealthy();
    const other = new pg.Client({ connectionString: engine.settings.databaseUrl });
    await other.connect();
    await other.query('BEGIN; LOCK TABLE posthorn.events IN EXCLUSIVE MODE');
    const published = tenant.send(leads(3));
    await eventually(async () => {
      const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
      return (await query(waiting)).length > 0;
    });
    await engine.stopWorkers();
    await other.query('COMMIT');
    await other.end();
    expect((await published).status).toBe(202);
    await eventually(async () => expect(await byStatus()).toMatchObject([{ count: 3, leased: 0 }, {}]));
    await engine.startWorker();
    await engine.sweep();
    await eventually(async () =>
      expect(await byStatus()).toEqual([{ status: 'succeeded', count: 4, leased: 0 }]),
    );
    expect(await query('SELECT FROM posthorn.attempts WHERE error_code IS NOT NULL')).toEqual([]);
  });

  it('lets go of what an endpoint is too slow for', async () => {
    await tenant.subscribe(receiver.url);
    await makeHealthy();
    answer = () => new Promise<number>(() => undefined);
    await tenant.send(leads(30));
    // A new endpoint gets nine requests at once after its first success.
    await receiver.received(10);
    await eventually(async () => expect(await byStatus()).toMatchObject([{ leased: 9 }, { leased: 0 }]));
  });

  it('enqueues what it lets go: a pause holds all of it, and a resume sends it', async () => {
    const { id } = await tenant.subscribe(receiver.url, { pauseAfter: 3 });
    await makeHealthy();
    answer = () => 500;
    const before = performance.now();
    await tenant.send(leads(30));
    // Both those that failed and those that waited, leased, in this process. What a resume meets half-way is the
    // sweeper's.
    await eventually(async () =>
      expect(await byStatus()).toEqual([
        { status: 'held', count: 30, leased: 0 },
        { status: 'succeeded', count: 1, leased: 0 },
      ]),
    );
    // After two seconds whatever is still leased is let go anyway.
    expect(performance.now() - before).toBeLessThan(2_000);
    answer = () => 200;
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`));
    await eventually(async () =>
      expect(await byStatus()).toEqual([{ status: 'succeeded', count: 31, leased: 0 }]),
    );
  });

  it('loses nothing to a resume in the midst of it: what that missed is found by the next sweep', async () => {
    const { id } = await tenant.subscribe(receiver.url, { pauseAfter: 3 });
    await makeHealthy();
    answer = () => 500;
    await tenant.send(leads(30));
    await eventually(async () => {
      const { status } = await engine.ok<{ status: string }>('GET', tenant.path(`/subscriptions/${id}`));
      expect(status).toBe('paused');
    });
    answer = () => 200;
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`));
    await eventually(async () => {
      await engine.sweep();
      expect(await byStatus()).toEqual([{ status: 'succeeded', count: 31, leased: 0 }]);
    });
  });
});
