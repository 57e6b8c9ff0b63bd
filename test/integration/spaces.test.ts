import { newUuid } from '../../src/core/ids.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import type { Sql } from '../../src/database/sql.js';
import type { KeyList } from '../../src/spaces/key.dto.js';
import type { Space, SpaceList } from '../../src/spaces/space.dto.js';
import { AccessCheckModule, SpacesModule } from '../../src/spaces/spaces.module.js';
import { eventually } from '../support/condition.js';
import { ADMIN_KEY, HttpTestApp } from '../support/http-app.js';

let app: HttpTestApp;
beforeAll(async () => {
  app = await HttpTestApp.start([SpacesModule, AccessCheckModule]);
});
afterAll(() => app.close());

describe('a space', () => {
  it('is created with sensible defaults', async () => {
    expect(await app.newSpace()).toEqual({
      id: expect.stringMatching(/^spc_[0-9a-f]{32}$/),
      uid: null,
      name: 'Acme',
      profile: 'native',
      limits: DEFAULT_LIMITS,
      retention: { eventsDays: 30, attemptsDays: 30, bodiesDays: 30 },
      metadata: {},
      tags: [],
      createdAt: app.clock.date().toISOString(),
      updatedAt: app.clock.date().toISOString(),
    });
  });

  it('is found by its id and by its uid', async () => {
    const space = await app.newSpace({ uid: 'by-uid', metadata: { plan: 'pro' } });
    expect((await app.call('GET', `/v1/spaces/${space.id}`)).body).toEqual(space);
    expect((await app.call('GET', '/v1/spaces/by-uid')).body).toEqual(space);
  });

  it('changes what is given and keeps the rest', async () => {
    const space = await app.newSpace({ uid: 'patched', metadata: { a: '1' } });
    app.clock.advance(1000);
    const { status, body } = await app.call('PATCH', `/v1/spaces/${space.id}`, {
      body: { name: 'New', metadata: { b: '2' } },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      ...space,
      name: 'New',
      metadata: { b: '2' },
      updatedAt: app.clock.date().toISOString(),
    });
    const cleared = await app.call('PATCH', '/v1/spaces/patched', { body: { uid: null } });
    expect(cleared.body).toMatchObject({ uid: null, name: 'New' });
    expect(await app.statusOf('GET', '/v1/spaces/patched', ADMIN_KEY)).toBe(404);
  });

  it('has tags, by which the list is filtered', async () => {
    const beta = await app.newSpace({ uid: 'tagged-1', tags: ['beta', 'eu', 'beta'] });
    await app.newSpace({ uid: 'tagged-2', tags: ['eu'] });
    expect(beta.tags).toEqual(['beta', 'eu']);
    const uidsOf = async (query: string) => {
      const { body } = await app.call<SpaceList>('GET', `/v1/spaces?${query}`);
      return body.data.map(({ uid }) => uid);
    };
    expect(await uidsOf('tag=eu&order=asc')).toEqual(['tagged-1', 'tagged-2']);
    expect(await uidsOf('tag=eu&sort=name&limit=1')).toHaveLength(1);
    expect(await uidsOf('tag=beta')).toEqual(['tagged-1']);
    expect(await uidsOf('tag=bet')).toEqual([]);
    await app.call('PATCH', '/v1/spaces/tagged-1', { body: { name: 'New' } });
    expect(await uidsOf('tag=beta')).toEqual(['tagged-1']);
    await app.call('PATCH', '/v1/spaces/tagged-1', { body: { tags: [] } });
    expect(await uidsOf('tag=beta')).toEqual([]);
    const { key } = await app.newKey('tagged-2', 'read');
    expect((await app.call<Space>('GET', '/v1/spaces/tagged-2', { key })).body.tags).toEqual([]);
    expect(await app.statusOf('GET', '/v1/spaces?tag=', ADMIN_KEY)).toBe(422);
  });

  it('cannot take the uid of another', async () => {
    await app.newSpace({ uid: 'taken' });
    const other = await app.newSpace({ uid: 'other' });
    const created = await app.call('POST', '/v1/spaces', { body: { name: 'Late', uid: 'taken' } });
    expect(created.status).toBe(409);
    expect(created.body).toMatchObject({ code: 'uid_taken', title: 'Conflict' });
    expect((await app.call('PATCH', `/v1/spaces/${other.id}`, { body: { uid: 'taken' } })).status).toBe(409);
    expect((await app.call('PATCH', `/v1/spaces/${other.id}`, { body: { uid: 'other' } })).status).toBe(200);
  });

  it.each([
    [{}, 'name', 'required'],
    [{ name: '' }, 'name', 'is_length'],
    [{ name: 7 }, 'name', 'is_string'],
    [{ name: 'a', uid: 'not ok' }, 'uid', 'matches'],
    [{ name: 'a', uid: `sub_${'0'.repeat(32)}` }, 'uid', 'matches'],
    [{ name: 'a', uid: `SUB_${'0'.repeat(32)}` }, 'uid', 'matches'],
    [{ name: 'a', uid: `evt_${'A'.repeat(32)}` }, 'uid', 'matches'],
    [{ name: 'a', profile: 'other' }, 'profile', 'is_in'],
    [{ name: 'a', tags: ['a b'] }, 'tags', 'matches'],
    [{ name: 'a', tags: 'beta' }, 'tags', 'is_array'],
    [{ name: 'a', tags: Array(21).fill('a') }, 'tags', 'array_max_size'],
    [{ name: 'a', profile: null }, 'profile', 'is_in'],
    [{ name: 'a', metadata: null }, 'metadata', 'is_metadata'],
    [{ name: 'a', metadata: [] }, 'metadata', 'is_metadata'],
    [{ name: 'a', metadata: { n: 1 } }, 'metadata', 'is_metadata'],
    [{ name: 'a', metadata: { ['k'.repeat(65)]: '' } }, 'metadata', 'is_metadata'],
    [{ name: 'a', metadata: { k: 'v'.repeat(513) } }, 'metadata', 'is_metadata'],
    [{ name: 'a', colour: 'red' }, 'colour', 'unknown_field'],
  ])('refuses %j', async (body, path, code) => {
    const answer = await app.call('POST', '/v1/spaces', { body });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ code: 'validation_failed', errors: [{ path, code }] });
  });

  it('suggests the list that a single text may have meant', async () => {
    const { body } = await app.call('POST', '/v1/spaces', { body: { name: 'a', tags: 'beta' } });
    expect(body).toMatchObject({ errors: [{ message: 'Must be an array. Did you mean ["beta"]?' }] });
    const long = await app.call('POST', '/v1/spaces', { body: { name: 'a', tags: 'b'.repeat(41) } });
    expect(long.body).toMatchObject({ errors: [{ message: 'Must be an array.' }] });
  });

  it('says what null is for where a value is wrong that may be null, and not of an entry of a list', async () => {
    const limited = await app.call('POST', '/v1/spaces', { body: { name: 'a', limits: { keys: 0 } } });
    expect(limited.body).toMatchObject({
      errors: [
        { path: 'limits.keys', message: "Must not be less than 1. Use null for the instance's limit." },
      ],
    });
    const { id } = await app.newSpace();
    const refused = async (fonts: unknown) => {
      const { body } = await app.call('PATCH', `/v1/spaces/${id}/portal`, { body: { fonts } });
      return (body as { errors: { message: string }[] }).errors.map(({ message }) => message);
    };
    expect(await refused('Arial')).toEqual([
      'Must be an array. Did you mean ["Arial"]? Use null for the default.',
    ]);
    expect(await refused(['<'])).toEqual(['Must be names of fonts, e.g. Helvetica Neue.']);
  });

  it('cannot change its profile or lose its name', async () => {
    const { id } = await app.newSpace();
    for (const body of [{ profile: 'native' }, { name: null }, { metadata: null }]) {
      expect((await app.call('PATCH', `/v1/spaces/${id}`, { body })).status).toBe(422);
    }
  });

  it('refuses text the database cannot hold', async () => {
    for (const body of [
      { name: 'a\u0000b' },
      { name: 'a', metadata: { k: '\u0000' } },
      { name: 'a', metadata: { k: '\ud800' } },
    ]) {
      const answer = await app.call('POST', '/v1/spaces', { body });
      expect(answer.status).toBe(422);
    }
  });

  it('is a 404 under names that are none', async () => {
    for (const ref of ['nobody', `spc_${'0'.repeat(32)}`, 'spc_', '%00', 'a%2Fb', 'x'.repeat(65), '..%2f']) {
      expect([ref, await app.statusOf('GET', `/v1/spaces/${ref}`, ADMIN_KEY)]).toEqual([ref, 404]);
    }
  });
});

describe('the list of spaces', () => {
  it('gives every space once, in either order, while more are added', async () => {
    const before = await Promise.all(Array.from({ length: 7 }, () => app.newSpace()));
    const walk = async (order: string): Promise<string[]> => {
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const path: string = `/v1/spaces?limit=3&order=${order}${cursor === null ? '' : `&cursor=${cursor}`}`;
        const { body } = await app.call<SpaceList>('GET', path);
        expect(body.data.length).toBeLessThanOrEqual(3);
        ids.push(...body.data.map(({ id }) => id));
        cursor = body.nextCursor;
        if (order === 'desc') await app.newSpace();
      } while (cursor !== null);
      return ids;
    };
    const newestFirst = await walk('desc');
    expect(newestFirst).toEqual([...new Set(newestFirst)].sort().reverse());
    expect(newestFirst).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
    const oldestFirst = await walk('asc');
    expect(oldestFirst).toEqual([...oldestFirst].sort());
    expect(oldestFirst).toEqual(expect.arrayContaining(newestFirst));
  });

  it('refuses a cursor that was tampered with or belongs to another list', async () => {
    const space = await app.newSpace();
    await app.newKey(space.id, 'read');
    await app.newKey(space.id, 'read');
    const { nextCursor } = (await app.call<KeyList>('GET', `/v1/spaces/${space.id}/keys?limit=1`)).body;
    for (const cursor of [String(nextCursor), `${nextCursor}x`, 'junk', '']) {
      const { status, body } = await app.call('GET', `/v1/spaces?cursor=${cursor}`);
      expect([status, body.code]).toEqual([400, 'invalid_cursor']);
    }
  });
});

describe('deleting a space', () => {
  it('takes everything in it along and leaves the others alone', async () => {
    const [doomed, kept] = [await app.newSpace(), await app.newSpace()];
    const { key } = await app.newKey(doomed.id, 'manage');
    for (const space of [doomed, kept]) await fillLog(space.id);
    expect(await app.statusOf('DELETE', `/v1/spaces/${doomed.id}`, ADMIN_KEY)).toBe(204);
    expect(await app.statusOf('GET', `/v1/spaces/${doomed.id}`, ADMIN_KEY)).toBe(404);
    expect(await app.statusOf('DELETE', `/v1/spaces/${doomed.id}`, ADMIN_KEY)).toBe(404);
    expect(await app.statusOf('GET', `/v1/spaces/${kept.id}`, key)).toBe(401);
    expect(await countLog()).toEqual({ events: 1, deliveries: 1, attempts: 1 });
  });

  it('deletes a long log in slices: whoever waits for its rows waits for no more', async () => {
    const doomed = await app.newSpace();
    const run = (text: string, values: unknown[] = []) =>
      app.database.sql<{ most: number }>({ name: '', text }, values);
    await fillLog(doomed.id);
    await run(
      `INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, max_attempts)
       SELECT posthorn.new_event_id(), space_id, event_id, event_type, subscription_id, status, trigger, max_attempts
       FROM posthorn.deliveries, generate_series(1, 2500) WHERE space_id = $1`,
      [doomed.id.slice(4)],
    );
    await run('CREATE TABLE public.deleted (count int)');
    await run(`CREATE FUNCTION public.note_deleted() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO public.deleted SELECT count(*) FROM old; RETURN NULL; END $$`);
    await run(`CREATE TRIGGER note_deleted AFTER DELETE ON posthorn.deliveries REFERENCING OLD TABLE AS old
      FOR EACH STATEMENT EXECUTE FUNCTION public.note_deleted()`);
    app.clock.advance(60_000);
    expect(await app.statusOf('DELETE', `/v1/spaces/${doomed.id}`, ADMIN_KEY)).toBe(204);
    const [deleted] = await run('SELECT max(count) AS most FROM public.deleted');
    await run('DROP TRIGGER note_deleted ON posthorn.deliveries');
    await run('DROP FUNCTION public.note_deleted');
    await run('DROP TABLE public.deleted');
    expect(deleted?.most).toBe(1_000);
  });

  it('takes an attempt along that is written in this moment', async () => {
    const doomed = await app.newSpace();
    const before = await countLog();
    const spaceId = doomed.id.slice(4);
    await fillLog(doomed.id);
    const update = (sql: Sql, status: string) =>
      sql<{ id: string }>(
        {
          name: `test_become_${status}`,
          text: `UPDATE posthorn.deliveries SET status = '${status}' WHERE space_id = $1 RETURNING id`,
        },
        [spaceId],
      );
    await update(app.database.sql, 'pending');
    let deleting: Promise<number> | undefined;
    await app.database.transaction(async (sql) => {
      const [delivery] = await update(sql, 'succeeded');
      deleting = app.statusOf('DELETE', `/v1/spaces/${doomed.id}`, ADMIN_KEY);
      await eventually(async () => (await waitingForLocks()) > 0);
      await sql(
        {
          name: 'test_second_attempt',
          text: `INSERT INTO posthorn.attempts (delivery_id, n, id, started_at, url, request_headers)
            VALUES ($1, 2, $1, now(), 'https://a.test', '{}')`,
        },
        [delivery?.id],
      );
    });
    expect(await deleting).toBe(204);
    expect(await countLog()).toEqual(before);
  });

  it('locks its deliveries before their events, as everything that locks both', async () => {
    const doomed = await app.newSpace();
    await fillLog(doomed.id);
    const lock = (sql: Sql, table: string) => {
      const text = `SELECT FROM posthorn.${table} WHERE space_id = $1 FOR UPDATE NOWAIT`;
      return sql({ name: '', text }, [doomed.id.slice(4)]);
    };
    let deleting: Promise<number> | undefined;
    await app.database.transaction(async (sql) => {
      await lock(sql, 'deliveries');
      deleting = app.statusOf('DELETE', `/v1/spaces/${doomed.id}`, ADMIN_KEY);
      await eventually(async () => (await waitingForLocks()) > 0);
      // It has not locked them yet: otherwise each would now wait for the other.
      await lock(sql, 'events');
    });
    expect(await deleting).toBe(204);
  });
});

const LOG_TABLES = ['events', 'deliveries', 'attempts'] as const;

async function fillLog(space: string): Promise<void> {
  const [event, delivery, attempt] = [0, 1, 2].map((offset) => newUuid(app.clock.now() + offset));
  const spaceId = space.slice(4);
  const now = app.clock.date();
  const run = (name: string, text: string, values: unknown[]) => app.database.sql({ name, text }, values);
  await run(
    'test_event',
    `INSERT INTO posthorn.events (id, space_id, type, occurred_at, data) VALUES ($1, $2, 'a.b', $3, '{}')`,
    [event, spaceId, now],
  );
  await run(
    'test_delivery',
    `INSERT INTO posthorn.deliveries
       (id, space_id, event_id, event_type, subscription_id, status, trigger, max_attempts)
     VALUES ($1, $2, $3, 'a.b', $3, 'succeeded', 'event', 6)`,
    [delivery, spaceId, event],
  );
  await run(
    'test_attempt',
    `INSERT INTO posthorn.attempts (delivery_id, n, id, started_at, url, request_headers)
     VALUES ($1, 1, $2, $3, 'https://a.test', '{}')`,
    [delivery, attempt, now],
  );
}

async function waitingForLocks(): Promise<number> {
  const rows = await app.database.sql({
    name: 'test_waiting',
    text: `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
  });
  return rows.length;
}

async function countLog(): Promise<Record<string, number>> {
  const counts = LOG_TABLES.map((table) => `(SELECT count(*)::int FROM posthorn.${table}) AS ${table}`);
  const [row] = await app.database.sql<Record<string, number>>({
    name: 'test_count',
    text: `SELECT ${counts.join(', ')}`,
  });
  return row ?? {};
}
