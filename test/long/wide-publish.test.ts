import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { DatabaseClient } from '../../src/database/database-client.js';
import { Database } from '../../src/database/database.js';
import { poolOf } from '../../src/database/pool-of.js';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import { Tenant, type Published } from '../support/tenant.js';

const SUBSCRIPTIONS = 3_000;
const EVENT = { type: 'lead.create', data: { country: 'FR' } };

let database: pg.Client;
const { engine } = useStory({ workers: 0 });
beforeAll(async () => {
  database = new pg.Client({ connectionString: engine.settings.databaseUrl });
  await database.connect();
  engine.beforeClose(() => database.end());
});

/** A space whose one subscription is there very often; the others for one country each. */
async function wideSpace(profile = 'native', type = EVENT.type): Promise<Tenant> {
  const tenant = await Tenant.create(engine, profile);
  await engine.ok('PATCH', tenant.path(''), { limits: { subscriptions: 100_000 } });
  await tenant.subscribe('https://example.com/', { events: [type] });
  await database.query(
    `INSERT INTO posthorn.subscriptions
     SELECT (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'provider_id', CASE WHEN s.provider_id IS NOT NULL THEN n || 'x' END))).*
     FROM posthorn.subscriptions s JOIN posthorn.spaces p ON p.id = s.space_id, generate_series(2, $2) n WHERE p.uid = $1`,
    [tenant.uid, SUBSCRIPTIONS],
  );
  await database.query(`UPDATE posthorn.spaces SET routing_version = routing_version + 1 WHERE uid = $1`, [
    tenant.uid,
  ]);
  return tenant;
}

async function stored(tenant: Tenant): Promise<{ events: number; deliveries: number; twice: number }> {
  const { rows } = await database.query<{ events: number; deliveries: number; twice: number }>(
    `SELECT (SELECT count(*)::int FROM posthorn.events e WHERE e.space_id = p.id) AS events,
       (SELECT count(*)::int FROM posthorn.deliveries d WHERE d.space_id = p.id) AS deliveries,
       (SELECT count(*)::int FROM (SELECT FROM posthorn.deliveries d WHERE d.space_id = p.id
          GROUP BY event_id, subscription_id HAVING count(*) > 1) t) AS twice
     FROM posthorn.spaces p WHERE p.uid = $1`,
    [tenant.uid],
  );
  return rows[0] as { events: number; deliveries: number; twice: number };
}

it.each(['native', 'lemlist'])(
  'an event for thousands of subscriptions of a %s space is stored once for each',
  async (profile) => {
    const event = profile === 'native' ? EVENT : { type: 'emailsOpened', data: {} };
    const tenant = await wideSpace(profile, event.type);
    const first = await tenant.publish({ ...event, id: 'one' });
    expect(first).toMatchObject({ duplicate: false, deliveries: SUBSCRIPTIONS });
    const again = await tenant.publish({ ...event, id: 'one' });
    expect(again).toEqual({ ...first, duplicate: true });
    expect(await stored(tenant)).toEqual({ events: 1, deliveries: SUBSCRIPTIONS, twice: 0 });
    const other = await tenant.send<{ code: string }>({ ...event, data: { other: true }, id: 'one' });
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_conflict']);
  },
);

it('many events at once are stored each, also where some were published before, or are of an unknown type', async () => {
  const tenant = await wideSpace();
  const one = await tenant.publish({ ...EVENT, id: 'e1' });
  const list = Array.from({ length: 4 }, (_, n) => ({ ...EVENT, id: `e${n}` }));
  const { body } = await tenant.send<{ data: Published[] }>([...list, list[3]]);
  expect(body.data.map(({ duplicate, deliveries }) => [duplicate, deliveries])).toEqual([
    [false, SUBSCRIPTIONS],
    [true, SUBSCRIPTIONS],
    [false, SUBSCRIPTIONS],
    [false, SUBSCRIPTIONS],
    [true, expect.any(Number)],
  ]);
  expect(body.data[1]?.id).toBe(one.id);
  expect(await stored(tenant)).toEqual({ events: 4, deliveries: 4 * SUBSCRIPTIONS, twice: 0 });
  expect((await tenant.send([EVENT, { ...EVENT, type: 'no.such' }])).status).toBe(422);
  expect(await stored(tenant)).toEqual({ events: 4, deliveries: 4 * SUBSCRIPTIONS, twice: 0 });
});

it('an event that few of thousands want is stored with others, and its answer is as true', async () => {
  const tenant = await wideSpace();
  await database.query(
    `UPDATE posthorn.subscriptions s SET filter = '{"country": "DE"}' FROM posthorn.spaces p
     WHERE p.id = s.space_id AND p.uid = $1 AND s.id <> (SELECT min(id::text)::uuid FROM posthorn.subscriptions WHERE space_id = p.id)`,
    [tenant.uid],
  );
  await database.query(`UPDATE posthorn.spaces SET routing_version = routing_version + 1 WHERE uid = $1`, [
    tenant.uid,
  ]);
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, n) => tenant.publish({ ...EVENT, id: `f${n % 10}` })),
  );
  expect(all.every(({ deliveries }) => deliveries === 1)).toBe(true);
  expect(await stored(tenant)).toEqual({ events: 10, deliveries: 10, twice: 0 });
});

it('may take longer than other transactions', async () => {
  const tenant = await wideSpace();
  const source = engine.apis[0]?.get(Database).source as DataSource;
  const pool = poolOf(source);
  const shortened = new Map<DatabaseClient, unknown>();
  const shorten = (one: unknown) => {
    const client = one as DatabaseClient & { limits: unknown };
    if (!shortened.has(client)) shortened.set(client, client.limits);
    client.limits = { statementMs: 10_000, transactionMs: 100 };
  };
  pool.on('acquire', shorten);
  const list = Array.from({ length: 20 }, () => EVENT);
  expect(await tenant.send(list)).toMatchObject({ status: 202 });
  pool.off('acquire', shorten);
  for (const [client, limits] of shortened) Object.assign(client, { limits });
  expect(await stored(tenant)).toEqual({ events: 20, deliveries: 20 * SUBSCRIPTIONS, twice: 0 });
});

it('a connection that is lost between two slices leaves nothing, and a repeat stores all of it once', async () => {
  const tenant = await wideSpace();
  const list = Array.from({ length: 10 }, (_, n) => ({ ...EVENT, id: `g${n}` }));
  const answer: { status?: number } = {};
  const sent = tenant.send(list).then(({ status }) => (answer.status = status));
  let lost = 0;
  while (answer.status === undefined && lost === 0) {
    const { rows } = await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' AND query LIKE '%WITH scanned AS MATERIALIZED%'`,
    );
    lost = rows.length;
  }
  const status = await sent;
  expect([503, 202]).toContain(status);
  expect(lost).toBeGreaterThan(0);
  if (status === 503) expect(await stored(tenant)).toEqual({ events: 0, deliveries: 0, twice: 0 });
  await eventually(async () => expect((await tenant.send(list)).status).toBe(202));
  expect(await stored(tenant)).toEqual({ events: 10, deliveries: 10 * SUBSCRIPTIONS, twice: 0 });
});
