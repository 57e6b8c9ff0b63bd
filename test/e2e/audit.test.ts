import { Database } from '../../src/database/database.js';
import type { AuditEntry } from '../../src/audit-api/audit.dto.js';
import { PartitionKeeper } from '../../src/retention/partition-keeper.js';
import { ManualClock } from '../support/manual-clock.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

const URL = 'http://127.0.0.1:9/';
const DAY_MS = 86_400_000;

interface Page {
  data: AuditEntry[];
  nextCursor: string | null;
}

const clock = new ManualClock();
const { engine, tenant } = useStory({
  clock,
  workers: 0,
  settings: { trustProxy: ['127.0.0.0/8'], auditRetentionDays: 90 },
});

const sql = (text: string, values: unknown[] = []) =>
  (engine.apis[0] as (typeof engine.apis)[0])
    .get(Database)
    .sql<Record<string, unknown>>({ name: '', text }, values);
const entries = async (query = '') => (await engine.ok<Page>('GET', tenant.path(`/audit${query}`))).data;
const last = async () => (await entries('?limit=1'))[0] as AuditEntry;

describe('an audit entry', () => {
  it('has what a subscription was and became, with only what differs', async () => {
    const { id } = await tenant.subscribe(URL, { uid: 'crm', headers: { 'x-auth': 'hunter2' } });
    expect(await last()).toMatchObject({
      action: 'subscription.create',
      target: { type: 'subscription', id, name: 'crm' },
      before: null,
      after: { url: URL, events: ['*'], headers: { 'x-auth': '***' }, timeoutMs: 15_000 },
    });
    const changes = { url: `${URL}new`, timeoutMs: 20_000, events: ['*'] };
    await engine.ok('PATCH', tenant.path(`/subscriptions/${id}`), changes);
    const { before, after } = await last();
    expect(before).toEqual({ url: URL, timeoutMs: 15_000 });
    expect(after).toEqual({ url: `${URL}new`, timeoutMs: 20_000 });
    await engine.ok('DELETE', tenant.path(`/subscriptions/${id}`));
    expect(await last()).toMatchObject({
      action: 'subscription.delete',
      target: { id, name: 'crm' },
      before: { url: `${URL}new`, headers: { 'x-auth': '***' } },
      after: null,
    });
  });

  it('has no value of the query of an address, named or not', async () => {
    await tenant.subscribe(`${URL}?hunter2&b=hunter2&=hunter2`);
    expect((await last()).after).toMatchObject({ url: `${URL}?***&b=***&=***` });
  });

  it('never has a secret: not of a rotation, a header, a key or a link', async () => {
    const { id, secret } = await tenant.subscribe(URL, { headers: { 'x-auth': 'hunter2' } });
    await engine.ok('PATCH', tenant.path(`/subscriptions/${id}`), { headers: { 'x-auth': 'hunter3' } });
    const header = await last();
    expect([header.before, header.after]).toEqual(Array(2).fill({ headers: { 'x-auth': '***' } }));
    const rotated = await engine.ok<{ secret: string }>(
      'POST',
      tenant.path(`/subscriptions/${id}/secret/rotate`),
      {},
    );
    expect(await last()).toMatchObject({ action: 'subscription.rotate_secret', after: { signing: 2 } });
    const key = await tenant.key('manage');
    const link = await engine.ok<{ token: string }>('POST', tenant.path('/portal-links'), { scope: 'read' });
    const text = JSON.stringify(await sql('SELECT * FROM posthorn.audit_entries'));
    for (const hidden of [secret, rotated.secret, key, link.token, 'hunter2', 'hunter3'])
      expect(text).not.toContain(hidden);
    await tenant.subscribe(`${URL}hook?key=sesame&v=2`, { description: 'has a key' });
    expect((await last()).after).toMatchObject({ url: `${URL}hook?key=***&v=***` });
    await tenant.subscribe(URL, { metadata: { apiToken: 'sesame', team: 'a' } });
    expect((await last()).after).toMatchObject({ metadata: { apiToken: '***', team: 'a' } });
  });

  it('keeps the numbers of a filter as they were written', async () => {
    const filter = '{"id":{"gt":9007199254740993.5}}';
    await engine.ok('POST', tenant.path('/subscriptions'), `{"url":"${URL}","filter":${filter}}`);
    const response = await fetch(`${engine.url}${tenant.path('/audit?limit=1')}`, {
      headers: { authorization: `Bearer ${engine.adminKey}` },
    });
    expect(await response.text()).toContain(filter);
  });

  it('shows the conditions of a filter whose fields are named like secrets', async () => {
    const filter = { 'customer.token': 'trial', password_reset: true };
    await tenant.subscribe(URL, { filter });
    expect((await last()).after).toMatchObject({ filter });
  });

  it('says who it was: the admin key, a key by its name, or a portal link, and by which way', async () => {
    const call = (key: string, headers: Record<string, string> = {}) =>
      engine.call('POST', tenant.path('/subscriptions'), { url: URL }, { key, headers });
    await call(engine.adminKey, { 'x-posthorn-client': 'cli' });
    expect(await last()).toMatchObject({ actor: { kind: 'admin', id: null, name: null }, via: 'cli' });
    const { id, key } = await engine.ok<{ id: string; key: string }>('POST', tenant.path('/keys'), {
      ...{ name: 'back office', scope: 'manage' },
    });
    await call(key);
    expect(await last()).toMatchObject({ actor: { kind: 'key', id, name: 'back office' }, via: 'api' });
    const link = await engine.ok<{ id: string; token: string }>('POST', tenant.path('/portal-links'), {
      scope: 'manage',
    });
    await call(link.token, { 'x-posthorn-client': 'dashboard' });
    expect(await last()).toMatchObject({ actor: { kind: 'portal_link', id: link.id }, via: 'dashboard' });
  });

  it('says from where: the address behind a trusted proxy, a bounded user agent, the id of the request', async () => {
    const headers = {
      'x-forwarded-for': '203.0.113.7',
      'user-agent': 'x'.repeat(2_000),
      'x-request-id': 'my-request',
    };
    await engine.call('POST', tenant.path('/subscriptions'), { url: URL }, { headers });
    const { ip, userAgent, requestId } = await last();
    expect({ ip, requestId }).toEqual({ ip: '203.0.113.7', requestId: 'my-request' });
    expect(userAgent).toBe('x'.repeat(256));
  });

  it('is not there for a call that was refused or changed nothing', async () => {
    const { id } = await tenant.subscribe(URL);
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    const before = (await entries()).length;
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    await engine.call('PATCH', tenant.path(`/subscriptions/${id}`), { timeoutMs: 1 });
    await engine.call('DELETE', tenant.path('/subscriptions/unknown'));
    await tenant.publish({ type: 'lead.create', data: {} });
    expect(await entries()).toHaveLength(before);
  });

  it('cannot be changed, not even by SQL', async () => {
    await tenant.subscribe(URL);
    await expect(sql(`UPDATE posthorn.audit_entries SET action = 'x'`)).rejects.toThrow('never changed');
  });
});

describe('the audit log', () => {
  it('is filtered by actor, action, target and time', async () => {
    const { id: key, key: text } = await engine.ok<{ id: string; key: string }>(
      'POST',
      tenant.path('/keys'),
      {
        ...{ name: 'k', scope: 'manage' },
      },
    );
    const { id } = await tenant.subscribe(URL, { uid: 'one' });
    clock.advance(60_000);
    const since = clock.date().toISOString();
    await engine.call('POST', tenant.path('/subscriptions/one/pause'), undefined, { key: text });
    await engine.ok('POST', tenant.path('/subscriptions'), { url: URL });
    const actions = async (query: string) => (await entries(query)).map(({ action }) => action);
    expect(await actions(`?actor=${key}`)).toEqual(['subscription.pause']);
    expect(await actions('?actor=admin&action=subscription.*')).toEqual(Array(2).fill('subscription.create'));
    expect(await actions('?action=key.create')).toEqual(['key.create']);
    for (const target of [id, 'one'])
      expect(await actions(`?target=${target}`)).toEqual(['subscription.pause', 'subscription.create']);
    expect(await actions('?targetType=key')).toEqual(['key.create']);
    expect(await actions(`?since=${since}`)).toEqual(['subscription.create', 'subscription.pause']);
    expect(await actions(`?until=${since}&order=asc&targetType=subscription`)).toEqual([
      'subscription.create',
    ]);
    for (const query of ['?actor=me', '?action=everything', '?target=', '?what=1'])
      expect((await engine.call('GET', tenant.path(`/audit${query}`))).status).toBe(422);
  });

  it('comes in pages, whose cursors are good for this list only', async () => {
    for (let n = 0; n < 3; n += 1) await tenant.subscribe(URL);
    const first = await engine.ok<Page>('GET', tenant.path('/audit?limit=2'));
    const rest = await engine.ok<Page>('GET', tenant.path(`/audit?limit=2&cursor=${first.nextCursor}`));
    const ids = [...first.data, ...rest.data].map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
    expect((await engine.call('GET', `/v1/audit?cursor=${first.nextCursor}`)).status).toBe(400);
  });

  it('is for keys that manage the space, and for all spaces with the admin key', async () => {
    const other = await Tenant.create(engine);
    await other.subscribe(URL);
    const status = async (path: string, key: string) =>
      (await engine.call('GET', path, undefined, { key })).status;
    expect(await status(tenant.path('/audit'), await tenant.key('read'))).toBe(403);
    const manage = await tenant.key('manage');
    expect(await status(tenant.path('/audit'), manage)).toBe(200);
    expect(await status(other.path('/audit'), manage)).toBe(404);
    expect(await status('/v1/audit', manage)).toBe(403);
    const spaces = (await entries()).map(({ spaceId }) => spaceId);
    expect(new Set(spaces).size).toBe(1);
    const link = await engine.ok<{ token: string }>('POST', tenant.path('/portal-links'), {
      scope: 'manage',
    });
    expect(await status(tenant.path('/audit'), link.token)).toBe(403);
  });

  it('tells of a deleted space, and no call deletes or changes an entry', async () => {
    const other = await Tenant.create(engine);
    await other.subscribe(URL);
    const { id } = await engine.ok<{ id: string }>('GET', other.path(''));
    await engine.ok('DELETE', other.path(''));
    const { data } = await engine.ok<Page>('GET', `/v1/audit?space=${id}`);
    expect(data.map(({ action }) => action)).toEqual(['space.delete', 'subscription.create', 'space.create']);
    for (const method of ['DELETE', 'PATCH', 'PUT', 'POST'])
      expect((await engine.call(method, '/v1/audit')).status).toBe(405);
  });

  it('shows the history of one subscription, also of a deleted one', async () => {
    const { id } = await tenant.subscribe(URL, { uid: 'crm' });
    await tenant.subscribe(URL);
    await engine.ok('POST', tenant.path('/subscriptions/crm/pause'));
    const history = async (ref: string) =>
      (await engine.ok<Page>('GET', tenant.path(`/subscriptions/${ref}/history`))).data.map(
        (one) => one.action,
      );
    expect(await history('crm')).toEqual(['subscription.pause', 'subscription.create']);
    await engine.ok('DELETE', tenant.path('/subscriptions/crm'));
    expect(await history(id)).toEqual(['subscription.delete', 'subscription.pause', 'subscription.create']);
    expect((await engine.call('GET', tenant.path('/subscriptions/crm/history'))).status).toBe(404);
  });

  it('is exported as NDJSON, more than one page of it, and as CSV in which no cell is a formula', async () => {
    await tenant.subscribe(URL, { uid: 'only_here' });
    await sql(
      `INSERT INTO posthorn.audit_entries SELECT gen_random_uuid(), space_id, actor_kind, NULL, '=HYPERLINK("x")', via, 'many.many',
        target_type, target_id, NULL, NULL, NULL, ip, user_agent, request_id
        FROM posthorn.audit_entries, generate_series(1, 2100) WHERE target_name = 'only_here'`,
    );
    const path = tenant.path('/audit/export?action=many.many');
    const answer = await fetch(engine.url + path, {
      headers: { authorization: `Bearer ${engine.adminKey}` },
    });
    expect(answer.headers.get('content-type')).toContain('application/x-ndjson');
    const lines = (await answer.text()).trimEnd().split('\n');
    expect(lines).toHaveLength(2_100);
    expect(JSON.parse(lines[0] as string)).toMatchObject({ action: 'many.many' });
    const csv = await engine.call<string>('GET', tenant.path('/audit/export?format=csv'));
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="audit.csv"');
    expect(csv.body).toContain(`"'=HYPERLINK(""x"")"`);
    expect(csv.body.split('\r\n')[0]).toContain('actorName');
    const all = await engine.call<string>('GET', '/v1/audit/export?format=csv&action=many.many');
    expect(all.body.trimEnd().split('\r\n')).toHaveLength(2_101);
  });

  it('is kept for its own time, whatever the retention of events', async () => {
    await tenant.subscribe(URL);
    const keeper = (engine.apis[0] as (typeof engine.apis)[0]).get(PartitionKeeper, { strict: false });
    clock.advance(89 * DAY_MS);
    await keeper.keep();
    expect((await entries()).length).toBeGreaterThan(0);
    clock.advance(2 * DAY_MS);
    engine.settings.auditRetentionDays = 0;
    await keeper.keep();
    expect((await entries()).length).toBeGreaterThan(0);
    engine.settings.auditRetentionDays = 90;
    await keeper.keep();
    expect(await entries()).toEqual([]);
  });
});
