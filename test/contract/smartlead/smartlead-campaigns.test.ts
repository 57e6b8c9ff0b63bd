import { createHmac } from 'node:crypto';
import { eventually } from '../../support/condition.js';
import { ManualClock } from '../../support/manual-clock.js';
import { SmartleadClient } from '../../support/smartlead-client.js';
import { useStory } from '../../support/story.js';

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string;

describe('the Smartlead API of campaigns and settings', () => {
  const clock = new ManualClock();
  let client: SmartleadClient;
  let status = 200;
  const { engine, tenant, receiver } = useStory({ clock, profile: 'smartlead', answer: () => ({ status }) });
  beforeEach(async () => {
    status = 200;
    client = new SmartleadClient(engine, clock, await tenant.key('manage'));
  });

  const call = <T = Record<string, unknown>>(method: string, path: string, body?: unknown, as?: string) =>
    client.call<T>(method, path, body, as);
  const native = async () =>
    (await engine.ok<{ data: Record<string, unknown>[] }>('GET', tenant.path('/subscriptions'))).data;
  const campaign = async (id: number, fields: object = {}) => {
    const body = {
      id: null,
      name: 'mine',
      webhook_url: receiver.url,
      event_types: ['EMAIL_OPEN'],
      ...fields,
    };
    const answer = await call('POST', `/campaigns/${id}/webhooks`, { categories: [], ...body });
    return answer;
  };
  const listed = async (id: number) =>
    (await call<{ id: number }[]>('GET', `/campaigns/${id}/webhooks`)).body;

  it("B4 lists a campaign's webhooks as a plain array, saves with or without id, and deletes by body or path", async () => {
    expect(await listed(353)).toEqual([]);
    const made = await campaign(353, { categories: ['Interested', 5] });
    expect([made.status, made.body]).toEqual([
      200,
      {
        ok: true,
        name: 'mine',
        webhook_url: receiver.url,
        email_campaign_id: 353,
        event_types: ['EMAIL_OPEN'],
        categories: ['Interested', '5'],
      },
    ]);
    const [webhook] = await listed(353);
    expect(await listed(353)).toEqual([
      {
        id: expect.any(Number) as number,
        name: 'mine',
        created_at: ISO,
        updated_at: ISO,
        webhook_url: receiver.url,
        email_campaign_id: 353,
        event_types: ['EMAIL_OPEN'],
        categories: ['Interested', '5'],
      },
    ]);
    const { id = 0 } = webhook ?? {};
    expect(await campaign(353, { ...webhook, name: 'renamed' })).toMatchObject({ status: 200 });
    expect(await listed(353)).toMatchObject([{ id, name: 'renamed', categories: ['Interested', '5'] }]);
    expect(await campaign(354, { id })).toMatchObject({ status: 404, body: { error: 'Resource not found' } });
    expect(await call('DELETE', '/campaigns/354/webhooks', { id })).toMatchObject({ status: 404 });
    await campaign(353);
    const [, second] = await listed(353);
    const answers = [
      await call('DELETE', '/campaigns/353/webhooks', { id }),
      await call('DELETE', `/campaigns/353/webhooks/${second?.id}`),
    ];
    for (const { status: code, body } of answers) expect([code, body]).toEqual([200, { ok: true }]);
    expect(await listed(353)).toEqual([]);
  });

  it("B4 refuses a campaign's webhook in its own words", async () => {
    const error = async (fields: object) => {
      const { status: code, body } = await campaign(1, fields);
      return [code, body.error];
    };
    expect(await error({ webhook_url: 'nowhere' })).toEqual([400, 'Invalid webhook_url - nowhere']);
    expect(await error({ webhook_url: null })).toEqual([400, 'Invalid webhook_url - undefined']);
    expect(await error({ event_types: ['EMAIL_OPEN', 'FORWARDED'] })).toEqual([
      400,
      'Invalid event_types - FORWARDED',
    ]);
    expect(await error({ event_types: [] })).toEqual([400, 'Invalid event_types - undefined']);
    expect(await error({ categories: [{}] })).toEqual([400, 'Invalid category - {}']);
    for (const path of ['x', '0', '1.5', '-1', '1e3', '%00', '9'.repeat(30)])
      expect(await call('GET', `/campaigns/${path}/webhooks`)).toMatchObject({
        status: 404,
        body: { error: 'Campaign not found - Invalid campaign_id.' },
      });
  });

  it('B4 sums up what became of calls, in the keys of all generations', async () => {
    await campaign(353, { event_types: ['EMAIL_OPEN', 'EMAIL_REPLY'] });
    const send = async (type: string, expected: string) => {
      await tenant.publish({ type, data: { campaign_id: 353 } });
      await eventually(async () => {
        const [delivery] = await tenant.deliveries();
        expect([delivery?.eventType, delivery?.status, delivery?.attemptCount]).toEqual([type, expected, 1]);
      });
    };
    const start = clock.date().toISOString();
    await send('EMAIL_OPEN', 'succeeded');
    await send('EMAIL_REPLY', 'succeeded');
    status = 500;
    await send('EMAIL_OPEN', 'pending');
    const { body } = await call('GET', `/campaigns/353/webhooks/summary?fromTime=${start}`);
    expect(body).toEqual({
      ok: true,
      total: 3,
      success: 2,
      failed: 0,
      total_calls: 3,
      successful_calls: 2,
      failed_calls: 0,
      success_rate: 66.67,
      data: {
        sent_count: 3,
        successful_count: 2,
        failed_count: 0,
        scheduled_for_retry_count: 1,
        retroactively_failed_count: 0,
        event_type_counts: { EMAIL_OPEN: 2, EMAIL_REPLY: 1 },
      },
    });
    expect(await call('GET', `/campaigns/353/webhooks/summary?toTime=${start}`)).toMatchObject({
      status: 200,
      body: { total: 0, success_rate: 0 },
    });
    for (const query of [
      'fromTime=yesterday',
      'fromTime=1',
      `fromTime=${start}&fromTime=${start}`,
      'toTime=',
    ])
      expect(await call('GET', `/campaigns/353/webhooks/summary?${query}`)).toMatchObject({
        status: 422,
        body: { error: 'Invalid parameters provided' },
      });
  });

  it('B4 retriggers failed events of a window, with the id they had; saving enables what failures disabled', async () => {
    status = 500;
    await campaign(353);
    const [{ id } = { id: 0 }] = await listed(353);
    const [{ id: ref } = { id: '' }] = await native();
    await engine.ok('PATCH', tenant.path(`/subscriptions/${String(ref)}`), { retrySchedule: [] });
    const fromTime = clock.date().toISOString();
    await tenant.publish({ type: 'EMAIL_OPEN', data: { campaign_id: 353 } });
    await eventually(async () => expect(await tenant.deliveries('?status=failed')).toHaveLength(1));
    await tenant.publish({ type: 'EMAIL_OPEN', data: { campaign_id: 353 } });
    expect(await tenant.deliveries('?status=skipped')).toHaveLength(1);
    expect(await native()).toMatchObject([{ status: 'paused', pausedReason: 'failures' }]);

    status = 200;
    expect(await campaign(353, { id })).toMatchObject({ status: 200 });
    expect(await native()).toMatchObject([{ status: 'active', failureCount: 0 }]);
    const path = '/campaigns/353/webhooks/retrigger-failed-events';
    expect(
      (await call('POST', path, { fromTime: '2020-01-01T00:00:00.000Z', toTime: fromTime })).body,
    ).toMatchObject({ ok: true, retriggered: 0 });
    const window = { fromTime, toTime: new Date(clock.now() + 60_000).toISOString() };
    const answer = await call('POST', path, window);
    expect([answer.status, answer.body]).toEqual([
      200,
      { ok: true, message: 'Failed events are being retriggered', retriggered: 2 },
    ]);
    // The workers rest between the slices of a job.
    await eventually(() => {
      clock.advance(1_000);
      expect(receiver.requests).toHaveLength(3);
    });
    const { requests } = receiver;
    const ids = requests.map(({ headers }) => headers['x-request-id']);
    expect(new Set(ids).size).toBe(2);
    for (const body of [
      {},
      { fromTime },
      { ...window, toTime: 5 },
      { fromTime: window.toTime, toTime: fromTime },
    ])
      expect(await call('POST', path, body)).toMatchObject({ status: 422 });
  });

  it('B4 says that a disabled webhook is, and refuses to retrigger its events until it is saved', async () => {
    status = 500;
    await campaign(353);
    const [{ id } = { id: 0 }] = await listed(353);
    const [{ id: ref } = { id: '' }] = await native();
    await engine.ok('PATCH', tenant.path(`/subscriptions/${String(ref)}`), { retrySchedule: [] });
    expect(await listed(353)).not.toMatchObject([{ disabled: expect.anything() as unknown }]);
    const fromTime = clock.date().toISOString();
    await tenant.publish({ type: 'EMAIL_OPEN', data: { campaign_id: 353 } });
    await eventually(async () => expect(await listed(353)).toMatchObject([{ id, disabled: true }]));
    expect((await call('GET', `/webhook/${id}`)).body).toMatchObject({ data: { id, disabled: true } });

    const path = '/campaigns/353/webhooks/retrigger-failed-events';
    const window = { fromTime, toTime: new Date(clock.now() + 60_000).toISOString() };
    const refused = await call('POST', path, window);
    expect([refused.status, refused.body]).toEqual([
      422,
      { error: `Webhook ${id} is disabled. Save it to enable it, then retrigger its failed events.` },
    ]);
    expect(await tenant.deliveries('?status=failed')).toHaveLength(1);

    // One that works is not kept waiting by one that does not.
    status = 200;
    await campaign(353, { webhook_url: `${receiver.url}/second` });
    const second = (await native()).find(({ url }) => String(url).endsWith('/second'));
    await engine.ok('PATCH', tenant.path(`/subscriptions/${String(second?.id)}`), { retrySchedule: [] });
    status = 500;
    await tenant.publish({ type: 'EMAIL_OPEN', data: { campaign_id: 353 } });
    await eventually(async () => expect(await tenant.deliveries('?status=failed')).toHaveLength(2));
    status = 200;
    await engine.ok('POST', tenant.path(`/subscriptions/${String(second?.id)}/resume`));
    expect((await call('POST', path, window)).body).toMatchObject({
      ok: true,
      retriggered: 1,
      warning: expect.stringContaining(`Webhook ${id} is disabled.`) as string,
    });

    expect(await campaign(353, { webhook_id: id })).toMatchObject({ status: 200 });
    expect((await listed(353)).map((each) => 'disabled' in each)).toEqual([false, false]);
  });

  it('B4 knows the names of its other generations', async () => {
    await campaign(353, {
      event_types: ['SENT', 'LEAD_REPLIED', 'EMAIL_BOUNCED'],
      webhook_name: 'theirs',
      name: null,
    });
    const [webhook] = await listed(353);
    expect(webhook).toMatchObject({
      name: 'theirs',
      event_types: ['EMAIL_SENT', 'EMAIL_REPLY', 'EMAIL_BOUNCE'],
    });
    const { id = 0 } = webhook ?? {};
    await campaign(353, { webhook_id: id, webhook_name: 'renamed', name: null, event_types: ['OPENED'] });
    expect(await listed(353)).toMatchObject([{ id, name: 'renamed', event_types: ['EMAIL_OPEN'] }]);
    const user = {
      webhook_id: id,
      webhook_name: 'again',
      event_type_map: { CLICKED: true, UNSUBSCRIBED: false },
    };
    expect((await call('POST', '/webhook/create', user)).body).toMatchObject({ ok: true, id });
    expect((await call('PUT', `/webhook/update/${id}`, { event_type: 'CLICKED' })).body).toMatchObject({
      id,
    });
    expect(await listed(353)).toMatchObject([{ id, name: 'again', event_types: ['EMAIL_LINK_CLICK'] }]);
    expect(await call('POST', '/webhook/create', { ...user, webhook_id: 99_999 })).toMatchObject({
      status: 404,
    });
    expect(await call('POST', '/webhook/create', { ...user, webhook_id: 'x' })).toMatchObject({
      status: 422,
    });
    expect(await call('DELETE', '/campaigns/353/webhooks', { webhook_id: id })).toMatchObject({
      status: 200,
    });
    expect(await listed(353)).toEqual([]);
  });

  it('B4 signs with the secret_key that a client chose, and shows it to nobody', async () => {
    const signedWith = async (key: string) => {
      const before = receiver.requests.length;
      await tenant.publish({ type: 'EMAIL_OPEN', data: { campaign_id: 353 } });
      await receiver.received(before + 1);
      const request = receiver.requests[before];
      const mac = createHmac('sha256', key)
        .update(request?.body ?? '')
        .digest('hex');
      return request?.headers['x-smartlead-signature'] === `sha256=${mac}`;
    };
    const made = await campaign(353, { secret_key: 'first-secret-of-theirs' });
    const [{ id } = { id: 0 }] = await listed(353);
    expect(await signedWith('first-secret-of-theirs')).toBe(true);
    const saved = await call('PUT', `/webhook/update/${id}`, { secret_key: 'second-secret-of-theirs' });
    expect(await signedWith('second-secret-of-theirs')).toBe(true);
    // None of the earlier ones stays valid, so there may be any number of them.
    for (let change = 1; change <= 6; change += 1) {
      const again = await call('PUT', `/webhook/update/${id}`, {
        secret_key: `another-secret-of-theirs-${change}`,
      });
      expect(again.status).toBe(200);
    }
    for (const secret_key of ['short', 7, '', { a: 1 }, 'with a blank in it, too']) {
      const refused = await campaign(353, { secret_key });
      expect([refused.status, refused.body.error]).toEqual([
        400,
        expect.stringMatching(/^Invalid secret_key\. /) as string,
      ]);
    }
    // A change that is refused changes nothing: neither the key when the address is wrong, nor the other way round.
    const refusals = [
      { secret_key: 'never-a-secret-of-theirs', webhook_url: 'ftp://example.com/' },
      { secret_key: 'short', webhook_url: 'https://example.com/never' },
    ];
    for (const body of refusals)
      expect((await call('PUT', `/webhook/update/${id}`, body)).status).toBeGreaterThanOrEqual(400);
    expect(await signedWith('another-secret-of-theirs-6')).toBe(true);
    for (const { body } of [made, saved, await call('GET', `/webhook/${id}`)])
      expect(JSON.stringify(body)).not.toContain('-secret-of-theirs');
  });

  it('has a few campaigns, leads and categories, so that a picker is not empty', async () => {
    const campaigns = await call<{ id: number; name: string }[]>('GET', '/campaigns');
    expect(campaigns.body[0]).toMatchObject({ id: 123, name: 'Q1 Outreach', status: 'ACTIVE' });
    expect((await call('GET', '/campaigns/123')).body).toEqual(campaigns.body[0]);
    expect(await call('GET', '/campaigns/999')).toMatchObject({ status: 404 });
    const leads = await call<{ total_leads: number; data: { lead: { email: string } }[] }>(
      'GET',
      '/campaigns/123/leads?offset=1&limit=1',
    );
    expect(leads.body).toMatchObject({ total_leads: 3, offset: 1, limit: 1 });
    expect(leads.body.data).toHaveLength(1);
    expect((await call('GET', '/leads/?email=lead@example.com')).body).toMatchObject({ id: 789 });
    expect((await call('GET', '/leads/fetch-categories')).body).toContainEqual(
      expect.objectContaining({ id: 5, name: 'Interested' }),
    );
    expect(await call('GET', '/campaigns/123/leads?offset=x')).toMatchObject({ status: 422 });
  });

  it('B4 gives an event that was passed over its schedule once it is retriggered', async () => {
    await campaign(353);
    const [{ id } = { id: '' }] = await native();
    await engine.ok('POST', tenant.path(`/subscriptions/${String(id)}/pause`));
    const fromTime = clock.date().toISOString();
    await tenant.publish({ type: 'EMAIL_OPEN', data: { campaign_id: 353 } });
    expect(await tenant.deliveries()).toMatchObject([{ status: 'skipped', attemptCount: 0 }]);
    await engine.ok('POST', tenant.path(`/subscriptions/${String(id)}/resume`));

    status = 500;
    const toTime = new Date(clock.now() + 60_000).toISOString();
    await call('POST', '/campaigns/353/webhooks/retrigger-failed-events', { fromTime, toTime });
    await eventually(() => {
      clock.advance(1_000);
      expect(receiver.requests).toHaveLength(1);
    });
    await eventually(async () =>
      expect(await tenant.deliveries()).toMatchObject([
        { status: 'pending', attemptCount: 1, nextAttemptAt: ISO, trigger: 'event' },
      ]),
    );
  });

  it('S26 keeps the account events in the user settings, apart from the webhooks', async () => {
    const settings = '/user/settings';
    const none = { webhookUrl: null };
    const get = async () => (await call<{ data: object }>('GET', settings)).body;
    expect(await get()).toEqual({
      ok: true,
      data: { notify_on_disconnect: none, notify_on_linkedin_disconnect: none },
    });
    const mine = { webhookUrl: `${receiver.url}/mine` };
    const half = { notify_on_disconnect: mine, notify_on_linkedin_disconnect: { webhookUrl: 'nowhere' } };
    expect(await call('PUT', settings, half)).toMatchObject({ status: 422 });
    expect(await get()).toMatchObject({ data: { notify_on_disconnect: none } });
    for (const webhookUrl of [receiver.url, mine.webhookUrl])
      expect(await call('PUT', settings, { notify_on_disconnect: { webhookUrl } })).toMatchObject({
        status: 200,
      });
    expect(await get()).toMatchObject({
      data: { notify_on_disconnect: mine, notify_on_linkedin_disconnect: none },
    });
    const [{ providerId } = {}] = await native();
    expect(await call('GET', `/webhook/${String(providerId)}`)).toMatchObject({ status: 404 });
    expect(await call('DELETE', `/webhook/delete/${String(providerId)}`)).toMatchObject({ status: 404 });
    // Neither in the way of a webhook to the same address, nor silencing one.
    const hook = { webhook_url: mine.webhookUrl, association_type: 'user', event_type: 'EMAIL_OPEN' };
    expect(await call('POST', '/webhook/create', hook)).toMatchObject({ status: 200 });
    await tenant.publish({ type: 'EMAIL_ACCOUNT_DISCONNECTED', data: { accountId: 1 } });
    await tenant.publish({ type: 'LINKEDIN_DISCONNECTED', data: { accountId: 1 } });
    const [request] = await receiver.received(1);
    expect(JSON.parse(request?.body.toString() ?? '')).toMatchObject({
      eventType: 'EMAIL_ACCOUNT_DISCONNECTED',
      accountId: 1,
    });
    for (const webhookUrl of ['nowhere', 5, [mine.webhookUrl]])
      expect(await call('PUT', settings, { notify_on_disconnect: { webhookUrl } })).toMatchObject({
        status: 422,
      });
    for (const odd of ['x', 7, [], true])
      expect(await call('PATCH', settings, { notify_on_disconnect: odd })).toMatchObject({ status: 422 });
    await call('PATCH', settings, { notify_on_disconnect: null });
    expect(await get()).toMatchObject({ data: { notify_on_disconnect: none } });
    expect(receiver.requests).toHaveLength(1);
  });

  it('B4 limits a key to 10 requests a second, 60 a minute and 1,000 an hour', async () => {
    const reader = await tenant.key('read');
    const get = () => engine.call('GET', `/smartlead/api/v1/campaigns/1/webhooks?api_key=${reader}`);
    const refused = async (count: number) => {
      for (let n = 0; n < count; n += 1) expect((await get()).status).toBe(200);
      const { status: code, body, headers } = await get();
      expect([code, body]).toEqual([
        429,
        {
          error: {
            code: 'RATE_LIMIT_EXCEEDED',
            message: expect.any(String) as string,
            retry_after: expect.any(Number) as number,
          },
        },
      ]);
      const seconds = (body.error as { retry_after: number }).retry_after;
      expect(headers.get('retry-after')).toBe(String(seconds));
      return seconds;
    };
    expect(await refused(10)).toBe(1);
    for (let second = 0; second < 5; second += 1) {
      clock.advance(1_000);
      await Promise.all(Array.from({ length: 10 }, get));
    }
    clock.advance(1_000);
    expect(await refused(0)).toBe(54);
    expect((await call('GET', '/campaigns/1/webhooks')).status).toBe(200);
  });

  it('S26 has one address for each account event, also when several requests set it in one moment', async () => {
    const bodies = Array.from({ length: 5 }, (_, index) => ({
      notify_on_linkedin_disconnect: { webhookUrl: `${receiver.url}/${index}` },
    }));
    const answers = await Promise.all(bodies.map((body) => call('PUT', '/user/settings', body)));
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200]);
    expect(await native()).toMatchObject([{ events: ['LINKEDIN_DISCONNECTED'] }]);
  });
});
