import { Database } from '../../src/database/database.js';
import { eventsWithin } from '../../src/deliveries/erase-deliveries.js';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import { parsePublicId } from '../../src/core/ids.js';

interface Erasure {
  id: string;
  status: string;
  counts: Record<string, number>;
  verification: { checked: number; complete: boolean } | null;
  finishedAt: string | null;
}

/** Deliveries of each event. More than one statement erases. */
const WIDTH = 2_500;
const EVENTS = 6;

describe('an erasure of events with thousands of deliveries each', () => {
  const { engine, tenant, receiver } = useStory();
  let ids: string[];

  beforeEach(async () => {
    await tenant.subscribe(receiver.url);
    const published = Array.from({ length: EVENTS }, () => ({
      type: 'lead.create',
      data: {},
      subjectId: 'wide',
    }));
    expect((await tenant.send(published)).status).toBe(202);
    await eventually(async () =>
      expect(await tenant.deliveries('?status=succeeded&limit=100')).toHaveLength(EVENTS),
    );
    const events = await tenant.deliveries('?limit=100');
    ids = [...new Set(events.map(({ eventId }) => parsePublicId('evt', eventId) ?? ''))].sort();
    await widen();
  });

  /** Gives each delivery copies of itself, as if there were so many subscriptions. */
  async function widen(): Promise<void> {
    const { source } = (engine.apis[0] as (typeof engine.apis)[0]).get(Database);
    const columns = await source.query<{ names: string }[]>(`SELECT string_agg(attname, ', ') AS names
        FROM pg_attribute WHERE attrelid = 'posthorn.deliveries'::regclass AND attnum > 0
          AND NOT attisdropped AND attgenerated = '' AND attname <> 'id'`);
    const names = columns[0]?.names ?? '';
    await source.query(
      `INSERT INTO posthorn.deliveries (id, ${names})
          SELECT (left(id::text, 24) || lpad(to_hex(row_number() OVER ()), 12, '0'))::uuid, ${names}
          FROM posthorn.deliveries CROSS JOIN generate_series(2, ${WIDTH}) n WHERE event_id = ANY($1::uuid[])`,
      [ids],
    );
  }

  it.each(['content', 'rows'])('counts each of them once, and leaves none: %s', async (mode) => {
    const { id } = await engine.ok<Erasure>('POST', tenant.path('/erasures'), { subjectId: 'wide', mode });
    const erasure = await eventually(
      async () => {
        const found = await engine.ok<Erasure>('GET', tenant.path(`/erasures/${id}`));
        expect(found.finishedAt).not.toBeNull();
        return found;
      },
      { timeoutMs: 25_000 },
    );
    expect(erasure).toMatchObject({
      status: 'completed',
      counts: { events: EVENTS, deliveries: EVENTS * WIDTH, attempts: EVENTS },
      verification: { checked: EVENTS, complete: true },
    });
  });

  it('looks at few events at a time', async () => {
    const { sql } = (engine.apis[0] as (typeof engine.apis)[0]).get(Database);
    expect(await eventsWithin(sql, ids, 1_000)).toEqual(ids.slice(0, 1));
    expect(await eventsWithin(sql, ids, WIDTH + 1)).toEqual(ids.slice(0, 2));
    expect(await eventsWithin(sql, ids, WIDTH * EVENTS)).toEqual(ids);
    expect(await eventsWithin(sql, [], 1_000)).toEqual([]);
  });

  it('reads no deliveries of events that have to wait', async () => {
    const database = (engine.apis[0] as (typeof engine.apis)[0]).get(Database);
    const text = `SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid))::int AS read FROM pg_index
      WHERE indrelid IN (SELECT relid FROM pg_partition_tree('posthorn.deliveries'))`;
    const read = await database.transaction(async (sql) => {
      const count = async () => (await sql<{ read: number }>({ name: '', text }))[0]?.read ?? 0;
      const before = await count();
      await eventsWithin(sql, ids, 1_000);
      return (await count()) - before;
    });
    expect(read).toBeLessThan(2 * WIDTH);
  });
});
