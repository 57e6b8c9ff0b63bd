import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../support/condition.js';
import { ManualClock } from '../support/manual-clock.js';
import {
  refusedPort,
  startRawReceiver,
  startReceiver,
  type ReceivedRequest,
  type Reply,
} from '../support/receiver.js';
import { useStory } from '../support/story.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const LEAD = { type: 'lead.create', data: { id: 'l1' } };

interface Attempt {
  errorCode: string | null;
  timings: { total: number };
  request: { url: string; headers: [string, string][]; body: string };
  response: { statusCode: number; body: string; bodyTruncated: boolean } | null;
}

describe('the wire', () => {
  const clock = new ManualClock();
  let closing: (() => Promise<void>)[];
  const { engine, tenant } = useStory({ clock, engineFor: 'test' });
  beforeEach(() => (closing = []));
  afterEach(async () => {
    for (const close of closing) await close();
  });

  async function receiverThat(answer: (request: ReceivedRequest) => Reply | Promise<Reply>) {
    const receiver = await startReceiver(answer);
    closing.push(() => receiver.close());
    return receiver;
  }

  /** The only delivery, once it has this status. */
  const only = (status: string) =>
    eventually(async () => {
      const [delivery] = await tenant.deliveries();
      expect(delivery?.status).toBe(status);
      return delivery as NonNullable<typeof delivery>;
    });

  const attempt = (delivery: string, n = 1) =>
    engine.ok<Attempt>('GET', tenant.path(`/deliveries/${delivery}/attempts/${n}`));

  it('carries a POST with our headers, signed over the exact bytes', async () => {
    const receiver = await receiverThat(() => ({}));
    const { secret } = await tenant.subscribe(receiver.url, {
      headers: { 'X-Team': 'sales', Authorization: 'Bearer t' },
    });
    const { id } = await tenant.publish(LEAD);
    const [request] = await receiver.received(1);
    const { headers = {}, body = Buffer.alloc(0), method } = request ?? {};
    expect(method).toBe('POST');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': `Posthorn/${version}`,
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(clock.now() / 1_000)),
      'content-length': String(body.length),
      accept: '*/*',
      'x-team': 'sales',
      authorization: 'Bearer t',
    });
    expect(headers.expect).toBeUndefined();
    const signed = Buffer.concat([Buffer.from(`${id}.${headers['webhook-timestamp'] as string}.`), body]);
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const own = createHmac('sha256', key).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${own}`);
    expect(() =>
      new Webhook(secret).verify(body.toString(), headers as Record<string, string>),
    ).not.toThrow();
    const delivery = await only('succeeded');
    const logged = await attempt(delivery.id);
    expect(logged.request.body).toBe(body.toString());
    expect(logged.request.headers).toContainEqual(['X-Team', '***']);
    expect(JSON.stringify(logged)).not.toContain('Bearer t');
  });

  it('keeps id and body over retries, and signs each attempt anew', async () => {
    const receiver = await receiverThat(() => ({ status: receiver.requests.length < 2 ? 500 : 200 }));
    const { secret } = await tenant.subscribe(receiver.url, { retrySchedule: [60] });
    await tenant.publish('{"type":"lead.create","data":{"amount":1.0,"big":12345678901234567890}}');
    await receiver.received(1);
    await eventually(async () => expect(await tenant.deliveries()).toMatchObject([{ attemptCount: 1 }]));
    clock.advance(70_000);
    await engine.sweep();
    const [first, second] = await receiver.received(2);
    expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
    expect(first?.body.toString()).toContain('"data":{"amount":1.0,"big":12345678901234567890}}');
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    const seconds =
      Number(second?.headers['webhook-timestamp']) - Number(first?.headers['webhook-timestamp']);
    expect(seconds).toBe(70);
    expect(second?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature']);
    const { body, headers } = second as ReceivedRequest;
    // The library refuses what is not from now, and the test's clock runs ahead of it.
    const signature = new Webhook(secret).sign(
      String(headers['webhook-id']),
      new Date(Number(headers['webhook-timestamp']) * 1_000),
      body.toString(),
    );
    expect(headers['webhook-signature']).toBe(signature);
  });

  it('calls the URL that was stored, byte for byte where that is legal, and the log shows what was called', async () => {
    const receiver = await receiverThat(() => ({}));
    const origin = `http://127.0.0.1:${receiver.port}`;
    for (const [stored, called] of [
      ["/a/../b/./c//d?it's=(1),2&x=%7e", undefined],
      ['/%2E%2e/{id}/é?q=ü', '/%2E%2e/%7Bid%7D/%C3%A9?q=%C3%BC'],
    ] as const) {
      const { id } = await tenant.subscribe(origin + stored);
      expect(await tenant.subscription(id)).toMatchObject({ url: origin + stored });
      const sent = await engine.ok<{ id: string }>('POST', tenant.path(`/subscriptions/${id}/test`), {
        ...{ type: 'lead.create', data: {} },
      });
      const logged = await eventually(() => attempt(sent.id));
      expect(receiver.requests.at(-1)?.path).toBe(called ?? stored);
      expect(logged.request.url).toBe(origin + (called ?? stored));
    }
  });

  it('shows a compressed answer as text, without the secrets in it', async () => {
    const receiver = await receiverThat(({ headers }) => ({
      ...{ status: 422, headers: { 'content-encoding': 'gzip' } },
      body: gzipSync(`no such list, ${String(headers['x-token'])}`),
    }));
    await tenant.subscribe(receiver.url, {
      headers: { 'x-token': 'token-of-the-tenant' },
      retrySchedule: [],
    });
    await tenant.publish(LEAD);
    const delivery = await only('failed');
    expect((await attempt(delivery.id)).response).toMatchObject({
      ...{ statusCode: 422, body: 'no such list, ***', bodyEncoding: 'utf8', bodyTruncated: false },
    });
  });

  it('is signed by every live secret, newest first, until the overlap ends', async () => {
    const receiver = await receiverThat(() => ({}));
    const { id, secret: old } = await tenant.subscribe(receiver.url);
    const rotated = await engine.ok<{ secret: string }>(
      'POST',
      tenant.path(`/subscriptions/${id}/secret/rotate`),
      {
        overlapSeconds: 60,
      },
    );
    const signaturesOf = (request: ReceivedRequest | undefined) =>
      String(request?.headers['webhook-signature']).split(' ');
    const sign = (secret: string, { headers, body }: ReceivedRequest) =>
      new Webhook(secret).sign(
        String(headers['webhook-id']),
        new Date(Number(headers['webhook-timestamp']) * 1_000),
        body.toString(),
      );
    await tenant.publish(LEAD);
    const [both] = (await receiver.received(1)) as [ReceivedRequest];
    expect(signaturesOf(both)).toEqual([sign(rotated.secret, both), sign(old, both)]);
    clock.advance(61_000);
    await tenant.publish(LEAD);
    const [, one] = (await receiver.received(2)) as [ReceivedRequest, ReceivedRequest];
    expect(signaturesOf(one)).toEqual([sign(rotated.secret, one)]);
  });

  it.each([200, 204, 299])('takes %i for a success', async (status) => {
    const receiver = await receiverThat(() => ({ status }));
    await tenant.subscribe(receiver.url, { retrySchedule: [] });
    await tenant.publish(LEAD);
    expect(await only('succeeded')).toMatchObject({ lastStatusCode: status, lastError: null });
  });

  it.each([301, 307, 400, 404, 500])('takes %i for a failure and follows nothing', async (status) => {
    const elsewhere = await receiverThat(() => ({}));
    const receiver = await receiverThat(() => ({ status, headers: { location: elsewhere.url } }));
    await tenant.subscribe(receiver.url, { retrySchedule: [] });
    await tenant.publish(LEAD);
    expect(await only('failed')).toMatchObject({ lastStatusCode: status, lastError: `http_${status}` });
    expect(elsewhere.requests).toEqual([]);
  });

  it.each([
    [200, 'succeeded', null],
    [500, 'failed', 'http_500'],
  ])('goes by the status line %i even when the body breaks off', async (status, becomes, error) => {
    const receiver = await startRawReceiver((socket) => {
      socket.end(`HTTP/1.1 ${status} Answer\r\ncontent-length: 100\r\n\r\nhalf`);
    });
    closing.push(() => receiver.close());
    await tenant.subscribe(receiver.url, { retrySchedule: [] });
    await tenant.publish(LEAD);
    const delivery = await only(becomes);
    expect(delivery).toMatchObject({ attemptCount: 1, lastStatusCode: status, lastError: error });
    const { response } = await attempt(delivery.id);
    expect(response).toMatchObject({ statusCode: status, body: 'half', bodyTruncated: true });
  });

  it('has one deadline for the whole attempt', async () => {
    const receiver = await receiverThat(() => ({ delayMs: 5_000 }));
    await tenant.subscribe(receiver.url, { retrySchedule: [], timeoutMs: 1_000 });
    await tenant.publish(LEAD);
    const delivery = await only('failed');
    expect(delivery).toMatchObject({ lastStatusCode: null, lastError: 'timeout' });
    const { timings } = await attempt(delivery.id);
    expect(timings.total).toBeGreaterThan(990);
    expect(timings.total).toBeLessThan(3_000);
  });

  it('keeps the first 64 KiB of an answer', async () => {
    const receiver = await receiverThat(() => ({ body: 'x'.repeat(200_000) }));
    await tenant.subscribe(receiver.url);
    await tenant.publish(LEAD);
    const { response } = await attempt((await only('succeeded')).id);
    expect(response?.body).toBe('x'.repeat(65_536));
    expect(response?.bodyTruncated).toBe(true);
  });

  it('says why nobody answered', async () => {
    await tenant.subscribe(`http://127.0.0.1:${await refusedPort()}/`, { retrySchedule: [] });
    await tenant.publish(LEAD);
    expect(await only('failed')).toMatchObject({ lastStatusCode: null, lastError: 'connection_refused' });
  });

  it('never leads to an address that is not allowed, whatever was allowed when the subscription was made', async () => {
    const receiver = await receiverThat(() => ({}));
    await engine.stopWorkers();
    await tenant.subscribe(receiver.url);
    await tenant.publish(LEAD);
    engine.settings.allowTargets = [];
    await engine.startWorker();
    await engine.sweep();
    expect(await only('failed')).toMatchObject({ lastError: 'blocked_address', attemptCount: 1 });
    expect(receiver.requests).toEqual([]);
    const refused = await engine.call('POST', tenant.path('/subscriptions'), { url: receiver.url });
    expect(refused.status).toBe(422);
  });

  it.each([
    ['429 with seconds', 429, () => '3600'],
    ['503 with a date', 503, (now: number) => new Date(now + 3_600_000).toUTCString()],
  ])('lets the whole endpoint wait after a %s', async (_name, status, hint) => {
    const receiver = await receiverThat(() => ({ status, headers: { 'retry-after': hint(clock.now()) } }));
    const other = await receiverThat(() => ({}));
    await tenant.subscribe(receiver.url, { uid: 'busy', retrySchedule: [60] });
    await tenant.subscribe(other.url);
    await tenant.publish(LEAD);
    await eventually(async () => {
      const [delivery] = await tenant.deliveries('?subscription=busy');
      expect(delivery?.attemptCount).toBe(1);
      const wait = Date.parse(delivery?.nextAttemptAt ?? '') - clock.now();
      expect(Math.abs(wait - 3_600_000)).toBeLessThan(1_500);
    });
    await tenant.publish(LEAD);
    await other.received(2);
    clock.advance(1_800_000);
    await engine.sweep();
    await eventually(async () => {
      const [waiting] = await tenant.deliveries('?subscription=busy');
      expect(Date.parse(waiting?.nextAttemptAt ?? '')).toBeGreaterThan(clock.now());
    });
    expect(receiver.requests).toHaveLength(1);
    clock.advance(1_810_000);
    await engine.sweep();
    await receiver.received(3);
  });

  it.each([
    ['the schedule when that is later than the hint', 429, '10', 60],
    ['a day when the hint is longer', 503, '172800', 86_400],
    ['the schedule when the status gives the hint no meaning', 500, '3600', 60],
    ['the schedule when the hint makes no sense', 429, 'soon', 60],
  ])('waits for %s', async (_name, status, hint, seconds) => {
    const receiver = await receiverThat(() => ({ status, headers: { 'retry-after': hint } }));
    await tenant.subscribe(receiver.url, { retrySchedule: [60] });
    await tenant.publish(LEAD);
    await eventually(async () => {
      const [delivery] = await tenant.deliveries();
      expect(delivery?.attemptCount).toBe(1);
      const wait = Date.parse(delivery?.nextAttemptAt ?? '') - clock.now();
      expect(wait).toBeGreaterThanOrEqual(seconds * 1_000);
      expect(wait).toBeLessThanOrEqual(Math.max(66_000, seconds * 1_000));
    });
  });

  it('does not let a new url wait for what the old one asked for', async () => {
    const busy = await receiverThat(() => ({ status: 503, headers: { 'retry-after': '3600' } }));
    const receiver = await receiverThat(() => ({}));
    const { id } = await tenant.subscribe(busy.url);
    await tenant.publish(LEAD);
    await eventually(async () => expect(await tenant.deliveries()).toMatchObject([{ attemptCount: 1 }]));
    await engine.ok('PATCH', tenant.path(`/subscriptions/${id}`), { url: receiver.url });
    await tenant.publish(LEAD);
    await receiver.received(1);
    expect(busy.requests).toHaveLength(1);
  });
});
