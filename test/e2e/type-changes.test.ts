import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Conflict } from '../../src/core/errors.js';
import { EventsFile } from '../../src/event-types/events-file.js';
import { InstanceTypesService } from '../../src/event-types/instance-types.service.js';
import { defineEvents } from '../../src/index.js';
import { NodeProcess } from '../support/node-process.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

const { engine, tenant } = useStory();
const api = () => engine.apis[0] as (typeof engine.apis)[0];

const text = { type: 'string' };
const schemaOf = (required: string[], ...optional: string[]) => ({
  type: 'object',
  required,
  properties: Object.fromEntries([...required, ...optional].map((name) => [name, text])),
});
const BEFORE = { schema: schemaOf(['id'], 'note') };
const COMPATIBLE = { schema: schemaOf(['id'], 'note', 'more') };
const BREAKING = { schema: schemaOf(['id', 'email']) };
const PATHS = ['schema.email', 'schema.note'];

interface Shown {
  schema: object;
  versions?: object;
}

const own = (name = 'changed.type') => tenant.path(`/event-types/${name}`);
const put = (definition: object, at = own()) => engine.call<Problem>('PUT', at, definition);
const shown = (at = own()) => engine.ok<Shown>('GET', at);

function expectRefusal({ status, body }: { status: number; body: Problem }, paths: string[]): void {
  const found = body.errors?.map((one) => one.path).toSorted();
  expect([status, body.code, found]).toEqual([409, 'incompatible_change', paths]);
  expect(body.detail).toMatch(/new version .* or repeat this with "force"/);
}

describe('a change of an event type that breaks publishers or receivers', () => {
  it.each([
    ['a space', () => own()],
    ['the instance', () => '/v1/event-types/changed.type'],
  ])('is refused for %s with the places, unless it is forced; other changes are not', async (_whose, at) => {
    expect((await put(BEFORE, at())).status).toBe(200);
    expect((await put({ ...COMPATIBLE, description: 'More.' }, at())).status).toBe(200);
    expectRefusal(await put(BREAKING, at()), ['schema.email', 'schema.more', 'schema.note']);
    expect(await shown(at())).toMatchObject(COMPATIBLE);
    expect((await put(BREAKING, `${at()}?force=false`)).status).toBe(409);
    expect((await put(BREAKING, `${at()}?force=true`)).status).toBe(200);
    expect(await shown(at())).toMatchObject(BREAKING);
    await engine.ok('DELETE', at());
  });

  it('is possible as a new version, whose draft may change as it likes', async () => {
    await put(BEFORE);
    const two = (version: object) => put({ ...BEFORE, versions: { 2: version } });
    expect((await two({ ...BREAKING, draft: true })).status).toBe(200);
    expect((await two({ schema: { type: 'object' }, draft: true })).status).toBe(200);
    expect((await two({ ...BREAKING })).status).toBe(200);
    expectRefusal(await two(BEFORE), ['versions.2.schema.email', 'versions.2.schema.email']);
    expectRefusal(await two({ ...BREAKING, draft: true }), ['versions.2.draft']);
    expectRefusal(await put(BEFORE), ['versions.2']);
    expect((await two({ ...BREAKING, downgrade: [{ drop: 'email' }] })).status).toBe(200);
    expect((await engine.call('PUT', `${own()}?force=true`, BEFORE)).status).toBe(200);
    expect(await shown()).not.toHaveProperty('versions');
  });

  it('is no change where the type is new, or an event of the product is replaced', async () => {
    expect((await put(BREAKING, '/v1/event-types/lead.create')).status).toBe(200);
    await engine.ok('DELETE', '/v1/event-types/lead.create');
  });
});

describe('many definitions at once', () => {
  const sync = (types: object, options: object = {}) =>
    engine.call<Problem>('PUT', '/v1/event-types', { types, ...options });
  let folder: string;

  beforeAll(() => (folder = mkdtempSync(path.join(tmpdir(), 'posthorn-changes-'))));
  afterAll(() => rmSync(folder, { recursive: true }));
  beforeEach(() => sync({ 'sync.a': BEFORE, 'sync.b': BEFORE }));
  afterEach(async () => {
    await sync({}, { prune: true });
    await engine.call('DELETE', '/v1/event-types/sync.code');
  });

  it('are all refused where one breaks somebody, also in a dry run, unless they are forced', async () => {
    const types = { 'sync.a': COMPATIBLE, 'sync.b': BREAKING };
    const paths = PATHS.map((place) => `types["sync.b"].${place}`);
    for (const options of [{}, { dryRun: true }]) expectRefusal(await sync(types, options), paths);
    expect(await shown('/v1/event-types/sync.a')).toMatchObject(BEFORE);
    expect(await sync(types, { force: true })).toMatchObject({ body: { updated: ['sync.a', 'sync.b'] } });
    expect(await shown('/v1/event-types/sync.b')).toMatchObject(BREAKING);
  });

  it('of a file leave a type as it is at the start of a process: the file may be older than what is stored', async () => {
    engine.settings.eventsFile = path.join(folder, 'types.json.yaml');
    writeFileSync(
      engine.settings.eventsFile,
      JSON.stringify({ types: { 'sync.a': BREAKING, 'sync.b': COMPATIBLE } }),
    );
    await api().get(EventsFile, { strict: false }).onApplicationBootstrap();
    expect(await shown('/v1/event-types/sync.a')).toMatchObject(BEFORE);
    expect(await shown('/v1/event-types/sync.b')).toMatchObject(COMPATIBLE);
  });

  it('are synchronised by the command, with --force', async () => {
    const file = path.join(folder, 'sync.yaml');
    writeFileSync(file, JSON.stringify({ types: { 'sync.a': BREAKING } }));
    const run = async (...args: string[]) => {
      const env = { POSTHORN_URL: engine.url, POSTHORN_KEY: engine.adminKey };
      const command = NodeProcess.run('dist/src/cli/posthorn.js', ['events', 'sync', file, ...args], env);
      return { code: await command.ended, text: command.stdout + command.stderr };
    };
    const refused = await run();
    expect(refused.code).toBe(1);
    expect(refused.text).toContain('types["sync.a"].schema.email: It is required now.');
    expect(await run('--force')).toMatchObject({ code: 0, text: expect.stringContaining('updated: sync.a') });
  });

  it('of a subscription are pins, given and ended by the command', async () => {
    await engine.ok('PUT', '/v1/event-types/sync.a', { ...BEFORE, versions: { 2: { downgrade: [] } } });
    const env = { POSTHORN_URL: engine.url, POSTHORN_KEY: engine.adminKey, POSTHORN_SPACE: tenant.uid };
    const run = async (...args: string[]) => {
      const command = NodeProcess.run('dist/src/cli/posthorn.js', ['subs', ...args, '--json'], env);
      expect(await command.ended).toBe(0);
      return (JSON.parse(command.stdout) as { eventTypeVersions: object | null }).eventTypeVersions;
    };
    const pins = ['--pin', 'sync.a=1', '--pin', 'lead.create=1'];
    expect(await run('create', 'https://example.com', '--uid', 'p', ...pins)).toEqual({
      'sync.a': 1,
      'lead.create': 1,
    });
    expect(await run('update', 'p', '--events', 'lead.*')).toEqual({ 'sync.a': 1, 'lead.create': 1 });
    expect(await run('update', 'p', '--no-pin')).toBeNull();
    await engine.ok('PUT', '/v1/event-types/sync.a?force=true', BEFORE);
  });

  it('by code are refused, kept or forced', async () => {
    const types = api().get(InstanceTypesService, { strict: false });
    await types.define(defineEvents({ 'sync.code': BEFORE }));
    const events = defineEvents({ 'sync.code': BREAKING });
    await expect(types.define(events)).rejects.toThrow(Conflict);
    const report = await types.define(events, { onIncompatible: 'keep' });
    expect(report).toMatchObject({
      updated: [],
      kept: { 'sync.code': PATHS.map((place): unknown => expect.objectContaining({ path: place })) },
    });
    expect(await shown('/v1/event-types/sync.code')).toMatchObject(BEFORE);
    expect(await types.define(events, { force: true })).toMatchObject({ updated: ['sync.code'] });
  });
});
