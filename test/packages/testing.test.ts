import {
  matchers,
  recordingEmitter,
  refusedUrl,
  startTestEngine,
  startTestReceiver,
  type Behaviour,
  type RecordingEmitter,
  type TestEngine,
  type TestReceiver,
} from '@posthorn/testing';
import { createReceiver } from '@posthorn/receiver';
import '@posthorn/testing/jest';

const LEAD = { id: 'lead-1', email: 'ada@example.com', tags: ['a', 'b'] };

describe('the recording emitter', () => {
  const webhooks = recordingEmitter();
  beforeEach(async () => {
    webhooks.clear();
    await webhooks.emit({ space: 'acme' }, { type: 'lead.create', data: LEAD });
  });

  it.each<[does: string, check: (webhooks: RecordingEmitter) => void]>([
    ['any event', (it) => expect(it).toHaveEmitted()],
    ['a type', (it) => expect(it).toHaveEmitted('lead.create')],
    ['some of its fields', (it) => expect(it).toHaveEmitted('lead.create', { email: 'ada@example.com' })],
    [
      'asymmetric matchers',
      (it) => expect(it).toHaveEmitted('lead.create', { id: expect.stringMatching(/^lead/) }),
    ],
    ['not another type', (it) => expect(it).not.toHaveEmitted('lead.delete')],
    ['not other fields', (it) => expect(it).not.toHaveEmitted('lead.create', { email: 'eve@example.com' })],
    ['not an array’s part', (it) => expect(it).not.toHaveEmitted('lead.create', { tags: ['a'] })],
    ['how often', (it) => expect(it).toHaveEmittedTimes(1, 'lead.create', { id: 'lead-1' })],
    ['how often in all', (it) => expect(it).toHaveEmittedTimes(1)],
  ])('knows %s', (_, check) => {
    check(webhooks);
  });

  it.each<[check: (webhooks: RecordingEmitter) => void, message: RegExp]>([
    [
      (it) => expect(it).toHaveEmitted('lead.delete'),
      /to have emitted lead\.delete\.\nEmitted:\n {2}acme: lead\.create {"id"/,
    ],
    [(it) => expect(it).not.toHaveEmitted('lead.create'), /not to have emitted lead\.create/],
    [(it) => expect(it).toHaveEmittedTimes(2, 'lead.create'), /2 × lead\.create, but found 1/],
  ])('says what was emitted instead', (check, message) => {
    expect(() => {
      check(webhooks);
    }).toThrow(message);
  });

  it('refuses what is no recorder', () => {
    expect(() => matchers.toHaveEmitted.call(expect as never, {})).toThrow('recordingEmitter()');
  });

  it('takes what the emitter takes: JSON, several at once, each id once', async () => {
    const at = new Date('2026-01-01T00:00:00Z');
    const event = { type: 'lead.update', data: { at, gone: undefined }, id: 'mine' };
    const [first] = await webhooks.emitMany({ space: 'acme', manager: {} }, [event]);
    expect(webhooks.dataOf('lead.update')).toEqual([{ at: '2026-01-01T00:00:00.000Z' }]);
    const again = await webhooks.emit({ space: 'acme' }, event);
    expect(again).toEqual({ ...first, duplicate: true });
    await webhooks.emit({ space: 'other' }, event);
    expect(webhooks).toHaveEmittedTimes(2, 'lead.update');
    const changed = webhooks.emit({ space: 'acme' }, { ...event, data: {} });
    await expect(changed).rejects.toThrow('another body');
    await expect(webhooks.emit({ space: 'acme' }, { type: 'a', data: [] })).rejects.toThrow(
      'must be an object',
    );
  });

  it('records none of several when one of them is refused, and takes them later', async () => {
    const mine = { type: 'lead.update', data: {}, id: 'mine' };
    await webhooks.emit({ space: 'acme' }, mine);
    const created = { type: 'list.create', data: {}, id: 'new' };
    const refused = webhooks.emitMany({ space: 'acme' }, [created, { ...mine, data: { changed: true } }]);
    await expect(refused).rejects.toThrow('another body');
    expect(webhooks).not.toHaveEmitted('list.create');
    expect(await webhooks.emit({ space: 'acme' }, created)).toMatchObject({ duplicate: false });
  });

  it('fails once when it is told to, and records nothing then', async () => {
    webhooks.failOnce(new Error('the database is away'));
    const event = { type: 'lead.delete', data: {} };
    await expect(webhooks.emit({ space: 'acme' }, event)).rejects.toThrow('the database is away');
    expect(webhooks).not.toHaveEmitted('lead.delete');
    await webhooks.emit({ space: 'acme' }, event);
    expect(webhooks).toHaveEmitted('lead.delete');
  });
});

describe('the test engine', () => {
  let engine: TestEngine;
  let receiver: TestReceiver;
  beforeAll(async () => {
    engine = await startTestEngine({ databaseUrl: process.env.TEST_DATABASE_URL });
  }, 60_000);
  afterAll(() => engine.stop());
  beforeEach(async () => {
    receiver = await startTestReceiver();
  });
  afterEach(() => receiver.close());

  it('delivers, and a receiver of the test’s time verifies it', async () => {
    const space = await engine.space();
    const { secret } = await space.subscribe(receiver);
    await space.publish('lead.create');
    await engine.settle();
    const [request] = receiver.requests;
    expect(request?.json).toMatchObject({ type: 'lead.create', data: await space.example('lead.create') });
    const verifier = createReceiver({ secrets: secret ?? '', now: engine.now });
    const event = await verifier.verify(request?.body ?? '', request?.headers ?? {});
    expect(event.attemptedAt?.getTime()).toBeLessThanOrEqual(engine.now());
  });

  it('makes the seven hours of the retry schedule at once', async () => {
    receiver.answer(500);
    const space = await engine.space();
    await space.subscribe(receiver, { pauseAfter: null });
    const published = engine.now();
    await space.publish('lead.create', {});
    const startedAt = performance.now();
    await engine.advance('7h');
    expect(receiver.requests).toHaveLength(5);
    await engine.advance('1h');
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    expect(engine.now() - published).toBe(8 * 3_600_000);
    const [delivery] = await space.deliveries();
    expect(delivery).toMatchObject({ status: 'failed', attemptCount: 6 });
    const { attempts } = await space.delivery(delivery?.id ?? '');
    const waits = attempts.map(
      ({ startedAt: at }, n) => Date.parse(at) - Date.parse(attempts[n - 1]?.startedAt ?? at),
    );
    for (const [n, seconds] of [0, 5, 30, 300, 3_600, 21_600].entries()) {
      expect(waits[n]).toBeGreaterThanOrEqual(seconds * 1_000);
      expect(waits[n]).toBeLessThanOrEqual(seconds * 1_100);
    }
  });

  it('resumes a paused subscription by a probe once its receiver is well again', async () => {
    receiver.answer(500);
    const space = await engine.space();
    const { id } = await space.subscribe(receiver, { retrySchedule: [], pauseAfter: 1 });
    await space.publish('lead.create', {});
    await engine.settle();
    expect(await space.subscription(id)).toMatchObject({ status: 'paused' });
    await space.publish('lead.update', {});
    receiver.answer(200);
    await engine.advance('2h');
    expect(await space.subscription(id)).toMatchObject({ status: 'active' });
  });

  it('keeps Retry-After, expiry and a limit of requests by the same clock', async () => {
    const space = await engine.space();
    receiver.answerInTurn({ status: 429, headers: { 'retry-after': '600' } }, 200);
    await space.subscribe(receiver, {
      retrySchedule: [1],
      rateLimit: { perSecond: 1 },
    });
    await space.publish('lead.create', {});
    await engine.settle();
    await engine.advance('9m');
    expect(receiver.requests).toHaveLength(1);
    await space.publish('lead.update', {}, { ttlSeconds: 5 });
    await engine.advance('10m');
    const deliveries = await space.deliveries();
    expect(deliveries.map(({ status }) => status).sort()).toEqual(['expired', 'succeeded']);
    for (let n = 0; n < 3; n += 1) await space.publish('lead.delete', {});
    await engine.advance('5m');
    expect((await space.deliveries()).filter(({ status }) => status === 'succeeded')).toHaveLength(4);
  });

  it.each<[behaviour: Behaviour, code: RegExp]>([
    ['reset', /^connection_/],
    ['garbage', /./],
    ['hang', /timeout/],
    [{ status: 200, delayMs: 3_000 }, /timeout/],
    [503, /http_503/],
  ])('fails an attempt at a receiver that does %j', async (behaviour, code) => {
    receiver.answerInTurn(behaviour, 200);
    const space = await engine.space();
    await space.subscribe(receiver, { retrySchedule: [60] });
    await space.publish('lead.create', {});
    await engine.settle();
    const [failed] = await space.deliveries();
    expect(failed).toMatchObject({ status: 'pending', lastError: expect.stringMatching(code) });
    await engine.advance('2m');
    expect(await space.deliveries()).toMatchObject([{ status: 'succeeded', attemptCount: 2 }]);
    expect(await receiver.received(2)).toHaveLength(2);
  });

  it('fails attempts at receivers that answered and are gone: its own network is not in doubt', async () => {
    const space = await engine.space();
    const receivers = await Promise.all(Array.from({ length: 3 }, () => startTestReceiver()));
    for (const gone of receivers) await space.subscribe(gone, { retrySchedule: [] });
    await space.publish('lead.create', {});
    await engine.settle();
    for (const gone of receivers) await gone.close();
    await space.publish('lead.update', {});
    await engine.settle();
    const failed = (await space.deliveries()).filter(({ status }) => status !== 'succeeded');
    expect(failed.map(({ status, lastError }) => [status, lastError])).toEqual(
      Array(3).fill(['failed', 'connection_refused']),
    );
  });

  it('succeeds at a receiver that answers 200 and hangs up in its body: the status counts', async () => {
    receiver.answer('cut');
    const space = await engine.space();
    await space.subscribe(receiver);
    await space.publish('lead.create', {});
    await engine.settle();
    expect(await space.deliveries()).toMatchObject([{ status: 'succeeded' }]);
  });

  it('fails attempts at a certificate that nobody trusts, and where nobody listens', async () => {
    const untrusted = await startTestReceiver({ tls: 'untrusted' });
    for (const url of [untrusted.url, await refusedUrl()]) {
      const space = await engine.space();
      await space.subscribe(url, { retrySchedule: [] });
      await space.publish('lead.create', {});
      await engine.settle();
      expect(await space.deliveries()).toMatchObject([{ status: 'failed' }]);
    }
    expect(untrusted.requests).toHaveLength(0);
    await untrusted.close();
  });

  it.each([['7 hours'], ['-1h'], [''], [-1], [NaN]])('refuses %j as a duration', async (duration) => {
    await expect(engine.advance(duration)).rejects.toThrow(TypeError);
  });
});

it('says what is wrong when the engine cannot start', async () => {
  const databaseUrl = 'postgres://127.0.0.1:1/nowhere';
  await expect(startTestEngine({ databaseUrl })).rejects.toThrow(/did not start[^]*127\.0\.0\.1/);
});
