import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { eventually } from '../support/condition.js';
import { RawConnection } from '../support/raw-http.js';
import { readRoutes } from '../support/routes.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

const { engine } = useStory({ workers: 0, settings: { testReceiver: true } });

const PROVIDERS = [
  ['POST', '/lemlist/api/hooks', 401],
  ['DELETE', '/lemlist/api/hooks/hoo_1', 401],
  ['POST', '/leadlex/v1/webhooks', 401],
  ['POST', '/smartlead/api/v1/webhook/create', 401],
] as const;
const NOWHERE = [
  ['POST', '/v1/nothing', 404],
  ['PUT', '/v1/spaces', 401],
  ['POST', '/', 405],
  ['POST', '/healthz', 405],
] as const;

/** Announces 4 MB, sends none of it, and gives the answer that comes all the same. */
async function announce(method: string, path: string, headers: Record<string, string> = {}): Promise<number> {
  const sending = request(engine.url + path, {
    method,
    headers: { 'content-type': 'application/json', 'content-length': '4400000', ...headers },
  });
  sending.on('error', () => undefined);
  sending.flushHeaders();
  const [answer] = (await once(sending, 'response')) as [IncomingMessage];
  sending.destroy();
  return answer.statusCode ?? 0;
}

const routes = readRoutes()
  .filter(({ path, method }) => path.startsWith('/v1') && method !== 'GET')
  .map(({ method, path }) => [method, path.replaceAll(/\{\w+\}/g, 'x')] as const);

it('a method that a path does not take: a wrong key is told before a right one learns the others', async () => {
  expect(await announce('PUT', '/v1/spaces', { authorization: 'Bearer phk_wrong' })).toBe(401);
  expect(await announce('PUT', '/v1/spaces', { authorization: `Bearer ${engine.adminKey}` })).toBe(405);
});

it.each(routes)('%s %s tells who has no key so before the body comes', async (method, path) => {
  expect(await announce(method, path)).toBe(401);
  expect(await announce(method, path, { authorization: 'Bearer phk_wrong' })).toBe(401);
});

it.each([...PROVIDERS, ...NOWHERE])(
  '%s %s is answered %i before the body comes',
  async (method, path, status) => {
    expect(await announce(method, path)).toBe(status);
  },
);

it('who asks before they send a body is told to go on with a key, and not without one', async () => {
  const body = '{"name":"Acme"}';
  const head = (key: string) =>
    `POST /v1/spaces HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\nconnection: close\r\n` +
    `content-type: application/json\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`;
  const stranger = await RawConnection.open(engine.url);
  stranger.write(head('phk_wrong'));
  await eventually(() => stranger.received.includes('\r\n\r\n'));
  expect(stranger.received).toMatch(/^HTTP\/1\.1 401 /);
  stranger.close();
  const known = await RawConnection.open(engine.url);
  known.write(head(engine.adminKey));
  await eventually(() => known.received.includes('\r\n\r\n'));
  expect(known.received).toMatch(/^HTTP\/1\.1 100 /);
  known.write(body);
  expect(await known.ended).toContain('HTTP/1.1 201 ');
  known.close();
});

it('a key of another space, of another scope, and one that was revoked are refused before the body comes', async () => {
  const [mine, other] = [await Tenant.create(engine), await Tenant.create(engine)];
  const make = (tenant: Tenant, scope: string) =>
    engine.ok<{ id: string; key: string }>('POST', tenant.path('/keys'), { name: 'k', scope });
  const [foreign, reading, old] = [
    await make(other, 'manage'),
    await make(mine, 'read'),
    await make(mine, 'publish'),
  ];
  const bearer = ({ key }: { key: string }) => ({ authorization: `Bearer ${key}` });
  expect(await announce('POST', mine.path('/events'), bearer(foreign))).toBe(404);
  expect(await announce('POST', mine.path('/events'), bearer(reading))).toBe(403);
  // It has worked, so this process remembers it.
  const event = { type: 'lead.create', data: {} };
  await engine.call('POST', mine.path('/events'), { key: old.key, body: event });
  await engine.ok('DELETE', mine.path(`/keys/${old.id}`));
  expect(await announce('POST', mine.path('/events'), bearer(old))).toBe(401);
});

describe('a request that goes on sending after its answer', () => {
  const CHUNKED = 'transfer-encoding: chunked';
  const LONG = 'content-length: 4400000';
  const refusals: [string, string, string, string[]][] = [
    ['without a key', '401', '/v1/spaces', [CHUNKED]],
    ['with a wrong key', '401', '/v1/spaces', [LONG, 'authorization: Bearer phk_wrong']],
    ['of another space', '404', '/v1/spaces/x/events', [LONG, 'KEY']],
    ['to nowhere', '404', '/v1/nothing', [CHUNKED, 'KEY']],
    ['to a method that is not there', '405', '/v1/spaces/x', [LONG, 'KEY']],
    ['with a path that nobody can read', '400', '/v1/spaces/%zz/keys', [CHUNKED, 'KEY']],
    ['of a provider API', '401', '/lemlist/api/hooks', [CHUNKED]],
    ['that is too long', '413', '/v1/spaces', ['content-length: 6000000', 'KEY']],
    ['of an unknown type', '415', '/v1/spaces', [LONG, 'KEY', 'content-type: image/png']],
  ];

  it.each(refusals)('%s: is cut off soon after the %s', async (_name, status, path, headers) => {
    const connection = await RawConnection.open(engine.url);
    const lines = headers.map((line) => (line === 'KEY' ? `authorization: Bearer ${engine.adminKey}` : line));
    if (!headers.some((line) => line.startsWith('content-type')))
      lines.push('content-type: application/json');
    connection.write(`POST ${path} HTTP/1.1\r\nhost: x\r\n${lines.join('\r\n')}\r\n\r\n`);
    const sending = setInterval(() => connection.write('5\r\n[[[[[\r\n'), 20);
    await eventually(() => expect(connection.received).toMatch(new RegExp(`^HTTP/1.1 ${status} `)));
    const answeredAt = performance.now();
    await connection.closed;
    clearInterval(sending);
    expect(performance.now() - answeredAt).toBeLessThan(2_500);
  });

  it('is cut off at once when it sends more than any body may have', async () => {
    const connection = await RawConnection.open(engine.url);
    const head = 'POST /v1/spaces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
    connection.write(`${head}content-length: 900000000\r\n\r\n`);
    await eventually(() => expect(connection.received).toMatch(/^HTTP\/1.1 401 /));
    const mebibyte = Buffer.alloc(1024 * 1024, '[');
    let sent = 0;
    while (!connection.isClosed) {
      if (connection.waiting < 4 * mebibyte.length) {
        connection.write(mebibyte);
        sent += mebibyte.length;
      }
      await new Promise(setImmediate);
    }
    expect(sent).toBeGreaterThan(5 * mebibyte.length);
    expect(sent).toBeLessThan(400 * mebibyte.length);
  });

  it('keeps its connection when the rest comes in time', async () => {
    const connection = await RawConnection.open(engine.url);
    const head = 'POST /v1/spaces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';
    connection.write(`${head}content-length: 1000000\r\n\r\n`);
    await eventually(() => expect(connection.received).toMatch(/^HTTP\/1.1 401 /));
    connection.write(Buffer.alloc(1_000_000, '['));
    connection.write('GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(await connection.ended).toContain('HTTP/1.1 200 ');
    connection.close();
  });
});

describe('a body that costs more than its length', () => {
  const many = (count: number, item: (n: number) => string) =>
    Array.from({ length: count }, (_, n) => item(n)).join(',');
  const shapes: [string, string, string][] = [
    ['keys of one object', `{${many(360_000, (n) => `"k${n}":1`)}}`, 'too_many_keys'],
    ['keys that are numbers', `{${many(250_000, (n) => `"${n * 131_072}":1`)}}`, 'too_many_keys'],
    ['keys of many objects', `[${many(300_000, (n) => `{"k${n}":1}`)}]`, 'too_many_keys'],
    ['empty objects', `[${many(1_400_000, () => '{}')}]`, 'too_many_values'],
    ['empty lists', `{"a":[${many(1_400_000, () => '[]')}]}`, 'too_many_values'],
    ['numbers', `{"type":"lead.create","data":{"a":[${many(2_200_000, () => '1')}]}}`, 'too_many_values'],
    ['brackets', '['.repeat(4_400_000), 'too_deep'],
    ['levels', `${'{"a":'.repeat(800_000)}1${'}'.repeat(800_000)}`, 'too_deep'],
  ];

  it.each(shapes)('%s: is refused, and says why', async (_name, body, code) => {
    const tenant = await Tenant.create(engine);
    const answer = await fetch(engine.url + tenant.path('/events'), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${engine.adminKey}` },
      body,
    });
    expect(answer.status).toBe(422);
    const { errors } = (await answer.json()) as { errors: { code: string; message: string }[] };
    expect(errors).toEqual([expect.objectContaining({ code })]);
    expect(errors[0]?.message).toMatch(/\d.*\. \w/);
  });
});
