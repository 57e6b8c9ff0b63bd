import { Database } from '../../src/database/database.js';
import type { AuditEntry } from '../../src/audit-api/audit.dto.js';
import type { Answer, Engine } from '../support/engine.js';
import { ManualClock } from '../support/manual-clock.js';
import { SignedIn } from '../support/people.js';
import { mutatingRoutes } from '../support/mutating-routes.js';
import { readRoutes } from '../support/routes.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

/** A call that changes something, and the actions that its entries must have. */
interface Change {
  path: string;
  body?: object;
  headers?: Record<string, string>;
  actions: string[];
}

/** Makes what the call needs. */
type Prepare = () => Promise<Change> | Change;

/** Routes that change nothing that anybody decided. */
const EXEMPT: Record<string, string> = {
  'POST /v1/spaces/:space/events': 'publishing is what the event log tells of, and must cost nothing more',
  'POST /v1/spaces/:space/preview': 'it only shows what would be sent',
  'POST /v1/spaces/:space/subscriptions/:sub/preview': 'it only shows what would be sent',
  'POST /v1/spaces/:space/simulate': 'it only answers what would happen',
  'POST /v1/sign-in/oidc/logout': 'it only tells where the provider signs people out',
  'POST /v1/sign-in/link': 'nobody is signed in by asking for a link',
  'POST /v1/sign-in/link/use': 'no key can call it: sign-in-link.test.ts has its entry',
};

const URL = 'http://127.0.0.1:9/';
const clock = new ManualClock();
const { engine, tenant } = useStory({
  clock,
  workers: 0,
  tenantFor: 'block',
  // No day is finished, so the archive is not asked.
  settings: { testReceiver: true, archiveUrl: 's3://archive/x', archiveEndpoint: 'http://127.0.0.1:9' },
});
const theirs: Record<string, { tenant: Tenant; key: string }> = {};

beforeAll(async () => {
  for (const profile of ['lemlist', 'smartlead', 'leadlex']) {
    const own = await Tenant.create(engine, profile);
    theirs[profile] = { tenant: own, key: await own.key('manage') };
  }
});

const of = (profile: string) => theirs[profile] as { tenant: Tenant; key: string };
const subscribe = async (fields: object = {}) => (await tenant.subscribe(URL, fields)).id;
const here = (path: string, actions: string[], body?: object): Change => ({
  path: tenant.path(path),
  actions,
  ...(body && { body }),
});

/** A delivery that nobody takes, for no worker runs. */
async function delivery(own = tenant, sub?: string): Promise<string> {
  const id = sub ?? (await own.subscribe(URL)).id;
  const sent = await engine.ok<{ id: string }>('POST', own.path(`/subscriptions/${id}/test`), {});
  return sent.id;
}

function smartlead(path: string, actions: string[], body?: object): Change {
  clock.advance(1_000);
  const query = `?api_key=${of('smartlead').key}`;
  const headers = { authorization: '' };
  return { path: `/smartlead/api/v1${path}${query}`, actions, headers, ...(body && { body }) };
}

function leadlex(path: string, actions: string[], body?: object): Change {
  const headers = { authorization: `Bearer ${of('leadlex').key}` };
  return { path: `/leadlex/v1${path}`, actions, headers, ...(body && { body }) };
}

function lemlist(path: string, actions: string[], body?: object): Change {
  const authorization = `Basic ${Buffer.from(`:${of('lemlist').key}`).toString('base64')}`;
  return { path: `/lemlist/api${path}`, actions, headers: { authorization }, ...(body && { body }) };
}

async function providerId(profile: string, fields: object = {}): Promise<{ id: string; providerId: string }> {
  return engine.ok('POST', of(profile).tenant.path('/subscriptions'), { url: URL, ...fields });
}

const smartleadHook = async () => (await providerId('smartlead', CAMPAIGN)).providerId;
const leadlexHook = async () => {
  const { id } = await providerId('leadlex');
  return { sub: id, uuid: dashed(id) };
};
const dashed = (id: string) => id.slice(4).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
const CAMPAIGN = { scope: { level: 'campaign', campaignId: '123' } };
const SAVED = { webhook_url: 'http://127.0.0.1:9/changed' };
/** The address of somebody without a role. */
const person = async () =>
  (await engine.ok<{ email: string }>('POST', '/v1/people', { email: `${fresh('p')}@example.com` })).email;
let count = 0;
const fresh = (name: string) => `${name}_${(count += 1)}`;

const ROUTES: Record<string, Prepare> = {
  'POST /v1/secrets/reseal': () => ({ path: '/v1/secrets/reseal', actions: ['secrets.reseal'] }),
  'POST /v1/archive/run': () => ({ path: '/v1/archive/run', actions: ['archive.run'] }),
  'POST /v1/broadcasts': () => ({
    path: '/v1/broadcasts',
    body: { event: { type: 'lead.create', data: {} } },
    actions: ['broadcast.create'],
  }),
  'POST /v1/broadcasts/:broadcast/cancel': async () => {
    const event = { type: 'lead.create', data: {} };
    const made = await engine.ok('POST', '/v1/broadcasts', { event, tag: 'nobody' });
    return { path: `/v1/broadcasts/${String(made.id)}/cancel`, actions: ['broadcast.cancel'] };
  },
  'POST /v1/people': () => ({
    path: '/v1/people',
    body: { email: `${fresh('p')}@example.com`, role: 'viewer' },
    actions: ['person.create'],
  }),
  'PATCH /v1/people/:person': async () => ({
    path: `/v1/people/${await person()}`,
    body: { role: 'viewer' },
    actions: ['person.update'],
  }),
  'DELETE /v1/people/:person': async () => ({
    path: `/v1/people/${await person()}`,
    actions: ['person.delete'],
  }),
  'DELETE /v1/sessions/:session': async () => {
    const { id } = await SignedIn.as(engine, 'viewer', `${fresh('p')}@example.com`);
    const { data } = await engine.ok<{ data: { id: string }[] }>('GET', `/v1/sessions?person=${id}`);
    return { path: `/v1/sessions/${data[0]?.id ?? ''}`, actions: ['session.end'] };
  },
  'POST /v1/spaces/:space/people': async () =>
    here('/people', ['person.space_role'], { email: await person(), role: 'viewer' }),
  'PUT /v1/spaces/:space/people/:person': async () =>
    here(`/people/${await person()}`, ['person.space_role'], { role: 'viewer' }),
  'DELETE /v1/spaces/:space/people/:person': async () => {
    const email = await person();
    await engine.ok('PUT', tenant.path(`/people/${email}`), { role: 'viewer' });
    return here(`/people/${email}`, ['person.space_role']);
  },
  'POST /v1/spaces': () => ({ path: '/v1/spaces', body: { name: 'new' }, actions: ['space.create'] }),
  'PATCH /v1/spaces/:space': () => here('', ['space.update'], { name: fresh('renamed') }),
  'DELETE /v1/spaces/:space': async () => {
    const other = await Tenant.create(engine);
    return { path: `/v1/spaces/${other.uid}`, actions: ['space.delete'] };
  },
  'POST /v1/spaces/:space/deliveries/retry': () =>
    here('/deliveries/retry', ['job.create'], { status: 'failed' }),
  'POST /v1/spaces/:space/deliveries/:delivery/cancel': async () =>
    here(`/deliveries/${await delivery()}/cancel`, ['delivery.cancel']),
  'POST /v1/spaces/:space/deliveries/:delivery/retry': async () =>
    here(`/deliveries/${await delivery()}/retry`, ['delivery.retry']),
  'PATCH /v1/spaces/:space/catalogue': () => here('/catalogue', ['space.update'], { hidden: [fresh('x.y')] }),
  'PATCH /v1/spaces/:space/portal': () => here('/portal', ['space.portal'], { name: fresh('Acme') }),
  'PUT /v1/event-types/:name': () => ({
    path: `/v1/event-types/${fresh('shared.type')}`,
    body: { description: 'Ours.' },
    actions: ['event_type.create'],
  }),
  'PUT /v1/event-types': () => ({
    path: '/v1/event-types',
    body: { types: { [fresh('synced.type')]: {} } },
    actions: ['event_type.create'],
  }),
  'DELETE /v1/event-types/:name': async () => {
    const path = `/v1/event-types/${fresh('shared.type')}`;
    await engine.ok('PUT', path, {});
    return { path, actions: ['event_type.delete'] };
  },
  'PUT /v1/spaces/:space/event-types/:name': () =>
    here(`/event-types/${fresh('own.type')}`, ['event_type.create'], { description: 'Mine.' }),
  'DELETE /v1/spaces/:space/event-types/:name': async () => {
    const name = fresh('own.type');
    await engine.ok('PUT', tenant.path(`/event-types/${name}`), {});
    return here(`/event-types/${name}`, ['event_type.delete']);
  },
  'PATCH /v1/spaces/:space/jobs/:job': async () => {
    const wanted = { status: 'failed', delaySeconds: 60 };
    const job = await engine.ok('POST', tenant.path('/deliveries/retry'), wanted);
    return here(`/jobs/${String(job.id)}`, ['job.update'], { perSecond: 5 });
  },
  'POST /v1/spaces/:space/jobs/:job/cancel': async () => {
    const job = await engine.ok('POST', tenant.path('/deliveries/retry'), { status: 'failed' });
    return here(`/jobs/${String(job.id)}/cancel`, ['job.cancel']);
  },
  'POST /v1/spaces/:space/erasures': () => here('/erasures', ['job.create'], { subjectId: 'nobody' }),
  'POST /v1/spaces/:space/erasures/:erasure/cancel': async () => {
    const erasure = await engine.ok('POST', tenant.path('/erasures'), { subjectId: 'nobody' });
    return here(`/erasures/${String(erasure.id)}/cancel`, ['job.cancel']);
  },
  'POST /v1/spaces/:space/holds': () =>
    here('/holds', ['legal_hold.set'], { reason: 'r', subjectId: 'somebody' }),
  'POST /v1/spaces/:space/holds/:hold/release': async () => {
    const hold = await engine.ok('POST', tenant.path('/holds'), { reason: 'r', subjectId: 'somebody' });
    return here(`/holds/${String(hold.id)}/release`, ['legal_hold.release']);
  },
  'POST /v1/spaces/:space/keys': () => here('/keys', ['key.create'], { name: 'new', scope: 'read' }),
  'DELETE /v1/spaces/:space/keys/:key': async () => {
    const key = await engine.ok('POST', tenant.path('/keys'), { name: 'old', scope: 'read' });
    return here(`/keys/${String(key.id)}`, ['key.revoke']);
  },
  'POST /v1/spaces/:space/portal-links': () =>
    here('/portal-links', ['portal_link.create'], { scope: 'read' }),
  'DELETE /v1/spaces/:space/portal-links/:link': async () => {
    const link = await engine.ok('POST', tenant.path('/portal-links'), { scope: 'read' });
    return here(`/portal-links/${String(link.id)}`, ['portal_link.revoke']);
  },
  'POST /v1/spaces/:space/subscriptions': () => here('/subscriptions', ['subscription.create'], { url: URL }),
  'PUT /v1/spaces/:space/subscriptions/:sub': () =>
    here(`/subscriptions/${fresh('put')}`, ['subscription.create'], { url: URL }),
  'PATCH /v1/spaces/:space/subscriptions/:sub': async () =>
    here(`/subscriptions/${await subscribe()}`, ['subscription.update'], { description: 'changed' }),
  'DELETE /v1/spaces/:space/subscriptions/:sub': async () =>
    here(`/subscriptions/${await subscribe()}`, ['subscription.delete']),
  'DELETE /v1/spaces/:space/subscriptions/:sub/lost': async () =>
    here(`/subscriptions/${await subscribe()}/lost`, ['subscription.forget_lost']),
  'POST /v1/spaces/:space/subscriptions/:sub/pause': async () =>
    here(`/subscriptions/${await subscribe()}/pause`, ['subscription.pause']),
  'POST /v1/spaces/:space/subscriptions/:sub/resume': async () => {
    const id = await subscribe();
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    return here(`/subscriptions/${id}/resume`, ['subscription.resume'], {});
  },
  'POST /v1/spaces/:space/subscriptions/:sub/wake': async () => {
    const id = await subscribe();
    const text = `UPDATE posthorn.subscriptions SET waits_until = $2::timestamptz + interval '1 hour', waits_since = $2 WHERE id = $1`;
    await sqlOf(engine)({ name: '', text }, [dashed(id), clock.date()]);
    return here(`/subscriptions/${id}/wake`, ['subscription.wake']);
  },
  'POST /v1/spaces/:space/subscriptions/:sub/secret/rotate': async () =>
    here(`/subscriptions/${await subscribe()}/secret/rotate`, ['subscription.rotate_secret'], {}),
  'POST /v1/spaces/:space/subscriptions/:sub/test': async () =>
    here(`/subscriptions/${await subscribe()}/test`, ['subscription.test'], {}),
  'POST /v1/spaces/:space/subscriptions/:sub/replay': async () =>
    here(`/subscriptions/${await subscribe()}/replay`, ['job.create'], { since: '2020-01-01T00:00:00Z' }),
  'POST /v1/spaces/:space/subscriptions/:sub/drain': async () =>
    here(`/subscriptions/${await subscribe()}/drain`, ['job.create'], { perSecond: 5 }),
  'POST /v1/spaces/:space/test-receivers': () => here('/test-receivers', ['test_receiver.create']),
  'PATCH /v1/spaces/:space/test-receivers/:receiver': async () => {
    const receiver = await engine.ok('POST', tenant.path('/test-receivers'));
    return here(`/test-receivers/${String(receiver.id)}`, ['test_receiver.update'], { status: 500 });
  },
  'POST /lemlist/api/hooks': () =>
    lemlist('/hooks', ['subscription.create'], { targetUrl: 'http://127.0.0.1:9/', type: 'emailsSent' }),
  'DELETE /lemlist/api/hooks/:hookId': async () => {
    const hook = await providerId('lemlist');
    return lemlist(`/hooks/${hook.providerId}`, ['subscription.delete']);
  },
  'POST /leadlex/v1/webhooks': () =>
    leadlex('/webhooks', ['subscription.create'], {
      ...{ url: 'http://127.0.0.1:9/', events: ['contact.created'], active: false },
    }),
  'PATCH /leadlex/v1/webhooks/:id': async () =>
    leadlex(`/webhooks/${(await leadlexHook()).uuid}`, ['subscription.update'], { description: 'changed' }),
  'DELETE /leadlex/v1/webhooks/:id': async () =>
    leadlex(`/webhooks/${(await leadlexHook()).uuid}`, ['subscription.delete']),
  'POST /leadlex/v1/webhooks/:id/test': async () =>
    leadlex(`/webhooks/${(await leadlexHook()).uuid}/test`, ['subscription.test'], {}),
  'POST /leadlex/v1/webhooks/:id/logs/:delivery/retry': async () => {
    const { sub, uuid } = await leadlexHook();
    const sent = dashed(await delivery(of('leadlex').tenant, sub));
    return leadlex(`/webhooks/${uuid}/logs/${sent}/retry`, ['delivery.retry']);
  },
  'POST /smartlead/api/v1/webhook/create': () =>
    smartlead('/webhook/create', ['subscription.create'], {
      ...{
        webhook_url: 'http://127.0.0.1:9/',
        association_type: 1,
        force_create: true,
        event_type_map: { EMAIL_SENT: true },
      },
    }),
  'PUT /smartlead/api/v1/webhook/update/:id': async () =>
    smartlead(`/webhook/update/${await smartleadHook()}`, ['subscription.update'], SAVED),
  'POST /smartlead/api/v1/webhook/update/:id': async () =>
    smartlead(`/webhook/update/${await smartleadHook()}`, ['subscription.update'], SAVED),
  'PATCH /smartlead/api/v1/webhook/update/:id': async () =>
    smartlead(`/webhook/update/${await smartleadHook()}`, ['subscription.update'], SAVED),
  'DELETE /smartlead/api/v1/webhook/delete/:id': async () =>
    smartlead(`/webhook/delete/${await smartleadHook()}`, ['subscription.delete']),
  'PUT /smartlead/api/v1/user/settings': () => {
    const body = { notify_on_disconnect: { webhookUrl: `http://127.0.0.1:9/${fresh('put')}` } };
    return smartlead('/user/settings', ['subscription.create'], body);
  },
  'PATCH /smartlead/api/v1/user/settings': async () => {
    const settings = (webhookUrl: string | null) => ({ notify_on_linkedin_disconnect: { webhookUrl } });
    const {
      path,
      headers = {},
      body,
    } = smartlead('/user/settings', [], settings('http://127.0.0.1:9/first'));
    await engine.call('PATCH', path, body, { headers });
    return smartlead('/user/settings', ['subscription.delete'], settings(null));
  },
  'POST /smartlead/api/v1/campaigns/:campaign/webhooks': () =>
    smartlead('/campaigns/123/webhooks', ['subscription.create'], {
      ...{ name: 'x', webhook_url: 'http://127.0.0.1:9/', event_types: ['EMAIL_SENT'], categories: [] },
    }),
  'DELETE /smartlead/api/v1/campaigns/:campaign/webhooks': async () =>
    smartlead('/campaigns/123/webhooks', ['subscription.delete'], { id: Number(await smartleadHook()) }),
  'DELETE /smartlead/api/v1/campaigns/:campaign/webhooks/:id': async () =>
    smartlead(`/campaigns/123/webhooks/${await smartleadHook()}`, ['subscription.delete']),
  'POST /smartlead/api/v1/campaigns/:campaign/webhooks/retrigger-failed-events': async () => {
    const hook = await providerId('smartlead', CAMPAIGN);
    const id = await delivery(of('smartlead').tenant, hook.id);
    const text = `UPDATE posthorn.deliveries SET status = 'failed', next_attempt_at = NULL, finished_at = $2 WHERE id = $1`;
    await sqlOf(engine)({ name: '', text }, [dashed(id), clock.date()]);
    clock.advance(1_000);
    const now = clock.now();
    const [fromTime, toTime] = [now - 3_600_000, now + 3_600_000].map((time) => new Date(time).toISOString());
    return smartlead('/campaigns/123/webhooks/retrigger-failed-events', ['job.create'], { fromTime, toTime });
  },
};

const sqlOf = (one: Engine) => (one.apis[0] as (typeof one.apis)[0]).get(Database).sql;

async function send(
  route: string,
  { path, body, headers }: Change,
  requestId: string,
): Promise<Answer<unknown>> {
  const [method = ''] = route.split(' ');
  return engine.call(method, path, body, { headers: { 'x-request-id': requestId, ...headers } });
}

async function entriesOf(requestId: string): Promise<AuditEntry[]> {
  const page = await engine.ok<{ data: AuditEntry[] }>('GET', '/v1/audit?limit=20');
  return page.data.filter((entry) => entry.requestId === requestId).reverse();
}

it('knows every route of the API and of the providers’ that is no GET', () => {
  const known = [...Object.keys(ROUTES), ...Object.keys(EXEMPT)].sort();
  expect(mutatingRoutes(engine.apis[0] as (typeof engine.apis)[0])).toEqual(known);
  const documented = readRoutes().filter(({ method }) => method !== 'GET');
  for (const { method, path } of documented)
    expect(known).toContain(`${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
});

it.each(Object.keys(ROUTES))('writes down who called %s', async (route) => {
  const change = await (ROUTES[route] as Prepare)();
  const requestId = fresh('request');
  const answer = await send(route, change, requestId);
  if (answer.status >= 300) throw new Error(JSON.stringify(answer.body));
  const entries = await entriesOf(requestId);
  expect(entries.map(({ action }) => action)).toEqual(change.actions);
  const isProviders = !change.path.startsWith('/v1');
  for (const entry of entries)
    expect(entry).toMatchObject({
      actor: { kind: isProviders ? 'key' : 'admin' },
      via: isProviders ? 'provider_api' : 'api',
      ip: '127.0.0.1',
    });
});

/** How an entry cannot be written: with the statement, or with the commit. */
const REFUSALS = {
  'at once':
    'CREATE TRIGGER refuse BEFORE INSERT ON posthorn.audit_entries FOR EACH ROW EXECUTE FUNCTION posthorn.refuse()',
  'by the commit': `CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON posthorn.audit_entries DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION posthorn.refuse()`,
};

const REFUSE = `CREATE OR REPLACE FUNCTION posthorn.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$`;

/** All that is stored but for what changes by itself. */
async function stored(): Promise<Record<string, string>> {
  const sql = sqlOf(engine);
  const tables = await sql<{ name: string }>({
    name: '',
    text: `SELECT relname AS name FROM pg_class WHERE relnamespace = 'posthorn'::regnamespace AND relkind IN ('r', 'p')
      AND NOT relispartition AND relname NOT IN ('workers', 'processes', 'rate_limits', 'migrations')`,
  });
  const rows = await Promise.all(
    tables.map(async ({ name }) => {
      const columns = name === 'api_keys' ? `(t.id, t.name, t.scope)::text` : 't::text';
      const text = `SELECT md5(coalesce(string_agg(${columns}, ',' ORDER BY ${columns}), '')) AS sum FROM posthorn.${name} t`;
      const [row] = await sql<{ sum: string }>({ name: '', text });
      return [name, row?.sum ?? ''] as const;
    }),
  );
  return Object.fromEntries(rows);
}

describe.each(Object.keys(REFUSALS) as (keyof typeof REFUSALS)[])('an entry that is refused %s', (how) => {
  it.each(Object.keys(ROUTES))('leaves nothing of %s', async (route) => {
    const change = await (ROUTES[route] as Prepare)();
    const sql = sqlOf(engine);
    await sql({ name: '', text: REFUSE });
    await sql({ name: '', text: REFUSALS[how] });
    try {
      const before = await stored();
      const { status } = await send(route, change, fresh('refused'));
      expect(status).toBeGreaterThanOrEqual(500);
      expect(await stored()).toEqual(before);
    } finally {
      await sql({ name: '', text: 'DROP TRIGGER refuse ON posthorn.audit_entries' });
    }
  });
});
