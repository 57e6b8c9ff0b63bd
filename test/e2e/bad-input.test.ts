import type { Server } from 'node:http';
import { eventually } from '../support/condition.js';
import { Judge } from '../support/judge.js';
import { exchange, RawConnection } from '../support/raw-http.js';
import { useStory } from '../support/story.js';

const S = '/v1/spaces/acme';
const SUB = `${S}/subscriptions`;
const TARGET = '"url":"http://127.0.0.1:9/"';
const MEGABYTE = 'x'.repeat(1024 * 1024);

/** Each call that takes a body: a field of text in it, and what else the body needs. */
const CALLS: [string, { method: string; path: string; text: string; rest: string }][] = [
  ['publish', { method: 'POST', path: `${S}/events`, text: 'id', rest: '"type":"lead.create","data":{}' }],
  ['a new subscription', { method: 'POST', path: SUB, text: 'description', rest: TARGET }],
  [
    'a changed subscription',
    { method: 'PATCH', path: `${SUB}/hook`, text: 'description', rest: '"events":["*"]' },
  ],
  ['an event type', { method: 'PUT', path: `${S}/event-types/my.type`, text: 'family', rest: '"schema":{}' }],
  ['a new space', { method: 'POST', path: '/v1/spaces', text: 'name', rest: '"profile":"native"' }],
  ['a changed space', { method: 'PATCH', path: S, text: 'name', rest: '"metadata":{}' }],
  ['a new key', { method: 'POST', path: `${S}/keys`, text: 'name', rest: '"scope":"read"' }],
];

let judge: Judge;
const { engine } = useStory({ workers: 0, tenantFor: 'block' });

beforeAll(async () => {
  await engine.ok('POST', '/v1/spaces', { name: 'Acme', uid: 'acme' });
  await engine.ok('POST', SUB, { url: 'http://127.0.0.1:9/', uid: 'hook' });
  judge = await Judge.of(engine);
  engine.beforeClose(() => judge.close());
});

/** Whatever was sent before: the next request is served, and everything is as it was. */
afterEach(async () => {
  expect(await judge.send({ method: 'GET', path: SUB })).toMatchObject({ status: 200 });
});

describe.each(CALLS)('%s', (_name, { method, path, text, rest }) => {
  const send = async (body: string | Buffer) => {
    const { status, code, errors } = await judge.send({ method, path, body });
    return [status, code, ...errors.slice(0, 1).map((error) => `${error.path} ${error.code}`)];
  };
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  it.each([
    `{"${text}":"a",${rest}`,
    '{',
    "{'a':1}",
    `{${rest}}}`,
    'undefined',
    '\ufeff\ufeff{}',
    `{${rest},}`,
  ])('refuses malformed JSON: %s', async (body) => {
    expect(await send(body)).toEqual([400, 'malformed_json']);
  });

  it('passes over a byte order mark, and over no text that is not JSON behind it', async () => {
    expect(await send('\ufeff{"typo":1}')).toEqual(await send('{"typo":1}'));
    expect(await send('\ufeff')).toEqual(await send(''));
    expect(await send('\ufeff{')).toEqual([400, 'malformed_json']);
    const utf16 = Buffer.from(`\ufeff{${rest}}`, 'utf16le');
    expect(await send(utf16)).toEqual([400, 'malformed_json']);
  });

  it.each([
    [Buffer.from([0x22, 0xff, 0x22]), 'a byte that never is'],
    [Buffer.from([0x22, 0xc0, 0x80, 0x22]), 'an overlong NUL'],
    [Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'half a surrogate pair'],
    [Buffer.from([0x22, 0xf0, 0x9f, 0x98, 0x22]), 'a character that ends early'],
  ])('refuses bytes that are not UTF-8: %j', async (bytes) => {
    const body = Buffer.concat([Buffer.from(`{${rest},"${text}":`), bytes, Buffer.from('}')]);
    expect(await send(body)).toEqual([400, 'malformed_json']);
  });

  it.each(['7', 'true', '{}', '[]', '["a"]', '{"length":1}', '-0', '1e400'])(
    'refuses %s where text is wanted',
    async (value) => {
      const [status, code, issue] = await send(`{${rest},"${text}":${value}}`);
      expect([status, code]).toEqual([422, 'validation_failed']);
      expect(issue).toMatch(new RegExp(`^${text} (is_string|is_length|max_length|unstorable_number)$`));
    },
  );

  it.each(['null', '[[]]', '"text"', '7'])('refuses %s as a body', async (body) => {
    expect((await send(body)).slice(0, 2)).toEqual([422, 'validation_failed']);
  });

  it('refuses text of a megabyte', async () => {
    const [status, code, issue] = await send(`{${rest},"${text}":"${MEGABYTE}"}`);
    expect([status, code]).toEqual([422, 'validation_failed']);
    expect(issue).toMatch(new RegExp(`^${text} (is_length|max_length)$`));
  });

  it.each(['\\u0000', 'a\\u0000b', '\\ud800', '\\udc00\\ud800'])('refuses text with %s', async (bad) => {
    const [status, code, issue] = await send(`{${rest},"${text}":"${bad}"}`);
    expect([status, code]).toEqual([422, 'validation_failed']);
    expect(issue).toMatch(new RegExp(`^${text} (unstorable_text|matches)$`));
  });

  it('refuses nesting 10,000 deep', async () => {
    const tooDeep = [422, 'validation_failed', 'body too_deep'];
    expect(await send(`{${rest},"${text}":${deep(10_000)}}`)).toEqual(tooDeep);
    expect(await send(deep(10_000))).toEqual(tooDeep);
    expect(await send(deep(2_500_000))).toEqual(tooDeep);
  });

  it.each([`{${rest},"__proto__":{}}`, '{"a":[{"__proto__":1}]}', '{"constructor":{"prototype":{}}}'])(
    'refuses what reaches for a prototype: %s',
    async (body) => {
      expect(await send(body)).toEqual([400, 'forbidden_key']);
    },
  );

  it.each(['constructor', 'toString', 'hasOwnProperty', 'typo'])(
    'refuses the unknown field %s',
    async (name) => {
      const [status, code, issue] = await send(`{${rest},"${text}":"abc","${name}":1}`);
      expect([status, code]).toEqual([422, 'validation_failed']);
      expect(issue).toMatch(new RegExp(`^${name} (unknown_field|forbidden_key)$`));
    },
  );

  it('refuses a key that stands twice', async () => {
    expect(await send(`{"${text}":"abc",${rest},"${text}":"abc"}`)).toEqual([
      422,
      'validation_failed',
      `${text} duplicate_key`,
    ]);
  });

  it('refuses an array of a million', async () => {
    const million = `[${'0,'.repeat(999_999)}0]`;
    const tooMany = [422, 'validation_failed', 'body too_many_values'];
    expect(await send(million)).toEqual(tooMany);
    expect(await send(`{${rest},"${text}":${million}}`)).toEqual(tooMany);
  });

  it('refuses more than 5 MiB', async () => {
    expect(await send(`{${rest},"${text}":"${MEGABYTE.repeat(5)}"}`)).toEqual([413, 'payload_too_large']);
  });
});

describe('inside of what is free in its form', () => {
  const refuse = async (body: string, issue: string, call: [string, string] = ['POST', SUB]) => {
    const { errors, ...rest } = await judge.send({ method: call[0], path: call[1], body });
    expect(rest).toEqual({ status: 422, code: 'validation_failed' });
    expect(`${errors[0]?.path} ${errors[0]?.code}`).toBe(issue);
  };

  it.each([
    ['"filter":{"a":{"gt":1e400}}', 'filter.a.gt unstorable_number'],
    ['"filter":{"a":{"in":[1,-1e400]}}', 'filter.a.in[1] unstorable_number'],
    ['"filter":{"constructor":1}', 'filter.constructor forbidden_key'],
    ['"filter":{"a":1,"a":2}', 'filter.a duplicate_key'],
    ['"filter":{"a":"\\ud800"}', 'filter.a unstorable_text'],
    ['"metadata":{"hasOwnProperty":"1"}', 'metadata.hasOwnProperty forbidden_key'],
    ['"metadata":{"a\\u0000":"1"}', 'metadata unstorable_text'],
    ['"headers":{"toString":"1"}', 'headers.toString forbidden_key'],
    ['"scope":{"level":"client","clientId":"\\ud800"}', 'scope.clientId unstorable_text'],
  ])('a subscription refuses %s', async (fields, issue) => {
    await refuse(`{${TARGET},${fields}}`, issue);
    await refuse(`{${fields}}`, issue, ['PATCH', `${SUB}/hook`]);
  });

  it.each([
    ['"schema":{"maximum":1e400}', 'schema.maximum unstorable_number'],
    ['"schema":{"properties":{"constructor":{}}}', 'schema.properties.constructor forbidden_key'],
    ['"schema":{"title":"\\u0000"}', 'schema.title unstorable_text'],
    ['"example":{"a":["\\udfff"]}', 'example.a[0] unstorable_text'],
  ])('an event type refuses %s', async (fields, issue) => {
    await refuse(`{${fields}}`, issue, ['PUT', `${S}/event-types/my.type`]);
  });

  it.each([
    ['{"a\\u0000":1}', 'data unstorable_text'],
    ['{"a":{"\\ud800":1}}', 'data.a unstorable_text'],
    ['{"a":[{"b":"\\u0000"}]}', 'data.a[0].b unstorable_text'],
  ])('an event refuses the data %s', async (data, issue) => {
    const event = `{"type":"lead.create","data":${data}}`;
    await refuse(event, issue, ['POST', `${S}/events`]);
    await refuse(`[${event}]`, `[0].${issue}`, ['POST', `${S}/events`]);
  });

  it('an event refuses a key of its data that stands twice, since a filter and a receiver may differ on it', async () => {
    const event = '{"type":"lead.create","data":{"a":[{"b":1,"\\u0062":2}]}}';
    await refuse(event, 'data.a[0].b duplicate_key', ['POST', `${S}/events`]);
    await refuse(`[{"type":"lead.create","data":{}},${event}]`, '[1].data.a[0].b duplicate_key', [
      'POST',
      `${S}/events`,
    ]);
  });
});

describe('a route that takes', () => {
  const refused = async (method: string, path: string, body?: string) => {
    const { status, errors } = await judge.send({ method, path, body });
    expect(status).toBe(422);
    return errors.map((error) => `${error.path} ${error.code}`);
  };

  it.each([
    ['POST', `${SUB}/hook/pause`],
    ['POST', `${S}/test-receivers`],
    ['POST', `${S}/deliveries/dlv_0/retry`],
    ['DELETE', `${SUB}/hook`],
  ])('no body refuses one that says something: %s %s', async (method, path) => {
    expect(await refused(method, path, '{"foo":1,"bar":2}')).toEqual([
      'foo unknown_field',
      'bar unknown_field',
    ]);
    for (const body of ['[1]', '[]', 'null', '7'])
      expect(await refused(method, path, body)).toEqual(['body is_object']);
  });

  it('no body takes an empty one', async () => {
    expect(await judge.send({ method: 'POST', path: `${SUB}/hook/pause`, body: '{}' })).toMatchObject({
      status: 200,
    });
  });

  it.each([
    ['GET', `${S}/event-types`],
    ['GET', `${S}/events/evt_0`],
    ['GET', `${SUB}/hook`],
    ['GET', '/v1/session'],
    ['POST', `${SUB}/hook/pause`],
    ['DELETE', `${SUB}/hook`],
  ])('no query refuses one: %s %s', async (method, path) => {
    expect(await refused(method, `${path}?foo=1&__proto__=2`)).toEqual([
      'foo unknown_field',
      '__proto__ unknown_field',
    ]);
  });

  it('no query refuses one: publishing, also by a caller it remembers, unless the key is gone', async () => {
    const { id, key } = await engine.ok<{ id: string; key: string }>('POST', `${S}/keys`, {
      name: 'k',
      scope: 'publish',
    });
    const publish = (query: string) =>
      engine.call('POST', `${S}/events${query}`, { type: 'lead.create', data: {} }, { key });
    expect((await publish('')).status).toBe(202);
    expect(await publish('?foo=1')).toMatchObject({ status: 422, body: { errors: [{ path: 'foo' }] } });
    await engine.ok('DELETE', `${S}/keys/${id}`);
    expect((await publish('?foo=1')).status).toBe(401);
    await judge.look();
  });

  it('a key refuses a caller without one before it looks at what else is wrong', async () => {
    const answer = await engine.call('POST', `${SUB}/hook/pause?foo=1`, { foo: 1 }, { key: 'wrong' });
    expect(answer.status).toBe(401);
  });
});

describe('an address', () => {
  it.each(['%00', 'a%00b', 'nonsense', ''])('refuses the cursor "%s" as none of the list', async (cursor) => {
    for (const list of ['/v1/spaces', SUB, `${S}/events`, `${S}/deliveries`]) {
      const answer = await judge.send({ method: 'GET', path: `${list}?cursor=${cursor}` });
      expect(answer).toMatchObject({ status: 400, code: 'invalid_cursor' });
    }
  });

  it.each(['2020-W05', '20200101', '2020-01-01T24', '2020-01-01T00:00:00,5Z', '%00', '1e400'])(
    'refuses %s as a time',
    async (time) => {
      for (const list of ['events', 'deliveries']) {
        const answer = await judge.send({ method: 'GET', path: `${S}/${list}?since=${time}` });
        expect(answer).toMatchObject({ status: 422, code: 'validation_failed', errors: [{ path: 'since' }] });
      }
    },
  );

  it.each([
    '__proto__=1',
    'constructor=1',
    'toString=1',
    'limit=1&limit=2',
    'limit[]=1',
    'typo=1',
    'type=%00',
  ])('refuses the query %s', async (query) => {
    expect(await judge.send({ method: 'GET', path: `${S}/events?${query}` })).toMatchObject({
      status: 422,
      code: 'validation_failed',
    });
  });

  it.each([
    ['%00', 404, 'not_found'],
    ['a%00b', 404, 'not_found'],
    ['__proto__', 404, 'not_found'],
    ['%ED%A0%80', 400, 'bad_request'],
    ['%C3%28', 400, 'bad_request'],
    ['x'.repeat(300), 404, 'not_found'],
  ])('finds nothing at %s', async (name, status, code) => {
    for (const path of ['/v1/spaces', SUB, `${S}/events`, `${S}/deliveries`, `${S}/event-types`])
      expect(await judge.send({ method: 'GET', path: `${path}/${name}` })).toMatchObject({ status, code });
  });
});

describe('on the wire', () => {
  const head = (lines: string[], line = `POST ${S}/events HTTP/1.1`) =>
    [line, 'host: a', `authorization: Bearer ${engine.adminKey}`, ...lines, '', ''].join('\r\n');
  const json = 'content-type: application/json';
  const event = '{"type":"lead.create","data":{}}';
  const answered = (text: string) => [
    /^HTTP\/1\.1 (\d+)/.exec(text)?.[1],
    /"code":"([a-z_]+)"/.exec(text)?.[1],
  ];

  it.each([
    ['a chunk size that is none', ['transfer-encoding: chunked'], 'zz\r\ngarbage\r\n', '400', 'bad_request'],
    [
      'a length and chunks',
      ['content-length: 5', 'transfer-encoding: chunked'],
      '0\r\n\r\n',
      '400',
      'bad_request',
    ],
    ['two lengths', ['content-length: 5', 'content-length: 6'], '{}', '400', 'bad_request'],
    ['a negative length', ['content-length: -1'], '', '400', 'bad_request'],
    ['a header of 64 KiB', [`x-a: ${'x'.repeat(65_536)}`], '', '431', 'request_header_fields_too_large'],
    [
      '5,000 headers',
      Array.from({ length: 5_000 }, (_, index) => `x-${index}: 1`),
      '',
      '431',
      'request_header_fields_too_large',
    ],
    ['a NUL in a header', ['x-a: a\0b'], '', '400', 'bad_request'],
  ])('%s is refused', async (_what, headers, body, status, code) => {
    expect(answered(await exchange(engine.url, head([json, ...headers]), body))).toEqual([status, code]);
  });

  it('a length over 5 MiB is refused before the body comes', async () => {
    const connection = await RawConnection.open(engine.url);
    connection.write(head([json, 'content-length: 9999999999']));
    await eventually(() => expect(answered(connection.received)).toEqual(['413', 'payload_too_large']));
    connection.close();
  });

  it('a body that breaks off stores nothing', async () => {
    const connection = await RawConnection.open(engine.url);
    connection.write(head([json, `content-length: ${event.length + 1}`]) + event);
    connection.close();
    await connection.ended;
  });

  it('what is no HTTP behind a request is refused and ends the connection', async () => {
    const get = head([], `GET ${SUB}/hook HTTP/1.1`);
    const text = await exchange(engine.url, get, `\0\0garbage\r\n\r\n${get}`);
    expect(text).toContain('HTTP/1.1 400 Bad Request');
    expect(text.match(/HTTP\/1\.1 200/g) ?? []).not.toHaveLength(2);
  });

  it('a body that does not come in time is cut off, and others are served meanwhile', async () => {
    const server = engine.apis[0]?.getHttpServer() as Server;
    const { headersTimeout, requestTimeout } = server;
    expect({ headersTimeout, requestTimeout }).toEqual({ headersTimeout: 30_000, requestTimeout: 30_000 });
    Object.assign(server, { headersTimeout: 300, requestTimeout: 300 });
    const slow = await RawConnection.open(engine.url);
    const drip = setInterval(() => slow.write(' '), 50);
    try {
      slow.write(head([json, 'content-length: 100000']));
      expect(await judge.send({ method: 'GET', path: SUB })).toMatchObject({ status: 200 });
      expect(answered(await slow.ended)).toEqual(['408', 'request_timeout']);
      await slow.closed;
    } finally {
      clearInterval(drip);
      Object.assign(server, { headersTimeout, requestTimeout });
    }
  });
});
