import { eventually } from '../support/condition.js';
import type { ReceivedRequest } from '../support/receiver.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

const { engine, tenant, receiver } = useStory();

const text = { type: 'string' };
const schemaOf = (...names: string[]) => ({
  type: 'object',
  required: ['id', ...names],
  properties: Object.fromEntries(['id', ...names].map((name) => [name, text])),
});
const FIRST = { schema: schemaOf('mail'), example: { id: '1', mail: 'a@b.c' } };
const SECOND = {
  schema: schemaOf('email', 'kind'),
  example: { id: '1', email: 'a@b.c', kind: 'x' },
  downgrade: [{ move: 'email', to: 'mail' }, { drop: 'kind' }],
};
const own = (name: string) => tenant.path(`/event-types/${name}`);
const shared = (name: string) => `/v1/event-types/${name}`;
const define = (definition: object, path = own('invoice.paid')) => engine.ok<object>('PUT', path, definition);
const TWO = { ...FIRST, versions: { 2: SECOND } };
const NEW = { type: 'invoice.paid', data: { id: '7', email: 'x@y.z', kind: 'k' } };

async function problems(answer: Promise<{ status: number; body: Problem }>) {
  const { status, body } = await answer;
  return [status, ...(body.errors ?? []).map(({ path, code, message }) => [path, code, message])];
}
const refusedPut = (definition: object) =>
  problems(engine.call<Problem>('PUT', own('invoice.paid'), definition));
const refusedSubscription = (eventTypeVersions: object) =>
  problems(
    engine.call<Problem>('POST', tenant.path('/subscriptions'), { url: receiver.url, eventTypeVersions }),
  );

async function got(count = 1): Promise<ReceivedRequest[]> {
  await receiver.received(count);
  return receiver.requests;
}
const dataOf = ({ body }: ReceivedRequest) => (JSON.parse(body.toString()) as { data: object }).data;

describe('versions of an event type', () => {
  it.each([
    ['a space', own],
    ['the instance', shared],
  ])('of %s are shown with it', async (_whose, path) => {
    const name = 'shown.versions';
    const shown = await define(TWO, path(name));
    const expected = {
      ...FIRST,
      version: 2,
      versions: { 2: { ...SECOND, description: '', draft: false } },
    };
    expect(shown).toMatchObject(expected);
    expect(await engine.ok('GET', path(name))).toMatchObject(expected);
    await engine.ok('DELETE', path(name));
  });

  it('without versions, a type and its requests are as they always were', async () => {
    expect(await define(FIRST)).not.toHaveProperty('versions');
    await tenant.subscribe(receiver.url);
    await tenant.publish({ type: 'invoice.paid', version: 1, data: { id: '1', mail: 'm' } });
    const [{ headers, body } = {} as ReceivedRequest] = await got();
    expect(headers).not.toHaveProperty('webhook-version');
    expect(body.toString()).toMatch(
      /^\{"type":"invoice.paid","timestamp":"[^"]+","data":\{"id":"1","mail":"m"\}\}$/,
    );
  });

  it.each<[string, object, string, string | RegExp]>([
    ['version 1 beside itself', { versions: { 1: SECOND } }, 'versions.1', /from 2/],
    ['no number', { versions: { two: SECOND } }, 'versions.two', /from 2/],
    ['an unknown field', { versions: { 2: { shema: {} } } }, 'versions.2.shema', /Did you mean "schema"/],
    ['no schema', { versions: { 2: { schema: { type: 'txt' } } } }, 'versions.2.schema', /JSON Schema/],
    [
      'an example that does not fit',
      { versions: { 2: { ...SECOND, example: { id: 7, email: '', kind: '' } } } },
      'versions.2.example.id',
      /must be string/,
    ],
    [
      'a named example that does not fit',
      { examples: { short: { id: '1' } } },
      'examples.short',
      /required property 'mail'/,
    ],
    ['a name that is none', { examples: { 'a b': {} } }, 'examples.a b', /letters/],
    ['an example that is none', { examples: { a: [] } }, 'examples.a', /object/],
    [
      'a step that is none',
      { versions: { 2: { ...SECOND, downgrade: [{ move: 'a' }] } } },
      'versions.2.downgrade[0]',
      /"to": path/,
    ],
    [
      'a downgrade that fails',
      { versions: { 2: { ...SECOND, downgrade: [{ set: 'email.x', value: 1 }] } } },
      'versions.2.downgrade',
      /fails for versions.2.example: step 1.*"email" is not an object/,
    ],
    [
      'a downgrade to other data',
      { versions: { 2: { ...SECOND, downgrade: [{ drop: 'email' }] } } },
      'versions.2.downgrade',
      /does not match the previous version.*'mail'/,
    ],
  ])('with %s are refused', async (_name, fields, path, message) => {
    expect(await refusedPut({ ...FIRST, ...fields })).toEqual([
      422,
      [path, expect.any(String), expect.stringMatching(message)],
    ]);
  });

  it('may have several examples, the first of which is sent as a test', async () => {
    const examples = { short: { id: '1', mail: '' }, long: { id: '2', mail: 'b', more: true } };
    expect(await define({ schema: FIRST.schema, examples })).toMatchObject({
      example: examples.short,
      examples,
    });
    const { id } = await tenant.subscribe(receiver.url, { events: ['invoice.paid'] });
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/test`), {});
    expect(dataOf((await got())[0] as ReceivedRequest)).toEqual(examples.short);
  });
});

describe('publishing a type with versions', () => {
  it('takes the newest that is no draft, or the one that is named, and compares with that', async () => {
    const draft = { ...SECOND, draft: true, schema: schemaOf('third'), example: undefined, downgrade: null };
    await define({ ...TWO, validation: 'enforce', versions: { 2: SECOND, 3: draft } });
    await tenant.subscribe(receiver.url);
    const shown = async (event: object) => {
      const { id } = await tenant.publish({ ...NEW, ...event });
      return (await engine.ok<{ version: number }>('GET', tenant.path(`/events/${id}`))).version;
    };
    expect(await shown({})).toBe(2);
    expect(await shown({ version: 1, data: { id: '1', mail: 'm' } })).toBe(1);
    expect(await shown({ version: 3, data: { id: '1', third: 't' } })).toBe(3);
    const requests = await got(3);
    expect(requests.map(({ headers }) => headers['webhook-version']).toSorted()).toEqual(['1', '2', '3']);
    for (const [version, missing] of [
      [1, 'mail'],
      [3, 'third'],
    ] as const)
      expect(await problems(tenant.send<Problem>({ ...NEW, version }))).toEqual([
        422,
        [`data.${missing}`, 'schema_mismatch', expect.stringContaining(`version ${version}`)],
      ]);
    expect(await problems(tenant.send<Problem>({ ...NEW, data: { id: '1', mail: 'm' } }))).toEqual([
      422,
      ['data.email', 'schema_mismatch', expect.stringContaining('version 2')],
      ['data.kind', 'schema_mismatch', expect.stringContaining('version 2')],
    ]);
  });

  it.each([
    [7, 2],
    [3, 2],
  ])('as version %d, which it does not have, is refused', async (version, meant) => {
    await define(TWO);
    expect(await problems(tenant.send<Problem>([NEW, { ...NEW, version }]))).toEqual([
      422,
      [
        '[1].version',
        'unknown_version',
        `invoice.paid has no version ${version}: it has 1 and 2. Did you mean ${meant}?`,
      ],
    ]);
  });
});

describe('a subscription that is pinned to a version', () => {
  const pinned = (fields: object = {}) =>
    tenant.subscribe(receiver.url, { eventTypeVersions: { 'invoice.paid': 1 }, ...fields });

  it.each([
    ['a space', own],
    ['the instance', shared],
  ])('gets the events of %s in that version, byte for byte where nothing changes', async (_whose, path) => {
    const name = 'versions.pinned';
    await define(TWO, path(name));
    await pinned({ eventTypeVersions: { [name]: 1 } });
    await tenant.publish(
      `{"type":"${name}","data":{"id": "1","email":"x@y.z","kind":"k","n":1.0,"big":12345678901234567890}}`,
    );
    const [newer] = await got();
    await tenant.publish({ type: name, version: 1, data: { id: '2', mail: 'm' } });
    const [, older] = await got(2);
    expect(newer?.body.toString()).toContain(
      '"data":{"id":"1","n":1.0,"big":12345678901234567890,"mail":"x@y.z"}',
    );
    expect([newer, older].map((request) => request?.headers['webhook-version'])).toEqual(['1', '1']);
    await engine.ok('DELETE', path(name));
  });

  it('tries its template with the example that it gets: converted down, as in a preview and on save', async () => {
    await define({
      ...TWO,
      versions: { 2: { ...SECOND, example: { ...SECOND.example, email: 'new@b.c' } } },
    });
    const body = (name: string) => ({ format: 'template', template: `{"to": $uppercase(data.${name})}` });
    const preview = (name: string, version: number) =>
      engine.call<Problem & { body: string; headers: string[][] }>('POST', tenant.path('/preview'), {
        ...{ body: body(name), type: 'invoice.paid', eventTypeVersions: { 'invoice.paid': version } },
      });
    const old = await preview('mail', 1);
    expect([old.status, old.body.body]).toEqual([200, '{"to":"NEW@B.C"}']);
    expect(old.body.headers).toContainEqual(['webhook-version', '1']);
    expect((await preview('email', 2)).body.body).toBe('{"to":"NEW@B.C"}');
    expect((await preview('mail', 7)).body.errors?.[0]?.code).toBe('unknown_version');
    // The first type that it wants is another one: the pinned one is tried beside it.
    const of = (name: string) => ({
      ...{
        url: receiver.url,
        events: ['lead.create', 'invoice.paid'],
        eventTypeVersions: { 'invoice.paid': 1 },
      },
      body: { format: 'template', template: `type = "invoice.paid" ? data.${name} : "other"` },
    });
    const subscriptions = tenant.path('/subscriptions');
    const [status, problem] = await problems(engine.call<Problem>('POST', subscriptions, of('email')));
    expect([status, problem]).toEqual([
      422,
      ['body.template', 'template_failed', expect.stringContaining('"invoice.paid"')],
    ]);
    const { id } = await engine.ok<{ id: string }>('POST', subscriptions, of('mail'));
    // What it gets from now on has no "mail".
    const end = { eventTypeVersions: { 'invoice.paid': 2 } };
    expect((await engine.call('PATCH', `${subscriptions}/${id}`, end)).status).toBe(422);
    await tenant.publish(NEW);
    expect((await got())[0]?.body.toString()).toBe('"x@y.z"');
  });

  it('is shown, changed and ended by POST, PATCH and PUT', async () => {
    await define(TWO);
    const { id } = await pinned({ uid: 'u' });
    const shown = async () =>
      (await engine.ok<{ eventTypeVersions: unknown }>('GET', tenant.path(`/subscriptions/${id}`)))
        .eventTypeVersions;
    expect(await shown()).toEqual({ 'invoice.paid': 1 });
    const change = (eventTypeVersions: unknown) =>
      engine.ok('PATCH', tenant.path(`/subscriptions/${id}`), { eventTypeVersions });
    await change({ 'invoice.paid': 2, 'lead.create': 1 });
    expect(await shown()).toEqual({ 'invoice.paid': 2, 'lead.create': 1 });
    await change(null);
    expect(await shown()).toBeNull();
    const url = receiver.url;
    await engine.ok('PUT', tenant.path('/subscriptions/u'), {
      url,
      eventTypeVersions: { 'invoice.paid': 1 },
    });
    expect(await shown()).toEqual({ 'invoice.paid': 1 });
    await tenant.publish(NEW);
    expect(dataOf((await got())[0] as ReceivedRequest)).toEqual({ id: '7', mail: 'x@y.z' });
    await engine.ok('PUT', tenant.path('/subscriptions/u'), { url });
    expect(await shown()).toBeNull();
  });

  it.each<[object, string, string, RegExp]>([
    [{ 'invoice.payd': 1 }, 'invoice.payd', 'unknown_event_type', /Did you mean "invoice.paid"/],
    [{ 'invoice.paid': 5 }, 'invoice.paid', 'unknown_version', /has 1 and 2. Did you mean 2/],
    [{ 'lead.create': 2 }, 'lead.create', 'unknown_version', /has version 1 only/],
    [{ 'invoice.paid': '1' }, 'invoice.paid', 'is_int', /number/],
    [{ 'invoice.paid': 0 }, 'invoice.paid', 'is_int', /number/],
  ])('%j is refused', async (pins, type, code, message) => {
    await define(TWO);
    expect(await refusedSubscription(pins)).toEqual([
      422,
      [`eventTypeVersions.${type}`, code, expect.stringMatching(message)],
    ]);
  });

  it('is refused where nothing leads back to the version', async () => {
    await define({ ...FIRST, versions: { 2: { ...SECOND, downgrade: null }, 3: { downgrade: [] } } });
    expect(await refusedSubscription({ 'invoice.paid': 1 })).toMatchObject([
      422,
      [
        'eventTypeVersions.invoice.paid',
        'no_downgrade',
        expect.stringContaining('Version 2 of invoice.paid'),
      ],
    ]);
    await pinned({ eventTypeVersions: { 'invoice.paid': 2 } });
  });

  it('has a filter that looks at the version it gets', async () => {
    await define(TWO);
    await pinned({ filter: { mail: 'x@y.z' } });
    await tenant.subscribe(`${receiver.url}/new`, { filter: { mail: 'x@y.z' } });
    expect(await tenant.publish(NEW)).toMatchObject({ deliveries: 1 });
    expect(await tenant.publish({ ...NEW, data: { ...NEW.data, email: 'other' } })).toMatchObject({
      deliveries: 0,
    });
  });

  it('goes on over several versions, and replays', async () => {
    const third = {
      downgrade: [
        { move: 'address', to: 'email' },
        { set: 'kind', value: 'k' },
      ],
    };
    await define({ ...FIRST, versions: { 2: SECOND, 3: third } });
    const { id } = await pinned({ filter: { mail: 'a' }, status: 'paused' });
    await tenant.publish({ type: 'invoice.paid', data: { id: '1', address: 'a' } });
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`), { backlog: 'discard' });
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/replay`), { since: '2020-01-01T00:00:00Z' });
    expect(dataOf((await got())[0] as ReceivedRequest)).toEqual({ id: '1', mail: 'a' });
  });

  it('with a conversion that fails has a visible error with the body as it was published, until it is mended', async () => {
    await define(TWO);
    const { id } = await pinned({ retrySchedule: [3600], pauseAfter: 1, filter: { id: '7' } });
    await define({
      ...FIRST,
      versions: { 2: { ...SECOND, downgrade: [{ set: 'email.a', value: 1 }], example: undefined } },
    });
    await tenant.publish(NEW);
    const first = async () => (await tenant.deliveries())[0];
    await eventually(async () => expect(await first()).toMatchObject({ lastError: 'conversion_failed' }));
    const delivery = (await first())?.id ?? '';
    expect(await engine.ok('GET', tenant.path(`/deliveries/${delivery}/attempts/1`))).toMatchObject({
      errorCode: 'conversion_failed',
      errorDetail: expect.stringMatching(
        /version 2 of invoice.paid.*version 1.*"email" is not an object.*Nothing was sent/,
      ),
      request: { headers: [], body: expect.stringContaining(`"data":${JSON.stringify(NEW.data)}`) },
    });
    expect(receiver.requests).toHaveLength(0);
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 0 });
    await define(TWO);
    // What a worker knows of a type is a second old at the most.
    await eventually(async () => {
      await engine.ok('POST', tenant.path(`/deliveries/${delivery}/retry`));
      await eventually(async () => expect((await first())?.nextAttemptAt).toBeNull());
      expect(await first()).toMatchObject({ status: 'succeeded' });
    });
    expect(dataOf(receiver.requests[0] as ReceivedRequest)).toEqual({ id: '7', mail: 'x@y.z' });
    // So is what the log knows of it.
    await eventually(async () =>
      expect(await engine.ok('GET', tenant.path(`/deliveries/${delivery}/attempts/1`))).toMatchObject({
        request: { body: expect.stringContaining('"mail":"x@y.z"') },
      }),
    );
  });

  it('has templates that know the version', async () => {
    await define(TWO);
    await pinned({
      body: { format: 'template', template: '{"v": version, "m": data.mail}' },
      events: ['invoice.paid'],
    });
    await tenant.publish(NEW);
    expect((await got())[0]?.body.toString()).toBe('{"v":1,"m":"x@y.z"}');
  });
});
