import { createHash } from 'node:crypto';
import { Controller, Get, Post, Query, Req, type Type } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { newUuid } from '../../src/core/ids.js';
import type { Sql } from '../../src/database/sql.js';
import { AnyKey, CurrentSpace, SpaceScope } from '../../src/spaces/access.js';
import type { CreatedKey, Key, KeyList } from '../../src/spaces/key.dto.js';
import type { Space, SpaceList } from '../../src/spaces/space.dto.js';
import type { SpaceRef } from '../../src/spaces/space-ref.js';
import { DEFAULT_LIMITS } from '../../src/core/limits.js';
import { AccessCheckModule, SpacesModule } from '../../src/spaces/spaces.module.js';
import { eventually } from '../support/condition.js';
import { ADMIN_KEY, HttpTestApp } from '../support/http-app.js';

@Controller('v1/spaces/:space/things')
class ThingsController {
  @Get()
  @SpaceScope('read')
  read(@CurrentSpace() space: SpaceRef): SpaceRef {
    return space;
  }

  @Post()
  @SpaceScope('publish')
  publish(@CurrentSpace() space: SpaceRef): SpaceRef {
    return space;
  }

  @Post('remembered')
  @SpaceScope('publish', { remembers: true })
  async confirm(@Req() { remembered }: FastifyRequest, @Query('confirm') confirm?: string): Promise<object> {
    if (confirm) await remembered?.confirm();
    return { remembered: remembered?.version ?? null };
  }

  @Post('rule')
  @SpaceScope('manage')
  manage(@CurrentSpace() space: SpaceRef): SpaceRef {
    return space;
  }
}

@Controller('v1/words')
class WordsController {
  @Get()
  @AnyKey()
  list(): string[] {
    return [];
  }
}

@Controller('v1/open')
class ForgottenController {
  @Get()
  list(): string[] {
    return [];
  }
}

let app: HttpTestApp;
beforeAll(async () => {
  app = await HttpTestApp.start([SpacesModule, AccessCheckModule], [ThingsController, WordsController]);
});
afterAll(() => app.close());

async function newSpace(fields: object = {}): Promise<Space> {
  const { status, body } = await app.call<Space>('POST', '/v1/spaces', { body: { name: 'Acme', ...fields } });
  expect([status, body]).toEqual([201, expect.anything()]);
  return body;
}

async function newKey(space: string, scope: string, fields: object = {}): Promise<CreatedKey> {
  const body = { name: 'a key', scope, ...fields };
  const answer = await app.call<CreatedKey>('POST', `/v1/spaces/${space}/keys`, { body });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function statusOf(method: string, path: string, key: string | null): Promise<number> {
  return (await app.call(method, path, { key })).status;
}

describe('a space', () => {
  it('is created with sensible defaults', async () => {
    expect(await newSpace()).toEqual({
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
    const space = await newSpace({ uid: 'by-uid', metadata: { plan: 'pro' } });
    expect((await app.call('GET', `/v1/spaces/${space.id}`)).body).toEqual(space);
    expect((await app.call('GET', '/v1/spaces/by-uid')).body).toEqual(space);
  });

  it('changes what is given and keeps the rest', async () => {
    const space = await newSpace({ uid: 'patched', metadata: { a: '1' } });
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
    expect(await statusOf('GET', '/v1/spaces/patched', ADMIN_KEY)).toBe(404);
  });

  it('has tags, by which the list is filtered', async () => {
    const beta = await newSpace({ uid: 'tagged-1', tags: ['beta', 'eu', 'beta'] });
    await newSpace({ uid: 'tagged-2', tags: ['eu'] });
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
    const { key } = await newKey('tagged-2', 'read');
    expect((await app.call<Space>('GET', '/v1/spaces/tagged-2', { key })).body.tags).toEqual([]);
    expect(await statusOf('GET', '/v1/spaces?tag=', ADMIN_KEY)).toBe(422);
  });

  it('cannot take the uid of another', async () => {
    await newSpace({ uid: 'taken' });
    const other = await newSpace({ uid: 'other' });
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

  it('cannot change its profile or lose its name', async () => {
    const { id } = await newSpace();
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
      expect([ref, await statusOf('GET', `/v1/spaces/${ref}`, ADMIN_KEY)]).toEqual([ref, 404]);
    }
  });
});

describe('the list of spaces', () => {
  it('gives every space once, in either order, while more are added', async () => {
    const before = await Promise.all(Array.from({ length: 7 }, () => newSpace()));
    const walk = async (order: string): Promise<string[]> => {
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const path: string = `/v1/spaces?limit=3&order=${order}${cursor === null ? '' : `&cursor=${cursor}`}`;
        const { body } = await app.call<SpaceList>('GET', path);
        expect(body.data.length).toBeLessThanOrEqual(3);
        ids.push(...body.data.map(({ id }) => id));
        cursor = body.nextCursor;
        if (order === 'desc') await newSpace();
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
    const space = await newSpace();
    await newKey(space.id, 'read');
    await newKey(space.id, 'read');
    const { nextCursor } = (await app.call<KeyList>('GET', `/v1/spaces/${space.id}/keys?limit=1`)).body;
    for (const cursor of [String(nextCursor), `${nextCursor}x`, 'junk', '']) {
      const { status, body } = await app.call('GET', `/v1/spaces?cursor=${cursor}`);
      expect([status, body.code]).toEqual([400, 'invalid_cursor']);
    }
  });
});

describe('deleting a space', () => {
  it('takes everything in it along and leaves the others alone', async () => {
    const [doomed, kept] = [await newSpace(), await newSpace()];
    const { key } = await newKey(doomed.id, 'manage');
    for (const space of [doomed, kept]) await fillLog(space.id);
    expect(await statusOf('DELETE', `/v1/spaces/${doomed.id}`, ADMIN_KEY)).toBe(204);
    expect(await statusOf('GET', `/v1/spaces/${doomed.id}`, ADMIN_KEY)).toBe(404);
    expect(await statusOf('DELETE', `/v1/spaces/${doomed.id}`, ADMIN_KEY)).toBe(404);
    expect(await statusOf('GET', `/v1/words`, key)).toBe(401);
    expect(await countLog()).toEqual({ events: 1, deliveries: 1, attempts: 1 });
  });

  it('takes an attempt along that is written in this moment', async () => {
    const doomed = await newSpace();
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
      deleting = statusOf('DELETE', `/v1/spaces/${doomed.id}`, ADMIN_KEY);
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
    const doomed = await newSpace();
    await fillLog(doomed.id);
    const lock = (sql: Sql, table: string) => {
      const text = `SELECT FROM posthorn.${table} WHERE space_id = $1 FOR UPDATE NOWAIT`;
      return sql({ name: '', text }, [doomed.id.slice(4)]);
    };
    let deleting: Promise<number> | undefined;
    await app.database.transaction(async (sql) => {
      await lock(sql, 'deliveries');
      deleting = statusOf('DELETE', `/v1/spaces/${doomed.id}`, ADMIN_KEY);
      await eventually(async () => (await waitingForLocks()) > 0);
      // It has not locked them yet: otherwise each would now wait for the other.
      await lock(sql, 'events');
    });
    expect(await deleting).toBe(204);
  });
});

describe('a key', () => {
  it('is shown once and stored as a hash', async () => {
    const space = await newSpace();
    const created = await newKey(space.id, 'read');
    expect(created).toEqual({
      id: expect.stringMatching(/^key_[0-9a-f]{32}$/),
      key: expect.stringMatching(/^phk_[2-9A-HJ-NP-Za-km-z]{43}$/),
      name: 'a key',
      scope: 'read',
      prefix: created.key.slice(0, 12),
      createdAt: app.clock.date().toISOString(),
      lastUsedAt: null,
      expiresAt: null,
    });
    const { key, ...shown } = created;
    expect((await app.call('GET', `/v1/spaces/${space.id}/keys`)).body).toEqual({
      data: [shown],
      nextCursor: null,
    });
    const rows = await app.database.sql(
      {
        name: 'test_key',
        text: `SELECT to_jsonb(k) AS row, hash FROM posthorn.api_keys k WHERE prefix = $1`,
      },
      [created.prefix],
    );
    expect(rows).toEqual([expect.objectContaining({ hash: createHash('sha256').update(key).digest() })]);
    expect(JSON.stringify(rows)).not.toContain(key.slice(13));
  });

  it.each([
    ['publish', { read: 403, publish: 201, manage: 403 }],
    ['read', { read: 200, publish: 403, manage: 403 }],
    ['manage', { read: 200, publish: 201, manage: 201 }],
  ])('with the scope %s opens what that allows', async (scope, expected) => {
    const space = await newSpace({ uid: `scope-${scope}` });
    const { key } = await newKey(space.id, scope);
    for (const ref of [space.id, `scope-${scope}`]) {
      const path = `/v1/spaces/${ref}/things`;
      expect({
        read: await statusOf('GET', path, key),
        publish: await statusOf('POST', path, key),
        manage: await statusOf('POST', `${path}/rule`, key),
      }).toEqual(expected);
    }
    expect(await statusOf('GET', '/v1/words', key)).toBe(200);
  });

  it('never opens what the admin key is for', async () => {
    const space = await newSpace();
    const { key } = await newKey(space.id, 'manage');
    for (const path of ['/v1/spaces', `/v1/spaces/${space.id}/keys`]) {
      const { status, body } = await app.call('GET', path, { key });
      expect([status, body.code]).toEqual([403, 'forbidden']);
    }
  });

  it("finds another space as absent as one that doesn't exist", async () => {
    const [own, other] = [await newSpace(), await newSpace({ uid: 'other-tenant' })];
    for (const scope of ['publish', 'read', 'manage']) {
      const { key } = await newKey(own.id, scope);
      const absent = await app.call('GET', '/v1/spaces/nobody-at-all/things', { key });
      expect(absent.status).toBe(404);
      for (const ref of [other.id, 'other-tenant']) {
        const answer = await app.call('GET', `/v1/spaces/${ref}/things`, { key });
        expect([answer.status, answer.body]).toEqual([404, absent.body]);
      }
    }
  });

  it('is refused as soon as it is revoked', async () => {
    const space = await newSpace();
    const { id, key } = await newKey(space.id, 'read');
    const path = `/v1/spaces/${space.id}/things`;
    expect(await statusOf('GET', path, key)).toBe(200);
    expect(await statusOf('DELETE', `/v1/spaces/${space.id}/keys/${id}`, ADMIN_KEY)).toBe(204);
    expect(await statusOf('GET', path, key)).toBe(401);
    expect(await statusOf('DELETE', `/v1/spaces/${space.id}/keys/${id}`, ADMIN_KEY)).toBe(404);
  });

  it('is looked up once, where the route makes sure of it', async () => {
    const space = await newSpace();
    const { id, key } = await newKey(space.id, 'publish');
    const path = `/v1/spaces/${space.id}/things/remembered`;
    const remembered = async () => (await app.call('POST', path, { key })).body;
    expect(await remembered()).toEqual({ remembered: null });
    expect(await remembered()).toEqual({ remembered: 1 });
    expect(await statusOf('POST', `${path}?confirm=1`, key)).toBe(201);
    await app.call('DELETE', `/v1/spaces/${space.id}/keys/${id}`, { key: ADMIN_KEY });
    expect(await statusOf('POST', `${path}?confirm=1`, key)).toBe(401);
    // Known to be gone, it is remembered no longer.
    expect(await statusOf('POST', path, key)).toBe(401);
  });

  it('can only be revoked in its own space', async () => {
    const [own, other] = [await newSpace(), await newSpace()];
    const { id, key } = await newKey(own.id, 'read');
    for (const path of [`${other.id}/keys/${id}`, `${own.id}/keys/key_1`, `${own.id}/keys/${own.id}`]) {
      expect(await statusOf('DELETE', `/v1/spaces/${path}`, ADMIN_KEY)).toBe(404);
    }
    expect(await statusOf('GET', `/v1/spaces/${own.id}/things`, key)).toBe(200);
  });

  it('is refused from the moment it expires', async () => {
    const space = await newSpace();
    const expiresAt = new Date(app.clock.now() + 60_000).toISOString();
    const { key, ...shown } = await newKey(space.id, 'read', { expiresAt });
    expect(shown.expiresAt).toBe(expiresAt);
    const path = `/v1/spaces/${space.id}/things`;
    app.clock.advance(59_999);
    expect(await statusOf('GET', path, key)).toBe(200);
    app.clock.advance(1);
    expect(await statusOf('GET', path, key)).toBe(401);
  });

  it.each(['2020-01-01T00:00:00Z', 'tomorrow', '2099-01-01', '2099-01-01T00:00:00', 4_000_000_000])(
    'cannot expire at %j',
    async (expiresAt) => {
      const { id } = await newSpace();
      const body = { name: 'late', scope: 'read', expiresAt };
      const answer = await app.call('POST', `/v1/spaces/${id}/keys`, { body });
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ errors: [{ path: 'expiresAt' }] });
    },
  );

  it('tells when it was last used, to the minute', async () => {
    const space = await newSpace();
    const { key } = await newKey(space.id, 'read');
    const use = () => statusOf('GET', `/v1/spaces/${space.id}/things`, key);
    const lastUse = async (): Promise<string | null | undefined> => {
      const { body } = await app.call<{ data: Key[] }>('GET', `/v1/spaces/${space.id}/keys`);
      return body.data[0]?.lastUsedAt;
    };
    const first = app.clock.date().toISOString();
    await use();
    await eventually(async () => expect(await lastUse()).toBe(first));
    app.clock.advance(59_000);
    await use();
    expect(await lastUse()).toBe(first);
    app.clock.advance(1_000);
    await use();
    await eventually(async () => expect(await lastUse()).toBe(app.clock.date().toISOString()));
  });

  it('is told apart from others when many requests come at once', async () => {
    const spaces = await Promise.all(
      ['one', 'two', 'three'].map((name) => newSpace({ uid: `burst-${name}` })),
    );
    const keys = await Promise.all(spaces.map(async ({ id }) => (await newKey(id, 'read')).key));
    const answers = await Promise.all(
      Array.from({ length: 120 }, async (_, index) => {
        const space = spaces[index % 3];
        const ref = index % 2 ? space?.id : space?.uid;
        const key = [keys[index % 3], ADMIN_KEY, 'phk_unknown', keys[(index + 1) % 3]][index % 4];
        const { status, body } = await app.call('GET', `/v1/spaces/${ref}/things`, { key });
        return [status, status === 200 ? body.uid : body.code];
      }),
    );
    const expected = Array.from({ length: 120 }, (_, index) => {
      const own = [200, spaces[index % 3]?.uid];
      return [own, own, [401, 'unauthorized'], [404, 'not_found']][index % 4];
    });
    expect(answers).toEqual(expected);
  });
});

describe('a request without a valid key', () => {
  it.each([
    ['none', undefined],
    ['another scheme', 'Basic dGVzdDp0ZXN0'],
    ['no key', 'Bearer '],
    ['an unknown key', 'Bearer phk_unknown'],
    ['nearly the admin key', 'Bearer test-admin-ke'],
    ['two keys', 'Bearer test-admin-key test-admin-key'],
  ])('is a 401: %s', async (_name, authorization) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    for (const path of ['/v1/spaces', '/v1/spaces/nobody/things', '/v1/words']) {
      const { status, headers: answered, body } = await app.call('GET', path, { key: null, headers });
      expect(status).toBe(401);
      expect(answered.get('www-authenticate')).toBe('Bearer');
      expect(body).toMatchObject({ code: 'unauthorized', title: 'Unauthorized', status: 401 });
    }
  });
});

describe('a route that says nobody may call it', () => {
  it('stops the boot', async () => {
    const controllers: Type[] = [ForgottenController];
    await expect(HttpTestApp.start([SpacesModule, AccessCheckModule], controllers)).rejects.toThrow(
      'ForgottenController.list',
    );
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
