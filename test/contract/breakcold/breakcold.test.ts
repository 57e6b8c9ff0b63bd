import { breakcoldProfile } from '../../../src/profiles/breakcold/breakcold.profile.js';
import { eventually } from '../../support/condition.js';
import { documentedEvents, golden } from '../../support/golden.js';
import { ManualClock } from '../../support/manual-clock.js';
import { useStory } from '../../support/story.js';

interface Body {
  id_space: string;
  event: string;
  secret: string;
  payload: Record<string, unknown>;
}

const sample = golden<Body>('payloads/breakcold/lead.create');

describe('Breakcold, as its first document has it', () => {
  const clock = new ManualClock();
  let status = 200;
  const { engine, tenant, receiver } = useStory({ clock, profile: 'breakcold', answer: () => ({ status }) });
  beforeEach(() => {
    status = 200;
  });

  const bodies = async (count: number) =>
    (await receiver.received(count)).map(({ body }) => JSON.parse(body.toString()) as Body);

  /** Publishes one event and waits for the end of its delivery. */
  async function deliver(): Promise<string> {
    const { id } = await tenant.publish({ type: 'lead.create', data: sample.payload });
    return eventually(async () => {
      const [delivery] = await tenant.deliveries(`?event=${id}`);
      return delivery !== undefined && delivery.status !== 'pending' && delivery.status;
    });
  }

  it('B01 B06 B07 B17 sends the documented body, byte for byte but for the secret', async () => {
    const { secret } = await tenant.subscribe(receiver.url);
    await tenant.publish({ type: 'lead.create', data: sample.payload });
    const [request] = await receiver.received(1);
    const body = request?.body.toString() ?? '';

    expect(body).toBe(JSON.stringify({ ...sample, secret }));
    expect(Object.keys(JSON.parse(body) as Body)).toEqual(['id_space', 'event', 'secret', 'payload']);
    expect(Object.keys(sample.payload)).toHaveLength(36);
  });

  it("B02 B03 B05 names the event and the space it occurred in: the payload's own, or else ours", async () => {
    await tenant.subscribe(receiver.url);
    const { id } = await engine.ok<{ id: string }>('GET', `/v1/spaces/${tenant.uid}`);
    await tenant.publish({ type: 'tag.create', data: { id: 't', name: 'x' } });
    const [body] = await bodies(1);

    expect(body?.id_space.replaceAll('-', '')).toBe(id.slice('spc_'.length));
    expect(body?.id_space).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(body).toMatchObject({ event: 'tag.create', payload: { id: 't', name: 'x' } });
  });

  it('B04 B16 proves itself by a secret of "wh_" and 15 hexadecimal digits in the body, and by no header', async () => {
    const { secret } = await tenant.subscribe(receiver.url);
    await tenant.publish({ type: 'lead.create', data: sample.payload });
    const [request] = await receiver.received(1);

    expect(secret).toMatch(/^wh_[0-9a-f]{15}$/);
    expect(sample.secret).toMatch(/^wh_[0-9a-f]{15}$/);
    expect((JSON.parse(request?.body.toString() ?? '') as Body).secret).toBe(secret);
    expect(Object.keys(request?.headers ?? {}).filter((name) => /sign|webhook|timestamp/.test(name))).toEqual(
      [],
    );
  });

  it('B08 knows the 25 named events, by family', () => {
    expect(breakcoldProfile.catalogue.map(({ name, family }) => ({ name, family }))).toEqual(
      documentedEvents('breakcold'),
    );
  });

  it('B09 delivers the events whose names the document lost, once somebody adds them', async () => {
    await tenant.subscribe(receiver.url);
    const path = tenant.path('/event-types/lead.message.create');
    await engine.ok('PUT', path, { family: 'Lead Message' });
    await tenant.publish({ type: 'lead.message.create', data: { id: 'm' } });

    expect(await bodies(1)).toMatchObject([{ event: 'lead.message.create', payload: { id: 'm' } }]);
  });

  it('B13 has no API of its own: endpoints are managed like any others', async () => {
    expect(breakcoldProfile.providerApi).toBeNull();
    const { id } = await tenant.subscribe(receiver.url);
    expect(await tenant.subscription(id)).toMatchObject({ profile: 'breakcold', status: 'active' });
  });

  it('B11 B12 tries an event once, and never again', async () => {
    status = 500;
    await tenant.subscribe(receiver.url);

    expect(await deliver()).toBe('failed');
    clock.advance(30 * 86_400_000);
    await engine.sweep();
    expect(await tenant.deliveries()).toMatchObject([{ status: 'failed', attemptCount: 1, maxAttempts: 1 }]);
    expect(receiver.requests).toHaveLength(1);
  });

  it('B10 B14 B15 is active after nine failures, paused after the tenth, skips meanwhile and resumes by hand', async () => {
    status = 500;
    const { id } = await tenant.subscribe(receiver.url);
    for (let failures = 1; failures <= 9; failures += 1) {
      expect(await deliver()).toBe('failed');
      expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: failures });
    }
    expect(await deliver()).toBe('failed');
    expect(await tenant.subscription(id)).toMatchObject({ status: 'paused', pausedReason: 'failures' });

    expect(await deliver()).toBe('skipped');
    clock.advance(30 * 86_400_000);
    await engine.sweep();
    expect(receiver.requests).toHaveLength(10);

    status = 200;
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`));
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 0 });
    expect(await deliver()).toBe('succeeded');
    expect(receiver.requests).toHaveLength(11);
  });

  it('B14 counts failures in a row, and altogether with the mode `total`', async () => {
    const straight = await tenant.subscribe(receiver.url, { pauseAfter: 2 });
    const total = await tenant.subscribe(receiver.url, { pauseAfter: 2, pauseMode: 'total' });
    for (const answer of [500, 200, 500]) {
      status = answer;
      await tenant.publish({ type: 'lead.create', data: sample.payload });
      await eventually(async () => {
        const open = await tenant.deliveries('?status=pending');
        expect(open).toEqual([]);
      });
    }

    expect(await tenant.subscription(straight.id)).toMatchObject({ status: 'active', failureCount: 1 });
    expect(await tenant.subscription(total.id)).toMatchObject({ status: 'paused', failureCount: 2 });
  });

  it.each([302, 404, 410, 429])('B15 takes a %i for a failure like any other', async (answer) => {
    status = answer;
    const { id } = await tenant.subscribe(receiver.url);

    expect(await deliver()).toBe('failed');
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 1 });
  });

  it('E05 masks the secret wherever the log shows the body, an echo of it too', async () => {
    receiver.answer = ({ body }) => ({ body });
    const { secret } = await tenant.subscribe(receiver.url);
    expect(await deliver()).toBe('succeeded');
    const [delivery] = await tenant.deliveries();
    const attempt = await engine.ok<{ request: { body: string }; response: { body: string } }>(
      'GET',
      tenant.path(`/deliveries/${delivery?.id}/attempts/1`),
    );

    expect(JSON.parse(attempt.request.body)).toEqual({ ...sample, secret: '***' });
    expect(attempt.response.body).toContain('***');
    expect(JSON.stringify(attempt)).not.toContain(secret);
  });
});
