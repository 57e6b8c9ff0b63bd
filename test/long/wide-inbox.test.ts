import pg from 'pg';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

const EVENTS = 20;

let database: pg.Client;
const { engine } = useStory();
beforeAll(async () => {
  database = new pg.Client({ connectionString: engine.settings.databaseUrl });
  await database.connect();
  engine.beforeClose(() => database.end());
});

/** A space with so many paused subscriptions to the same events. */
async function wideSpace(subscriptions: number): Promise<Tenant> {
  const tenant = await Tenant.create(engine);
  await engine.ok('PATCH', tenant.path(''), { limits: { subscriptions: 100_000 } });
  const { id } = await tenant.subscribe('https://example.com/', { events: ['lead.create'] });
  await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
  await database.query(
    `INSERT INTO posthorn.subscriptions
     SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid()))).*
     FROM posthorn.subscriptions s JOIN posthorn.spaces p ON p.id = s.space_id, generate_series(2, $2) n
     WHERE p.uid = $1`,
    [tenant.uid, subscriptions],
  );
  await database.query(`UPDATE posthorn.spaces SET routing_version = routing_version + 1 WHERE uid = $1`, [
    tenant.uid,
  ]);
  return tenant;
}

/** Publishes that many events by SQL. Gives how many deliveries each transaction wrote, once all are stored. */
async function publish(tenant: Tenant, events: number, options = '{}'): Promise<number[]> {
  await database.query(
    `SELECT posthorn.publish($1, 'lead.create', '{}', options => $3) FROM generate_series(1, $2)`,
    [tenant.uid, events, options],
  );
  await eventually(
    async () => {
      const { rows } = await database.query<{ count: number }>('SELECT count(*)::int FROM posthorn.inbox');
      return rows[0]?.count === 0;
    },
    { timeoutMs: 20_000 },
  );
  const { rows } = await database.query<{ deliveries: number }>(
    `SELECT count(*)::int AS deliveries FROM posthorn.deliveries d JOIN posthorn.spaces p ON p.id = d.space_id
     WHERE p.uid = $1 GROUP BY d.xmin::text`,
    [tenant.uid],
  );
  return rows.map(({ deliveries }) => deliveries);
}

it('events from SQL for many subscriptions are stored a few at a time, and others wait for no more', async () => {
  expect((await publish(await wideSpace(400), 7)).sort()).toEqual([2_000, 800]);
  const all = await publish(await wideSpace(2_000), EVENTS);
  expect(all).toEqual(Array<number>(EVENTS).fill(2_000));
});

it('deliveries from SQL that have expired before are counted, however many there are', async () => {
  const tenant = await wideSpace(2_100);
  await publish(tenant, 1, '{"expiresAt":"2026-01-31T09:00:00Z"}');
  await eventually(async () => {
    const { values } = await engine.metrics.counters.deliveriesFinished.get();
    expect(values.find(({ labels }) => labels.outcome === 'expired')?.value).toBe(2_100);
  });
});
