import { Database } from '../../src/database/database.js';
import { eventually } from '../support/condition.js';
import { Scrape } from '../support/scrape.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem, type Published } from '../support/tenant.js';

interface Warned extends Published {
  warnings?: { path: string; code: string; message: string }[];
}

let otherApi: string;
const { engine, tenant, receiver } = useStory({ api: 2 });

beforeAll(async () => {
  otherApi = (await engine.apis[1]?.getUrl()) ?? '';
});

const PERSON = {
  type: 'object',
  required: ['lead'],
  additionalProperties: false,
  properties: {
    lead: {
      type: 'object',
      required: ['email'],
      properties: {
        email: { type: 'string', pattern: '^[^@]+@[^@]+$' },
        age: { type: 'integer', minimum: 0 },
      },
    },
    tags: { type: 'array', items: { type: 'string' } },
  },
};
const GOOD = { lead: { email: 'a@b.c' } };

const own = (name: string, definition: object, of: Tenant = tenant) =>
  engine.ok('PUT', of.path(`/event-types/${name}`), definition);
const shared = (name: string, definition: object) => engine.ok('PUT', `/v1/event-types/${name}`, definition);
const decide = (validation: string | null, of: Tenant = tenant) =>
  engine.ok('PATCH', of.path('/catalogue'), { validation });
/** Through the process that did not make the change. */
const send = (type: string, data: object, of: Tenant = tenant) =>
  of.send<Warned & Problem>({ type, data }, otherApi);
const paths = ({ errors = [] }: Problem) => errors.map(({ path }) => path).sort();
const stored = async () => (await engine.ok<{ data: object[] }>('GET', tenant.path('/events'))).data.length;

describe('validation that is enforced', () => {
  it.each<[object, string[]]>([
    [{}, ['data.lead']],
    [{ lead: 1 }, ['data.lead']],
    [{ lead: {} }, ['data.lead.email']],
    [{ lead: { email: 'x', age: -1 } }, ['data.lead.age', 'data.lead.email']],
    [{ ...GOOD, more: 1 }, ['data.more']],
    [{ ...GOOD, tags: ['a', 2, 'c', null] }, ['data.tags[1]', 'data.tags[3]']],
  ])('names the paths of %j: %j', async (data, expected) => {
    await own('person.seen', { schema: PERSON, example: GOOD, validation: 'enforce' });
    const { status, body } = await send('person.seen', data);
    expect([status, paths(body)]).toEqual([422, expected]);
    for (const { code, message } of body.errors ?? [])
      expect([code, message]).toEqual([
        'schema_mismatch',
        expect.stringMatching(/^The schema of person\.seen says: .+\.$/),
      ]);
    expect((await send('person.seen', GOOD)).status).toBe(202);
    expect(await stored()).toBe(1);
  });

  it('refuses a batch as a whole, with the index of each event', async () => {
    await own('person.seen', { schema: PERSON, validation: 'enforce' });
    const events = [
      { type: 'person.seen', data: GOOD },
      { type: 'lead.create', data: { anything: true } },
      { type: 'person.seen', data: { lead: {} } },
      { type: 'person.seen', data: { ...GOOD, more: 1 } },
    ];
    const { status, body } = await tenant.send<Problem>(events, otherApi);
    expect([status, paths(body)]).toEqual([422, ['[2].data.lead.email', '[3].data.more']]);
    expect(await stored()).toBe(0);
  });

  it('is seen at once by every process, whoever changes it', async () => {
    await own('person.seen', { schema: PERSON });
    expect((await send('person.seen', {})).status).toBe(202);
    await decide('enforce');
    expect((await send('person.seen', {})).status).toBe(422);
    await own('person.seen?force=true', { schema: { type: 'object' } });
    expect((await send('person.seen', {})).status).toBe(202);
    await own('person.seen?force=true', { schema: PERSON, validation: 'off' });
    expect((await send('person.seen', {})).status).toBe(202);
    await shared('person.left', { schema: PERSON, validation: 'enforce' });
    await decide(null);
    expect((await send('person.left', {})).status).toBe(422);
    await shared('person.left?force=true', { schema: { required: ['other'] }, validation: 'enforce' });
    expect(paths((await send('person.left', {})).body)).toEqual(['data.other']);
    await engine.ok('DELETE', '/v1/event-types/person.left');
  });

  it.each<[string, { id?: string }, Record<string, string>]>([
    ['an id', { id: 'e-1' }, {}],
    ['an Idempotency-Key', {}, { 'idempotency-key': 'k-1' }],
  ])(
    'answers a repetition by %s as the first time, however strict the schema is now',
    async (_by, fields, headers) => {
      await own('person.seen', { schema: {}, validation: 'enforce' });
      const publish = (data: object, more: object[] = []) =>
        engine.call<Published & Problem>(
          'POST',
          tenant.path('/events'),
          [{ type: 'person.seen', data, ...fields }, ...more],
          { headers },
        );
      const idOf = ({ body }: { body: unknown }) => (body as { data: Published[] }).data[0];
      const first = await publish({ lead: 7 });
      expect(first.status).toBe(202);
      await own('person.seen', { schema: PERSON, validation: 'enforce' });
      const again = await publish({ lead: 7 });
      expect([again.status, idOf(again)]).toEqual([202, { ...idOf(first), duplicate: true }]);
      expect(await stored()).toBe(1);
      // Another event under the same key is no repetition, and is refused by the schema.
      expect((await publish({ lead: 8 })).status).toBe(422);
      expect((await send('person.seen', { lead: 7 })).status).toBe(422);
      if (fields.id === undefined) return;
      const mixed = await publish({ lead: 7 }, [{ type: 'person.seen', data: { lead: 9 }, id: 'e-2' }]);
      expect([mixed.status, paths(mixed.body)[0]]).toEqual([422, expect.stringMatching(/^\[1\]\.data/)]);
      expect(await stored()).toBe(1);
    },
  );

  it('holds for the built-in events, whose examples all fit', async () => {
    await decide('enforce');
    const { data } = await engine.ok<{ data: { name: string; example: object }[] }>(
      'GET',
      tenant.path('/event-types'),
    );
    const { status } = await tenant.send(data.map(({ name, example }) => ({ type: name, data: example })));
    expect(status).toBe(202);
    expect((await send('lead.create', { id: 7 })).status).toBe(422);
    await engine.ok('POST', tenant.path('/simulate'), { count: 40 });
  });

  it('leaves a provider’s events alone', async () => {
    const lemlist = await Tenant.create(engine, 'lemlist');
    engine.settings.validation = 'enforce';
    try {
      expect((await send('emailsSent', { nothing: true }, lemlist)).status).toBe(202);
      const other = await Tenant.create(engine);
      expect((await send('lead.create', { id: 7 }, other)).status).toBe(422);
    } finally {
      engine.settings.validation = 'off';
    }
  });

  it('holds for what SQL published', async () => {
    await own('person.seen', { schema: PERSON, validation: 'enforce' });
    const { sql } = (engine.apis[0] as (typeof engine.apis)[0]).get(Database);
    const publish = { name: '', text: `SELECT posthorn.publish($1, 'person.seen', $2::text)` };
    for (const data of [{ lead: {} }, GOOD]) await sql(publish, [tenant.uid, JSON.stringify(data)]);
    await eventually(async () => {
      expect(await stored()).toBe(1);
      const rows = await sql<{ refused: string }>({ name: '', text: 'SELECT refused FROM posthorn.inbox' });
      expect(rows.map(({ refused }) => refused)).toEqual([
        expect.stringContaining('data.lead.email: The schema of'),
      ]);
    });
  });

  it('holds for a request with very many matches', async () => {
    await own('person.seen', { schema: PERSON, validation: 'enforce' });
    for (let n = 0; n < 3; n += 1) await tenant.subscribe(receiver.url);
    const events = (data: object) => Array.from({ length: 1_000 }, () => ({ type: 'person.seen', data }));
    const { status, body } = await tenant.send<Problem>([
      ...events(GOOD).slice(1),
      { type: 'person.seen', data: {} },
    ]);
    expect([status, paths(body)]).toEqual([422, ['[999].data.lead']]);
    expect((await tenant.send(events(GOOD))).status).toBe(202);
  });
});

describe('validation that warns', () => {
  it('stores the event and tells in the answer and a metric', async () => {
    await own('person.seen', { schema: PERSON, validation: 'warn' });
    const before = await Scrape.of(engine.url);
    const { status, body } = await send('person.seen', { lead: {} });
    expect([status, body.warnings]).toEqual([
      202,
      [
        {
          path: 'data.lead.email',
          code: 'schema_mismatch',
          message: "The schema of person.seen says: must have required property 'email'.",
        },
      ],
    ]);
    expect((await send('person.seen', GOOD)).body.warnings).toBeUndefined();
    const many = await tenant.send<{ data: Warned[] }>([
      { type: 'person.seen', data: GOOD },
      { type: 'person.seen', data: {} },
    ]);
    expect(many.body.data.map(({ warnings = [] }) => warnings.map(({ path }) => path))).toEqual([
      [],
      ['[1].data.lead'],
    ]);
    expect(await stored()).toBe(4);
    const counted = 'event_data_mismatches_total{validation="warn"}';
    expect((await Scrape.of(engine.url)).since(before, counted)).toBe(2);
  });

  it('tells publishers of a deprecated type, whatever the validation', async () => {
    await shared('old.name', { replacedBy: 'new.name' });
    const { status, body } = await send('old.name', {});
    expect([status, body.warnings]).toEqual([
      202,
      [{ path: 'type', code: 'deprecated_event_type', message: 'old.name is deprecated. Use new.name.' }],
    ]);
    await engine.ok('DELETE', '/v1/event-types/old.name');
  });
});

describe('a schema from a stranger', () => {
  const longText = `${'a'.repeat(50_000)}!`;
  const STRANGE: [string, object, object, string][] = [
    [
      'a pattern that backtracks',
      { properties: { a: { pattern: '^(a+)+$' } } },
      { a: longText },
      'schema_mismatch',
    ],
    [
      'a name that backtracks',
      { patternProperties: { '^(a|a)*$': false } },
      { ['a'.repeat(900)]: 1 },
      'schema_mismatch',
    ],
    [
      'items that must differ',
      { allOf: Array.from({ length: 200 }, () => ({ properties: { a: { uniqueItems: true } } })) },
      { a: Array.from({ length: 20_000 }, (_none, index) => [index]) },
      'schema_unusable',
    ],
  ];

  it.each(STRANGE)('keeps nobody waiting: %s', async (_case, schema, data, code) => {
    await own('evil.type', { schema, validation: 'enforce' });
    const other = await Tenant.create(engine);
    await own('person.seen', { schema: PERSON, validation: 'enforce' }, other);
    expect((await send('person.seen', GOOD, other)).status).toBe(202);
    const evil = { isOver: false };
    const answer = send('evil.type', data).finally(() => (evil.isOver = true));
    let served = 0;
    while (!evil.isOver) {
      expect((await send('person.seen', GOOD, other)).status).toBe(202);
      served += 1;
    }
    const { status, body } = await answer;
    expect([status, body.errors?.map((issue) => issue.code)]).toEqual([422, [code]]);
    if (code !== 'schema_unusable') return;
    expect(served).toBeGreaterThan(3);
  });

  const COSTLY = { ...STRANGE[2]?.[1], required: ['a'] };
  const BAD = { a: Array.from({ length: 20_000 }, (_none, index) => [index]) };

  it('takes nothing from others of the same schema, nor from other events of its type', async () => {
    const other = await Tenant.create(engine);
    await own('same.type', { schema: COSTLY, validation: 'enforce' });
    await own('same.type', { schema: COSTLY, validation: 'enforce' }, other);
    expect((await send('same.type', BAD)).status).toBe(422);
    expect((await send('same.type', { a: [1] }, other)).status).toBe(202);
    const batch = [{ a: [1] }, BAD, { a: [2] }].map((data) => ({ type: 'same.type', data }));
    const answer = await tenant.send<Problem>(batch, otherApi);
    expect([answer.status, paths(answer.body)]).toEqual([422, ['[1].data']]);
    expect((await send('same.type', { a: [1] })).status).toBe(202);
  });

  it('is told to come later when its data used up the time again and again', async () => {
    await own('same.type', { schema: COSTLY, validation: 'enforce' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        engine.call('POST', tenant.path('/events'), { type: 'same.type', data: BAD }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([422, 422, 422, 422, 422, 422, 429, 429]);
    const late = answers.find(({ status }) => status === 429);
    expect(Number(late?.headers.get('retry-after'))).toBeGreaterThan(0);
    // Where it only warns, the event is stored.
    await own('same.type?force=true', { schema: COSTLY, validation: 'warn' });
    const { status, body } = await send('same.type', BAD);
    expect([status, body.warnings?.map(({ code }) => code)]).toEqual([202, ['schema_unusable']]);
  }, 30_000);

  it('is refused when its pattern needs more than linear time', async () => {
    const schema = { properties: { a: { pattern: '(?=x)y' } } };
    const { status, body } = await engine.call<Problem>('PUT', tenant.path('/event-types/a.b'), { schema });
    expect([status, body.errors?.[0]?.path]).toEqual([422, 'schema']);
  });
});
