import { errorCodeOf } from '../../../src/provider-apis/leadlex/logs.service.js';
import { eventually } from '../../support/condition.js';
import { documentedEvents } from '../../support/golden.js';
import { useStory } from '../../support/story.js';
import { Tenant } from '../../support/tenant.js';

const BASE = '/leadlex/v1/webhooks';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const URL = 'https://hooks.example.com/leadlex';
const EVENTS = ['contact.created', 'list.contact_added'];

/** `dlv_` or `sub_` and 32 digits, as their API writes it. */
const uuidOf = (id: string) => id.slice(4).replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');

interface Webhook {
  id: string;
  secret: string;
  active: boolean;
}

interface Log {
  delivery_id: string;
  event: string;
  status: string;
  attempt: number;
  error: string | null;
}

describe('the LeadLex API (B3)', () => {
  let key: string;
  let status = 200;
  const { engine, tenant, receiver } = useStory({
    profile: 'leadlex',
    answer: () => ({ status, body: 'the answer' }),
  });
  beforeEach(async () => {
    status = 200;
    key = await tenant.key('manage');
  });

  const call = <T = Record<string, unknown>>(method: string, path: string, body?: unknown, as = key) =>
    engine.call<T>(method, path, body, { key: as });
  const create = async (fields: object = {}) =>
    (await call<{ data: { webhook: Webhook } }>('POST', BASE, { url: URL, events: EVENTS, ...fields })).body
      .data.webhook;
  const logs = async (id: string, query = '') =>
    (await call<{ data: { logs: Log[] }; meta: object }>('GET', `${BASE}/${id}/logs${query}`)).body;

  /** Publishes one event and waits until the log knows how it ended. */
  async function deliver(id: string, expected: string): Promise<Log> {
    await tenant.publish({ type: 'contact.created', data: { contact: { id: 'c' } } });
    return eventually(async () => {
      const [log] = (await logs(id)).data.logs;
      expect([log?.status, log?.attempt]).toEqual([expected, 1]);
      return log as Log;
    });
  }

  it('X01 X02 creates a webhook and shows the secret it made, once', async () => {
    const answer = await call<{ data: { webhook: Webhook } }>('POST', BASE, {
      url: URL,
      events: EVENTS,
      description: 'CRM',
    });
    const { webhook } = answer.body.data;

    expect(answer.status).toBe(201);
    expect(webhook).toEqual({
      id: expect.stringMatching(UUID) as string,
      url: URL,
      events: EVENTS,
      description: 'CRM',
      active: true,
      secret: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      created_at: expect.stringMatching(/Z$/) as string,
    });
    const { body } = await call<{ data: { webhooks: object[] } }>('GET', BASE);
    expect(body.data.webhooks).toEqual([
      {
        id: webhook.id,
        url: URL,
        events: EVENTS,
        description: 'CRM',
        active: true,
        last_delivery_status: null,
        last_delivery_at: null,
        created_at: expect.any(String) as string,
      },
    ]);
    const native = tenant.path(`/subscriptions/sub_${webhook.id.replaceAll('-', '')}`);
    expect(await engine.call('GET', `${native}/secret`)).toMatchObject({ status: 409 });
    expect(await engine.call('POST', `${native}/secret/rotate`, {})).toMatchObject({ status: 409 });
  });

  it('X02 E11 takes https only, and http on this machine where the operator allows it', async () => {
    for (const url of ['http://example.com/hook', 'ftp://example.com', 'example.com', '', 5, undefined]) {
      const answer = await call('POST', BASE, { url, events: EVENTS });
      expect([url, answer.status, answer.body]).toMatchObject([url, 400, { error: { code: 'invalid_url' } }]);
    }
    expect((await create({ url: receiver.url })).id).toMatch(UUID);
  });

  it.each([[[]], [['contact.*']], [['*']], [['contact.create']], ['contact.created'], [undefined], [[5]]])(
    'B3 refuses the events %j',
    async (events) => {
      const answer = await call('POST', BASE, { url: URL, events });
      expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_events' } } });
    },
  );

  it('B3 refuses a description of more than 200 characters', async () => {
    const answer = await call('POST', BASE, { url: URL, events: EVENTS, description: 'x'.repeat(201) });
    expect(answer.status).toBe(400);
    expect(await create({ description: 'x'.repeat(200) })).toBeDefined();
  });

  it('B3 takes null for no description, on creation and as a change', async () => {
    expect(await create({ description: null })).toMatchObject({ description: null });
    const { id } = await create({ description: 'CRM' });
    expect(await call('PATCH', `${BASE}/${id}`, { description: null })).toMatchObject({
      status: 200,
      body: { data: { webhook: { id, description: null } } },
    });
  });

  it('B3 keeps an event that is named twice once', async () => {
    const webhook = await create({ events: ['contact.created', 'contact.created'] });
    expect(webhook).toMatchObject({ events: ['contact.created'] });
  });

  it('B3 names everything that is wrong in one message', async () => {
    const answer = await call('POST', BASE, { url: 5, events: EVENTS, active: 'yes' });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_url', message: expect.stringMatching(/url: .+ active: ./) as string } },
    });
  });

  it('B3 changes what is given, replaces the list of events and keeps the secret', async () => {
    const { id, secret } = await create({ url: receiver.url });
    const answer = await call('PATCH', `${BASE}/${id}`, { events: ['contact.created'], description: 'new' });

    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      data: {
        webhook: {
          id,
          url: receiver.url,
          events: ['contact.created'],
          description: 'new',
          active: true,
          updated_at: expect.any(String) as string,
        },
      },
    });
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
  });

  it('B3 E07 hears nothing while not active, and nothing of that time afterwards', async () => {
    const { id } = await create({ url: receiver.url, active: false });
    await tenant.publish({ type: 'contact.created', data: { contact: { id: 'c' } } });
    expect((await logs(id)).data.logs).toEqual([]);
    const { body } = await call('PATCH', `${BASE}/${id}`, { active: true });
    expect(body).toMatchObject({ data: { webhook: { active: true } } });
    await deliver(id, 'success');
    expect(receiver.requests).toHaveLength(1);
  });

  it('B3 keeps in its log what was tried before it was deactivated, and nothing that never was', async () => {
    status = 500;
    const { id } = await create({ url: receiver.url });
    const { delivery_id } = await deliver(id, 'pending');
    await call('PATCH', `${BASE}/${id}`, { active: false });
    await tenant.publish({ type: 'contact.created', data: { contact: { id: 'c' } } });
    const [untried, tried] = await tenant.deliveries('?status=skipped');

    expect(await logs(id)).toMatchObject({
      data: { logs: [{ delivery_id, status: 'failed', attempt: 1 }] },
      meta: { total: 1 },
    });
    expect((await logs(id, '?status=failed')).data.logs).toHaveLength(1);
    const found = [tried, untried].map((one) => call('GET', `${BASE}/${id}/logs/${uuidOf(one?.id ?? '')}`));
    expect((await Promise.all(found)).map((answer) => answer.status)).toEqual([200, 404]);
  });

  it('B3 E08 deletes for good, and cancels what was still to be tried', async () => {
    status = 500;
    const { id } = await create({ url: receiver.url });
    await deliver(id, 'pending');
    expect(await call('DELETE', `${BASE}/${id}`)).toMatchObject({
      status: 200,
      body: { data: { deleted: true, id } },
    });
    expect(await tenant.deliveries()).toMatchObject([{ status: 'cancelled' }]);
    expect(await call('PATCH', `${BASE}/${id}`, {})).toMatchObject({
      status: 404,
      body: { error: { code: 'webhook_not_found' } },
    });
  });

  it('B3 still shows the log of a deleted webhook, to its own space, and does nothing for it', async () => {
    const { id } = await create({ url: receiver.url });
    const { delivery_id } = await deliver(id, 'success');
    const unheard = await create();
    for (const webhook of [id, unheard.id]) await call('DELETE', `${BASE}/${webhook}`);
    const entry = `${BASE}/${id}/logs/${delivery_id}`;

    expect(await logs(id)).toMatchObject({
      data: { logs: [{ delivery_id, status: 'success' }] },
      meta: { total: 1 },
    });
    expect(await call('GET', entry)).toMatchObject({ body: { data: { log: { delivery_id } } } });
    const stranger = await (await Tenant.create(engine, 'leadlex')).key('manage');
    for (const answer of [
      await call('GET', `${BASE}/${id}/logs`, undefined, stranger),
      await call('GET', entry, undefined, stranger),
      await call('GET', `${BASE}/${unheard.id}/logs`),
      await call('POST', `${entry}/retry`),
      await call('POST', `${BASE}/${id}/test`, {}),
    ])
      expect(answer).toMatchObject({ status: 404, body: { error: { code: 'webhook_not_found' } } });
  });

  it("B3 shows in a deleted webhook's log what was sent, also where the space speaks another dialect", async () => {
    await tenant.open('native');
    key = await tenant.key('manage');
    const { id } = await create({ url: receiver.url });
    await tenant.publish({ type: 'lead.create', data: { id: 'c', first_name: 'Jane' } });
    const [request] = await receiver.received(1);
    await eventually(async () => expect((await logs(id)).data.logs).toMatchObject([{ status: 'success' }]));
    await call('DELETE', `${BASE}/${id}`);
    const [log] = (await logs(id)).data.logs;
    expect(await call('GET', `${BASE}/${id}/logs/${log?.delivery_id}`)).toMatchObject({
      body: { data: { log: { attempts: [{ request: { body: request?.body.toString() } }] } } },
    });
  });

  it('B3 logs each delivery in its shape, in pages, by status', async () => {
    const { id } = await create({ url: receiver.url });
    await deliver(id, 'success');
    status = 500;
    await deliver(id, 'pending');

    const page = await logs(id, '?per_page=1&page=2');
    expect(page.meta).toEqual({ page: 2, per_page: 1, total: 2 });
    expect(page.data.logs).toEqual([
      {
        delivery_id: expect.stringMatching(UUID) as string,
        event: 'contact.created',
        status: 'success',
        response_status_code: 200,
        response_body: 'the answer',
        duration_ms: expect.any(Number) as number,
        attempt: 1,
        error: null,
        delivered_at: expect.stringMatching(/Z$/) as string,
      },
    ]);
    expect((await logs(id, '?status=pending')).data.logs).toMatchObject([{ error: 'http_error' }]);
    expect((await logs(id, '?status=failed')).data.logs).toEqual([]);
    expect(await call('GET', `${BASE}/${id}/logs?status=odd`)).toMatchObject({ status: 400 });
    const { body } = await call<{ data: { webhooks: object[] } }>('GET', BASE);
    expect(body.data.webhooks).toMatchObject([{ last_delivery_status: 'success' }]);
  });

  it('B3 lists the catalogue', async () => {
    const { body } = await call<{ data: { events: { type: string }[]; total: number } }>(
      'GET',
      '/leadlex/v1/events',
    );
    expect(body.data.total).toBe(16);
    expect(body.data.events.map(({ type }) => type)).toEqual(
      documentedEvents('leadlex').map(({ name }) => name),
    );
    expect(body.data.events[0]).toEqual({
      type: 'contact.created',
      category: 'Contact Events',
      description: 'New contact added',
      data_schema: expect.any(Object) as object,
      example_payload: expect.any(Object) as object,
      introduced_in: 'v1',
      stability: 'stable',
    });
  });

  it('B3 answers with its own error codes and rate headers', async () => {
    const code = async (answer: Promise<{ status: number; body: Record<string, unknown> }>) => {
      const { status: code, body } = await answer;
      return [code, (body.error as { code: string }).code];
    };
    expect(await code(call('GET', BASE, undefined, 'wrong'))).toEqual([401, 'invalid_key']);
    expect(await code(call('GET', BASE, undefined, engine.adminKey))).toEqual([401, 'invalid_key']);
    const reader = await tenant.key('read');
    expect(await code(call('POST', BASE, {}, reader))).toEqual([403, 'insufficient_permissions']);
    expect(await code(call('PATCH', `${BASE}/nobody`, {}))).toEqual([404, 'webhook_not_found']);

    const { headers, status: first } = await call('GET', BASE, undefined, reader);
    expect(first).toBe(200);
    expect(headers.get('x-ratelimit-limit')).toBe('100');
    expect(Number(headers.get('x-ratelimit-reset'))).toBeGreaterThan(0);
    expect(headers.get('x-request-id')).toBeTruthy();
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => call('GET', BASE, undefined, reader)),
    );
    const refused = answers.filter((answer) => answer.status === 429);
    expect(refused[0]?.body).toMatchObject({ error: { code: 'rate_limited' } });
    expect(refused[0]?.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it("shows a webhook to its own space's keys only", async () => {
    const { id } = await create();
    const other = await Tenant.create(engine, 'leadlex');
    const stranger = await other.key('manage');
    expect(await call('DELETE', `${BASE}/${id}`, undefined, stranger)).toMatchObject({ status: 404 });
    const native = uuidOf((await other.subscribe(receiver.url, { profile: 'native' })).id);
    const contact = { id: 'c', full_name: 'Jane Doe' };
    expect(await other.publish({ type: 'contact.created', data: { contact } })).toMatchObject({
      deliveries: 1,
    });
    for (const [method, path] of [
      ['DELETE', native],
      ['GET', `${native}/logs`],
    ] as const)
      expect(await call(method, `${BASE}/${path}`, undefined, stranger)).toMatchObject({ status: 404 });
  });

  it('X11 what happened can be polled, too, by a key that only reads', async () => {
    const event = await tenant.publish({ type: 'contact.created', data: { contact: { id: 'c' } } });
    const reader = await tenant.key('read');
    const { body } = await call<{ data: object[] }>('GET', tenant.path('/events'), undefined, reader);
    expect(body.data).toMatchObject([{ id: event.id, type: 'contact.created' }]);
  });

  describe('X10, the testing interface,', () => {
    it('sends a test payload, shows what came of it, and looks into request and response', async () => {
      const { id } = await create({ url: receiver.url });
      const sent = await call<{ data: { log: Log } }>('POST', `${BASE}/${id}/test`, {
        event: 'list.contact_added',
      });
      expect(sent.status).toBe(202);
      const { delivery_id } = sent.body.data.log;
      await eventually(async () => expect((await logs(id)).data.logs).toMatchObject([{ status: 'success' }]));

      const path = `${BASE}/${id}/logs/${delivery_id}`;
      const { body } = await call<{ data: { log: { attempts: { request: { body: string } }[] } } }>(
        'GET',
        path,
      );
      expect(body.data.log).toMatchObject({
        event: 'list.contact_added',
        attempts: [
          {
            attempt: 1,
            error: null,
            request: { method: 'POST', url: receiver.url },
            response: { status_code: 200, body: 'the answer' },
          },
        ],
      });
      expect(body.data.log.attempts[0]?.request.body).toBe(receiver.requests[0]?.body.toString());
    });

    it('tries a failed delivery again', async () => {
      status = 500;
      const { id } = await create({ url: receiver.url });
      const { delivery_id } = await deliver(id, 'pending');
      status = 200;
      const answer = await call('POST', `${BASE}/${id}/logs/${delivery_id}/retry`);
      expect(answer.status).toBe(202);
      await eventually(async () =>
        expect((await logs(id)).data.logs).toMatchObject([{ status: 'success', attempt: 2 }]),
      );
    });
  });
});

it.each([
  [null, null],
  ['timeout', 'timeout'],
  ['dns_error', 'dns_failure'],
  ['http_503', 'http_error'],
  ['tls_error', 'connection_refused'],
  ['connection_reset', 'connection_refused'],
])('B3 the log has %s as %s', (ours, theirs) => expect(errorCodeOf(ours)).toBe(theirs));
