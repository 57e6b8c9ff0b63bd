import { createHash } from 'node:crypto';
import { Controller, Get, Post, Query, Req, type Type } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AnyKey, CurrentSpace, SpaceScope } from '../../src/spaces/access.js';
import type { Key } from '../../src/spaces/key.dto.js';
import type { SpaceRef } from '../../src/spaces/space-ref.js';
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

describe('a key', () => {
  it('is shown once and stored as a hash', async () => {
    const space = await app.newSpace();
    const created = await app.newKey(space.id, 'read');
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
    const space = await app.newSpace({ uid: `scope-${scope}` });
    const { key } = await app.newKey(space.id, scope);
    for (const ref of [space.id, `scope-${scope}`]) {
      const path = `/v1/spaces/${ref}/things`;
      expect({
        read: await app.statusOf('GET', path, key),
        publish: await app.statusOf('POST', path, key),
        manage: await app.statusOf('POST', `${path}/rule`, key),
      }).toEqual(expected);
    }
    expect(await app.statusOf('GET', '/v1/words', key)).toBe(200);
  });

  it('never opens what the admin key is for', async () => {
    const space = await app.newSpace();
    const { key } = await app.newKey(space.id, 'manage');
    for (const path of ['/v1/spaces', `/v1/spaces/${space.id}/keys`]) {
      const { status, body } = await app.call('GET', path, { key });
      expect([status, body.code]).toEqual([403, 'forbidden']);
    }
  });

  it("finds another space as absent as one that doesn't exist", async () => {
    const [own, other] = [await app.newSpace(), await app.newSpace({ uid: 'other-tenant' })];
    for (const scope of ['publish', 'read', 'manage']) {
      const { key } = await app.newKey(own.id, scope);
      const absent = await app.call('GET', '/v1/spaces/nobody-at-all/things', { key });
      expect(absent.status).toBe(404);
      for (const ref of [other.id, 'other-tenant']) {
        const answer = await app.call('GET', `/v1/spaces/${ref}/things`, { key });
        expect([answer.status, answer.body]).toEqual([404, absent.body]);
      }
    }
  });

  it('is refused as soon as it is revoked', async () => {
    const space = await app.newSpace();
    const { id, key } = await app.newKey(space.id, 'read');
    const path = `/v1/spaces/${space.id}/things`;
    expect(await app.statusOf('GET', path, key)).toBe(200);
    expect(await app.statusOf('DELETE', `/v1/spaces/${space.id}/keys/${id}`, ADMIN_KEY)).toBe(204);
    expect(await app.statusOf('GET', path, key)).toBe(401);
    expect(await app.statusOf('DELETE', `/v1/spaces/${space.id}/keys/${id}`, ADMIN_KEY)).toBe(404);
  });

  it('is looked up once, where the route makes sure of it', async () => {
    const space = await app.newSpace();
    const { id, key } = await app.newKey(space.id, 'publish');
    const path = `/v1/spaces/${space.id}/things/remembered`;
    const remembered = async () => (await app.call('POST', path, { key })).body;
    expect(await remembered()).toEqual({ remembered: null });
    expect(await remembered()).toEqual({ remembered: 1 });
    expect(await app.statusOf('POST', `${path}?confirm=1`, key)).toBe(201);
    await app.call('DELETE', `/v1/spaces/${space.id}/keys/${id}`, { key: ADMIN_KEY });
    expect(await app.statusOf('POST', `${path}?confirm=1`, key)).toBe(401);
    // Known to be gone, it is remembered no longer.
    expect(await app.statusOf('POST', path, key)).toBe(401);
  });

  it('can only be revoked in its own space', async () => {
    const [own, other] = [await app.newSpace(), await app.newSpace()];
    const { id, key } = await app.newKey(own.id, 'read');
    for (const path of [`${other.id}/keys/${id}`, `${own.id}/keys/key_1`, `${own.id}/keys/${own.id}`]) {
      expect(await app.statusOf('DELETE', `/v1/spaces/${path}`, ADMIN_KEY)).toBe(404);
    }
    expect(await app.statusOf('GET', `/v1/spaces/${own.id}/things`, key)).toBe(200);
  });

  it('is refused from the moment it expires', async () => {
    const space = await app.newSpace();
    const expiresAt = new Date(app.clock.now() + 60_000).toISOString();
    const { key, ...shown } = await app.newKey(space.id, 'read', { expiresAt });
    expect(shown.expiresAt).toBe(expiresAt);
    const path = `/v1/spaces/${space.id}/things`;
    app.clock.advance(59_999);
    expect(await app.statusOf('GET', path, key)).toBe(200);
    app.clock.advance(1);
    expect(await app.statusOf('GET', path, key)).toBe(401);
  });

  it.each(['2020-01-01T00:00:00Z', 'tomorrow', '2099-01-01', '2099-01-01T00:00:00', 4_000_000_000])(
    'cannot expire at %j',
    async (expiresAt) => {
      const { id } = await app.newSpace();
      const body = { name: 'late', scope: 'read', expiresAt };
      const answer = await app.call('POST', `/v1/spaces/${id}/keys`, { body });
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({ errors: [{ path: 'expiresAt' }] });
    },
  );

  it('tells when it was last used, to the minute', async () => {
    const space = await app.newSpace();
    const { key } = await app.newKey(space.id, 'read');
    const use = () => app.statusOf('GET', `/v1/spaces/${space.id}/things`, key);
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
      ['one', 'two', 'three'].map((name) => app.newSpace({ uid: `burst-${name}` })),
    );
    const keys = await Promise.all(spaces.map(async ({ id }) => (await app.newKey(id, 'read')).key));
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
