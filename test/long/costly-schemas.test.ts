import pg from 'pg';
import type { BroadcastView } from '../../src/broadcasts/broadcast.dto.js';
import { newUuid } from '../../src/core/ids.js';
import { Database } from '../../src/database/database.js';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

const { engine, tenant } = useStory();

async function query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  return (engine.apis[0] as (typeof engine.apis)[0]).get(Database).sql<Row>({ name: '', text }, values);
}

/** Comparing this with the schema takes more than the second that there is. */
const COSTLY = { allOf: Array.from({ length: 200 }, () => ({ properties: { a: { uniqueItems: true } } })) };
const BAD = { a: Array.from({ length: 20_000 }, (_none, index) => [index]) };
const own = (schema: object, of: Tenant) =>
  engine.ok('PUT', of.path('/event-types/some.type'), { schema, validation: 'enforce' });
const publish = (of: Tenant, data: object) =>
  query(`SELECT posthorn.publish($1, 'some.type', $2::text)`, [of.uid, JSON.stringify(data)]);
const stored = async (of: Tenant) =>
  (await engine.ok<{ data: object[] }>('GET', of.path('/events'))).data.length;

async function refused(of: Tenant): Promise<string[]> {
  const rows = await query<{ refused: string }>(
    `SELECT refused FROM posthorn.inbox JOIN posthorn.spaces s ON s.id = space_id
      WHERE s.uid = $1 AND refused IS NOT NULL`,
    [of.uid],
  );
  return rows.map((row) => row.refused);
}

describe('a space whose schema takes too long, and which published eight such events by SQL', () => {
  it('waits alone: neither the events of other spaces nor broadcasts wait for it', async () => {
    const other = await Tenant.create(engine);
    await own(COSTLY, tenant);
    await own({ type: 'object' }, other);
    for (let n = 0; n < 8; n += 1) await publish(tenant, BAD);
    await publish(other, { a: 1 });
    await eventually(async () => (await stored(other)) === 1, { timeoutMs: 15_000 });
    // Six of a minute are compared. The others wait, and are not refused.
    await eventually(async () => (await refused(tenant)).length === 6, { timeoutMs: 20_000 });
    await publish(other, { a: 2 });
    await eventually(async () => (await stored(other)) === 2);
    const { id } = await engine.ok<BroadcastView>('POST', '/v1/broadcasts', {
      event: { type: 'some.type', data: BAD },
    });
    const done = await eventually(
      async () => {
        const now = await engine.ok<BroadcastView>('GET', `/v1/broadcasts/${id}`);
        return now.finishedAt !== null && now;
      },
      { timeoutMs: 20_000 },
    );
    expect(done).toMatchObject({ status: 'completed', published: 1, failed: 1 });
    expect(done.problems).toEqual([expect.objectContaining({ code: 'too_many_requests' })]);
    expect((await refused(tenant)).length).toBe(6);
  }, 90_000);
});

it('an event of SQL is published although its schema changes while it is read', async () => {
  const schema = { type: 'object', required: ['a'] };
  await own(schema, tenant);
  // The worker knows the routes from now on, and not the schema.
  await query(`SELECT posthorn.publish($1, 'lead.create', '{}'::text)`, [tenant.uid]);
  await eventually(async () => (await stored(tenant)) === 1);
  const changing = new pg.Client({ connectionString: engine.settings.databaseUrl });
  await changing.connect();
  try {
    await changing.query('BEGIN; LOCK TABLE posthorn.event_types IN ACCESS EXCLUSIVE MODE');
    // As posthorn.publish would, which reads the types itself.
    await query(
      `INSERT INTO posthorn.inbox (id, space_id, type, data, options)
        SELECT $1, id, 'some.type', '{"a": 1}', '{}' FROM posthorn.spaces WHERE uid = $2`,
      [newUuid(Date.now()), tenant.uid],
    );
    await eventually(async () => {
      const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%md5(s.text)%'`;
      return (await query(waiting)).length > 0;
    });
    await changing.query(`
      UPDATE posthorn.event_types SET schema = '{"type": "object", "required": ["a"], "title": "Other"}'
        WHERE name = 'some.type';
      UPDATE posthorn.spaces SET routing_version = routing_version + 1;
      COMMIT`);
    await eventually(async () => (await stored(tenant)) === 2);
    expect(await refused(tenant)).toEqual([]);
  } finally {
    await changing.end();
  }
});
