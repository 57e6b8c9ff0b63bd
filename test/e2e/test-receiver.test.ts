import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, staysSo } from '../support/condition.js';
import { Engine } from '../support/engine.js';
import { get } from '../support/raw-get.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem } from '../support/tenant.js';

interface Receiver {
  id: string;
  url: string;
  status: number;
  delayMs: number;
  retryAfterSeconds: number | null;
}

interface Received {
  id: string;
  at: string;
  method: string;
  path: string;
  headers: [string, string][];
  body: string;
  bodyTruncated: boolean;
}

// Nothing private is allowed here: what arrives, arrives by being the engine's own.
const { engine, tenant } = useStory({
  settings: { testReceiver: true, allowTargets: [], allowHttp: false },
  tenantFor: 'block',
});

beforeAll(() => {
  engine.settings.port = Number(new URL(engine.url).port);
});

const make = (of = tenant) => engine.ok<Receiver>('POST', of.path('/test-receivers'));
const tell = (receiver: Receiver, changes: object) =>
  engine.ok<Receiver>('PATCH', tenant.path(`/test-receivers/${receiver.id}`), changes);

async function requestsOf(receiver: Receiver, query = '', of = tenant): Promise<Received[]> {
  const path = of.path(`/test-receivers/${receiver.id}/requests${query}`);
  return (await engine.ok<{ data: Received[] }>('GET', path)).data;
}

function send(receiver: Receiver, body: string | Buffer = 'hello', headers: Record<string, string> = {}) {
  return fetch(receiver.url, { method: 'POST', body, headers });
}

describe('a receiver inside the engine', () => {
  it('shows what arrived, read through any process', async () => {
    const other = await engine.startApi();
    const receiver = await make();
    expect(receiver).toMatchObject({ status: 200, delayMs: 0, retryAfterSeconds: null });
    const url = receiver.url.replace(engine.url, other);
    expect(
      (await fetch(url, { method: 'POST', body: '<xml/>', headers: { 'content-type': 'text/xml' } })).status,
    ).toBe(200);
    // What came is shown in the order of time, and the clocks of two processes agree to some milliseconds.
    await sleep(50);
    await send(receiver, '{"a":1.0}', { 'content-type': 'application/json', 'X-Mine': 'yes' });
    const [first, second] = await requestsOf(receiver);
    expect(first).toMatchObject({ method: 'POST', path: new URL(receiver.url).pathname, body: '<xml/>' });
    expect(second).toMatchObject({ body: '{"a":1.0}', bodyTruncated: false });
    expect(second?.headers).toContainEqual(['X-Mine', 'yes']);
    expect((await requestsOf(receiver, `?after=${first?.id}`)).map(({ id }) => id)).toEqual([second?.id]);
    expect(await requestsOf(receiver, `?after=${second?.id}`)).toEqual([]);
  });

  it('answers as it is set', async () => {
    const receiver = await make();
    await tell(receiver, { status: 429, retryAfterSeconds: 7 });
    const refused = await send(receiver);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7']);
    expect(await tell(receiver, { delayMs: 300 })).toMatchObject({
      status: 429,
      delayMs: 300,
      retryAfterSeconds: 7,
    });
    const from = performance.now();
    await send(receiver);
    expect(performance.now() - from).toBeGreaterThan(290);
    await tell(receiver, { status: 204, delayMs: 0, retryAfterSeconds: null });
    const quiet = await send(receiver);
    expect([quiet.status, quiet.headers.get('retry-after'), await quiet.text()]).toEqual([204, null, '']);
    for (const changes of [
      { status: 199 },
      { status: 600 },
      { delayMs: 30_001 },
      { delayMs: -1 },
      { reply: 'x' },
    ])
      expect(
        (await engine.call('PATCH', tenant.path(`/test-receivers/${receiver.id}`), changes)).status,
      ).toBe(422);
  });

  it('hears the events of a subscription though it is on this machine, over http', async () => {
    const receiver = await make();
    await tell(receiver, { status: 500 });
    await tenant.subscribe(receiver.url, { uid: 'own', retrySchedule: [] });
    const event = await tenant.publish({ type: 'lead.create', data: { id: '7' } });
    const delivery = await eventually(async () => {
      const [one] = await tenant.deliveries('?subscription=own');
      return one?.status === 'failed' && one;
    });
    expect(delivery).toMatchObject({ eventId: event.id, lastStatusCode: 500 });
    const [heard] = await requestsOf(receiver);
    expect(heard?.body).toContain('"id":"7"');
    expect(heard?.headers.map(([name]) => name.toLowerCase())).toContain('webhook-signature');
    await engine.ok('DELETE', tenant.path('/subscriptions/own'));
  });

  it.each([
    ['breakcold', 'wh_0123456789abcde'],
    ['lemlist', 'a-secret-that-goes-out'],
  ])(
    'shows of a %s request neither the secret in its body nor the values of its own headers',
    async (profile, secret) => {
      const theirs = await Tenant.create(engine, profile);
      const receiver = await make(theirs);
      const headers = { authorization: 'Bearer token-of-theirs', 'x-region': 'eu' };
      await theirs.subscribe(receiver.url, { secret, headers, uid: 'own' });
      await engine.ok('POST', theirs.path('/subscriptions/own/test'), {});
      const heard = await eventually(async () => (await requestsOf(receiver, '', theirs))[0] ?? false);
      expect(heard.body).toContain('"***"');
      expect(heard.headers.map(([name, value]) => [name.toLowerCase(), value])).toEqual(
        expect.arrayContaining([
          ['authorization', expect.not.stringContaining('token-of-theirs') as string],
          ['x-region', 'eu'],
        ]),
      );
      expect(JSON.stringify(heard)).not.toContain(secret);
    },
  );

  it('shows no part of a secret that its cut goes through, and nothing of what more than a hundred may send', async () => {
    const theirs = await Tenant.create(engine);
    const receiver = await make(theirs);
    const token = 'a-token-that-goes-out';
    await theirs.subscribe(receiver.url, { headers: { 'x-token': token } });
    const filler = 'x'.repeat(64 * 1024 - 10);
    await send(receiver, `${filler}${token} ${token}`, { 'x-echo': `got ${token}!` });
    const [cut] = await requestsOf(receiver, '', theirs);
    expect([cut?.body.slice(-13), cut?.bodyTruncated]).toEqual(['xxxxxxxxxx***', true]);
    expect(cut?.headers).toContainEqual(['x-echo', 'got ***!']);
    for (let index = 0; index < 100; index += 1)
      await theirs.subscribe(receiver.url, { headers: { 'x-token': `token-of-${index}-${'x'.repeat(80)}` } });
    await send(receiver, 'all is well');
    const [, hidden] = await requestsOf(receiver, '', theirs);
    expect([hidden?.body, hidden?.bodyTruncated]).toEqual(['***', false]);
    expect(new Set(hidden?.headers.map(([, value]) => value))).toEqual(new Set(['***']));
  }, 60_000);

  it('is bounded: long bodies are cut, only the last 200 requests stay, and a flood is turned away', async () => {
    const receiver = await make();
    await send(receiver, 'x'.repeat(70_000));
    const [long] = await requestsOf(receiver);
    expect([long?.body.length, long?.bodyTruncated]).toEqual([65_536, true]);
    expect((await send(receiver, Buffer.alloc(600 * 1024))).status).toBe(413);
    const flood = await Promise.all(
      Array.from({ length: 120 }, () => send(receiver).then(({ status }) => status)),
    );
    expect(flood).toContain(429);
    let sent = flood.filter((status) => status === 200).length;
    await eventually(
      async () => {
        const { status } = await send(receiver, `number ${sent}`);
        if (status === 200) sent += 1;
        return sent > 210;
      },
      { timeoutMs: 30_000 },
    );
    const kept = await requestsOf(receiver);
    expect([kept.length, kept.at(-1)?.body]).toEqual([200, 'number 210']);
  }, 60_000);

  it('keeps at most 200 answers waiting, and no longer than the sender does', async () => {
    const waiting = await Promise.all(Array.from({ length: 5 }, () => make()));
    for (const receiver of waiting) await tell(receiver, { delayMs: 30_000 });
    const quick = await make();
    const gone = new AbortController();
    let taken = 0;
    let refused = false;
    const hold = async (receiver: Receiver) => {
      taken += 1;
      const answer = await fetch(receiver.url, { method: 'POST', signal: gone.signal }).catch(() => null);
      if (answer?.status === 429) taken -= 1;
    };
    await eventually(
      async () => {
        if (taken < 200) waiting.forEach((receiver) => void hold(receiver));
        refused = (await send(quick)).status === 429;
        return refused && taken >= 200;
      },
      { timeoutMs: 30_000 },
    );
    await staysSo(async () => (await send(quick)).status === 429, {
      ...{ forMs: 2_500, because: 'the limits of a second would have let it in after one' },
    });
    gone.abort();
    await eventually(async () => (await send(quick)).status === 200);
  }, 60_000);

  it('answers at once when the engine stops', async () => {
    const stopping = await Engine.start({ workers: 0, settings: { testReceiver: true } });
    const own = await Tenant.create(stopping);
    stopping.settings.port = Number(new URL(stopping.url).port);
    const receiver = await stopping.ok<Receiver>('POST', own.path('/test-receivers'));
    await stopping.ok('PATCH', own.path(`/test-receivers/${receiver.id}`), { status: 503, delayMs: 30_000 });
    const answer = send(receiver).then(({ status }) => status);
    const requests = own.path(`/test-receivers/${receiver.id}/requests`);
    await eventually(
      async () => (await stopping.ok<{ data: Received[] }>('GET', requests)).data.length === 1,
    );
    await stopping.close();
    expect(await answer).toBe(503);
  });

  it('belongs to one space, which keeps its last twenty', async () => {
    const other = await Tenant.create(engine);
    const receiver = await make(other);
    for (const [method, rest] of [
      ['PATCH', ''],
      ['GET', '/requests'],
    ] as const) {
      const path = tenant.path(`/test-receivers/${receiver.id}${rest}`);
      expect((await engine.call(method, path, method === 'GET' ? undefined : {})).status).toBe(404);
    }
    for (let count = 0; count < 20; count += 1) await make(other);
    expect((await send(receiver)).status).toBe(404);
  });
});

describe('the way in for the engine itself', () => {
  it.each([
    ['/v1/spaces', 'another path'],
    ['/test-receiver/', 'no receiver'],
    ['/test-receiver/rcv_0123', 'no id'],
    ['/test-receiver/rcv_0123456789abcdef0123456789abcdef/../../v1/spaces', 'a path that leads out'],
    ['/test-receiver/rcv_0123456789abcdef0123456789abcdef?x=1', 'a query'],
    ['/test-receiver/rcv_0123456789abcdef0123456789abcdef/', 'more than the id'],
  ])('is not for %s (%s)', async (path) => {
    const { status } = await engine.call('POST', tenant.path('/subscriptions'), { url: engine.url + path });
    expect(status).toBe(422);
  });

  it('is not for another port or host of the same machine', async () => {
    const id = '/test-receiver/rcv_0123456789abcdef0123456789abcdef';
    for (const origin of [
      'http://127.0.0.1:1',
      engine.url.replace('127.0.0.1', '127.0.0.2'),
      'http://127.0.0.1',
    ]) {
      const answer = await engine.call<Problem>('POST', tenant.path('/subscriptions'), { url: origin + id });
      expect(answer.status).toBe(422);
    }
  });
});

describe('an engine without the setting', () => {
  it('has no receivers, and takes no such URL', async () => {
    const plain = await Engine.start({ workers: 0, settings: { allowTargets: [], allowHttp: false } });
    plain.settings.port = Number(new URL(plain.url).port);
    const own = await Tenant.create(plain);
    const refused = await plain.call<Problem>('POST', own.path('/test-receivers'));
    expect([refused.status, refused.body.code]).toEqual([409, 'test_receiver_off']);
    const url = `${plain.url}/test-receiver/rcv_0123456789abcdef0123456789abcdef`;
    expect((await get(url, {}, 'POST')).status).toBe(404);
    expect((await plain.call('POST', own.path('/subscriptions'), { url })).status).toBe(422);
    await plain.close();
  });
});
