import { useStory } from '../support/story.js';
import { Tenant, type Problem } from '../support/tenant.js';

interface EventType {
  name: string;
  family: string;
  description: string;
  custom: boolean;
  source?: string;
  feature?: string;
  deprecated: boolean;
  replacedBy: string | null;
}

interface Catalogue {
  builtInEvents: boolean;
  hidden: string[];
  features: string[];
  validation: string;
}

let otherApi: string;
const { engine, tenant, receiver } = useStory({ api: 2 });

beforeAll(async () => {
  otherApi = (await engine.apis[1]?.getUrl()) ?? '';
});

const at = (name: string) => `/v1/event-types/${encodeURIComponent(name)}`;
const define = (name: string, definition: object = {}) => engine.ok<EventType>('PUT', at(name), definition);
const decide = (changes: object, of: Tenant = tenant) =>
  engine.ok<Catalogue>('PATCH', of.path('/catalogue'), changes);
const names = async (path = tenant.path('/event-types')) =>
  (await engine.ok<{ data: EventType[] }>('GET', path)).data.map(({ name }) => name);
/** Publishes through the other process, which has to notice every change at once. */
const publish = async (type: string, of: Tenant = tenant) =>
  (await of.send<Problem>({ type, data: {} }, otherApi)).status;

describe('an event type of the instance', () => {
  it('is published, matched and delivered in every native space, through any process at once', async () => {
    const other = await Tenant.create(engine);
    const lemlist = await Tenant.create(engine, 'lemlist');
    const breakcold = await Tenant.create(engine, 'breakcold');
    const spaces = [tenant, other, lemlist, breakcold];
    for (const space of spaces) expect(await publish('billing:invoice.paid', space)).toBe(422);
    const definition = {
      group: 'Billing',
      description: 'Paid.',
      schema: { type: 'object' },
      example: { a: 1 },
    };
    expect(await define('billing:invoice.paid', definition)).toEqual({
      ...{
        name: 'billing:invoice.paid',
        family: 'Billing',
        description: 'Paid.',
        schema: { type: 'object' },
      },
      ...{
        example: { a: 1 },
        custom: false,
        source: 'api',
        deprecated: false,
        replacedBy: null,
        validation: 'off',
      },
    });
    const answers = [];
    for (const space of spaces) answers.push(await publish('billing:invoice.paid', space));
    expect(answers).toEqual([202, 202, 422, 422]);
    await tenant.subscribe(`${receiver.url}/colon`, { events: ['billing:*'] });
    await tenant.subscribe(`${receiver.url}/dot`, { events: ['billing:invoice.*'] });
    await tenant.subscribe(`${receiver.url}/other`, { events: ['lead.*'] });
    const { body } = await tenant.send({ type: 'billing:invoice.paid', data: {} }, otherApi);
    expect(body.deliveries).toBe(2);
    await receiver.received(2);
    await engine.ok('DELETE', at('billing:invoice.paid'));
    expect(await publish('billing:invoice.paid')).toBe(422);
    expect((await engine.call('GET', at('billing:invoice.paid'))).status).toBe(404);
    expect((await engine.call('DELETE', at('billing:invoice.paid'))).status).toBe(404);
  });

  it.each(['a', 'Order/Placed', 'x-y', 'a..b', '.a', 'A:B.c_d/e-f', 'x'.repeat(128)])(
    'may be called %s',
    async (name) => {
      await define(name);
      expect(await names('/v1/event-types')).toContain(name);
      expect(await publish(name)).toBe(202);
      expect(
        (await engine.ok<EventType>('GET', tenant.path(`/event-types/${encodeURIComponent(name)}`))).name,
      ).toBe(name);
      await engine.ok('DELETE', at(name));
    },
  );

  it.each(['a b', 'lead.*', 'ü', 'a,b', 'a#b', 'a%', 'x'.repeat(129), 'a\nb'])(
    'may not be called %j',
    async (name) => {
      const { status, body } = await engine.call<Problem>('PUT', at(name), {});
      expect([status, body.errors?.[0]?.path, body.errors?.[0]?.code]).toEqual([
        422,
        'name',
        'event_type_name',
      ]);
      expect((await engine.call('GET', at(name))).status).toBe(404);
    },
  );

  it('is defined and removed with the admin key only', async () => {
    const key = await tenant.key('manage');
    expect((await engine.call('PUT', at('a.b'), {}, { key })).status).toBe(403);
    expect((await engine.call('DELETE', at('a.b'), undefined, { key })).status).toBe(403);
    await define('a.b');
    expect((await engine.call('GET', at('a.b'), undefined, { key })).status).toBe(200);
    await engine.ok('DELETE', at('a.b'));
  });

  it('replaces the definition of a built-in event until it is removed', async () => {
    await define('lead.create', { description: 'Ours.', family: 'People' });
    const own = () => engine.ok<EventType>('GET', tenant.path('/event-types/lead.create'));
    expect(await own()).toMatchObject({ description: 'Ours.', family: 'People', custom: false });
    expect((await names()).filter((name) => name === 'lead.create')).toHaveLength(1);
    const lemlist = { profile: 'lemlist', events: ['*'] };
    await tenant.subscribe(receiver.url, lemlist);
    expect(await publish('lead.create')).toBe(202);
    await engine.ok('DELETE', at('lead.create'));
    expect((await own()).description).not.toBe('Ours.');
  });

  it('is simulated by its example and sent as a test', async () => {
    await define('stock.low', { example: { left: 2 } });
    const { id } = await tenant.subscribe(receiver.url, { events: ['stock.*'] });
    await engine.ok('POST', tenant.path('/simulate'), { type: 'stock.low' });
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/test`), {});
    const bodies = (await receiver.received(2)).map(({ body }) => JSON.parse(body.toString()) as object);
    for (const body of bodies) expect(body).toMatchObject({ type: 'stock.low', data: { left: 2 } });
    await engine.ok('DELETE', at('stock.low'));
  });

  it('is written down in the audit log of the instance', async () => {
    await define('audited.type', { description: 'One.' });
    await define('audited.type', { description: 'Two.' });
    await engine.ok('DELETE', at('audited.type'));
    const { data } = await engine.ok<{ data: { action: string; after: object | null }[] }>(
      'GET',
      '/v1/audit?limit=3',
    );
    expect(data.map(({ action }) => action)).toEqual([
      'event_type.delete',
      'event_type.update',
      'event_type.create',
    ]);
    expect(data[1]?.after).toEqual({ description: 'Two.' });
  });
});

describe("a space's own event type", () => {
  it('keeps its name where the instance takes it later, and cannot take one of the instance', async () => {
    await engine.ok('PUT', tenant.path('/event-types/deal.won'), { description: 'Mine.' });
    await define('deal.won', { description: 'Everybody’s.' });
    const shown = await engine.ok<EventType>('GET', tenant.path('/event-types/deal.won'));
    expect(shown).toMatchObject({ description: 'Mine.', custom: true });
    await engine.ok('PUT', tenant.path('/event-types/deal.won'), { description: 'Still mine.' });
    const other = await Tenant.create(engine);
    const { status, body } = await engine.call<Problem>('PUT', other.path('/event-types/deal.won'), {});
    expect([status, body.code]).toEqual([409, 'instance_event_type']);
    await decide({ hidden: ['deal.won'] }, other);
    await engine.ok('PUT', other.path('/event-types/deal.won'), { description: 'Mine.' });
    expect(await publish('deal.won', other)).toBe(202);
    await engine.ok('DELETE', at('deal.won'));
  });
});

describe("a space's catalogue", () => {
  it('is without the events that it hides, for publishers and subscriptions', async () => {
    await define('stock.low');
    expect(await publish('list.create')).toBe(202);
    const before = await names();
    expect(before).toEqual(expect.arrayContaining(['list.create', 'lead.create', 'stock.low']));
    await decide({ hidden: ['list.*', 'stock.low'] });
    expect(await names()).toEqual(before.filter((name) => !name.startsWith('list.') && name !== 'stock.low'));
    expect([await publish('list.create'), await publish('stock.low'), await publish('lead.create')]).toEqual([
      ...[422, 422, 202],
    ]);
    const subscription = { url: receiver.url, events: ['list.*', 'lead.*', 'stock.low'] };
    const { body } = await engine.call<Problem>('POST', tenant.path('/subscriptions'), subscription);
    expect(body.errors?.map(({ path }) => path)).toEqual(['events[0]', 'events[2]']);
    await decide({ hidden: [] });
    expect(await names()).toEqual(before);
    await engine.ok('DELETE', at('stock.low'));
  });

  it('is without the built-in events once the space turns them off, and may then use their names', async () => {
    expect((await decide({ builtInEvents: false })).builtInEvents).toBe(false);
    expect(await names()).toEqual([]);
    expect(await publish('lead.create')).toBe(422);
    await engine.ok('PUT', tenant.path('/event-types/lead.create'), { example: { mine: true } });
    expect([await publish('lead.create'), await publish('lead.update')]).toEqual([202, 422]);
    await engine.ok('DELETE', tenant.path('/event-types/lead.create'));
    expect((await decide({ builtInEvents: null })).builtInEvents).toBe(true);
    expect(await publish('lead.update')).toBe(202);
  });

  it('has the event types of its features only, which the operator gives', async () => {
    await define('beta.thing', { feature: 'beta' });
    const key = await tenant.key('manage');
    expect(await publish('beta.thing')).toBe(422);
    expect(await names()).not.toContain('beta.thing');
    expect((await engine.call('GET', at('beta.thing'), undefined, { key })).status).toBe(404);
    const features = { features: ['beta'] };
    expect((await engine.call('PATCH', tenant.path('/catalogue'), features, { key })).status).toBe(403);
    await decide(features);
    expect(await publish('beta.thing')).toBe(202);
    expect(await names()).toContain('beta.thing');
    await engine.ok('DELETE', at('beta.thing'));
  });

  it('shows what it decided, and refuses what cannot be', async () => {
    const key = await tenant.key('manage');
    const open = { builtInEvents: true, hidden: [], features: [], validation: 'off' };
    expect(await engine.ok('GET', tenant.path('/catalogue'))).toEqual(open);
    const changes = { hidden: ['tag.*'], validation: 'warn' };
    const { status, body } = await engine.call('PATCH', tenant.path('/catalogue'), changes, { key });
    expect([status, body]).toEqual([200, { ...open, ...changes }]);
    for (const [wrong, path] of [
      [{ hidden: ['*.create'] }, 'hidden[0]'],
      [{ hidden: null }, 'hidden'],
      [{ validation: 'maybe' }, 'validation'],
      [{ builtInEvents: 'no' }, 'builtInEvents'],
      [{ colour: 1 }, 'colour'],
    ] as const) {
      const answer = await engine.call<Problem>('PATCH', tenant.path('/catalogue'), wrong, { key });
      expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([422, path]);
    }
  });

  it("stays a provider's in a provider's space", async () => {
    await define('emailsSent', { description: 'Ours.' });
    const lemlist = await Tenant.create(engine, 'lemlist');
    const { status, body } = await engine.call<Problem>('PATCH', lemlist.path('/catalogue'), {
      builtInEvents: false,
    });
    expect([status, body.code]).toEqual([409, 'fixed_catalogue']);
    expect(await publish('emailsSent', lemlist)).toBe(202);
    const shown = await engine.ok<EventType>('GET', lemlist.path('/event-types/emailsSent'));
    expect(shown.description).not.toBe('Ours.');
    await engine.ok('DELETE', at('emailsSent'));
  });
});

describe('with POSTHORN_BUILT_IN_EVENTS=off', () => {
  afterEach(() => (engine.settings.builtInEvents = 'on'));

  it('only spaces that say so have the built-in events', async () => {
    engine.settings.builtInEvents = 'off';
    const lemlist = await Tenant.create(engine, 'lemlist');
    await tenant.open();
    await define('only.one');
    expect([await names(), await names('/v1/event-types')]).toEqual([['only.one'], ['only.one']]);
    const answers = [
      await publish('lead.create'),
      await publish('only.one'),
      await publish('emailsSent', lemlist),
    ];
    expect(answers).toEqual([422, 202, 202]);
    await decide({ builtInEvents: true });
    expect(await publish('lead.create')).toBe(202);
    await engine.ok('DELETE', at('only.one'));
  });
});
