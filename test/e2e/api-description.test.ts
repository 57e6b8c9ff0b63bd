import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { useStory } from '../support/story.js';
import { exchange } from '../support/raw-http.js';

/** The API is what openapi.json says; `npm run test:openapi` looks for differences at random. */

interface Schema {
  [keyword: string]: unknown;
  properties?: Record<string, Schema>;
}

interface Operation {
  security?: unknown[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Schema }> };
  parameters: { name: string; in: string; schema: Schema }[];
}

const DOCUMENT = JSON.parse(readFileSync('openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
};

const { engine } = useStory({ workers: 0, tenantFor: 'block' });
const S = '/v1/spaces/acme';

beforeAll(async () => {
  await engine.ok('POST', '/v1/spaces', { name: 'Acme', uid: 'acme' });
  await engine.ok('POST', `${S}/subscriptions`, { url: 'http://127.0.0.1:9/', uid: 'hook' });
});

interface Problem {
  code: string;
  detail: string;
  errors?: { path: string; code: string; message: string }[];
}

const refused = async (method: string, path: string, body?: unknown) => {
  const answer = await engine.call<Problem>(method, path, body);
  return { ...answer, errors: answer.body.errors ?? [] };
};

describe('a method that a path does not take', () => {
  it.each(Object.entries(DOCUMENT.paths))('is a 405 that says which it takes: %s', async (path, item) => {
    const url = path.replace('{space}', 'acme').replaceAll(/\{\w+\}/g, 'x');
    const methods = Object.keys(item).map((method) => method.toUpperCase());
    const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].sort().join(', ');
    const isOpen = Object.values(item).some(({ security }) => security?.length === 0);
    const key = { authorization: `Bearer ${engine.adminKey}` };
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'PROPFIND']) {
      if (methods.includes(method)) continue;
      const { status, headers } = await fetch(engine.url + url, { method, headers: key });
      // POST …/deliveries/retry stands beside GET …/deliveries/{delivery}.
      if (method === 'GET' && path.endsWith('/deliveries/retry')) continue;
      expect([method, status, headers.get('allow')]).toEqual([
        method,
        405,
        path.endsWith('/deliveries/retry') ? 'GET, HEAD, POST' : allowed,
      ]);
      // Who has no key does not learn it.
      const told = await fetch(engine.url + url, { method });
      expect([method, told.status, told.headers.has('allow')]).toEqual([method, isOpen ? 405 : 401, isOpen]);
    }
  });

  it('is one also where Node does not know the method', async () => {
    const host = new URL(engine.url);
    const head = `FROBNICATE /v1/spaces?limit=1 HTTP/1.1\r\nhost: ${host.host}\r\n`;
    const stranger = await exchange(engine.url, `${head}\r\n`);
    expect(stranger).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
    expect(stranger).not.toMatch(/\r\nallow:/);
    const answer = await exchange(engine.url, `${head}authorization: Bearer ${engine.adminKey}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 405 Method Not Allowed\r\n/);
    expect(answer).toMatch(/\r\nallow: GET, HEAD, POST\r\n/);
  });

  it('stays a 404 where nothing is', async () => {
    expect((await fetch(`${engine.url}/v1/nothing`, { method: 'DELETE' })).status).toBe(404);
  });
});

describe('a body', () => {
  const withBody = Object.entries(DOCUMENT.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) =>
      operation.requestBody ? [{ path, method: method.toUpperCase(), body: operation.requestBody }] : [],
    ),
  );

  it.each(withBody)('$method $path has no fields that are not described', ({ body }) => {
    const { schema } = body.content['application/json'] ?? { schema: {} };
    const names = [...JSON.stringify(schema).matchAll(/schemas\/(\w+)/g)].map(([, name = '']) => name);
    expect(names).not.toHaveLength(0);
    for (const name of names)
      expect(DOCUMENT.components.schemas[name]).toMatchObject({ additionalProperties: false });
  });

  it.each(withBody.filter(({ method }) => method === 'PATCH'))(
    '$method $path must be there',
    async ({ path, method, body }) => {
      expect(body.required).toBe(true);
      const url = path.replace('{space}', 'acme').replace('{sub}', 'hook').replace('{receiver}', 'x');
      const { status, errors } = await refused(method, url);
      expect([status, errors[0]?.path, errors[0]?.code]).toEqual([422, 'body', 'required']);
    },
  );

  it.each(withBody.filter(({ body }) => body.required !== true))(
    '$method $path may be left out',
    ({ method }) => {
      expect(method).not.toBe('PATCH');
    },
  );
});

describe('the schemas', () => {
  const ajv = new Ajv({ strict: false, unicodeRegExp: false });
  const ofParameter = (name: string) => {
    const { parameters } = DOCUMENT.paths['/v1/spaces/{space}/deliveries']?.get as Operation;
    return ajv.compile(parameters.find((parameter) => parameter.name === name)?.schema ?? false);
  };

  it('know the form of a cursor', async () => {
    await engine.ok('POST', `${S}/keys`, { name: 'One', scope: 'read' });
    await engine.ok('POST', `${S}/keys`, { name: 'Two', scope: 'read' });
    const { body } = await engine.call<{ nextCursor: string }>('GET', `${S}/keys?limit=1`);
    const isCursor = ofParameter('cursor');
    expect(isCursor(body.nextCursor)).toBe(true);
    expect(isCursor('')).toBe(false);
    expect(isCursor('2')).toBe(false);
  });

  it.each([
    ['2026-01-31T09:00:00.000Z', true],
    ['2026-01-31', true],
    ['2026', true],
    ['', false],
    ['yesterday', false],
    ['2026-02-30', false],
    ['2026-13-01', false],
    ['0000-01-01', false],
    ['1700000000', false],
  ])('know the form of a time, as the API does: %j', async (text, isTime) => {
    expect(ofParameter('since')(text)).toBe(isTime);
    const { status } = await engine.call('GET', `${S}/deliveries?since=${text}`);
    expect(status).toBe(isTime ? 200 : 422);
  });

  it.each([
    ['{"a": 1}', true],
    ['{"a": [null, true, 1.5, "b", {"c": []}]}', true],
    ['{"__proto__": {}}', false],
    ['{"a": [{"__proto__": {}}]}', false],
    ['{"constructor": {"prototype": {}}}', false],
    ['{"constructor": {}}', true],
    ['{"a": "\\u0000"}', false],
    ['{"\\u0000": 1}', false],
  ])('know which keys and texts an event cannot have: %s', async (data, isFit) => {
    ajv.removeSchema();
    ajv.addSchema(DOCUMENT, 'openapi');
    const validate = ajv.compile({ $ref: 'openapi#/components/schemas/NewEventInput' });
    const text = `{"type":"lead.create","data":${data}}`;
    expect(validate(JSON.parse(text))).toBe(isFit);
    const response = await fetch(`${engine.url}${S}/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${engine.adminKey}`, 'content-type': 'application/json' },
      body: text,
    });
    expect(response.status === 202).toBe(isFit);
  });
});

describe('a refusal names the cure', () => {
  it.each([
    [{ event: 'lead.create', data: {} }, 'event', '"type"'],
    [{ type: 'lead.create', payload: {} }, 'payload', '"data"'],
    [{ type: 'lead.create', data: {}, occuredAt: '2026-01-31T09:00:00Z' }, 'occuredAt', '"occurredAt"'],
    [{ type: 'lead.create', data: {}, idempotency_key: 'a' }, 'idempotency_key', '"id"'],
    [{ type: 'lead.create', data: {}, scope: { client_id: 'a' } }, 'scope.client_id', '"clientId"'],
  ])('for a field of an event with another name: %j', async (body, path, meant) => {
    const { status, errors } = await refused('POST', `${S}/events`, body);
    expect(status).toBe(422);
    const issue = errors.find((error) => error.code === 'unknown_field');
    expect(issue?.path).toBe(path);
    expect(issue?.message).toContain(`Did you mean ${meant}?`);
  });

  it.each([
    ['POST', `${S}/subscriptions`, { endpoint: 'https://example.com/' }, 'endpoint', '"url"'],
    [
      'POST',
      `${S}/subscriptions`,
      { url: 'https://example.com/', eventTypes: ['*'] },
      'eventTypes',
      '"events"',
    ],
    [
      'POST',
      `${S}/subscriptions`,
      { url: 'https://example.com/', retryShedule: [] },
      'retryShedule',
      '"retrySchedule"',
    ],
    ['PATCH', S, { title: 'Acme' }, 'title', '"name"'],
    ['POST', `${S}/keys`, { name: 'a', role: 'read' }, 'role', '"scope"'],
    ['GET', `${S}/deliveries?from=2026`, undefined, 'from', '"since"'],
    ['GET', `${S}/deliveries?page_size=10`, undefined, 'page_size', '"limit"'],
  ])('for a field with another name: %s %s %j', async (method, path, body, field, meant) => {
    const { status, errors } = await refused(method, path, body);
    expect(status).toBe(422);
    const issue = errors.find((error) => error.path === field);
    expect(issue).toMatchObject({ code: 'unknown_field' });
    expect(issue?.message).toContain(`Did you mean ${meant}?`);
  });

  it('but guesses nothing where nothing is near, or where the field is there', async () => {
    const { errors } = await refused('POST', `${S}/events`, {
      type: 'lead.create',
      data: {},
      zzzzzz: 1,
      event: 'a',
    });
    expect(errors.map(({ message }) => message).join()).not.toContain('Did you mean');
  });

  it.each([
    ['POST', `${S}/events`, { type: 'led.create', data: {} }],
    ['POST', `${S}/simulate`, { type: 'lead.creat' }],
    ['POST', `${S}/subscriptions/hook/test`, { type: 'lead_create' }],
    ['POST', `${S}/subscriptions`, { url: 'http://127.0.0.1:9/', events: ['led.create'] }],
  ])('for a misspelt event type: %s %s %j', async (method, path, body) => {
    const { status, errors } = await refused(method, path, body);
    expect([status, errors[0]?.code]).toEqual([422, 'unknown_event_type']);
    expect(errors[0]?.message).toContain('Did you mean "lead.create"?');
  });

  it.each([
    [
      'GET',
      '/deliveries?subscription=evt_01a1fc8316c07000825c9b19eafe3343',
      undefined,
      'evt_… is the id of an event',
    ],
    [
      'GET',
      '/deliveries?event=dlv_01a1fc8316c07000825c9b19eafe3343',
      undefined,
      'dlv_… is the id of a delivery',
    ],
    [
      'POST',
      '/deliveries/retry',
      { subscription: 'spc_01a1fc8316c07000825c9b19eafe3343' },
      'spc_… is the id of a space',
    ],
    [
      'GET',
      '/recent-deliveries?subscription=evt_01a1fc8316c07000825c9b19eafe3343',
      undefined,
      'evt_… is the id of an event',
    ],
  ])('for an id of the wrong kind: %s %s', async (method, path, body, why) => {
    const { status, errors } = await refused(method, S + path, body);
    expect([status, errors[0]?.code]).toEqual([422, 'wrong_id_kind']);
    expect(errors[0]?.message).toContain(why);
  });

  it('for an empty publish', async () => {
    const { status, body, errors } = await refused('POST', `${S}/events`);
    expect([status, errors[0]?.path]).toEqual([422, 'body']);
    expect(body.detail).toContain('Send one event as JSON, such as {"type": "lead.create", "data": {}}');
  });

  it.each([
    ['', /^Send your key in the header "Authorization: Bearer <key>"/],
    ['KEY', /does not begin with the word "Bearer"/],
    ['Token KEY', /does not begin with the word "Bearer"/],
    ['Bearer', /has no key after "Bearer"/],
    ['Bearer a b', /has spaces/],
  ])('for the header "Authorization: %s"', async (header, sentence) => {
    const authorization = header.replace('KEY', engine.adminKey);
    const response = await fetch(`${engine.url}/v1/spaces`, { headers: { authorization } });
    const { detail } = (await response.json()) as Problem;
    expect(response.status).toBe(401);
    expect(detail).toMatch(sentence);
    expect(detail).toContain('Authorization: Bearer <key>');
    expect(detail).not.toContain(engine.adminKey);
  });
});
