import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { Webhook } from 'standardwebhooks';
import { Invalid } from '../../src/core/errors.js';
import { newUuid, publicId } from '../../src/core/ids.js';
import type { StoredEvent } from '../../src/core/domain-types.js';
import type { EventMap, EventName, TypedEvent } from '../../src/events/event-map.js';
import { nativeProfile } from '../../src/profiles/native/native.profile.js';
import { knownProfiles, profileOf } from '../../src/profiles/registry.js';
import { HOOK, rendering } from '../support/hooks.js';

const fixtures = join(import.meta.dirname, '../fixtures/providers');
const { catalogue } = nativeProfile;

function typeNamed(name: string) {
  const found = catalogue.find((type) => type.name === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
}

describe('the native catalogue', () => {
  it('begins with exactly the events the provider document names, in its order', async () => {
    const yaml = await readFile(join(fixtures, 'events.yaml'), 'utf8');
    const section = /^breakcold:.*\n((?: {2}- .*\n)+)/m.exec(yaml)?.[1] ?? '';
    const names = [...section.matchAll(/name: "([^"]+)"/g)].map((match) => match[1]);

    expect(names).toHaveLength(25);
    expect(catalogue.slice(0, 25).map((type) => type.name)).toEqual(names);
    expect(catalogue.slice(25).map((type) => type.name)).toEqual([
      'email.send',
      'email.open',
      'email.click',
      'email.reply',
      'email.bounce',
      'lead.unsubscribe',
    ]);
  });

  it('groups them in seven families', () => {
    const sizes: Record<string, number> = {};
    for (const { family } of catalogue) sizes[family] = (sizes[family] ?? 0) + 1;

    expect(sizes).toEqual({
      Lead: 3,
      'Lead activity': 10,
      Campaign: 3,
      List: 3,
      Status: 3,
      Tag: 3,
      Email: 6,
    });
  });

  it.each(catalogue)('says what $name means, and shows it with a valid example', (type) => {
    const accepts = new Ajv2020({ strict: false, validateFormats: false }).compile(type.schema);

    expect(type.description).toMatch(/^[A-Z].*\.$/);
    expect(accepts(type.example)).toBe(true);
    expect(accepts({ ...type.example, a_field_of_the_hosts_own: 1 })).toBe(true);
    expect(accepts({})).toBe(false);
  });

  it('shows lead.create with the payload the provider document shows, all 36 fields of it', async () => {
    const text = await readFile(join(fixtures, 'payloads/breakcold/lead.create.json'), 'utf8');
    const { payload } = JSON.parse(text) as { payload: object };
    const { example, schema } = typeNamed('lead.create');

    expect(JSON.stringify(example)).toBe(JSON.stringify(payload));
    expect(Object.keys((schema as { properties: object }).properties)).toEqual(Object.keys(payload));
  });

  it('describes fields with plain JSON Schema, nulls included', () => {
    const { properties, required } = JSON.parse(JSON.stringify(typeNamed('lead.create').schema)) as {
      properties: Record<string, object>;
      required: string[];
    };

    expect(properties.email).toEqual({ anyOf: [{ type: 'string' }, { type: 'null' }] });
    expect(properties.is_deleted).toEqual({ type: 'boolean' });
    expect(required).toEqual(['id']);
  });
});

describe('the native body', () => {
  const stored: StoredEvent = {
    id: newUuid(0),
    spaceId: newUuid(0),
    type: 'lead.create',
    occurredAt: new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6)),
    scope: {},
    data: '{}',
    trace: null,
  };

  it('carries the data byte for byte, with its key order, its spaces and its 1.0', () => {
    const data = '{"z":1.0, "10":"é😀","9":1e400,"a":{"b":12345678901234567890}}';

    expect(nativeProfile.render(rendering({ ...stored, data }))).toEqual(
      Buffer.from(`{"type":"lead.create","timestamp":"2026-01-02T03:04:05.006Z","data":${data}}`),
    );
  });

  it('is the same for every attempt', () => {
    expect(nativeProfile.render(rendering(stored))).toEqual(nativeProfile.render(rendering({ ...stored })));
  });
});

describe('the native proof', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const key = Buffer.from('31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0', 'hex');
  const eventId = '0191e8a0-7b2c-7d3e-8f40-123456789abc';
  const about = { eventId, publisherId: null, type: 'lead.create', hook: HOOK };
  const body = Buffer.from('{"type":"lead.create","timestamp":"2026-01-02T03:04:05.006Z","data":{"a":1.0}}');

  it('signs id, time and body as Standard Webhooks 1.0 does', () => {
    const headers = nativeProfile.authenticationHeaders({
      ...about,
      deliveryId: newUuid(0),
      attemptAt: 1767323045999,
      body,
      keys: [key],
    });

    expect(headers).toEqual({
      'webhook-id': 'evt_0191e8a07b2c7d3e8f40123456789abc',
      'webhook-timestamp': '1767323045',
      // Computed with `openssl dgst -sha256 -mac HMAC`.
      'webhook-signature': 'v1,eUwyQyyM4QwlqnzO9HPziXFPr/xT5gwqILgiSj46UqU=',
    });
    expect(Object.keys(headers)).toEqual(['webhook-id', 'webhook-timestamp', 'webhook-signature']);
  });

  it('is accepted by the stock verifier, and not for other bytes', () => {
    const headers = nativeProfile.authenticationHeaders({
      ...about,
      deliveryId: newUuid(0),
      attemptAt: Date.now(),
      body,
      keys: [key],
    });
    const verifier = new Webhook(secret);

    expect(verifier.verify(body, headers)).toEqual(JSON.parse(body.toString()));
    expect(() => verifier.verify(`${body.toString()} `, headers)).toThrow('No matching signature');
  });

  it('signs once per live key, newest first, so that holders of either key accept it', () => {
    const older = Buffer.alloc(32, 7);
    const attemptAt = Date.now();
    const headers = nativeProfile.authenticationHeaders({
      ...about,
      deliveryId: newUuid(0),
      attemptAt,
      body,
      keys: [key, older],
    });
    const signed = `${publicId('evt', eventId)}.${Math.floor(attemptAt / 1000)}.${body.toString()}`;
    const signature = (bytes: Buffer) => `v1,${createHmac('sha256', bytes).update(signed).digest('base64')}`;

    expect(headers['webhook-signature']).toBe(`${signature(key)} ${signature(older)}`);
    for (const holder of [secret, older.toString('base64')])
      expect(new Webhook(holder).verify(body, headers)).toBeDefined();
  });

  it('changes with every attempt, except for the id', () => {
    const input = { ...about, deliveryId: newUuid(0), body, keys: [key] };
    const first = nativeProfile.authenticationHeaders({ ...input, attemptAt: 1_000_000 });
    const second = nativeProfile.authenticationHeaders({ ...input, attemptAt: 6_000_000 });

    expect(second['webhook-id']).toBe(first['webhook-id']);
    expect(second['webhook-timestamp']).toBe('6000');
    expect(second['webhook-signature']).not.toBe(first['webhook-signature']);
  });
});

describe('the native profile', () => {
  it.each([200, 201, 202, 204, 299])('takes %i as delivered', (status) => {
    expect(nativeProfile.classifyResponse(status, {})).toBe('delivered');
  });

  it.each([100, 199, 300, 301, 304, 400, 429, 500, 503])('takes %i as failed', (status) => {
    expect(nativeProfile.classifyResponse(status, {})).toBe('failed');
  });

  it('takes a 410 for the end', () => {
    expect(nativeProfile.classifyResponse(410, {})).toBe('gone');
  });
});

describe('the registry', () => {
  it('gives every profile it knows, by name', () => {
    for (const name of knownProfiles()) expect(profileOf(name).name).toBe(name);
    expect(knownProfiles()).toContain('native');
  });

  it('refuses the ones this release does not have', () => {
    expect(() => profileOf('outlook')).toThrow(Invalid);
    expect(() => profileOf('outlook')).toThrow(
      'profile: There is no profile "outlook". Choose one of: native',
    );
  });
});

// What matters below is that it compiles, and that the marked lines do not.
// By way of the package's entry, as everywhere: TypeScript loses one of two augmentations that take different ways.
declare module '../../src/index.js' {
  interface CustomEvents {
    'test.custom': { total: number };
    'list.create': { colour_of_the_host?: string };
  }
}

function typed(event: TypedEvent): EventName {
  return event.type;
}

describe('the typed event', () => {
  it('takes the data its type asks for', () => {
    expect(typed({ type: 'lead.create', data: { id: 'lead_1', email: null } })).toBe('lead.create');
    expect(typed({ type: 'lead.track', data: { lead: { id: 'lead_1' }, is_tracked: true } })).toBe(
      'lead.track',
    );
    // @ts-expect-error a lead's email is a string or null
    typed({ type: 'lead.create', data: { id: 'lead_1', email: 1 } });
    // @ts-expect-error a lead has an id
    typed({ type: 'lead.create', data: {} });
    // @ts-expect-error the data of another type
    typed({ type: 'tag.create', data: { lead: { id: 'lead_1' }, is_tracked: true } });
  });

  it('takes no name it does not know', () => {
    // @ts-expect-error there is no such event
    expect(typed({ type: 'lead.created', data: { id: 'lead_1' } })).toBe('lead.created');
  });

  it("takes the host's own events, and its own fields on built-in ones", () => {
    const created: EventMap['list.create'] = { id: 'list_1', name: 'A', colour_of_the_host: 'red' };

    expect(typed({ type: 'test.custom', data: { total: 1 } })).toBe('test.custom');
    expect(typed({ type: 'list.create', data: created })).toBe('list.create');
    // @ts-expect-error the total is a number
    typed({ type: 'test.custom', data: { total: '1' } });
  });
});
