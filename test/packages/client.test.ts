import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, ConnectionError, ProblemError, type PosthornClient } from '@posthorn/client';
import { eventually } from '../support/condition.js';
import { refusedPort, startReceiver, type Reply } from '../support/receiver.js';
import { useStory } from '../support/story.js';

const QUICK = { baseMs: 1, maxMs: 2_000 };
const problem = (status: number, code: string, headers = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: JSON.stringify({ type: `urn:x:${code}`, title: 'No', status, code, detail: 'It says what to do.' }),
});
const PUBLISHED: Reply = {
  status: 202,
  headers: { 'content-type': 'application/json' },
  body: '{"id":"evt_1","type":"a","duplicate":false,"deliveries":0}',
};

/** A client of a server that gives these answers in turn; afterwards the last. */
async function scripted(answers: Reply[], options = {}) {
  const server = await startReceiver(
    () => answers[Math.min(server.requests.length, answers.length) - 1] ?? {},
  );
  const url = new URL(server.url).origin;
  const client = createClient({ url, key: 'k', retry: QUICK, ...options });
  return { server, client };
}

const publish = (client: PosthornClient) => client.publish('acme', { type: 'a', data: {} });
const create = (client: PosthornClient) => client.post('/v1/spaces', { body: { name: 'Acme' } });
const patch = (client: PosthornClient, headers?: Record<string, string>) =>
  client.patch('/v1/spaces/{space}', { params: { path: { space: 'acme' } }, body: { name: 'B' }, headers });
const change = (client: PosthornClient) => patch(client);
const changeIfUnchanged = (client: PosthornClient) => patch(client, { 'if-match': '"1"' });
const read = (client: PosthornClient) =>
  client.get('/v1/spaces/{space}', { params: { path: { space: 'acme' } } });

describe('the client repeats', () => {
  const unavailable = problem(503, 'unavailable');
  const unknown = problem(503, 'outcome_unknown');
  const busy = problem(429, 'too_many_requests');
  const proxy: Reply = { status: 502, body: '<html>' };
  it.each([
    ['a publish after 503', publish, unavailable, 2],
    ['a publish whose outcome is unknown', publish, unknown, 2],
    ['a publish after a proxy’s 502', publish, proxy, 2],
    ['a creation after 429', create, busy, 2],
    ['a creation after a 503 that did nothing', create, unavailable, 2],
    ['a creation that met a process which was stopping', create, problem(503, 'shutting_down'), 2],
    ['a read after 504', read, { status: 504 }, 2],
    ['no creation whose outcome is unknown', create, unknown, 1],
    ['no creation after a proxy’s 502', create, proxy, 1],
    ['no change of what may have changed meanwhile', changeIfUnchanged, proxy, 1],
    ['a change after a proxy’s 502', change, proxy, 2],
    ['nothing after 422', publish, problem(422, 'invalid'), 1],
    ['nothing after 500', publish, problem(500, 'internal_error'), 1],
    [
      'nothing when it is told to wait for longer than it may',
      publish,
      problem(429, 'x', { 'retry-after': '3' }),
      1,
    ],
  ])('%s', async (_, call, answer, requests) => {
    const { server, client } = await scripted([answer, PUBLISHED]);
    const outcome = await call(client).then(
      () => 'done',
      (error: unknown) => error,
    );
    expect(server.requests).toHaveLength(requests);
    if (requests === 1) expect(outcome).toBeInstanceOf(ProblemError);
    else expect(outcome).toBe('done');
    await server.close();
  });

  it('with the same event id, made by the client when there is none', async () => {
    const { server, client } = await scripted([unavailable, unavailable, PUBLISHED]);
    await publish(client);
    const ids = server.requests.map(({ body }) => (JSON.parse(body.toString()) as { id: string }).id);
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^[\da-f-]{36}$/);
    await client.publish('acme', { type: 'a', data: {}, id: 'mine' });
    expect(JSON.parse(server.requests.at(-1)?.body.toString() ?? '')).toMatchObject({ id: 'mine' });
    await server.close();
  });

  it('not before the time that Retry-After names, and no more often than it may', async () => {
    const asked = problem(503, 'unavailable', { 'retry-after': '1' });
    const { server, client } = await scripted([asked], { retry: { ...QUICK, retries: 1 } });
    await expect(publish(client)).rejects.toMatchObject({ code: 'unavailable', retryAfterMs: 1_000 });
    const [first, second] = server.requests;
    expect((second?.receivedAt ?? 0) - (first?.receivedAt ?? 0)).toBeGreaterThanOrEqual(950);
    expect(server.requests).toHaveLength(2);
    await server.close();
  });

  it('a read whose answer breaks off in its body', async () => {
    let sent = 0;
    const server = createServer((_request, response) => {
      sent += 1;
      const body = '{"uid":"acme"}';
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
      if (sent > 1) response.end(body);
      else response.write('{"uid"', () => response.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = createClient({ url: `http://127.0.0.1:${port}`, key: 'k', retry: QUICK });
    expect(await read(client)).toEqual({ uid: 'acme' });
    expect(sent).toBe(2);
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['done when an earlier answer was lost', proxy, 'done'],
    ['unknown when the earlier one did nothing', busy, 404],
  ])('a deletion, and what is gone is %s', async (_, first, expected) => {
    const { server, client } = await scripted([first, problem(404, 'not_found')]);
    const deletion = client.delete('/v1/spaces/{space}', { params: { path: { space: 'acme' } } });
    const outcome = await deletion.then(
      () => 'done',
      (error: unknown) => (error as ProblemError).status,
    );
    expect([outcome, server.requests.length]).toEqual([expected, 2]);
    await server.close();
  });

  it('nothing after `retry: false`', async () => {
    const { server, client } = await scripted([unavailable], { retry: false });
    await expect(publish(client)).rejects.toThrow('It says what to do.');
    expect(server.requests).toHaveLength(1);
    await server.close();
  });
});

describe('the client gives up', () => {
  it('an attempt that takes longer than it may, its body included', async () => {
    const { server, client } = await scripted([{ delayMs: 10_000 }], {
      timeoutMs: 500,
      retry: { retries: 1, baseMs: 1 },
    });
    await expect(publish(client)).rejects.toMatchObject({ name: 'ConnectionError', code: 'timeout' });
    expect(server.requests).toHaveLength(2);
    await server.close();
  });

  it('when nobody listens, and says where', async () => {
    const host = `127.0.0.1:${await refusedPort()}`;
    const client = createClient({ url: `http://${host}`, key: 'k', retry: { retries: 1, baseMs: 1 } });
    const failure = await publish(client).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConnectionError);
    expect(failure).toMatchObject({ code: 'network', message: expect.stringContaining(host) });
  });

  it('at once when the caller’s signal says so, during a request and between two', async () => {
    const { server, client } = await scripted([{ delayMs: 10_000 }]);
    const waiting = new AbortController();
    const call = client.publish('acme', { type: 'a', data: {} }, { signal: waiting.signal });
    await server.received(1);
    waiting.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    server.answer = () => problem(503, 'unavailable', { 'retry-after': '2' });
    const between = new AbortController();
    const repeated = client.publish('acme', { type: 'a', data: {} }, { signal: between.signal });
    await server.received(2);
    between.abort(new Error('enough'));
    await expect(repeated).rejects.toThrow('enough');
    expect(server.requests).toHaveLength(2);
    await server.close();
  });

  it.each([
    [301, '/api/v1/events'],
    [302, '/api/v1/events'],
    [303, '/api/v1/events'],
    [308, 'https://other.example/v1/events'],
  ])('a publish that is answered %i to %s, which nothing was published by', async (status, location) => {
    // A list, as a GET of that path gives it.
    const list: Reply = {
      headers: { 'content-type': 'application/json' },
      body: '{"data":[],"nextCursor":null}',
    };
    const { server, client } = await scripted([{ status, headers: { location } }, list]);
    const failure = await client
      .publishMany('acme', [{ type: 'a', data: {} }])
      .catch((error: unknown) => error);
    const methods = server.requests.map(({ method }) => method);
    await server.close();
    expect(failure).toMatchObject({ status, code: `http_${status}` });
    expect((failure as Error).message).toBe(
      `The server redirects to ${new URL(location, server.url).href}. Give the client the url that requests end at.`,
    );
    expect(methods).toEqual(['POST']);
  });

  it.each([307, 308])(
    'no publish that is answered %i to the same server: it is sent there',
    async (status) => {
      const { server, client } = await scripted([
        { status, headers: { location: '/api/events' } },
        PUBLISHED,
      ]);
      expect(await publish(client)).toMatchObject({ id: 'evt_1' });
      await server.close();
      const [first, second] = server.requests;
      expect(second).toMatchObject({ method: 'POST', body: first?.body });
      expect(second?.headers).toMatchObject({
        authorization: 'Bearer k',
        'content-type': 'application/json',
        'content-length': String(first?.body.length),
      });
    },
  );

  it('no read that is answered with another address of the server', async () => {
    const there: Reply = { headers: { 'content-type': 'application/json' }, body: '{"id":"spc_1"}' };
    const { server, client } = await scripted([{ status: 308, headers: { location: '/api/acme' } }, there]);
    expect(await read(client)).toEqual({ id: 'spc_1' });
    await server.close();
  });

  it('with the caller’s reason, also a request that may not be repeated', async () => {
    const { server, client } = await scripted([{ delayMs: 10_000 }]);
    const waiting = new AbortController();
    const call = client.post('/v1/spaces', { body: { name: 'Acme' }, signal: waiting.signal });
    await server.received(1);
    waiting.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    await server.close();
  });
});

describe('with an engine', () => {
  const { engine, tenant, receiver } = useStory({ tenantFor: 'block' });
  const client = () => createClient({ url: `${engine.url}/`, key: () => Promise.resolve(engine.adminKey) });
  const path = () => ({ space: tenant.uid });

  it('publishes once, however often the id comes', async () => {
    await tenant.subscribe(receiver.url);
    const event = { type: 'lead.create', data: { n: 1 }, id: 'once' };
    const first = await client().publish(tenant.uid, event);
    expect(first).toMatchObject({ type: 'lead.create', duplicate: false, deliveries: 1 });
    expect(await client().publish(tenant.uid, event)).toEqual({ ...first, duplicate: true });
    await receiver.received(1);
    await eventually(async () => {
      expect(await tenant.deliveries()).toMatchObject([{ status: 'succeeded' }]);
    });
  });

  it('reads a list to its end, page by page', async () => {
    const events = Array.from({ length: 7 }, (_, n) => ({ type: 'tag.create', data: { n } }));
    const published = await client().publishMany(tenant.uid, events);
    const params = { path: path(), query: { type: 'tag.create', limit: 3 } };
    const sizes: number[] = [];
    for await (const page of client().pages('/v1/spaces/{space}/events', { params })) sizes.push(page.length);
    expect(sizes).toEqual([3, 3, 1]);
    const ids: string[] = [];
    for await (const { id } of client().list('/v1/spaces/{space}/events', { params })) ids.push(id);
    expect(ids.sort()).toEqual(published.map(({ id }) => id).sort());
    expect(await client().publishMany(tenant.uid, [])).toEqual([]);
  });

  it('checks types and data of events that it is told of', async () => {
    const typed = createClient<{ 'tag.delete': { id: string } }>({ url: engine.url, key: engine.adminKey });
    // @ts-expect-error the id is a text
    const wrong = { type: 'tag.delete', data: { id: 1 } } satisfies Parameters<typeof typed.publish>[1];
    expect(wrong.type).toBe('tag.delete');
    const { type } = await typed.publish(tenant.uid, { type: 'tag.delete', data: { id: 'tag-1' } });
    expect(type).toBe('tag.delete');
  });

  it('throws what the server says of each field', async () => {
    const call = client().publish(tenant.uid, { type: '', data: {} });
    const error = await call.catch((problem: unknown) => problem);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({
      status: 422,
      errors: expect.arrayContaining([expect.objectContaining({ path: 'type' })]),
      requestId: expect.any(String),
    });
    expect((error as Error).message).toContain('type: ');
  });

  it('gives undefined where an answer has no body, and the answer’s headers by `raw`', async () => {
    const key = await client().post('/v1/spaces/{space}/keys', {
      params: { path: path() },
      body: { name: 'x', scope: 'read' },
    });
    const revoked = client().delete('/v1/spaces/{space}/keys/{key}', {
      params: { path: { ...path(), key: key.id } },
    });
    await expect(revoked).resolves.toBeUndefined();
    const { data, response } = await client().raw.GET('/v1/spaces/{space}', { params: { path: path() } });
    expect(data?.uid).toBe(tenant.uid);
    expect(response.headers.get('x-request-id')).toBeTruthy();
  });
});
