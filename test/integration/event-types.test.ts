import type { AddressInfo } from 'node:net';
import { Module, type DynamicModule } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Settings } from '../../src/config/settings.js';
import { newUuid } from '../../src/core/ids.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { Database } from '../../src/database/database.js';
import { EventTypesApiModule } from '../../src/event-types/event-types.module.js';
import { EventTypesService } from '../../src/event-types/event-types.service.js';
import { createHttpApp } from '../../src/http/http-app.js';
import { nativeProfile } from '../../src/profiles/native/native.profile.js';
import { ENTITIES } from '../../src/app/entities.js';
import { SpaceDataModule } from '../../src/app/storage.js';
import { SpacesModule } from '../../src/spaces/spaces.module.js';
import { RoutingTable } from '../../src/endpoints/routing.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const ADMIN_KEY = 'the-admin-key-of-this-test';

@Module({})
class SettingsModule {}

@Module({})
class RootModule {}

function rootModule(settings: Settings): DynamicModule {
  const settingsModule = {
    module: SettingsModule,
    global: true,
    providers: [{ provide: Settings, useValue: settings }],
    exports: [Settings],
  };
  return {
    module: RootModule,
    imports: [
      settingsModule,
      DatabaseModule.forRoot(ENTITIES),
      SpaceDataModule,
      SpacesModule,
      EventTypesApiModule,
    ],
  };
}

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

interface Problem {
  code: string;
  detail: string;
  errors?: { path: string; code: string; message: string }[];
}

let testDatabase: TestDatabase;
let app: NestFastifyApplication;
let database: Database;
let origin: string;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const settings = Object.assign(new Settings(), {
    databaseUrl: testDatabase.url,
    logLevel: 'silent',
    adminKey: ADMIN_KEY,
    encryptionKeys: [Buffer.alloc(32, 1).toString('base64')],
  });
  app = await createHttpApp(rootModule(settings), settings);
  await app.listen(0, '127.0.0.1');
  origin = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  database = app.get(Database);
});

afterAll(async () => {
  await app.close();
  await testDatabase.drop();
});

async function call(method: string, path: string, body?: unknown, key = ADMIN_KEY): Promise<Answer> {
  const headers: Record<string, string> = { authorization: `Bearer ${key}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(origin + path, { method, headers, body: JSON.stringify(body) });
  const answer = await response.text();
  return {
    status: response.status,
    body: (answer === '' ? {} : JSON.parse(answer)) as Record<string, unknown>,
  };
}

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
      const routes = await publisher.current(database.sql, [spaceId(space)]);
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
    expect(await database.sql(statement, [spaceId(space)])).toEqual([{ later: false }]);
    await call('PUT', `${space}/event-types/invoice.paid`, {});

    expect(await database.sql(statement, [spaceId(space)])).toEqual([{ later: true }]);
  });

  it("cannot join a provider's catalogue, which is fixed", async () => {
    const space = { id: newUuid(1), uid: null, profile: 'leadlex' };
    const service = app.get(EventTypesService);

    for (const attempt of [service.put(space, 'invoice.paid', {}), service.delete(space, 'invoice.paid')])
      await expect(attempt).rejects.toMatchObject({ kind: 'conflict', code: 'fixed_catalogue' });
  });

  it('cannot be put into a space that was deleted meanwhile', async () => {
    const ghost = { id: newUuid(1), uid: null, profile: 'native' as const };

    await expect(app.get(EventTypesService).put(ghost, 'invoice.paid', {})).rejects.toThrow(
      'space was not found',
    );
  });
});

describe('what an event type may be', () => {
  let space: string;
  beforeAll(async () => {
    space = await newSpace();
  });
  const put = (body: unknown, name = 'invoice.paid') => call('PUT', `${space}/event-types/${name}`, body);

  it.each(['a', 'a.b', 'Invoice.paid', 'a_1.b:c.d', 'in-voice', '1.2', 'x'.repeat(128)])(
    'may be called %s',
    async (name) => {
      expect((await put({}, name)).status).toBe(200);
    },
  );

  it.each(['in%20voice', 'invoice,paid', 'm%C3%A4h', 'paid!', 'lead.*', 'a%00b', 'x'.repeat(129)])(
    'may not be called %s',
    async (name) => {
      const answer = await put({}, name);

      expect(answer.status).toBe(422);
      expect(problemOf(answer).errors?.[0]).toMatchObject({ path: 'name', code: 'event_type_name' });
      expect((await call('GET', `${space}/event-types/${name}`)).status).toBe(404);
      expect((await call('DELETE', `${space}/event-types/${name}`)).status).toBe(404);
    },
  );

  it('may not replace or remove a built-in one', async () => {
    const path = `${space}/event-types/lead.create`;

    for (const answer of [await call('PUT', path, {}), await call('DELETE', path)]) {
      expect(answer.status).toBe(409);
      expect(problemOf(answer).code).toBe('builtin_event_type');
    }
    expect((await call('GET', path)).body.custom).toBe(false);
  });

  it.each([
    ['a type that does not exist', { type: 'text' }],
    ['a keyword with a wrong value', { properties: { a: { minimum: '1' } } }],
    ['a reference that leads nowhere', { $ref: '#/$defs/nothing' }],
    ['a reference to another place of the web', { $ref: 'https://example.com/schema.json' }],
    ['a reference that leads back to itself', { $ref: '#' }],
    ['another draft', { $schema: 'http://json-schema.org/draft-07/schema#' }],
    ['a regular expression that does not parse', { properties: { a: { pattern: '(' } } }],
    ['a regular expression that looks ahead', { properties: { a: { pattern: '(?=a)a' } } }],
    ['an asynchronous schema', { $async: true }],
    ['an asynchronous part', { $ref: '#/$defs/a', $defs: { a: { $async: true, type: 'string' } } }],
    ['more than 32 KiB', { title: 'x'.repeat(32 * 1024) }],
  ])('has no schema with %s', async (_case, schema) => {
    const answer = await put({ schema, example: { a: 'aaa' } });

    expect(answer.status).toBe(422);
    const { errors = [] } = problemOf(answer);
    expect(errors.map(({ path }) => path)).toEqual(['schema']);
    expect(errors[0]?.message).toMatch(/^[A-Z].*\.$/);
  });

  it.each([
    { $ref: '#' },
    { $dynamicRef: '#' },
    { anyOf: [{ type: 'string' }, { $ref: '#' }] },
    { type: 'object', allOf: [{ $ref: '#/$defs/a' }], $defs: { a: { not: { $ref: '#/$defs/a' } } } },
  ])('has no schema that leads back to itself, also without an example: %j', async (schema) => {
    const answer = await put({ schema });

    expect(answer.status).toBe(422);
    expect(problemOf(answer).errors?.[0]).toMatchObject({ path: 'schema', code: 'json_schema' });
    expect(problemOf(answer).errors?.[0]?.message).toContain('$ref leads back to itself');
  });

  it.each<[string, object, object]>([
    [
      'items that must differ',
      { allOf: Array.from({ length: 60 }, () => ({ properties: { a: { uniqueItems: true } } })) },
      { a: Array.from({ length: 7_000 }, (_none, index) => [index]) },
    ],
    [
      'references that double',
      {
        $ref: '#/$defs/a0',
        $defs: Object.fromEntries(
          Array.from({ length: 41 }, (_none, index): [string, object] => {
            const next = { properties: { a: { $ref: `#/$defs/a${index + 1}` } } };
            return [`a${index}`, index < 40 ? { allOf: [next, next, next, next] } : {}];
          }),
        ),
      },
      JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`) as object,
    ],
  ])('has no schema that keeps anybody waiting: %s', async (_case, schema, example) => {
    space = await newSpace();
    const check = { isOver: false };
    const put1 = put({ schema, example }).finally(() => (check.isOver = true));
    let served = 0;
    while (!check.isOver) {
      expect((await call('GET', `${space}/event-types/lead.create`)).status).toBe(200);
      served += 1;
    }
    const answer = await put1;
    expect([answer.status, problemOf(answer).detail]).toEqual([
      422,
      expect.stringContaining('Make it simpler') as string,
    ]);
    expect(served).toBeGreaterThan(5);
    // The next one is checked as ever.
    expect((await put({ schema: { type: 'object' }, example: {} })).status).toBe(200);
  });

  it.each<[object, object]>([
    [{ properties: { a: { pattern: '^(a+)+$' } } }, { a: `${'a'.repeat(60)}!` }],
    [{ patternProperties: { '^(a|a)*$': false } }, { ['a'.repeat(60)]: 1 }],
  ])('has patterns whose time grows with the text only: %j', async (schema, example) => {
    const answer = await put({ schema, example });
    expect([answer.status, problemOf(answer).errors?.[0]?.code]).toEqual([422, 'example_mismatch']);
  });

  it('is checked only so often in a minute, and in spaces of their own', async () => {
    space = await newSpace();
    const quick = { schema: { type: 'object' }, example: {} };
    const costly = {
      schema: { allOf: Array.from({ length: 60 }, () => ({ properties: { a: { uniqueItems: true } } })) },
      example: { a: Array.from({ length: 7_000 }, (_none, index) => [index]) },
    };
    for (let count = 0; count < 5; count += 1) expect((await put(costly)).status).toBe(422);
    const answers = [];
    for (let count = 0; count < 21; count += 1) answers.push((await put(quick)).status);
    expect(answers).toEqual([...Array.from({ length: 20 }, () => 200), 429]);
    const response = await fetch(`${origin}${space}/event-types/invoice.paid`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(quick),
    });
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    // What needs no check is no matter of it.
    expect((await put({}, 'invoice.paid?force=true')).status).toBe(200);
    space = await newSpace();
    expect((await put(quick)).status).toBe(200);
  }, 60_000);

  it('is not kept waiting by those of another space', async () => {
    space = await newSpace();
    const costly = {
      schema: { allOf: Array.from({ length: 60 }, () => ({ properties: { a: { uniqueItems: true } } })) },
      example: { a: Array.from({ length: 7_000 }, (_none, index) => [index]) },
    };
    const many = Promise.all(Array.from({ length: 60 }, () => put(costly)));
    await put(costly);
    space = await newSpace();
    expect((await put({ schema: { type: 'object' }, example: {} })).status).toBe(200);
    const statuses = (await many).map(({ status }) => status);
    // Each costs a sixth of what a minute allows.
    expect(statuses.filter((status) => status === 422).length).toBeLessThanOrEqual(6);
    expect(new Set(statuses)).toEqual(new Set([422, 429]));
  }, 60_000);

  it('has an example that fits its schema', async () => {
    const schema = { type: 'object', properties: { lead: { properties: { age: { type: 'integer' } } } } };
    const answer = await put({ schema, example: { lead: { age: 'ten' } } });

    expect(answer.status).toBe(422);
    expect(problemOf(answer).errors).toEqual([
      { path: 'example.lead.age', code: 'example_mismatch', message: 'The schema says: must be integer.' },
    ]);
    expect((await put({ schema, example: { lead: { age: 10 } } })).status).toBe(200);
  });

  it.each([
    ['example', { example: [] }],
    ['example', { example: 'text' }],
    ['example', { example: null }],
    ['example', { example: { a: 'x'.repeat(64 * 1024) } }],
    ['schema', { schema: true }],
    ['schema', { schema: null }],
    ['description', { description: 'a\0b' }],
    ['description', { description: 'x'.repeat(1001) }],
    ['family', { family: '' }],
    ['colour', { colour: 'red' }],
  ])('is refused with a wrong %s', async (path, body) => {
    const answer = await put(body);

    expect(answer.status).toBe(422);
    expect(problemOf(answer).errors).toEqual([expect.objectContaining({ path })]);
  });
});
