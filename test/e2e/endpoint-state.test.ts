import { publicId } from '../../src/core/ids.js';
import { AttemptFeed } from '../../src/dispatcher/settle/attempt-feed.js';
import { eventually } from '../support/condition.js';
import { Receiver, tlsFile } from '../support/receiver.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

interface State {
  certificate: { validTo: string; daysLeft: number; warning: string | null } | null;
  throttle: { concurrency: number; workers: number } | null;
  rate: { perSecond: number; nextAt: string | null } | null;
  proof: { style: string; secrets: { since: string; expiresAt: string | null }[] };
  backlog: { held: { count: number; capped: boolean }; oldestHeldAt: string | null };
}

interface Attempts {
  recent: { deliveryId: string; n: number; outcome: string; statusCode: number | null }[];
}

const secure = new Receiver(() => ({}), 'localhost');
const { engine, tenant, receiver } = useStory({
  settings: { egressCaFile: tlsFile('ca.pem') },
  answer: ({ path }) => ({ status: path.endsWith('/busy') ? 503 : 200 }),
});

beforeAll(() => secure.open());
afterAll(() => secure.close());

const state = (sub = 'sub') => engine.ok<State>('GET', tenant.path(`/subscriptions/${sub}/endpoint`));
const publish = () => tenant.publish({ type: 'lead.create', data: {} });

it.each(['%00', 'x'.repeat(70), 'nobody', `sub_${'0'.repeat(32)}`])('%s names no endpoint', async (ref) => {
  for (const part of ['endpoint', 'attempts'])
    expect((await engine.call('GET', tenant.path(`/subscriptions/${ref}/${part}`))).status).toBe(404);
});

describe('the state of an endpoint', () => {
  it('tells until when its certificate is valid, once a connection was opened', async () => {
    await tenant.subscribe(secure.url, { uid: 'sub' });
    expect((await state()).certificate).toBeNull();
    await publish();
    const { certificate } = await eventually(async () => {
      const now = await state();
      return now.certificate !== null && now;
    });
    const days = Math.floor((Date.parse(certificate?.validTo ?? '') - Date.now()) / 86_400_000);
    expect(certificate?.daysLeft).toBe(days);
    expect(certificate?.warning).toBeNull();
  });

  it('tells it, too, where a connection resumes the TLS session of another space', async () => {
    await tenant.subscribe(secure.url, { uid: 'sub' });
    await publish();
    await eventually(async () => expect((await state()).certificate).not.toBeNull());
    const other = await Tenant.create(engine);
    await other.subscribe(secure.url, { uid: 'sub' });
    await other.publish({ type: 'lead.create', data: {} });
    const path = other.path('/subscriptions/sub/endpoint');
    await eventually(async () => expect((await engine.ok<State>('GET', path)).certificate).not.toBeNull());
  });

  it('tells the end of a renewed certificate within seconds, not a day later', async () => {
    const { id } = await tenant.subscribe(secure.url, { uid: 'sub' });
    await publish();
    await eventually(async () => expect((await state()).certificate).not.toBeNull());
    const [attempt] = engine.attempts.filter(({ subscriptionId }) => publicId('sub', subscriptionId) === id);
    if (attempt === undefined) throw new Error('There was no attempt.');
    // The fixtures have one end only: the recorder hears of another, as of an attempt on a new connection.
    const renewed = Date.now() + 90 * 86_400_000;
    const feed = engine.workers[0]?.get(AttemptFeed);
    feed?.announce({ ...attempt, certificateUntil: renewed, endedAt: Date.now() });
    const end = new Date(renewed).toISOString();
    await eventually(async () => expect((await state()).certificate?.validTo).toBe(end));
  });

  it('has no certificate of the server that its URL named before', async () => {
    await tenant.subscribe(secure.url, { uid: 'moved' });
    await publish();
    await eventually(async () => expect((await state('moved')).certificate).not.toBeNull());
    const { certificate } = await state('moved');
    const to = (url: string) => engine.ok('PATCH', tenant.path('/subscriptions/moved'), { url });
    await to(`${secure.url}other-path`);
    expect((await state('moved')).certificate).toEqual(certificate);
    await to(receiver.url);
    expect((await state('moved')).certificate).toBeNull();
  });

  it('has no certificate without TLS', async () => {
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    await publish();
    await receiver.received(1);
    expect((await state()).certificate).toBeNull();
  });

  it('tells how requests are signed, and since when', async () => {
    const before = Date.now();
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    await engine.ok('POST', tenant.path('/subscriptions/sub/secret/rotate'), { overlapSeconds: 60 });
    const { proof } = await state();
    expect(proof.style).toBe('standard-webhooks');
    expect(proof.secrets).toHaveLength(2);
    const [current, old] = proof.secrets;
    expect(current?.expiresAt).toBeNull();
    expect(Date.parse(current?.since ?? '')).toBeGreaterThanOrEqual(before - 1_000);
    expect(Date.parse(old?.expiresAt ?? '')).toBeGreaterThan(Date.now());
    expect(JSON.stringify(proof)).not.toContain('sealed');
  });

  it('counts what is held, and says since when', async () => {
    await tenant.subscribe(receiver.url, { uid: 'sub', rateLimit: { perSecond: 3 } });
    await engine.ok('POST', tenant.path('/subscriptions/sub/pause'));
    await publish();
    await publish();
    const { backlog, rate } = await state();
    expect(backlog.held).toEqual({ count: 2, capped: false });
    expect(Date.now() - Date.parse(backlog.oldestHeldAt ?? '')).toBeLessThan(60_000);
    expect(rate).toEqual({ perSecond: 3, nextAt: null });
  });

  it('tells within seconds that its answers hold it back', async () => {
    await tenant.subscribe(`${receiver.url}/busy`, { uid: 'sub', retrySchedule: [600] });
    expect((await state()).throttle).toBeNull();
    await publish();
    const { throttle } = await eventually(
      async () => {
        const now = await state();
        return now.throttle !== null && now;
      },
      { timeoutMs: 10_000 },
    );
    expect(throttle).toMatchObject({ workers: 1 });
    expect(throttle?.concurrency).toBeLessThan(8);
  }, 15_000);

  it('has the last attempts, oldest first, and none for what is only held', async () => {
    await tenant.subscribe(`${receiver.url}/busy`, { uid: 'sub', retrySchedule: [], pauseAfter: 1 });
    await publish();
    await eventually(async () => expect(await tenant.deliveries()).toMatchObject([{ attemptCount: 1 }]));
    await publish();
    await eventually(async () => expect(await tenant.deliveries()).toHaveLength(2));
    const { recent } = await engine.ok<Attempts>('GET', tenant.path('/subscriptions/sub/attempts?window=1h'));
    expect(recent).toMatchObject([{ n: 1, statusCode: 503 }]);
    expect(recent[0]?.deliveryId).toMatch(/^dlv_/);
  });
});
