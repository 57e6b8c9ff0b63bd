import { useStory } from '../support/story.js';
import type { Answer } from '../support/engine.js';
import type { Problem, Published } from '../support/tenant.js';

const { engine, tenant, receiver } = useStory({ api: 2 });

const event = (n: number, fields: object = {}) => ({ type: 'lead.create', data: { n }, ...fields });

async function send<T = Published>(body: unknown, key: string, url?: string): Promise<Answer<T>> {
  const headers = { 'idempotency-key': key };
  return engine.call<T>('POST', tenant.path('/events'), body, { headers, ...(url && { url }) });
}

interface List {
  data: Published[];
}

describe('the header Idempotency-Key', () => {
  beforeEach(async () => {
    await tenant.subscribe(receiver.url);
  });

  it('answers the same request with the first event, and stores it once', async () => {
    const first = await send(event(1), 'k-1');
    expect(first).toMatchObject({ status: 202, body: { duplicate: false, deliveries: 1 } });
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const again = await send('{ "data": {"n": 1.0}, "type": "lead.create" }', '"k-1"');
    expect(again).toMatchObject({ status: 202, body: { ...first.body, duplicate: true } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await tenant.deliveries()).toHaveLength(1);
    const { data } = await engine.ok<{ data: { uid: string | null }[] }>('GET', tenant.path('/events'));
    expect(data).toMatchObject([{ uid: null }]);
  });

  it.each<[string, unknown, unknown]>([
    ['data', event(1), event(2)],
    ['type', event(1), event(1, { type: 'lead.update' })],
    ['id', event(1, { id: 'a' }), event(1, { id: 'b' })],
    ['more events', [event(1), event(2)], [event(1), event(2), event(3)]],
    ['fewer events', [event(1), event(2)], [event(1)]],
    ['order', [event(1), event(2)], [event(2), event(1)]],
  ])('refuses another body: %s', async (_what, body, other) => {
    expect(await send(body, 'k-1')).toMatchObject({ status: 202 });
    const refused = await send<Problem>(other, 'k-1');
    expect(refused).toMatchObject({ status: 409, body: { code: 'idempotency_conflict' } });
    expect(refused.body.detail).toContain('k-1');
    expect(await send(body, 'k-1')).toMatchObject({ status: 202 });
    const events = await engine.ok<List>('GET', tenant.path('/events'));
    expect(events.data).toHaveLength(Array.isArray(body) ? body.length : 1);
  });

  it('answers with the deliveries that were stored, also where a subscription had its first already', async () => {
    await tenant.open('lemlist');
    const authorization = `Basic ${Buffer.from(`:${await tenant.key('manage')}`).toString('base64')}`;
    const hook = { targetUrl: receiver.url, type: 'emailsOpened', isFirst: true };
    await engine.call('POST', '/lemlist/api/hooks', hook, { headers: { authorization } });
    const opened = { type: 'emailsOpened', data: { campaignId: 'cam_1', leadId: 'lea_1' } };
    expect(await send(opened, 'k-1')).toMatchObject({ status: 202, body: { deliveries: 1 } });
    const second = await send(opened, 'k-2');
    expect(second).toMatchObject({ status: 202, body: { duplicate: false, deliveries: 0 } });
    const again = await send(opened, 'k-2');
    expect(again).toMatchObject({ status: 202, body: { ...second.body, duplicate: true } });
  });

  it('covers a batch, with and without ids of its events', async () => {
    const batch = [event(1), event(2, { id: 'mine' }), event(1)];
    const first = await send<List>(batch, 'k-1');
    expect(first.status).toBe(202);
    expect(new Set(first.body.data.map(({ id }) => id)).size).toBe(3);
    const again = await send<List>(batch, 'k-1');
    expect(again.body.data).toEqual(first.body.data.map((one) => ({ ...one, duplicate: true })));
    const alone = await send(event(2, { id: 'mine' }), 'k-2');
    expect(alone.body).toMatchObject({ id: first.body.data[1]?.id, duplicate: true });
  });

  it('makes one event of many requests at once through two processes', async () => {
    const urls = await Promise.all(engine.apis.map((api) => api.getUrl()));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => send(event(1), 'k-1', urls[index % 2])),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  });

  it('is free again when its request was refused', async () => {
    const wrong = [event(1), event(2, { type: 'lead.nothing' })];
    expect(await send(wrong, 'k-1')).toMatchObject({ status: 422 });
    expect(await send([event(3)], 'k-1')).toMatchObject({ status: 202 });
  });

  it('has a form', async () => {
    for (const key of ['', ' ', 'x'.repeat(257), 'é'])
      expect(await send(event(1), key)).toMatchObject({
        status: 422,
        body: { errors: [{ path: 'Idempotency-Key', code: 'invalid_idempotency_key' }] },
      });
    expect(await send(event(1), 'x'.repeat(256))).toMatchObject({ status: 202 });
  });

  it('holds for a request with very many deliveries', async () => {
    await Promise.all(Array.from({ length: 24 }, () => tenant.subscribe(receiver.url)));
    const batch = Array.from({ length: 100 }, (_, n) => event(n));
    const first = await send<List>(batch, 'wide');
    expect(first.body.data[0]).toMatchObject({ duplicate: false, deliveries: 25 });
    const again = await send<List>(batch, 'wide');
    expect(again.body.data).toEqual(first.body.data.map((one) => ({ ...one, duplicate: true })));
    expect(await send(batch.slice(1), 'wide')).toMatchObject({ status: 409 });
  });
});
