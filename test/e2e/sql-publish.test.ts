import pg from 'pg';
import { EventTypesService, SpacesService, Subscriptions } from '../../src/index.js';
import { eventually } from '../support/condition.js';
import { HostApp } from '../support/host-app.js';
import { startReceiver, type Receiver } from '../support/receiver.js';

let host: HostApp;
let receiver: Receiver;
let client: pg.Client;

beforeAll(async () => {
  receiver = await startReceiver();
  host = await HostApp.start();
  const { space } = await host.acme(receiver.url);
  await host.app.get(Subscriptions).create(space, {
    url: `${receiver.url}/filtered`,
    events: ['lead.update'],
    filter: { score: { gte: 10 } },
  });
  await host.app.get(EventTypesService).put(space, 'invoice.paid', { description: 'An invoice was paid.' });
  client = new pg.Client({ connectionString: host.options.databaseUrl });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await host.close();
  await receiver.close();
});

// A failed test leaves its transaction to nobody.
afterEach(() => client.query('ROLLBACK; RESET ROLE'));

async function query<Row extends object = { id: string }>(
  text: string,
  values: unknown[] = [],
): Promise<Row> {
  const { rows } = await client.query<Row>(text, values);
  return rows[0] as Row;
}

const sent = (id: string) => receiver.requests.filter(({ headers }) => headers['webhook-id'] === id);
const arrived = (id: string) => eventually(() => sent(id)[0] ?? null);
const inbox = async () => (await query<{ count: number }>('SELECT count(*)::int FROM posthorn.inbox')).count;

describe('posthorn.publish', () => {
  it('publishes from SQL, with the bytes that were given', async () => {
    const text = '{"id": "l1",  "score":1.0, "note":"ümlaut 🎺"}';
    const { id } = await query(`SELECT posthorn.publish('acme', 'lead.create', '${text}') AS id`);
    expect(id).toMatch(/^evt_[0-9a-f]{12}7[0-9a-f]{19}$/);
    const { body } = await arrived(id);
    expect(body.toString()).toContain(`"data":${text}`);
    await eventually(async () => (await inbox()) === 0);
    // Found by its id from now on, at the time of the call.
    const event = await query<{ off: number }>(
      `SELECT abs(extract(epoch FROM occurred_at - now()))::float AS off FROM posthorn.events WHERE replace(id::text, '-', '') = $1`,
      [id.slice(4)],
    );
    expect(event.off).toBeLessThan(60);
  });

  it('takes json, jsonb, named arguments and all options', async () => {
    const { id } = await query(
      `SELECT posthorn.publish(space => 'acme', type => 'invoice.paid', data => json_build_object('id', $1::text),
        id => 'i1', options => '{"occurredAt":"2026-01-31T09:00:00Z","ttlSeconds":3600,"subjectId":"s1","scope":{"clientId":"c1"}}') AS id`,
      ['i1'],
    );
    expect((await arrived(id)).body.toString()).toContain('"timestamp":"2026-01-31T09:00:00.000Z"');
    const stored = await query<object>(
      `SELECT publisher_id, subject_id, client_id FROM posthorn.events WHERE publisher_id = 'i1'`,
    );
    expect(stored).toEqual({ publisher_id: 'i1', subject_id: 's1', client_id: 'c1' });
  });

  it.each([
    ['2016-12-31t23:59:60z', '2017-01-01T00:00:00.000Z'],
    ['2026-01-31T09:00+05:30', '2026-01-31T03:30:00.000Z'],
    ['2026-01-31T24:00:00.000Z', '2026-02-01T00:00:00.000Z'],
  ])('takes the time %s', async (time, read) => {
    const call = `posthorn.publish('acme', 'lead.create', '{}', options => '{"occurredAt":"${time}"}')`;
    const { id } = await query(`SELECT ${call} AS id`);
    expect((await arrived(id)).body.toString()).toContain(`"timestamp":"${read}"`);
  });

  it('is matched in the engine: only subscriptions whose filter it passes get it', async () => {
    const high = await query(`SELECT posthorn.publish('acme', 'lead.update', '{"score":10}'::jsonb) AS id`);
    await eventually(() => sent(high.id).length === 2);
    const low = await query(`SELECT posthorn.publish('acme', 'lead.update', '{"score":9.99}'::jsonb) AS id`);
    await arrived(low.id);
    await eventually(async () => (await inbox()) === 0);
    expect(sent(low.id).map(({ path }) => path)).toEqual(['/hook']);
  });

  it('exists when its transaction commits, and not when that or its savepoint is rolled back', async () => {
    await client.query('BEGIN');
    const kept = await query(`SELECT posthorn.publish('acme', 'lead.create', '{"id":"kept"}') AS id`);
    await client.query('SAVEPOINT s');
    await client.query(`SELECT posthorn.publish('acme', 'lead.create', '{"id":"undone"}', 'undone')`);
    await client.query('ROLLBACK TO SAVEPOINT s');
    await client.query('COMMIT');
    await client.query('BEGIN');
    await client.query(`SELECT posthorn.publish('acme', 'lead.create', '{"id":"undone"}', 'undone')`);
    await client.query('ROLLBACK');
    await arrived(kept.id);
    const { count } = await query<{ count: number }>(
      `SELECT count(*)::int FROM posthorn.events WHERE publisher_id = 'undone'`,
    );
    expect([count, await inbox()]).toEqual([0, 0]);
  });

  it('waits where its space may publish no more a second, and holds up no other space', async () => {
    const spaces = host.app.get(SpacesService);
    const { id: slow } = await spaces.create({ name: 'Slow', uid: 'slow', limits: { eventsPerSecond: 1 } });
    const many = `SELECT posthorn.publish('slow', 'lead.create', '{}') FROM generate_series(1, 30)`;
    const stored = async () =>
      (
        await query<{ count: number }>('SELECT count(*)::int FROM posthorn.events WHERE space_id = $1', [
          slow,
        ])
      ).count;
    await client.query(many);
    // A batch may exceed the limit: what follows waits for it.
    await eventually(async () => (await stored()) === 30);
    await client.query(many);
    const other = await query(`SELECT posthorn.publish('acme', 'lead.create', '{}') AS id`);
    await arrived(other.id);
    expect([await stored(), await inbox()]).toEqual([30, 30]);
    await spaces.update(slow, { limits: { eventsPerSecond: 1_000 } });
    await eventually(async () => (await stored()) === 60);
    expect(await inbox()).toBe(0);
  });

  it('takes events of spaces in turns, however many one of them has', async () => {
    await host.app.get(SpacesService).create({ name: 'Flood', uid: 'flood' });
    await client.query('BEGIN');
    await client.query(`SELECT posthorn.publish('flood', 'lead.create', '{}') FROM generate_series(1, 6000)`);
    const other = await query(`SELECT posthorn.publish('acme', 'lead.create', '{}') AS id`);
    await client.query('COMMIT');
    await arrived(other.id);
    expect(await inbox()).toBeGreaterThan(3_000);
    await eventually(async () => (await inbox()) === 0, { timeoutMs: 20_000 });
  });

  it('publishes from a trigger of a role that may do nothing else with Posthorn', async () => {
    await client.query(`
      CREATE TABLE public.leads (id text PRIMARY KEY, email text);
      CREATE FUNCTION public.lead_created() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        PERFORM posthorn.publish('acme', 'lead.create', to_jsonb(NEW), 'lead-' || NEW.id);
        RETURN NEW;
      END $$;
      CREATE TRIGGER lead_created AFTER INSERT ON public.leads FOR EACH ROW EXECUTE FUNCTION public.lead_created();
      DROP ROLE IF EXISTS crm; CREATE ROLE crm;
      GRANT USAGE ON SCHEMA public TO crm; GRANT INSERT ON public.leads TO crm;`);
    await client.query('SET ROLE crm');
    await expect(client.query(`INSERT INTO public.leads VALUES ('1', 'a@b.c')`)).rejects.toThrow(
      'permission denied',
    );
    await client.query('RESET ROLE');
    await client.query(`
      GRANT USAGE ON SCHEMA posthorn TO crm;
      GRANT EXECUTE ON FUNCTION posthorn.publish(text, text, jsonb, text, jsonb) TO crm;
      SET ROLE crm`);
    await client.query(`INSERT INTO public.leads VALUES ('1', 'a@b.c'), ('2', 'd@e.f')`);
    await expect(client.query('SELECT * FROM posthorn.inbox')).rejects.toThrow('permission denied');
    await client.query('RESET ROLE');
    await eventually(
      () =>
        receiver.requests.filter(({ body }) => /"email": "(a@b\.c|d@e\.f)"/.test(body.toString())).length ===
        2,
    );
    await client.query(
      'DROP TABLE public.leads; DROP FUNCTION public.lead_created; DROP OWNED BY crm; DROP ROLE crm',
    );
  });

  it('answers a repeated id with the first event, before and after it was taken, and refuses another body', async () => {
    const publish = (data: string, id = 'once') =>
      query(`SELECT posthorn.publish('acme', 'lead.create', $1::text, $2) AS id`, [data, id]);
    await client.query('BEGIN');
    const first = await publish('{"id":"once","n":1}');
    expect(await publish('{"n":1.0, "id":"once"}')).toEqual(first);
    await client.query('COMMIT');
    await arrived(first.id);
    await eventually(async () => (await inbox()) === 0);
    expect(await publish('{"id":"once","n":1}')).toEqual(first);
    await expect(publish('{"id":"other"}')).rejects.toMatchObject({
      code: '23505',
      message: expect.stringContaining('the id "once" was used before') as string,
    });
    // The same id over the emitter is the same event, too.
    const emitted = { type: 'lead.create', id: 'once', data: { id: 'once', n: 1 } } as const;
    expect(await host.emitter.emit({ space: 'acme' }, emitted)).toMatchObject({ ...first, duplicate: true });
    expect(sent(first.id)).toHaveLength(1);
  });

  it('two transactions with one id make one event', async () => {
    const other = new pg.Client({ connectionString: host.options.databaseUrl });
    await other.connect();
    const text = `SELECT posthorn.publish('acme', 'lead.create', '{"id":"race"}', 'race') AS id`;
    await client.query('BEGIN');
    const first = await query(text);
    const second = other.query<{ id: string }>(text);
    // Asked outside: a transaction sees the activity of its first look.
    await eventually(async () => {
      const waiting = `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%race%'`;
      return (await host.source.query<unknown[]>(waiting)).length > 0;
    });
    await client.query('COMMIT');
    expect((await second).rows).toEqual([first]);
    await other.end();
    await arrived(first.id);
  });

  it('keeps the order of one transaction', async () => {
    await client.query('BEGIN');
    const { ids } = await query<{ ids: string[] }>(
      `SELECT array_agg(posthorn.publish('acme', 'lead.create', '{}') ORDER BY n) AS ids FROM generate_series(1, 300) n`,
    );
    await client.query('COMMIT');
    expect(ids.toSorted()).toEqual(ids);
    await eventually(() => ids.every((id) => sent(id).length === 1));
  });

  it('what cannot be published after all stays with its reason, and is taken again once that is mended', async () => {
    await client.query(`INSERT INTO posthorn.known_types VALUES ('native', 'future.type')`);
    const { id } = await query(`SELECT posthorn.publish('acme', 'future.type', '{}', 'future') AS id`);
    const deep = `{"a":${'{"a":'.repeat(99)}1${'}'.repeat(99)}}`;
    await client.query(`SELECT posthorn.publish('acme', 'lead.create', $1::text)`, [deep]);
    const refused = () =>
      client.query<{ refused: string }>(
        'SELECT refused FROM posthorn.inbox WHERE refused IS NOT NULL ORDER BY id',
      );
    await eventually(async () => (await refused()).rows.length === 2);
    expect((await refused()).rows[0]?.refused).toContain('"future.type" is not in the space\'s catalogue');
    const space = await host.space('acme');
    await host.app.get(EventTypesService).put(space, 'future.type', { description: 'Known now.' });
    expect(await query(`SELECT posthorn.publish('acme', 'future.type', '{}', 'future') AS id`)).toEqual({
      id,
    });
    await arrived(id);
    await client.query(
      `DELETE FROM posthorn.inbox; DELETE FROM posthorn.known_types WHERE name = 'future.type'`,
    );
  });

  it('an event that the database refuses stays with its reason, and stops none of those with it', async () => {
    await client.query(`
      CREATE FUNCTION posthorn.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.data LIKE '%refuse me%' THEN RAISE EXCEPTION 'refused' USING ERRCODE = '22023'; END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER refuse BEFORE INSERT ON posthorn.events FOR EACH ROW EXECUTE FUNCTION posthorn.refuse()`);
    try {
      const { ids } = await query<{ ids: string[] }>(
        `SELECT array_agg(posthorn.publish('acme', 'lead.create', data) ORDER BY n) AS ids
         FROM unnest(ARRAY['{"n":1}', '{"n":"refuse me"}', '{"n":3}']) WITH ORDINALITY AS d (data, n)`,
      );
      const [before, , after] = ids as [string, string, string];
      await Promise.all([arrived(before), arrived(after)]);
      await eventually(async () => {
        const { rows } = await client.query('SELECT refused FROM posthorn.inbox');
        expect(rows).toEqual([{ refused: expect.stringContaining('refused') }]);
      });
    } finally {
      await client.query('DROP FUNCTION posthorn.refuse CASCADE; DELETE FROM posthorn.inbox');
    }
  });

  it.each([
    [`'nobody', 'lead.create', '{}'`, 'there is no space "nobody"'],
    [`NULL, 'lead.create', '{}'`, 'space, type and data must not be null'],
    [`'acme', 'lead.created', '{}'`, 'the event type "lead.created" is not in the space\'s catalogue'],
    [`'acme', '', '{}'`, 'type must have 1 to 128 characters'],
    [`'acme', repeat('x', 200), '{}'`, 'type must have 1 to 128 characters'],
    [`'acme', 'lead.create', '[]'`, 'data must be an object; it is of type array'],
    [`'acme', 'lead.create', 'null'::jsonb`, 'data must be an object; it is of type null'],
    [`'acme', 'lead.create', '{"a":'`, 'data is not JSON that PostgreSQL can keep'],
    [`'acme', 'lead.create', '{"a":"\\u0000"}'`, 'data is not JSON that PostgreSQL can keep'],
    [`'acme', 'lead.create', json_build_object('a', repeat('x', 262144))`, "an event's data may have 262144"],
    [`'acme', 'lead.create', '{}', ''`, 'id must have 1 to 256 characters'],
    [`'acme', 'lead.create', '{}', 'evt_' || repeat('0', 32)`, 'not look like an id of Posthorn'],
    [`'acme', 'lead.create', '{}', 'a', '{"ttl":1}'`, 'options has no field "ttl"'],
    [`'acme', 'lead.create', '{}', 'a', '[]'`, 'options must be an object'],
    [`'acme', 'lead.create', '{}', 'a', '{"ttlSeconds":0}'`, 'options.ttlSeconds must be a whole number'],
    [
      `'acme', 'lead.create', '{}', 'a', '{"occurredAt":"today"}'`,
      'options.occurredAt must be an ISO 8601 time',
    ],
    [`'acme', 'lead.create', '{}', 'a', '{"scope":{"team":"x"}}'`, 'options.scope must be an object'],
    [`'acme', 'lead.create', '{}', 'a', '{"subjectId":""}'`, 'options.subjectId must be a text'],
    [
      `'acme', 'lead.create', '{}', 'a', '{"ttlSeconds":1,"expiresAt":"2030-01-01T00:00:00Z"}'`,
      'cannot be given together',
    ],
    ...[
      '2026-01-31T09:00:00+0530',
      '2026-06-15T12:30:60Z',
      '2026-01-31T09:00:00',
      '2026-02-30T09:00:00Z',
    ].map((time) => [
      `'acme', 'lead.create', '{}', 'a', '{"expiresAt":"${time}"}'`,
      'options.expiresAt must be an ISO 8601 time',
    ]),
    [
      `'acme', 'lead.create', '{}', 'a', jsonb_build_object('deliverAt', now() + interval '366 days')`,
      'options.deliverAt is more than 365 days ahead',
    ],
    [
      `'acme', 'lead.create', '{}', 'a', jsonb_build_object('ttlSeconds', 60, 'deliverAt', now() + interval '61 s')`,
      'options.deliverAt is not before the event expires',
    ],
    [
      `'acme', 'lead.create', '{}', 'a', '{"expiresAt":"2026-01-01T00:00:00Z","deliverAt":"9999-01-01T00:00:00Z"}'`,
      'options.deliverAt is more than 365 days ahead',
    ],
  ])('refuses publish(%s)', async (args, message) => {
    await expect(client.query(`SELECT posthorn.publish(${args})`)).rejects.toThrow(message);
  });
});
