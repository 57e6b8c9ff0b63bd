import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { newUuid } from '../../src/core/ids.js';
import { Database } from '../../src/database/database.js';
import { EventTypesService } from '../../src/event-types/event-types.service.js';
import { nativeProfile } from '../../src/profiles/native/native.profile.js';
import { RoutingTable } from '../../src/endpoints/routing.js';
import { useStory } from '../support/story.js';

interface Answer {
  status: number;
  body: Record<string, unknown>;
}
interface Problem {
  code: string;
  detail: string;
  errors?: { path: string; code: string; message: string }[];
}

const { engine } = useStory({ workers: 0 });

async function call(method: string, path: string, given?: unknown, key?: string): Promise<Answer> {
  const { status, body } = await engine.call(method, path, given, { key });
  // An empty one is a text.
  return { status, body: { ...body } };
}

/** A part of the engine. */
const of = <T>(part: Type<T>): T => (engine.apis[0] as NestFastifyApplication).get(part);

const problemOf = ({ body }: Answer) => body as unknown as Problem;

/** The path of a new space's event types. */
async function newSpace(profile = 'native'): Promise<string> {
  const { body } = await call('POST', '/v1/spaces', { name: 'Acme', profile });
  return `/v1/spaces/${String(body.id)}`;
}

async function newKey(space: string, scope: string): Promise<string> {
  const { body } = await call('POST', `${space}/keys`, { name: scope, scope });
  return String(body.key);
}

const spaceId = (space: string) => {
  const hex = space.slice(-32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

const PLAIN = { deprecated: false, replacedBy: null, validation: 'off' };
const names = ({ body }: Answer) => (body.data as { name: string }[]).map(({ name }) => name);
const builtIn = nativeProfile.catalogue.map(({ name }) => name);

describe('the catalogue of a profile', () => {
  it('is the native one by default, with schema and example, in one page', async () => {
    const answer = await call('GET', '/v1/event-types');

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      data: nativeProfile.catalogue.map((type) => ({ ...type, custom: false, ...PLAIN })),
      nextCursor: null,
    });
    expect(await call('GET', '/v1/event-types?profile=native')).toEqual(answer);
  });

  it('is open to every valid key, and to no other', async () => {
    const key = await newKey(await newSpace(), 'publish');

    expect((await call('GET', '/v1/event-types', undefined, key)).status).toBe(200);
    expect((await call('GET', '/v1/event-types', undefined, 'nonsense')).status).toBe(401);
  });

  it('says which profiles there are when asked for another', async () => {
    const answer = await call('GET', '/v1/event-types?profile=outlook');

    expect(answer.status).toBe(422);
    expect(problemOf(answer).errors?.[0]?.path).toBe('profile');
    expect(problemOf(answer).detail).toContain('leadlex');
  });
});

describe("a space's own event type", () => {
  it('joins the catalogue of its space only, after the built-in ones', async () => {
    const [space, other] = [await newSpace(), await newSpace()];
    const definition = {
      family: 'Billing',
      description: 'An invoice was paid.',
      schema: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
      example: { z: 1, id: 'inv_1', a: null },
    };

    const put = await call('PUT', `${space}/event-types/invoice.paid`, definition);
    expect(put).toEqual({
      status: 200,
      body: { name: 'invoice.paid', ...definition, custom: true, ...PLAIN },
    });
    await call('PUT', `${space}/event-types/deal_won`, {});

    expect(await call('GET', `${space}/event-types/invoice.paid`)).toEqual(put);
    expect(names(await call('GET', `${space}/event-types`))).toEqual([
      ...builtIn,
      'deal_won',
      'invoice.paid',
    ]);
    expect(names(await call('GET', `${other}/event-types`))).toEqual(builtIn);
    expect((await call('GET', `${other}/event-types/invoice.paid`)).status).toBe(404);
  });

  it('takes defaults for what is left out, also when it is replaced', async () => {
    const path = `${await newSpace()}/event-types/invoice.paid`;
    const defaults = {
      name: 'invoice.paid',
      family: 'Custom',
      description: '',
      schema: {},
      example: {},
      custom: true,
      ...PLAIN,
    };

    expect(await call('PUT', path)).toEqual({ status: 200, body: defaults });
    await call('PUT', path, { family: 'Billing', schema: { type: 'object' }, example: { a: 1 } });
    expect(await call('PUT', `${path}?force=true`, {})).toEqual({ status: 200, body: defaults });
    expect((await call('GET', path)).body).toEqual(defaults);
  });

  it('keeps the order of keys in its example', async () => {
    const path = `${await newSpace()}/event-types/odd.one`;
    await call('PUT', path, { example: { z: 1, a: { y: 2, b: 3 } } });
    const { body } = await call('GET', path);

    expect(JSON.stringify(body.example)).toBe('{"z":1,"a":{"y":2,"b":3}}');
  });

  it('is gone once deleted', async () => {
    const path = `${await newSpace()}/event-types/invoice.paid`;
    await call('PUT', path, {});

    expect(await call('DELETE', path)).toEqual({ status: 204, body: {} });
    expect((await call('GET', path)).status).toBe(404);
    expect((await call('DELETE', path)).status).toBe(404);
  });

  it('needs a key that may manage, and one that may read to be seen', async () => {
    const space = await newSpace();
    const path = `${space}/event-types/invoice.paid`;
    const [publish, read, manage] = [
      await newKey(space, 'publish'),
      await newKey(space, 'read'),
      await newKey(space, 'manage'),
    ];

    expect((await call('PUT', path, {}, read)).status).toBe(403);
    expect((await call('PUT', path, {}, manage)).status).toBe(200);
    expect((await call('GET', path, undefined, read)).status).toBe(200);
    expect((await call('GET', path, undefined, publish)).status).toBe(403);
    expect((await call('DELETE', path, undefined, read)).status).toBe(403);
    expect((await call('PUT', `${await newSpace()}/event-types/a.b`, {}, manage)).status).toBe(404);
  });

  it('is known to publishers in other processes at once, and forgotten at once', async () => {
    const space = await newSpace();
    const publisher = new RoutingTable();
    const known = async () => {
      const routes = await publisher.current(of(Database).sql, [spaceId(space)]);
      return [...(routes.get(spaceId(space))?.customTypes ?? [])];
    };

    expect(await known()).toEqual([]);
    await call('PUT', `${space}/event-types/invoice.paid`, {});
    expect(await known()).toEqual(['invoice.paid']);
    await call('DELETE', `${space}/event-types/invoice.paid`);
    expect(await known()).toEqual([]);
  });

  it('keeps the time it was made when it is replaced', async () => {
    const space = await newSpace();
    const statement = {
      name: 'test_event_type_times',
      text: `SELECT created_at < updated_at AS later FROM posthorn.event_types WHERE space_id = $1`,
    };
    await call('PUT', `${space}/event-types/invoice.paid`, {});
    expect(await of(Database).sql(statement, [spaceId(space)])).toEqual([{ later: false }]);
    await call('PUT', `${space}/event-types/invoice.paid`, {});

    expect(await of(Database).sql(statement, [spaceId(space)])).toEqual([{ later: true }]);
  });

  it("cannot join a provider's catalogue, which is fixed", async () => {
    const space = { id: newUuid(1), uid: null, profile: 'leadlex' };
    const service = of(EventTypesService);

    for (const attempt of [service.put(space, 'invoice.paid', {}), service.delete(space, 'invoice.paid')])
      await expect(attempt).rejects.toMatchObject({ kind: 'conflict', code: 'fixed_catalogue' });
  });

  it('cannot be put into a space that was deleted meanwhile', async () => {
    const ghost = { id: newUuid(1), uid: null, profile: 'native' as const };

    await expect(of(EventTypesService).put(ghost, 'invoice.paid', {})).rejects.toThrow('space was not found');
  });
});
