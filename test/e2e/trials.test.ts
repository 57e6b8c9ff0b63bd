import { createHmac } from 'node:crypto';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

interface Trial {
  eventId: string | null;
  type: string;
  wanted: boolean;
  reason: string | null;
  checks: { check: string; path: string | null; holds: boolean }[];
  held: boolean;
  requests: {
    type: string;
    method: string;
    url: string;
    headers: [string, string][];
    body: string | null;
    problem: string | null;
  }[];
}

const { engine, tenant, receiver } = useStory();

const trial = (body: object, sub = 'sub') =>
  engine.ok<Trial>('POST', tenant.path(`/subscriptions/${sub}/preview`), body);

const header = (one: Trial, name: string) => one.requests[0]?.headers.find(([key]) => key === name)?.[1];

function signatureOf(secret: string, shown: Trial): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${header(shown, 'webhook-id')}.${header(shown, 'webhook-timestamp')}.${shown.requests[0]?.body}`;
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}

describe('what would be sent', () => {
  it('is what is sent then, signed with the real secret, and nothing is stored', async () => {
    const { secret } = await tenant.subscribe(receiver.url, {
      uid: 'sub',
      headers: { 'x-token': 'private' },
    });
    const shown = await trial({ type: 'lead.create', data: { id: 7, price: 1.5 } });
    expect(shown).toMatchObject({
      eventId: null,
      type: 'lead.create',
      wanted: true,
      reason: null,
      held: false,
    });
    expect(shown.requests).toHaveLength(1);
    expect(shown.requests[0]).toMatchObject({ type: 'lead.create', method: 'POST', url: receiver.url });
    expect(header(shown, 'webhook-signature')).toBe(signatureOf(secret, shown));
    expect(header(shown, 'x-token')).toBe('***');
    expect(await tenant.deliveries()).toEqual([]);
    expect(receiver.requests).toHaveLength(0);
  });

  it('is the body of an event that was published, byte by byte', async () => {
    const { id } = await tenant.publish(
      '{"type":"lead.create","data":{"price":1.0,"big":12345678901234567890,"huge":1e400,"constructor":1}}',
    );
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    const shown = await trial({ event: id });
    expect(shown.eventId).toBe(id);
    expect(header(shown, 'webhook-id')).toBe(id);
    await engine.ok('POST', tenant.path('/subscriptions/sub/replay'), { since: '2020-01-01T00:00:00Z' });
    const [request] = await receiver.received(1);
    expect(shown.requests[0]?.body).toBe(String(request?.body));
    expect(request?.headers['webhook-id']).toBe(id);
  });

  it('is the body of data that is tried, with numbers as they were written', async () => {
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    const response = await fetch(`${engine.url}${tenant.path('/subscriptions/sub/preview')}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${engine.adminKey}`, 'content-type': 'application/json' },
      body: '{"type":"lead.create","data":{"price":1.0,"big":12345678901234567890,"huge":1e400,"constructor":1}}',
    });
    const { requests } = (await response.json()) as Trial;
    expect(requests[0]?.body).toContain(
      '"data":{"price":1.0,"big":12345678901234567890,"huge":1e400,"constructor":1}',
    );
  });

  it('names all that does not hold, and shows the request all the same', async () => {
    await tenant.subscribe(receiver.url, {
      uid: 'sub',
      events: ['lead.update'],
      scope: { level: 'client', clientId: 'acme' },
      filter: { country: 'FR', 'deal.size': { gte: 10 } },
    });
    const shown = await trial({ type: 'lead.create', data: { country: 'FR', deal: { size: 9 } } });
    expect(shown).toMatchObject({ wanted: false, reason: 'event_type' });
    expect(shown.checks).toEqual([
      { check: 'event_type', path: null, holds: false },
      { check: 'scope', path: null, holds: false },
      { check: 'filter', path: 'country', holds: true },
      { check: 'filter', path: 'deal.size', holds: false },
    ]);
    expect(shown.requests[0]?.body).toContain('"size":9');
  });

  it('is the example of the first type that the subscription wants', async () => {
    await tenant.subscribe(receiver.url, { uid: 'sub', events: ['lead.update'] });
    await engine.ok('POST', tenant.path('/subscriptions/sub/pause'));
    expect(await trial({})).toMatchObject({ type: 'lead.update', wanted: true, held: true });
  });

  it('says why a template has no body for the event', async () => {
    await tenant.subscribe(receiver.url, {
      uid: 'sub',
      body: { format: 'template', template: '{"n": $number(data.price)}' },
      events: ['list.create'],
    });
    const shown = await trial({ data: { price: 'free' } });
    expect(shown.requests).toMatchObject([{ body: null, problem: expect.stringContaining('free') }]);
    expect((await trial({ data: { price: '2' } })).requests).toMatchObject([
      { body: '{"n":2}', problem: null },
    ]);
  });

  it('is of the provider’s words, without the secret in them', async () => {
    const secret = 'a secret of theirs';
    await tenant.subscribe(receiver.url, { uid: 'sub', profile: 'lemlist', events: ['*'], secret });
    const shown = await trial({ type: 'lead.unsubscribe' });
    expect(shown.requests).not.toHaveLength(0);
    for (const { body, type } of shown.requests) {
      expect(type).not.toBe('lead.unsubscribe');
      expect(body).not.toContain(secret);
      expect(body).toContain('"***"');
    }
  });

  it('has an access token of OAuth2 masked, and asks for none', async () => {
    const oauth2 = { tokenUrl: `${receiver.url}/token`, clientId: 'id', clientSecret: 'private' };
    await tenant.subscribe(receiver.url, { uid: 'sub', oauth2, headers: { Authorization: 'Basic x' } });
    const names = (await trial({})).requests[0]?.headers.filter(([name]) => /^authorization$/i.test(name));
    expect(names).toEqual([['authorization', '***']]);
    expect(receiver.requests).toHaveLength(0);
  });

  it('is nothing where the data of the event was erased', async () => {
    const { id } = await tenant.publish({ type: 'lead.create', data: { id: 1 } });
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    await engine.ok('POST', tenant.path('/erasures'), { events: [id] });
    await eventually(async () => {
      const { status, body } = await engine.call<Problem>('POST', tenant.path('/subscriptions/sub/preview'), {
        event: id,
      });
      expect([status, body.code]).toEqual([409, 'body_removed']);
    });
  });

  it.each([
    ['an event with a type', { event: 'evt_x', type: 'lead.create' }, 422],
    ['a type that does not exist', { type: 'lead.creat' }, 422],
    ['an event that does not exist', { event: 'nobody' }, 404],
    ['data that is none', { data: 'x' }, 422],
    ['more data than an event may have', { data: { text: 'x'.repeat(256 * 1024) } }, 413],
  ])('is refused for %s', async (_what, body, status) => {
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    const answer = await engine.call<Problem>('POST', tenant.path('/subscriptions/sub/preview'), body);
    expect(answer.status).toBe(status);
  });

  it('is not for keys that may only read', async () => {
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    const key = await tenant.key('read');
    const answer = await engine.call('POST', tenant.path('/subscriptions/sub/preview'), {}, { key });
    expect(answer.status).toBe(403);
  });
});
