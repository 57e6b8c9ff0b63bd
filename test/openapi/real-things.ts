import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/condition.js';

/** What schemathesis needs to know of the instance (`hooks.py`). */
export interface RealThings {
  path: Record<string, string | number>;
  query: Record<string, string>;
  /** By path of a list or an export: where it goes on. */
  cursors: Record<string, string>;
  /** By path of an operation: values of body fields that depend on the instance. */
  body: Record<string, Record<string, unknown>>;
  /** By field of a space's retention: the days that fit the instance and each other. */
  retention: Record<string, [least: number, most: number]>;
}

type Call = <T>(method: string, path: string, body?: unknown) => Promise<T>;
interface Made {
  id: string;
}

const FIXTURES = join(import.meta.dirname, '..', 'fixtures', 'tls');
const pem = (file: string) => readFileSync(join(FIXTURES, file), 'utf8');

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
/** Has a value for every event. */
const TEMPLATE = '{"type": type}';

const SPACE = '/v1/spaces/{space}';

/** Makes two of everything, so that each list has a second page, and names one of each. */
export async function makeRealThings(call: Call): Promise<RealThings> {
  await call('POST', '/v1/spaces', { name: 'First' });
  const space = await call<Made>('POST', '/v1/spaces', { name: 'Real' });
  const at = `/v1/spaces/${space.id}`;
  const twice = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    await call(method, at + path, body);
    return call<T>(method, at + path, body);
  };
  const receiver = await twice<Made & { url: string }>('POST', '/test-receivers');
  const url = receiver.url;
  const sub = await twice<Made>('POST', '/subscriptions', { url, retrySchedule: [] });
  const key = await twice<Made>('POST', '/keys', { name: 'Key', scope: 'read' });
  const link = await twice<Made>('POST', '/portal-links', { scope: 'read' });
  await call('PUT', `${at}/event-types/order.paid`, {});
  const event = await twice<Made>('POST', '/events', { type: 'lead.create', data: { id: 'lead-1' } });
  const delivery = await eventually(async () => {
    const { data } = await call<{ data: Made[] }>(
      'GET',
      `${at}/deliveries?status=succeeded&event=${event.id}`,
    );
    assert(data[0]);
    return data[0];
  });
  const job = await twice<Made>('POST', '/deliveries/retry', { event: event.id });
  await call('POST', '/v1/broadcasts', { event: { type: 'lead.create', data: {} }, tag: 'nobody' });
  const broadcast = await call<Made>('POST', '/v1/broadcasts', {
    ...{ event: { type: 'lead.create', data: {} }, tag: 'nobody' },
  });
  const ids = { space, broadcast, sub, receiver, key, link, event, delivery, job };
  const path = Object.fromEntries(Object.entries(ids).map(([name, { id }]) => [name, id]));
  return {
    path: { ...path, n: 1, name: 'order.paid' },
    query: { subscription: sub.id, event: event.id, type: 'lead.create' },
    cursors: { ...(await cursorsOf(call, path)), ...(await exportCursorsOf(call, at)) },
    body: bodiesOf(url, { subscription: sub.id, event: event.id }),
    retention: { eventsDays: [20, 30], attemptsDays: [1, 20], bodiesDays: [1, 20] },
  };
}

async function cursorsOf(call: Call, ids: Record<string, string>): Promise<Record<string, string>> {
  const lists = [
    'deliveries',
    'events',
    'events/{event}/routing',
    'jobs',
    'keys',
    'portal-links',
    'subscriptions',
  ];
  const paths = ['/v1/spaces', '/v1/broadcasts', ...lists.map((list) => `${SPACE}/${list}`)];
  const cursors = paths.map(async (path) => {
    const url = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => ids[name] ?? '');
    const { nextCursor } = await call<{ nextCursor: string }>('GET', `${url}?limit=1`);
    assert(nextCursor, `${path} has one page only`);
    return [path, nextCursor];
  });
  return Object.fromEntries(await Promise.all(cursors)) as Record<string, string>;
}

async function exportCursorsOf(call: Call, space: string): Promise<Record<string, string>> {
  const cursors = ['deliveries', 'attempts', 'events'].map(async (name) => {
    const [row] = await call<{ cursor: string }[]>('GET', `${space}/exports/${name}`);
    assert(row);
    return [`${SPACE}/exports/${name}`, row.cursor];
  });
  return Object.fromEntries(await Promise.all(cursors)) as Record<string, string>;
}

function bodiesOf(url: string, refs: Record<string, string>): RealThings['body'] {
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const subscription = {
    url,
    secret,
    events: ['lead.*'],
    template: TEMPLATE,
    profile: 'native',
    profileOptions: {},
    filter: { 'lead.city': 'Lyon' },
    eventTypeVersions: { 'lead.create': 1 },
    clientCertificate: { certificate: pem('client.pem'), key: pem('client-key.pem') },
    oauth2: { tokenUrl: `${url}/token`, clientId: 'client', clientSecret: 'secret' },
  };
  const at = `${SPACE}/subscriptions`;
  return {
    // Other profiles have catalogues of their own.
    '/v1/spaces': { profile: 'native' },
    // The other requests make more than a small limit allows.
    [SPACE]: { limits: { portalLinks: 1_000 } },
    [`${SPACE}/events`]: {
      type: 'lead.create',
      deliverAt: inDays(1),
      expiresAt: inDays(2),
      ttlSeconds: 200_000,
      version: 1,
    },
    [`${SPACE}/preview`]: {
      type: 'lead.create',
      template: TEMPLATE,
      eventTypeVersions: { 'lead.create': 1 },
    },
    [`${SPACE}/simulate`]: { type: 'lead.create' },
    [at]: subscription,
    [`${at}/{sub}`]: subscription,
    [`${at}/{sub}/test`]: { type: 'lead.create' },
    [`${at}/{sub}/preview`]: { event: refs.event, type: 'lead.create' },
    [`${at}/{sub}/replay`]: { eventTypes: ['lead.*'] },
    [`${at}/{sub}/secret/rotate`]: { secret },
    [`${SPACE}/holds`]: { event: refs.event },
    [`${SPACE}/erasures`]: { events: [refs.event] },
    [`${SPACE}/deliveries/retry`]: { ...refs, type: 'lead.create' },
    [`${SPACE}/event-types/{name}`]: { schema: {}, example: {} },
    // The other requests publish its events, and their data is anything.
    [`${SPACE}/catalogue`]: { builtInEvents: true, hidden: ['shop.*'], validation: 'off' },
    [`${SPACE}/portal`]: {
      logo: null,
      logoUrl: 'https://example.com/logo.svg',
      fontUrl: 'https://example.com/font.woff2',
      frameAncestors: ['https://app.example.com'],
      fonts: ['Inter'],
      colours: { light: { accent: '#3355ff' } },
    },
    '/v1/event-types': { schema: {}, example: {} },
    '/v1/event-types/{name}': { schema: {}, example: {} },
    [`${SPACE}/keys`]: { expiresAt: '2099-01-31T09:30:00.000Z' },
  };
}
