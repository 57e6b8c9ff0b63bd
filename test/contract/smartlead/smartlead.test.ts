import { createHmac } from 'node:crypto';
import { CAMPAIGN_EVENTS } from '../../../src/profiles/smartlead/catalogue.js';
import { smartleadProfile } from '../../../src/profiles/smartlead/smartlead.profile.js';
import { eventually } from '../../support/condition.js';
import { documentedEvents, golden } from '../../support/golden.js';
import { ManualClock } from '../../support/manual-clock.js';
import { useStory } from '../../support/story.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ACCOUNT = { profileOptions: { account: true } };

/** The documented body without the name of its event, which is all of it that is not data. */
function dataOf(path: string): Record<string, unknown> {
  const { event_type: _one, eventType: _other, ...data } = golden(path);
  return data;
}

describe('Smartlead deliveries', () => {
  const clock = new ManualClock();
  let status = 200;
  const { engine, tenant, receiver } = useStory({
    clock,
    profile: 'smartlead',
    answer: () => ({ status, body: '{"status":"received"}' }),
  });
  beforeEach(() => (status = 200));

  const bodies = async (count: number) => (await receiver.received(count)).map(({ body }) => body.toString());
  const settled = (attempts: number) =>
    eventually(async () => {
      const [delivery] = await tenant.deliveries();
      expect(delivery?.attemptCount).toBe(attempts);
      return delivery as NonNullable<typeof delivery>;
    });

  it('S07 S16-S26 knows the 13 events of its document, in order, 11 of them for webhooks of campaigns', () => {
    expect(smartleadProfile.catalogue.map(({ name, family }) => ({ name, family }))).toEqual(
      documentedEvents('smartlead'),
    );
    expect([...CAMPAIGN_EVENTS]).toEqual(
      documentedEvents('smartlead')
        .map(({ name }) => name)
        .slice(0, 11),
    );
  });

  it.each([
    ['S16', 'EMAIL_SENT'],
    ['S18', 'EMAIL_OPEN'],
    ['S19', 'EMAIL_LINK_CLICK'],
    ['S20', 'EMAIL_REPLY'],
    ['S22', 'LEAD_UNSUBSCRIBED'],
    ['S23 S24', 'LEAD_CATEGORY_UPDATED'],
  ])('%s S27 S32 POSTs the documented body of %s: flat, its keys, in its order', async (_number, type) => {
    await tenant.subscribe(receiver.url, { events: [type] });
    await tenant.publish({ type, data: dataOf(`payloads/smartlead/${type}`) });
    const [request] = await receiver.received(1);

    expect(request?.method).toBe('POST');
    expect(request?.headers['content-type']).toBe('application/json');
    expect(request?.body.toString()).toBe(JSON.stringify(golden(`payloads/smartlead/${type}`)));
    const { example } = smartleadProfile.catalogue.find(({ name }) => name === type) ?? {};
    expect(JSON.stringify(example)).toBe(JSON.stringify(dataOf(`payloads/smartlead/${type}`)));
  });

  it.each(['EMAIL_REPLY.v2', 'MANUAL_STEP_REACHED'])(
    'B4 S25 POSTs the body of %s as the guide of the other generation shows it',
    async (file) => {
      const body = golden(`payloads-docs/smartlead/${file}`);
      const type = String(body.event_type);
      await tenant.subscribe(receiver.url, { events: [type] });
      await tenant.publish({ type, data: Object.fromEntries(Object.entries(body).reverse()) });

      expect(await bodies(1)).toEqual([JSON.stringify(body)]);
    },
  );

  it('S26 B4 POSTs an account event in camel case', async () => {
    const file = 'payloads-docs/smartlead/EMAIL_ACCOUNT_DISCONNECTED';
    await tenant.subscribe(receiver.url, ACCOUNT);
    await tenant.publish({ type: 'EMAIL_ACCOUNT_DISCONNECTED', data: dataOf(file) });

    expect(await bodies(1)).toEqual([JSON.stringify(golden(file))]);
    expect(receiver.requests[0]?.headers['x-webhook-level']).toBe('user');
  });

  it('S16 S27 sends the documented keys in their order, then whatever else was published', async () => {
    const { example: body } = { example: dataOf('payloads/smartlead/EMAIL_SENT') };
    await tenant.subscribe(receiver.url, { events: ['EMAIL_SENT'] });
    const shuffled = Object.fromEntries(Object.entries(body).reverse());
    await tenant.publish({ type: 'EMAIL_SENT', data: { ...shuffled, event_type: 'OTHER', extra: 1 } });

    const documented = golden<object>('payloads/smartlead/EMAIL_SENT');
    expect(await bodies(1)).toEqual([JSON.stringify({ ...documented, extra: 1 })]);
  });

  it('S25 S34 keeps what a manual step tells beyond its document: the address and the time', async () => {
    await tenant.subscribe(receiver.url, { events: ['MANUAL_STEP_REACHED'] });
    const file = 'payloads-docs/smartlead/MANUAL_STEP_REACHED';
    const more = { to_email: 'lead@example.com', time_reached: '2025-01-15T11:00:00Z' };
    await tenant.publish({ type: 'MANUAL_STEP_REACHED', data: { ...more, ...dataOf(file) } });

    expect(await bodies(1)).toEqual([JSON.stringify({ ...golden<object>(file), ...more })]);
  });

  it('S34 fills in what an event does not tell, its time among it, and keeps numbers as they were written', async () => {
    await tenant.subscribe(receiver.url, { events: ['EMAIL_REPLY', 'LEAD_CATEGORY_UPDATED'] });
    await tenant.publish(
      '{"type":"EMAIL_REPLY","occurredAt":"2025-01-15T11:00:00.500Z","scope":{"campaignId":"9"},' +
        '"data":{"to_email":"a@b.example","sequence_number":2.0}}',
    );
    await tenant.publish({ type: 'LEAD_CATEGORY_UPDATED', data: { lead_id: 7, campaign_id: 12 } });
    const sent = await bodies(2);
    const category = sent.find((body) => body.includes('"history"'));

    expect(sent).toContain(
      '{"event_type":"EMAIL_REPLY","from_email":null,"subject":null,"to_email":"a@b.example","to_name":null,' +
        '"time_replied":"2025-01-15T11:00:00Z","reply_body":null,"preview_text":null,"campaign_name":null,' +
        '"campaign_id":9,"client_id":null,"sequence_number":2.0}',
    );
    expect(JSON.parse(category ?? '')).toMatchObject({ lead_id: 7, history: [], lastReply: null });
  });

  it.each(['EMAIL_BOUNCE', 'CAMPAIGN_STATUS_CHANGED', 'UNTRACKED_REPLIES'])(
    'S21 S25 POSTs %s, whose body no document shows, as it was published',
    async (type) => {
      await tenant.subscribe(receiver.url, { events: [type] });
      await tenant.publish({ type, data: { b: 1, a: [2.5], campaign_id: 3 } });

      expect(await bodies(1)).toEqual([`{"event_type":"${type}","b":1,"a":[2.5],"campaign_id":3}`]);
    },
  );

  it('S17 fires FIRST_EMAIL_SENT beside EMAIL_SENT, for sequence number 1 only, with the same fields', async () => {
    await tenant.subscribe(receiver.url, { events: ['EMAIL_SENT'] });
    await tenant.subscribe(`${receiver.url}/first`, { events: ['FIRST_EMAIL_SENT'] });
    const data = dataOf('payloads/smartlead/EMAIL_SENT');
    expect(await tenant.publish({ type: 'EMAIL_SENT', data })).toMatchObject({ deliveries: 2 });
    for (const sequence_number of [2, 0, '1', null])
      expect(await tenant.publish({ type: 'EMAIL_SENT', data: { ...data, sequence_number } })).toMatchObject({
        deliveries: 1,
      });
    const requests = await receiver.received(6);
    const first = requests.filter(({ path }) => path.endsWith('/first'));

    expect(first.map(({ body }) => body.toString())).toEqual([
      JSON.stringify({ ...golden('payloads/smartlead/EMAIL_SENT'), event_type: 'FIRST_EMAIL_SENT' }),
    ]);
    expect(new Set(requests.map(({ headers }) => headers['x-request-id'])).size).toBe(6);
  });

  it('S17 does not believe a FIRST_EMAIL_SENT of a later step', async () => {
    await tenant.subscribe(receiver.url, { events: ['FIRST_EMAIL_SENT'] });
    const data = dataOf('payloads/smartlead/EMAIL_SENT');
    expect(await tenant.publish({ type: 'FIRST_EMAIL_SENT', data })).toMatchObject({ deliveries: 1 });
    const later = { ...data, sequence_number: 2 };
    expect(await tenant.publish({ type: 'FIRST_EMAIL_SENT', data: later })).toMatchObject({ deliveries: 0 });
  });

  it('S35 B4 has no secret in the body; says the level, the event and an HMAC of the raw body in headers', async () => {
    const hooks = {
      user: await tenant.subscribe(receiver.url, { events: ['EMAIL_OPEN'] }),
      client: await tenant.subscribe(`${receiver.url}/client`, {
        events: ['EMAIL_REPLY'],
        scope: { level: 'client', clientId: '456' },
      }),
      campaign: await tenant.subscribe(`${receiver.url}/campaign`, {
        events: ['EMAIL_REPLY'],
        scope: { level: 'campaign', campaignId: '123' },
      }),
    };
    const reply = await tenant.publish({
      type: 'EMAIL_REPLY',
      data: dataOf('payloads/smartlead/EMAIL_REPLY'),
    });
    const open = await tenant.publish({ type: 'EMAIL_OPEN', data: dataOf('payloads/smartlead/EMAIL_OPEN') });
    const requests = await receiver.received(3);

    for (const [level, { secret }] of Object.entries(hooks)) {
      const request = requests.find(({ headers }) => headers['x-webhook-level'] === level);
      const hex = createHmac('sha256', secret)
        .update(request?.body ?? '')
        .digest('hex');
      expect(request?.headers['x-smartlead-signature']).toBe(`sha256=${hex}`);
      expect(request?.body.toString()).not.toContain(secret);
      const id = String(request?.headers['x-request-id']);
      expect(id).toMatch(UUID);
      const event = level === 'user' ? open : reply;
      expect(id.replaceAll('-', '')).toBe(event.id.slice('evt_'.length));
    }
  });

  it('S33 S34 B4 tries six times: 1 min, 5 min, 15 min, 1 h and 6 h apart, the same bytes and id; then disables the webhook', async () => {
    status = 500;
    const { id } = await tenant.subscribe(receiver.url);
    await tenant.publish({ type: 'EMAIL_OPEN', data: { to_email: 'a@b.example', campaign_id: 1 } });
    for (const [index, seconds] of [60, 300, 900, 3_600, 21_600].entries()) {
      const { nextAttemptAt } = await settled(index + 1);
      expect(Date.parse(nextAttemptAt ?? '') - clock.now()).toBe(seconds * 1_000);
      expect(await tenant.subscription(id)).toMatchObject({ status: 'active' });
      clock.advance(seconds * 1_000);
      await engine.sweep();
    }
    expect(await settled(6)).toMatchObject({ status: 'failed', maxAttempts: 6, nextAttemptAt: null });
    expect(await tenant.subscription(id)).toMatchObject({ status: 'paused', pausedReason: 'failures' });
    clock.advance(86_400_000);
    await engine.sweep();

    const { requests } = receiver;
    expect(requests).toHaveLength(6);
    expect(new Set(requests.map(({ body }) => body.toString())).size).toBe(1);
    for (const name of ['x-smartlead-signature', 'x-request-id'])
      expect(new Set(requests.map(({ headers }) => headers[name])).size).toBe(1);
  });

  it('B4 E07 passes over what happens while it is disabled', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    await tenant.publish({ type: 'EMAIL_OPEN', data: { campaign_id: 1 } });
    expect(await tenant.deliveries()).toMatchObject([{ status: 'skipped' }]);
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`), {});
    await tenant.publish({ type: 'EMAIL_OPEN', data: { campaign_id: 2 } });
    expect(await bodies(1)).toHaveLength(1);
  });

  it.each([201, 202, 204, 301, 404, 410, 429])(
    'S32 S33 tries again after a %i: only a 200 counts',
    async (answer) => {
      status = answer;
      const { id } = await tenant.subscribe(receiver.url);
      await tenant.publish({ type: 'EMAIL_OPEN', data: { campaign_id: 1 } });

      expect(await settled(1)).toMatchObject({ status: 'pending', lastStatusCode: answer });
      expect(await tenant.subscription(id)).toMatchObject({ status: 'active' });
    },
  );

  it('S32 S36 takes a 200 for a delivery, and with the switch any 2xx', async () => {
    await tenant.subscribe(receiver.url, { profileOptions: { success: '2xx' } });
    for (const [index, answer] of [200, 201, 202, 204].entries()) {
      status = answer;
      await tenant.publish({ type: 'EMAIL_OPEN', data: { campaign_id: index } });
      await eventually(async () =>
        expect(await tenant.deliveries('?status=succeeded')).toHaveLength(index + 1),
      );
    }
  });

  it('E10 B4 waits 30 s for an answer', async () => {
    expect(await tenant.subscribe(receiver.url)).toMatchObject({ timeoutMs: 30_000, pauseAfter: 1 });
  });
});
