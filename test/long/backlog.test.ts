import { parsePublicId } from '../../src/core/ids.js';
import { Database } from '../../src/database/database.js';
import { heldOrder, isHeldOf } from '../../src/deliveries/open-deliveries.js';
import { releaseDeliveries, RELEASED_AT_ONCE } from '../../src/deliveries/move-deliveries.js';
import { eventually } from '../support/condition.js';
import { MAKE_BACKLOG } from '../support/great-backlog.js';
import { useStory } from '../support/story.js';

const MANY = 4_300;

describe('a backlog of more than one slice', () => {
  let answer: () => number | Promise<number>;
  let subscription: string;
  const { engine, tenant, receiver } = useStory({
    workers: 0,
    settings: { sweepIntervalMs: 500 },
    engineFor: 'test',
    answer: async () => ({ status: await answer() }),
  });
  beforeEach(async () => {
    answer = () => 200;
    subscription = (await tenant.subscribe(receiver.url)).id;
  });

  const query = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await engine.apis[0]?.get(Database).source.query<Row[]>(text, values)) ?? [];

  async function backlog(status: 'held' | 'pending', count = MANY): Promise<void> {
    const [space] = await query<{ id: string }>('SELECT space_id AS id FROM posthorn.subscriptions');
    await query(MAKE_BACKLOG, [space?.id, [parsePublicId('sub', subscription)], count, status]);
  }

  async function counts(): Promise<Record<string, number>> {
    const rows = await query<{ status: string; count: number }>(
      'SELECT status, count(*)::int AS count FROM posthorn.deliveries GROUP BY status',
    );
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
  }

  const act = (action: string, body?: object) =>
    engine.ok<{ status: string }>('POST', tenant.path(`/subscriptions/${subscription}/${action}`), body);

  it('is released in slices by a resume that answers at once, and all of it arrives once', async () => {
    await act('pause');
    await backlog('held');
    const { status } = await act('resume', {});
    expect(status).toBe('active');
    expect(await counts()).toEqual({ pending: RELEASED_AT_ONCE, held: MANY - RELEASED_AT_ONCE });
    await engine.startWorker();
    let most = 0;
    await eventually(
      async () => {
        const { pending = 0, succeeded = 0 } = await counts();
        most = Math.max(most, pending);
        expect(succeeded).toBe(MANY);
      },
      { timeoutMs: 60_000 },
    );
    // Nothing else is sent here, so a worker takes in a thousand at once, twice.
    expect(most).toBeLessThanOrEqual(2_000);
    expect(receiver.requests).toHaveLength(MANY);
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(MANY);
  }, 90_000);

  it('is released oldest first, and before what came after it', async () => {
    await act('pause');
    await backlog('held');
    await act('resume', {});
    await tenant.publish({ type: 'lead.create', data: {} });
    const { sql } = engine.apis[0]?.get(Database) as Database;
    const id = parsePublicId('sub', subscription) ?? '';
    while ((await releaseDeliveries(sql, id, new Date())).length > 0);
    expect(await counts()).toEqual({ pending: MANY + 1 });
    const rows = await query<{ wrong: number }>(
      `SELECT count(*)::int AS wrong FROM (
         SELECT id, row_number() OVER (ORDER BY next_attempt_at, id) - row_number() OVER (ORDER BY id) AS off
         FROM posthorn.deliveries WHERE status = 'pending') AS o WHERE off <> 0`,
    );
    expect(rows).toEqual([{ wrong: 0 }]);
  }, 90_000);

  it('is released without a look at what was sent before, also once there are statistics', async () => {
    await act('pause');
    await backlog('held');
    await backlog('held');
    await act('resume', {});
    const { sql } = engine.apis[0]?.get(Database) as Database;
    const id = parsePublicId('sub', subscription) ?? '';
    for (let n = 0; n < 30; n += 1) await releaseDeliveries(sql, id, new Date());
    await query('VACUUM ANALYZE posthorn.deliveries');
    const plan = await query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT id FROM posthorn.deliveries WHERE ${isHeldOf(`'${id}'`)} ${heldOrder()} LIMIT 200
        FOR UPDATE SKIP LOCKED`,
    );
    const lines = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(lines).toContain('Index Scan using');
    expect(lines).not.toMatch(/pkey|Seq Scan|Bitmap/);
  }, 90_000);

  it('is held again by a pause in the middle, and lost by nobody', async () => {
    await act('pause');
    await backlog('held');
    await act('resume', {});
    await engine.startWorker();
    await receiver.received(RELEASED_AT_ONCE / 2, 30_000);
    await act('pause');
    await eventually(async () => expect((await counts()).pending).toBe(undefined));
    const { held = 0, succeeded = 0 } = await counts();
    expect(held + succeeded).toBe(MANY);
    expect(held).toBeGreaterThan(0);
    await act('resume', {});
    await eventually(async () => expect((await counts()).succeeded).toBe(MANY), { timeoutMs: 60_000 });
    expect(receiver.requests).toHaveLength(MANY);
  }, 90_000);

  it('is cancelled by a resume that discards it', async () => {
    await act('pause');
    await backlog('held');
    await act('resume', { backlog: 'discard' });
    expect(await counts()).toEqual({ cancelled: MANY });
  }, 90_000);

  it('is cancelled when its subscription is deleted, waiting or held', async () => {
    await backlog('pending');
    await backlog('held');
    await engine.ok('DELETE', tenant.path(`/subscriptions/${subscription}`));
    expect(await counts()).toEqual({ cancelled: 2 * MANY });
  }, 90_000);

  it('is held by a pause, whole when it is answered', async () => {
    await backlog('pending');
    await act('pause');
    expect(await counts()).toEqual({ held: MANY });
  }, 90_000);

  it('is held when its endpoint fails', async () => {
    answer = () => 500;
    await backlog('pending');
    await engine.startWorker();
    await eventually(
      async () => {
        expect(await counts()).toEqual({ held: MANY });
      },
      // One by one, as each becomes due, it takes some 20 s.
      { timeoutMs: 10_000 },
    );
  }, 90_000);
});
