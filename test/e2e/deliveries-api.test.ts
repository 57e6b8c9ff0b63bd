import { eventually } from '../support/condition.js';
import { lead } from '../support/lead.js';
import { refusedPort } from '../support/receiver.js';
import { useStory } from '../support/story.js';
import { Tenant, type Delivery, type Problem, type Published } from '../support/tenant.js';

interface Attempt {
  n: number;
  deliveryId: string;
  statusCode: number | null;
  errorCode: string | null;
  errorDetail: string | null;
  addressClass: string | null;
  timings: Record<'dns' | 'connect' | 'tls' | 'firstByte' | 'total', number | null>;
  request: { method: string; url: string; headers: [string, string][]; body: string };
  response: {
    statusCode: number;
    headers: [string, string][];
    body: string;
    bodyEncoding: string;
    bodyTruncated: boolean;
  } | null;
}

const { engine, tenant, receiver } = useStory();

const attempt = (delivery: string, n: number) =>
  engine.ok<Attempt>('GET', tenant.path(`/deliveries/${delivery}/attempts/${n}`));

describe('the list of deliveries', () => {
  it('narrows by subscription, event, type, status and time', async () => {
    receiver.answer = () => ({ status: 500 });
    const failing = await tenant.subscribe(receiver.url, { uid: 'hook-a', retrySchedule: [] });
    const { body } = await tenant.send<{ data: Published[] }>([
      { ...lead('1'), id: 'order-1' },
      { type: 'tag.create', data: {} },
    ]);
    const [first, second] = body.data;
    await eventually(async () => expect(await tenant.deliveries('?status=failed')).toHaveLength(2));
    receiver.answer = () => ({});
    const since = (await tenant.deliveries())[0]?.finishedAt ?? '';
    const other = await tenant.subscribe(receiver.url);
    await engine.ok('POST', tenant.path(`/subscriptions/hook-a/pause`));
    const third = await tenant.publish({ type: 'tag.delete', data: {} });
    await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(1));

    const events = async (query: string) => (await tenant.deliveries(query)).map(({ eventId }) => eventId);
    expect(await events('')).toEqual([third.id, third.id, second?.id, first?.id]);
    expect(await events('?subscription=hook-a')).toEqual([third.id, second?.id, first?.id]);
    expect(await events(`?subscription=${failing.id}&status=held`)).toEqual([third.id]);
    expect(await events(`?subscription=${other.id}`)).toEqual([third.id]);
    expect(await events('?event=order-1')).toEqual([first?.id]);
    expect(await events(`?event=${third.id}`)).toEqual([third.id, third.id]);
    expect(await events('?type=tag.create')).toEqual([second?.id]);
    expect(await events('?status=failed&order=asc')).toEqual([first?.id, second?.id]);
    expect(await events(`?since=${since}`)).toEqual([third.id, third.id]);
    expect(await events(`?until=${since}`)).toEqual([second?.id, first?.id]);
    for (const nothing of [
      '?subscription=nobody',
      '?event=nothing',
      '?type=lead.delete',
      '?status=cancelled',
    ]) {
      expect(await events(nothing)).toEqual([]);
    }
  });

  it('shows everything about a delivery', async () => {
    const { id: subscriptionId } = await tenant.subscribe(receiver.url);
    const { id: eventId } = await tenant.publish(lead('1'));
    const delivery = await tenant.onlyDelivery({ status: 'succeeded' });
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
    expect(delivery).toEqual({
      id: expect.stringMatching(/^dlv_[0-9a-f]{32}$/) as string,
      eventId,
      eventType: 'lead.create',
      subscriptionId,
      status: 'succeeded',
      attemptCount: 1,
      maxAttempts: 6,
      nextAttemptAt: null,
      lastStatusCode: 200,
      lastError: null,
      trigger: 'event',
      createdAt: time,
      finishedAt: time,
    });
    expect(await tenant.delivery(delivery.id)).toEqual({
      ...delivery,
      explanation: null,
      attempts: [expect.objectContaining({ n: 1, statusCode: 200, errorCode: null, startedAt: time })],
    });
  });

  it('pages through all of them, both ways, while new ones come', async () => {
    await tenant.subscribe(receiver.url);
    await tenant.send(Array.from({ length: 7 }, (_, index) => lead(String(index))));
    const all = (await tenant.deliveries()).map(({ id }) => id);
    expect(all).toEqual(all.toSorted().toReversed());
    for (const order of ['desc', 'asc']) {
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page: { data: Delivery[]; nextCursor: string | null } = await engine.ok(
          'GET',
          tenant.path(`/deliveries?limit=3&order=${order}${cursor === null ? '' : `&cursor=${cursor}`}`),
        );
        seen.push(...page.data.map(({ id }) => id));
        cursor = page.nextCursor;
        if (order === 'desc') await tenant.publish(lead('new'));
      } while (cursor !== null);
      const expected = order === 'desc' ? all : (await tenant.deliveries('?order=asc')).map(({ id }) => id);
      expect(seen).toEqual(expected);
    }
  });

  it("refuses a cursor that was changed, or another list's", async () => {
    await tenant.subscribe(receiver.url);
    await tenant.send([lead('1'), lead('2'), lead('3')]);
    const cursorOf = async (path: string) =>
      (await engine.ok<{ nextCursor: string }>('GET', path)).nextCursor;
    const cursor = await cursorOf(tenant.path('/deliveries?limit=1'));
    const changed = cursor.slice(0, -1) + (cursor.endsWith('A') ? 'B' : 'A');
    const ofEvents = await cursorOf(tenant.path('/events?limit=1'));
    const other = await Tenant.create(engine);
    await other.subscribe(receiver.url);
    await other.send([lead('1'), lead('2')]);
    const ofOther = await cursorOf(other.path('/deliveries?limit=1'));
    for (const wrong of [changed, `${cursor}x`, ofEvents, ofOther, 'nonsense', '']) {
      const { status, body } = await tenant.call<Problem>('GET', `/deliveries?cursor=${wrong}`);
      expect([status, body.code]).toEqual([400, 'invalid_cursor']);
    }
    expect((await tenant.call('GET', `/deliveries?cursor=${cursor}`)).status).toBe(200);
  });

  it.each([
    '?limit=0',
    '?limit=251',
    '?order=up',
    '?status=lost',
    '?since=yesterday',
    '?colour=red',
    '?status=',
  ])('refuses %s', async (query) => {
    expect((await tenant.call('GET', `/deliveries${query}`)).status).toBe(422);
  });
});

describe('an attempt', () => {
  it('shows the request as it was sent and what came back', async () => {
    receiver.answer = () => ({
      status: 201,
      headers: { 'x-reply': 'yes', 'content-type': 'text/plain' },
      body: 'thänks',
    });
    await tenant.subscribe(receiver.url, {
      headers: { 'X-Token': 'hunter2', authorization: 'Bearer secret' },
    });
    await tenant.publish('{"type":"lead.create","data":{"n":1.0,"t":"\\u00e9"}}');
    const { id } = await tenant.onlyDelivery({ status: 'succeeded' });
    const shown = await attempt(id, 1);
    const [sent] = await receiver.received(1);
    expect(shown).toMatchObject({
      n: 1,
      deliveryId: id,
      statusCode: 201,
      errorCode: null,
      errorDetail: null,
      addressClass: 'loopback',
      request: { method: 'POST', url: receiver.url, body: sent?.body.toString() },
      response: { statusCode: 201, body: 'thänks', bodyEncoding: 'utf8', bodyTruncated: false },
    });
    expect(shown.response?.headers).toContainEqual(['x-reply', 'yes']);
    const headers = new Map(shown.request.headers.map(([name, value]) => [name.toLowerCase(), value]));
    expect(sent?.headers).toMatchObject({ 'x-token': 'hunter2', authorization: 'Bearer secret' });
    for (const [name, value] of headers) {
      expect(value).toBe(['x-token', 'authorization'].includes(name) ? '***' : sent?.headers[name]);
    }
    expect([...headers.keys()]).toEqual(
      expect.arrayContaining([
        'content-type',
        'user-agent',
        'webhook-id',
        'webhook-timestamp',
        'webhook-signature',
        'x-token',
        'authorization',
      ]),
    );
    expect(JSON.stringify(shown)).not.toMatch(/hunter2|Bearer secret/);
    const { connect, tls, firstByte, total } = shown.timings;
    expect(tls).toBeNull();
    expect(connect).toBeGreaterThanOrEqual(0);
    expect(total).toBeGreaterThanOrEqual(firstByte ?? Infinity);
  });

  it('keeps the first 64 KiB of an answer, and one that is no text as base64', async () => {
    receiver.answer = () => ({ body: Buffer.alloc(100 * 1024, 0xff) });
    await tenant.subscribe(receiver.url);
    const { id } = await tenant.newDelivery({ status: 'succeeded' });
    const { response } = await attempt(id, 1);
    expect(response).toMatchObject({ bodyEncoding: 'base64', bodyTruncated: true });
    expect(Buffer.from(response?.body ?? '', 'base64')).toEqual(Buffer.alloc(64 * 1024, 0xff));
  });

  it.each(['é', '€', '😀'])('keeps a text a text when the cut falls inside of %s', async (character) => {
    const text = 'x'.repeat(64 * 1024 - 1);
    receiver.answer = () => ({ body: text + character });
    await tenant.subscribe(receiver.url);
    const { id } = await tenant.newDelivery({ status: 'succeeded' });
    const { response } = await attempt(id, 1);
    expect(response).toMatchObject({ bodyEncoding: 'utf8', bodyTruncated: true });
    expect(response?.body === text).toBe(true);
  });

  it('says why no answer came', async () => {
    await tenant.subscribe(`http://127.0.0.1:${await refusedPort()}/`, { retrySchedule: [] });
    const { id } = await tenant.newDelivery({
      status: 'failed',
      lastError: 'connection_refused',
      lastStatusCode: null,
    });
    const shown = await attempt(id, 1);
    expect(shown).toMatchObject({ statusCode: null, errorCode: 'connection_refused', response: null });
    expect(shown.errorDetail).toBe('The endpoint refused the connection.');
  });

  it('is counted from 1', async () => {
    await tenant.subscribe(receiver.url);
    const { id } = await tenant.newDelivery({ status: 'succeeded' });
    for (const n of ['0', '2', '-1', '1.0', 'x', '99999999999']) {
      expect((await tenant.call('GET', `/deliveries/${id}/attempts/${n}`)).status).toBe(404);
    }
  });
});

it("shows and moves nobody else's deliveries", async () => {
  const { id: subscription } = await tenant.subscribe(receiver.url, { uid: 'hook' });
  const { id } = await tenant.newDelivery({ status: 'succeeded' });
  const stranger = await Tenant.create(engine);
  const key = await stranger.key('manage');
  for (const rest of [`/deliveries/${id}`, `/deliveries/${id}/attempts/1`, '/deliveries/dlv_nonsense']) {
    expect((await engine.call('GET', stranger.path(rest), undefined, { key })).status).toBe(404);
  }
  for (const rest of [
    `/deliveries/${id}/retry`,
    `/deliveries/${id}/cancel`,
    `/subscriptions/${subscription}/test`,
    '/subscriptions/hook/test',
  ]) {
    expect((await engine.call('POST', stranger.path(rest), undefined, { key })).status).toBe(404);
  }
  expect(await stranger.deliveries()).toEqual([]);
  expect(await stranger.deliveries(`?subscription=${subscription}`)).toEqual([]);
  // Nor by the other space's own path.
  expect((await engine.call('GET', tenant.path('/deliveries'), undefined, { key })).status).toBe(404);
  expect((await tenant.delivery(id)).attemptCount).toBe(1);
});
