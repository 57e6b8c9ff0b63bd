import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../support/condition.js';
import type { ReceivedRequest } from '../support/receiver.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

/** As the other system has it: any text. */
const SECRET = '5f676d196c3e49763780162994df98e66d091797';
const OURS = `whsec_${Buffer.from(SECRET).toString('base64')}`;
const ID = '1a01cb48-5142-4d9b-8f90-d20cca61f0ee';

const { engine, tenant, receiver } = useStory();

async function deliver(signature: object, fields: object = {}): Promise<ReceivedRequest> {
  await tenant.subscribe(receiver.url, {
    ...{ secret: OURS, profileOptions: { signature }, body: { format: 'data' } },
    ...fields,
  });
  await tenant.publish({ type: 'lead.create', id: ID, data: { name: 'Ada', n: 1 } });
  const [request] = await receiver.received(1);
  return request as ReceivedRequest;
}

const hmac = (text: string, { secret = SECRET, hash = 'sha256' } = {}) =>
  createHmac(hash, secret).update(text);

/** Checks written from what the vendors tell their receivers. */
const VERIFIERS: Record<string, (body: string, headers: Record<string, string>) => boolean> = {
  // Outpost: "v0=" and signatures with commas between them, hex, over the body.
  outpost: (body, headers) =>
    headers['x-outpost-event-id'] === ID &&
    headers['x-outpost-topic'] === 'lead.create' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(headers['x-outpost-timestamp'] ?? '') &&
    Math.abs(Date.parse(headers['x-outpost-timestamp'] ?? '') - Date.now()) < 60_000 &&
    (headers['x-outpost-signature'] ?? '').replace('v0=', '').split(',').includes(hmac(body).digest('hex')),
  // Outpost from 0.12 to 0.15: the same, and the time in Unix seconds.
  'outpost-0.12': (body, headers) =>
    Math.abs(Number(headers['x-outpost-timestamp']) - Date.now() / 1_000) < 60 &&
    headers['x-outpost-signature'] === `v0=${hmac(body).digest('hex')}`,
  // Outpost until 0.11: "t=…,v0=…", over the time, a dot and the body.
  'outpost-0.11': (body, headers) => {
    const [, time = '', signature] = /^t=(\d+),v0=(\w+)$/.exec(headers['x-outpost-signature'] ?? '') ?? [];
    return signature === hmac(`${time}.${body}`).digest('hex') && headers['x-outpost-timestamp'] === time;
  },
  // Convoy, simple: the HMAC of the body alone.
  convoy: (body, headers) => headers['x-convoy-signature'] === hmac(body).digest('hex'),
  // Convoy, advanced: "t=…,v1=…", over the time, a comma and the body.
  'convoy-advanced': (body, headers) => {
    const parts = (headers['x-convoy-signature'] ?? '').split(',').map((part) => part.split('='));
    const time = parts.find(([name]) => name === 't')?.[1] ?? '';
    return parts.some(([name, value]) => name === 'v1' && value === hmac(`${time},${body}`).digest('hex'));
  },
  // Hook0, v1: the time, the names of headers with blanks, their values with dots, and the body.
  hook0: (body, headers) => {
    const parts = new Map(
      (headers['x-hook0-signature'] ?? '').split(',').map((part) => part.split('=') as [string, string]),
    );
    const names = parts.get('h') ?? '';
    const values = names.split(' ').map((name) => headers[name] ?? '');
    const signed = `${parts.get('t')}.${names}.${values.join('.')}.${body}`;
    return (
      parts.get('v1') === hmac(signed).digest('hex') &&
      headers['x-event-id'] === ID &&
      headers['x-event-type'] === 'lead.create'
    );
  },
  // Hook0, v0: the time, a dot and the body.
  'hook0-v0': (body, headers) => {
    const [, time = '', signature] = /^t=(\d+),v0=(\w+)$/.exec(headers['x-hook0-signature'] ?? '') ?? [];
    return signature === hmac(`${time}.${body}`).digest('hex') && headers['x-event-id'] === ID;
  },
  // Svix: base64 of the HMAC over id, time and body, with the bytes inside `whsec_`.
  svix: (body, headers) => {
    const { 'svix-id': id = '', 'svix-timestamp': time = '', 'svix-signature': signatures = '' } = headers;
    const expected = hmac(`${id}.${time}.${body}`).digest('base64');
    return signatures.split(' ').some((one) => one === `v1,${expected}`);
  },
};

describe.each(Object.keys(VERIFIERS))('the style %s', (style) => {
  it('is what a receiver of that system accepts, and Standard Webhooks beside it', async () => {
    const { body, headers } = await deliver({ style });
    const text = body.toString();
    const given = headers as Record<string, string>;
    const accepts = VERIFIERS[style] as (text: string, headers: Record<string, string>) => boolean;
    expect(accepts(text, given)).toBe(true);
    expect(accepts(`${text} `, given)).toBe(false);
    expect(() => new Webhook(OURS).verify(text, given)).not.toThrow();
  });
});

it('is another header, hash and encoding where the subscription says so', async () => {
  const { body, headers } = await deliver({
    ...{ style: 'convoy', header: 'x-acme-signature', hash: 'sha512', encoding: 'base64' },
  });
  const expected = hmac(body.toString(), { hash: 'sha512' }).digest('base64');
  expect(headers['x-acme-signature']).toBe(expected);
  expect(headers['x-convoy-signature']).toBeUndefined();
});

it('stands once, whatever headers of its own the subscription has, and is in the log', async () => {
  const { headers, rawHeaders } = await deliver(
    { style: 'outpost', header: 'x-acme-' },
    { headers: { 'X-Acme-Signature': 'v0=forged', 'x-acme-plan': 'pro' } },
  );
  expect(rawHeaders.filter((name) => name.toLowerCase() === 'x-acme-signature')).toHaveLength(1);
  expect(headers['x-acme-signature']).not.toContain('forged');
  expect(headers['x-acme-plan']).toBe('pro');
  const attempt = await eventually(async () => {
    const [delivery] = await tenant.deliveries();
    const path = tenant.path(`/deliveries/${delivery?.id}/attempts/1`);
    const { status, body } = await engine.call<{ request: { headers: [string, string][] } }>('GET', path);
    return status === 200 && body;
  });
  expect(JSON.stringify(attempt)).toContain('x-acme-signature');
});

it('signs with both secrets for the overlap of a rotation', async () => {
  const sub = await tenant.subscribe(receiver.url, {
    ...{ secret: OURS, profileOptions: { signature: { style: 'outpost' } }, body: { format: 'data' } },
  });
  const rotated = await engine.ok<{ secret: string }>(
    ...(['POST', tenant.path(`/subscriptions/${sub.id}/secret/rotate`), {}] as const),
  );
  await tenant.publish({ type: 'lead.create', data: {} });
  const [request] = await receiver.received(1);
  const key = Buffer.from(rotated.secret.slice('whsec_'.length), 'base64');
  const expected = [createHmac('sha256', key).update('{}').digest('hex'), hmac('{}').digest('hex')];
  expect(request?.headers['x-outpost-signature']).toBe(`v0=${expected.join(',')}`);
});

it('is refused where it could break a request or replace another header, and can be taken away', async () => {
  const sub = await tenant.subscribe(receiver.url, { uid: 'styled' });
  const path = tenant.path(`/subscriptions/${sub.id}`);
  const refused = async (signature: unknown) => {
    const { status, body } = await engine.call<Problem>('PATCH', path, { profileOptions: { signature } });
    expect([status, body.errors?.[0]?.path]).toEqual([422, 'profileOptions.signature']);
    return body.errors?.[0]?.message;
  };
  for (const header of [
    'x-a\r\nx-evil',
    'x a',
    '',
    'host',
    'content-type',
    'webhook-signature',
    'X-Upper',
    7,
  ])
    await refused({ style: 'convoy', header });
  for (const header of ['webhook-', 'content-', 'x\n', 'x'.repeat(65)])
    await refused({ style: 'outpost', header });
  expect(await refused({ style: 'stripe' })).toContain('"outpost"');
  await refused('outpost');
  await refused({ style: 'convoy', hash: 'md5' });
  await refused({ style: 'convoy', encoding: 'hexagon' });
  await refused({ style: 'convoy', secret: 'x' });
  const { status } = await engine.call('POST', tenant.path('/subscriptions'), {
    ...{ url: receiver.url, profileOptions: { signature: { style: 'convoy', header: 'a:b' } } },
  });
  expect(status).toBe(422);
  await engine.ok('PATCH', path, { profileOptions: { signature: { style: 'hook0' } } });
  await engine.ok('PATCH', path, { profileOptions: { signature: null } });
  await tenant.publish({ type: 'lead.create', data: {} });
  const [request] = await receiver.received(1);
  expect(request?.headers['x-hook0-signature']).toBeUndefined();
  expect(request?.headers['webhook-signature']).toBeDefined();
});
