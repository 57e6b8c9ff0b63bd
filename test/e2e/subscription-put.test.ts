import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import type { Answer } from '../support/engine.js';
import type { Problem } from '../support/tenant.js';

const { engine, tenant, receiver } = useStory();

interface View {
  id: string;
  uid: string | null;
  url: string;
  events: string[];
  description: string | null;
  filter: object | null;
  headers: Record<string, string>;
  retrySchedule: number[];
  timeoutMs: number;
  status: string;
  pausedReason: string | null;
  secret?: string;
}

function put<T = View>(
  ref: string,
  fields: object,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  return engine.call<T>('PUT', tenant.path(`/subscriptions/${ref}`), fields, { headers });
}

describe('PUT of a subscription', () => {
  it('creates it under its uid, and shows the secret then only', async () => {
    const first = await put('crm', { url: receiver.url, events: ['lead.*'], description: 'a' });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ uid: 'crm', events: ['lead.*'], status: 'active' });
    expect(first.body.secret).toMatch(/^whsec_/);
    const again = await put('crm', { url: receiver.url, events: ['lead.*'], description: 'a' });
    expect(again.status).toBe(200);
    expect(again.body.secret).toBeUndefined();
    // Nothing differs, so nothing is written.
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(again.body.id).toBe(first.body.id);
  });

  it('replaces it: what is left out has its default again, and the secret stays', async () => {
    const fields = {
      url: receiver.url,
      events: ['tag.create'],
      description: 'a',
      filter: { n: 1 },
      headers: { 'x-token': 't' },
      retrySchedule: [7],
      timeoutMs: 2_000,
      rateLimit: { perSecond: 5 },
      scope: { level: 'client', clientId: 'c' },
      pauseAfter: null,
      metadata: { a: 'b' },
    };
    const { secret } = (await put('crm', fields)).body;
    const { body, headers } = await put('crm', { url: `${receiver.url}/2`, events: ['lead.create'] });
    expect(headers.get('etag')).toBe('"2"');
    expect(body).toMatchObject({
      ...{ url: `${receiver.url}/2`, events: ['lead.create'], description: null, filter: null, headers: {} },
      ...{ retrySchedule: [5, 30, 300, 3600, 21600], timeoutMs: 15_000, rateLimit: null, pauseAfter: 10 },
      ...{ scope: { level: 'space' }, metadata: {} },
    });
    expect(await engine.ok('GET', tenant.path('/subscriptions/crm/secret'))).toMatchObject({ secret });
    await tenant.publish({ type: 'lead.create', data: {} });
    await eventually(() => receiver.requests.length === 1);
  });

  it('has conditions', async () => {
    expect(await put('crm', { url: receiver.url }, { 'if-match': '"1"' })).toMatchObject({ status: 412 });
    expect(await put('crm', { url: receiver.url }, { 'if-none-match': '*' })).toMatchObject({ status: 201 });
    expect(await put('crm', { url: receiver.url }, { 'if-none-match': '*' })).toMatchObject({ status: 412 });
    const changed = { url: receiver.url, description: 'b' };
    expect(await put('crm', changed, { 'if-match': '"9"' })).toMatchObject({ status: 412 });
    expect(await put('crm', changed, { 'if-match': '"1"' })).toMatchObject({ status: 200 });
    expect(await put('crm', changed, { 'if-match': '"1"' })).toMatchObject({ status: 412 });
  });

  it('refuses what it cannot do, and says what to do instead', async () => {
    const { body } = await put('crm', { url: receiver.url });
    const wrong: [string, object, string][] = [
      ['crm', { url: receiver.url, uid: 'other' }, 'uid'],
      ['crm', { url: receiver.url, profile: 'lemlist' }, 'profile'],
      ['crm', { url: receiver.url, secret: `whsec_${Buffer.alloc(32).toString('base64')}` }, 'secret'],
      ['crm', { description: 'no url' }, 'url'],
      ['crm', { url: receiver.url, status: 'off' }, 'status'],
      ['new', { url: receiver.url, events: ['lead.nothing'] }, 'events[0]'],
      [`SUB_${'A1'.repeat(16)}`, { url: receiver.url }, 'uid'],
      [`Evt_${'a1'.repeat(16)}`, { url: receiver.url }, 'uid'],
    ];
    for (const [ref, fields, path] of wrong) {
      const refused = await put<Problem>(ref, fields);
      expect(refused.status).toBe(422);
      expect(refused.body.errors?.[0]?.path).toBe(path);
    }
    expect(await put('sub_00000000000000000000000000000000', { url: receiver.url })).toMatchObject({
      status: 404,
    });
    expect(await put('no such uid', { url: receiver.url })).toMatchObject({ status: 404 });
    expect(await put(body.id, { url: receiver.url, secret: body.secret, uid: 'crm' })).toMatchObject({
      status: 200,
    });
  });

  it('creates one when many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => put('crm', { url: receiver.url })));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(7).fill(200), 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  it('pauses and resumes with `status`, and leaves the state alone without', async () => {
    expect((await put('crm', { url: receiver.url, status: 'paused' })).body).toMatchObject({
      status: 'paused',
      pausedReason: 'manual',
    });
    await tenant.publish({ type: 'lead.create', data: {} });
    expect(await tenant.deliveries()).toMatchObject([{ status: 'held' }]);
    expect((await put('crm', { url: receiver.url })).body.status).toBe('paused');
    expect((await put('crm', { url: receiver.url, status: 'active' })).body.status).toBe('active');
    await eventually(() => receiver.requests.length === 1);
    expect((await put('crm', { url: receiver.url, status: 'paused' })).body.status).toBe('paused');
  });
});

describe('a new subscription', () => {
  it('may begin paused, and delivers nothing until it is resumed', async () => {
    const { id, status } = await tenant.subscribe(receiver.url, { status: 'paused' });
    expect(status).toBe('paused');
    await tenant.publish({ type: 'lead.create', data: {} });
    expect(await tenant.deliveries()).toMatchObject([{ status: 'held' }]);
    expect(await tenant.subscription(id)).toMatchObject({ pausedReason: 'manual' });
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`));
    await eventually(() => receiver.requests.length === 1);
  });

  it('gets what one of several filters lets through', async () => {
    const filter = { $or: [{ 'lead.email': { suffix: '@acme.io' } }, { 'lead.phone': { prefix: '+33' } }] };
    const { id } = await tenant.subscribe(receiver.url, { filter });
    const leads = [{ email: 'ann@acme.io' }, { phone: '+3312' }, { phone: '+4412', email: 'b@acme.com' }];
    const published = await Promise.all(
      leads.map((lead) => tenant.publish({ type: 'lead.create', data: { lead } })),
    );
    expect(published.map(({ deliveries }) => deliveries)).toEqual([1, 1, 0]);
    const routing = tenant.path(`/events/${published[2]?.id}/routing`);
    expect(await engine.ok('GET', routing)).toMatchObject({
      data: [{ subscriptionId: id, matched: false, reason: 'filter:$or' }],
    });
    expect(await tenant.subscription(id)).toMatchObject({ filter });
  });
});
