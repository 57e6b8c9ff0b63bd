import type { Answer } from '../support/engine.js';
import { useStory } from '../support/story.js';

interface Problem {
  code: string;
  detail: string;
  errors?: { path: string; code: string; message: string }[];
}

const { engine } = useStory({ workers: 0 });

const call = (method: string, path: string, body?: unknown, key?: string) =>
  engine.call(method, path, body, { key });

const problemOf = ({ body }: Answer<object>) => body as Problem;

/** The path of a new space's event types. */
async function newSpace(profile = 'native'): Promise<string> {
  const { body } = await call('POST', '/v1/spaces', { name: 'Acme', profile });
  return `/v1/spaces/${String(body.id)}`;
}

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
    const response = await fetch(`${engine.url}${space}/event-types/invoice.paid`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${engine.adminKey}`, 'content-type': 'application/json' },
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
