import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Type } from 'typebox';
import { StartupError } from '../../src/config/startup-error.js';
import { EventsFile } from '../../src/event-types/events-file.js';
import { InstanceTypesService } from '../../src/event-types/instance-types.service.js';
import { defineEvents, type EventsOf } from '../../src/index.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

const { engine, tenant } = useStory();
const sync = (types: object, options: object = {}) =>
  engine.ok('PUT', '/v1/event-types', { types, ...options });
const shown = (name: string) => engine.call('GET', `/v1/event-types/${name}`);
const api = () => engine.apis[0] as (typeof engine.apis)[0];
let folder: string;

beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'posthorn-events-'))));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  await sync({}, { prune: true });
});

/** A process starts with this file. */
async function startWith(text: string): Promise<void> {
  engine.settings.eventsFile = path.join(folder, 'types.yaml');
  writeFileSync(engine.settings.eventsFile, text);
  await api().get(EventsFile, { strict: false }).onApplicationBootstrap();
}

describe('event types that are defined at once', () => {
  const TYPES = {
    'stock.low': { group: 'Stock' },
    'stock.out': { schema: { type: 'object' }, example: { a: 1 } },
  };

  it('are reported as created, updated, unchanged and removed', async () => {
    const none = { created: [], updated: [], unchanged: [], removed: [] };
    const all = { ...none, created: ['stock.low', 'stock.out'] };
    expect(await sync(TYPES, { dryRun: true })).toEqual(all);
    expect((await shown('stock.low')).status).toBe(404);
    expect(await sync(TYPES)).toEqual(all);
    expect(await sync(TYPES)).toEqual({ ...none, unchanged: ['stock.low', 'stock.out'] });
    expect((await tenant.send({ type: 'stock.out', data: {} })).status).toBe(202);
    await engine.ok('PUT', '/v1/event-types/by.api', {});
    const fewer = { 'stock.low': { group: 'Store' } };
    expect(await sync(fewer)).toEqual({ ...none, updated: ['stock.low'] });
    expect(await sync(fewer, { prune: true })).toEqual({
      ...none,
      unchanged: ['stock.low'],
      removed: ['stock.out'],
    });
    expect((await shown('by.api')).body).toMatchObject({ source: 'api' });
    await engine.ok('DELETE', '/v1/event-types/by.api');
  });

  it('are all refused when one is wrong, with the place of each problem', async () => {
    const wrong = {
      ...TYPES,
      'a b': {},
      'bad.schema': { schema: { type: 'text' } },
    };
    const named = await engine.call<Problem>('PUT', '/v1/event-types', { types: wrong });
    expect([named.status, named.body.errors?.map((one) => one.path)]).toEqual([422, ['types["a b"]']]);
    const types = { ...TYPES, 'bad.field': { colour: 1 }, 'bad.text': { description: 7 } };
    const { body } = await engine.call<Problem>('PUT', '/v1/event-types', { types });
    expect(body.errors?.map((one) => one.path)).toEqual([
      'types["bad.field"].colour',
      'types["bad.text"].description',
    ]);
    const schemas = { ...TYPES, 'bad.schema': { schema: { type: 'text' } } };
    const last = await engine.call<Problem>('PUT', '/v1/event-types', { types: schemas });
    expect(last.body.errors?.map((one) => one.path)).toEqual(['types["bad.schema"].schema']);
    expect((await shown('stock.low')).status).toBe(404);
  });
});

describe('a file of event types', () => {
  it('is read as a process starts', async () => {
    await startWith('types:\n  stock.low:\n    group: Stock\n    example: {left: 2}\n');
    expect((await shown('stock.low')).body).toMatchObject({
      family: 'Stock',
      example: { left: 2 },
      source: 'file',
    });
    await startWith('types:\n  stock.out: {}\n');
    // Another process may have been started with the file of before.
    expect([(await shown('stock.low')).status, (await shown('stock.out')).status]).toEqual([200, 200]);
  });

  it.each([
    ['types:\n  "a b": {}\n', /types\["a b"\]/],
    ['types: [1]\n', /types: Must be an object/],
    ['types:\n  a: {schema: {type: text}}\n', /types\["a"\]\.schema/],
    ['types: {', /is not valid YAML/],
  ])('that is wrong ends the start: %j', async (text, problem) => {
    await expect(startWith(text)).rejects.toThrow(StartupError);
    await expect(startWith(text)).rejects.toThrow(problem);
  });
});

describe('event types by code', () => {
  const standard = {
    '~standard': {
      version: 1,
      vendor: 'test',
      types: undefined as unknown as { output: { total: number } },
      jsonSchema: { input: () => ({ type: 'object', properties: { total: { type: 'number' } } }) },
    },
  };
  const events = defineEvents({
    'code.plain': { schema: { type: 'object' }, example: { id: 'x' } },
    'code.typebox': { schema: Type.Object({ id: Type.String() }), example: { id: 'x' } },
    'code.standard': { schema: standard, example: { total: 1 } },
  });

  it('are defined with their JSON Schemas and known to the compiler', async () => {
    const typed: EventsOf<typeof events>['code.standard'] = { total: 3 };
    // @ts-expect-error the data of this type has a number
    const wrong: EventsOf<typeof events>['code.standard'] = { total: 'x' };
    // An example is one value of many.
    const plain: EventsOf<typeof events>['code.plain'] = { id: 'another' };
    expect([typed, wrong, plain]).toHaveLength(3);
    await api().get(InstanceTypesService, { strict: false }).define(events);
    const { body } = await shown('code.typebox');
    expect(body).toMatchObject({
      ...{
        source: 'code',
        schema: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
      },
    });
    expect((await shown('code.standard')).body.schema).toEqual(standard['~standard'].jsonSchema.input());
    expect((await tenant.send({ type: 'code.plain', data: {} })).status).toBe(202);
  });

  it('refuse a schema that is none', () => {
    expect(() => defineEvents({ a: { schema: { '~standard': {} } } })).toThrow('neither a JSON Schema');
  });
});
