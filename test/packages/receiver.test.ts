import {
  createReceiver,
  memoryStore,
  requestHandler,
  type Reservation,
  type ProfileName,
  type WebhookEvent,
} from '@posthorn/receiver';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../support/condition.js';
import type { ReceivedRequest } from '../support/receiver.js';
import { startReceiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';
import { useStory } from '../support/story.js';

const { engine } = useStory();

type Headers = Record<string, string>;

interface Sample {
  profile: ProfileName;
  secret: string;
  body: string;
  headers: Headers;
}

const TYPES: Record<ProfileName, string> = {
  native: 'lead.create',
  leadlex: 'contact.created',
  smartlead: 'EMAIL_SENT',
  'breakcold-v2': 'record.created',
  breakcold: 'lead.create',
  lemlist: 'emailsSent',
};
const SECRETS: Partial<Record<ProfileName, string>> = { lemlist: 'a-secret-of-our-own' };
const PROFILES = Object.keys(TYPES) as ProfileName[];

/** A request of each profile, as a real engine sent it. */
const samples = new Map<ProfileName, Sample>();

function sampleOf(profile: ProfileName, secret: string, request: ReceivedRequest): Sample {
  const headers = Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)]));
  return { profile, secret, body: request.body.toString(), headers };
}

beforeAll(async () => {
  for (const profile of PROFILES) {
    const receiver = await startReceiver();
    const tenant = await Tenant.create(engine, profile);
    const secret = SECRETS[profile];
    const made = await tenant.subscribe(receiver.url, secret === undefined ? {} : { secret });
    await tenant.publish({ type: TYPES[profile], data: { name: 'Zoë 山田', n: 1 } });
    const [request] = await receiver.received(1);
    samples.set(profile, sampleOf(profile, secret ?? made.secret, request as ReceivedRequest));
    await receiver.close();
  }
}, 60_000);

const sample = (profile: ProfileName) => samples.get(profile) as Sample;
const receiverOf = ({ profile, secret }: Sample, options = {}) =>
  createReceiver({ profile, secrets: secret, ...options });
const verify = (given: Sample, options = {}): Promise<WebhookEvent> =>
  receiverOf(given, options).verify(given.body, given.headers);

describe.each(PROFILES)('a webhook of the profile %s', (profile) => {
  const signatureName = (headers: Headers) =>
    Object.keys(headers).find((name) => name.endsWith('-signature'));
  const timeName = (headers: Headers) =>
    profile === 'smartlead' ? undefined : Object.keys(headers).find((name) => name.endsWith('-timestamp'));

  it('is verified and read', async () => {
    const event = await verify(sample(profile));
    expect(event.type).toBe(TYPES[profile]);
    expect(event.data).toMatchObject({ name: 'Zoë 山田', n: 1 });
    expect(JSON.stringify(event.data)).not.toContain(sample(profile).secret);
    expect(event.id === null).toBe(profile === 'breakcold');
    expect(new TextDecoder().decode(event.rawBody)).toBe(sample(profile).body);
    expect(event.attemptedAt === null).toBe(timeName(sample(profile).headers) === undefined);
  });

  it('is verified with any of several secrets, whatever form headers and body have', async () => {
    const { secret, body, headers } = sample(profile);
    const other =
      profile === 'native' ? `whsec_${Buffer.alloc(32, 7).toString('base64')}` : 'another-secret-of-ours';
    const receiver = createReceiver({ profile, secrets: [other, secret] });
    const many = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toUpperCase(), [v]]));
    expect((await receiver.verify(Buffer.from(body), many)).type).toBe(TYPES[profile]);
    expect((await receiver.verify(body, new globalThis.Headers(headers))).type).toBe(TYPES[profile]);
    await expect(createReceiver({ profile, secrets: other }).verify(body, headers)).rejects.toMatchObject({
      code: 'forged',
    });
  });

  it('is refused when its headers are there twice, unless the body proves it', async () => {
    const given = sample(profile);
    const twice = Object.fromEntries(
      Object.entries(given.headers).map(([name, value]) => [name, [value, value]]),
    );
    const outcome = receiverOf(given).verify(given.body, twice);
    if (signatureName(given.headers) === undefined)
      await expect(outcome).resolves.toMatchObject({ type: TYPES[profile] });
    else await expect(outcome).rejects.toMatchObject({ code: 'missing_header' });
  });

  it('is refused when a byte of it differs', async () => {
    const given = sample(profile);
    const inBody = profile === 'lemlist' || profile === 'breakcold';
    const body = inBody
      ? given.body.replace(given.secret, `${given.secret}x`)
      : given.body.replace('Zoë', 'Zoe');
    await expect(verify({ ...given, body })).rejects.toMatchObject({ code: 'forged', status: 400 });
  });

  it('is refused without its signature, and with one that is none', async () => {
    const given = sample(profile);
    const name = signatureName(given.headers);
    if (name === undefined) {
      await expect(verify({ ...given, body: '[]' })).rejects.toMatchObject({ code: 'forged' });
      return;
    }
    const { [name]: signature = '', ...rest } = given.headers;
    await expect(verify({ ...given, headers: rest })).rejects.toMatchObject({ code: 'missing_header' });
    for (const wrong of [
      'v1,',
      'v1a,AAAA',
      signature.slice(0, -3),
      'x'.repeat(5_000),
      `sha256=${'0'.repeat(64)}`,
    ]) {
      const headers = { ...rest, [name]: wrong };
      await expect(verify({ ...given, headers })).rejects.toMatchObject({ code: 'forged' });
    }
  });

  it('is refused when its time is too far off, where it has one', async () => {
    const given = sample(profile);
    const name = timeName(given.headers);
    const { attemptedAt } = await verify(given);
    const sentAt = attemptedAt?.getTime() ?? Date.now();
    for (const [by, fits] of [
      [300_000, true],
      [-300_000, true],
      [300_001, name === undefined],
      [-300_001, name === undefined],
    ] as const) {
      const call = verify(given, { now: () => sentAt + by });
      if (fits) await expect(call).resolves.toMatchObject({ type: TYPES[profile] });
      else await expect(call).rejects.toMatchObject({ code: 'expired' });
    }
    if (name === undefined) return;
    const call = verify({ ...given, headers: { ...given.headers, [name]: 'yesterday' } });
    await expect(call).rejects.toMatchObject({ code: 'malformed' });
  });
});

it('a changed secret is verified by the old and by the new one while both sign', async () => {
  const receiver = await startReceiver();
  const tenant = await Tenant.create(engine);
  const { id, secret } = await tenant.subscribe(receiver.url);
  const path = tenant.path(`/subscriptions/${id}/secret/rotate`);
  const rotated = await engine.ok<{ secret: string }>('POST', path, {});
  await tenant.publish({ type: 'lead.create', data: {} });
  const [request] = await receiver.received(1);
  expect(rotated.secret).not.toBe(secret);
  for (const one of [secret, rotated.secret]) {
    expect((await verify(sampleOf('native', one, request as ReceivedRequest))).type).toBe('lead.create');
  }
  await receiver.close();
});

it.each([
  ['no secret', { secrets: [] }, /is empty/],
  ['an empty one', { secrets: '' }, /not of the form/],
  ['one that is no base64', { secrets: 'whsec_!' }, /not of the form "whsec_" and base64/],
])('%s is refused when the receiver is made, without showing it', (_, options, message) => {
  expect(() => createReceiver(options)).toThrow(message);
});

it.each([
  ['JSON', '{"text":"hello"}', { text: 'hello' }],
  ['a form', 'text=hello', undefined],
])('a body of a template is verified, too: %s', async (_, body, data) => {
  const { secret } = sample('native');
  const now = new Date();
  const headers = {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('evt_1', now, body),
  };
  const event = await createReceiver({ secrets: secret }).verify(body, headers);
  expect(event).toMatchObject({ id: 'evt_1', type: null, occurredAt: null });
  expect([event.data, new TextDecoder().decode(event.rawBody)]).toEqual([data, body]);
});

describe('an event', () => {
  const answers = async (handler: (request: Request) => Promise<Response>, times: number) => {
    const { body, headers } = sample('native');
    const request = () => new Request('http://x/', { method: 'POST', body, headers });
    const responses = await Promise.all(Array.from({ length: times }, () => handler(request())));
    return responses.map(({ status }) => status).sort();
  };

  it('is processed once when it comes several times at once, and when it comes later', async () => {
    let calls = 0;
    let finish = () => {};
    const handler = requestHandler(receiverOf(sample('native')), () => {
      calls += 1;
      return new Promise<void>((resolve) => (finish = resolve));
    });
    const first = answers(handler, 1);
    await eventually(() => calls === 1);
    expect(await answers(handler, 2)).toEqual([409, 409]);
    finish();
    expect(await first).toEqual([204]);
    expect(await answers(handler, 2)).toEqual([200, 200]);
    expect(calls).toBe(1);
  });

  it('is processed again when processing failed, and the failure is not hidden', async () => {
    const store = memoryStore();
    let calls = 0;
    const handler = requestHandler(receiverOf(sample('native'), { dedupe: store }), () => {
      calls += 1;
      if (calls === 1) throw new Error('our database is away');
    });
    await expect(answers(handler, 1)).rejects.toThrow('our database is away');
    expect(await answers(handler, 1)).toEqual([204]);
  });

  it('stays processed when an earlier try of it fails after its lease', async () => {
    let late = 0;
    const now = () => Date.now() + late;
    let calls = 0;
    let fail = () => {};
    const options = { dedupe: memoryStore({ now }), leaseSeconds: 10, now };
    const handler = requestHandler(receiverOf(sample('native'), options), () => {
      calls += 1;
      return calls > 1 || new Promise((_resolve, reject) => (fail = () => reject(new Error('too late'))));
    });
    const first = answers(handler, 1);
    await eventually(() => calls === 1);
    late = 10_001;
    expect(await answers(handler, 1)).toEqual([204]);
    fail();
    await expect(first).rejects.toThrow('too late');
    expect(await answers(handler, 1)).toEqual([200]);
    expect(calls).toBe(2);
  });

  it('is processed each time with `dedupe: false`', async () => {
    let calls = 0;
    const handler = requestHandler(receiverOf(sample('native'), { dedupe: false }), () => (calls += 1));
    expect(await answers(handler, 2)).toEqual([204, 204]);
    expect(calls).toBe(2);
  });

  it('is not read beyond the limit, and the log is told', async () => {
    const codes: string[] = [];
    const options = { maxBytes: 10, onRejected: ({ code }: { code: string }) => codes.push(code) };
    const handler = requestHandler(receiverOf(sample('native'), options), () => undefined);
    expect(await answers(handler, 1)).toEqual([413]);
    expect(codes).toEqual(['too_large']);
  });
});

describe('the store in memory', () => {
  it('gives an id to one, until it is done, released or its lease is over', () => {
    let now = 0;
    const store = memoryStore({ now: () => now });
    const reserve = (id: string) => store.reserve(id, 1_000) as Reservation;
    expect([reserve('a'), reserve('a'), reserve('b')]).toEqual(['new', 'busy', 'new']);
    store.release('b');
    expect(reserve('b')).toBe('new');
    now = 1_000;
    expect(reserve('a')).toBe('new');
    store.done('a', 5_000);
    expect(reserve('a')).toBe('done');
    now = 6_000;
    expect(reserve('a')).toBe('new');
  });

  it('forgets the oldest beyond its limit', () => {
    const store = memoryStore({ max: 2 });
    for (const id of ['a', 'b', 'c']) store.done(id, 1_000);
    expect(['c', 'b', 'a'].map((id) => store.reserve(id, 1))).toEqual(['done', 'done', 'new']);
  });
});
