import { nativeProfile } from '../../../src/profiles/native/native.profile.js';
import { eventually } from '../../support/condition.js';
import { useStory } from '../../support/story.js';

const PROFILES = ['native', 'breakcold', 'breakcold-v2', 'leadlex', 'lemlist', 'smartlead'];

/** Headers that come with every HTTP request. */
const OF_THE_CONNECTION = ['host', 'connection', 'content-length'];

function example(type: string): object {
  return nativeProfile.catalogue.find(({ name }) => name === type)?.example ?? {};
}

describe('one event, every dialect', () => {
  const { engine, tenant, receiver } = useStory();

  const subscribe = (profile: string, fields: object = {}) =>
    tenant.subscribe(receiver.url.replace('/hook', `/${profile}`), { profile, ...fields });
  const bodies = async (count: number) => {
    const requests = await receiver.received(count);
    return Object.fromEntries(
      requests.map(({ path, body }) => [
        path.slice(1),
        JSON.parse(body.toString()) as Record<string, unknown>,
      ]),
    );
  };

  it('reaches a receiver of each profile in its own words', async () => {
    for (const profile of PROFILES) await subscribe(profile);
    const data = { ...example('lead.create'), email: 'jean@example.com', last_name: 'Moreau' };
    expect(await tenant.publish({ type: 'lead.create', data })).toMatchObject({ deliveries: 4 });
    const got = await bodies(4);

    expect(got.native).toMatchObject({ type: 'lead.create', data });
    expect(got.breakcold).toMatchObject({ event: 'lead.create', payload: data });
    expect(got['breakcold-v2']).toMatchObject({
      event: 'record.created',
      data: { objectType: 'person', name: 'Jean Moreau', fields: { email: 'jean@example.com' } },
    });
    expect(got.leadlex).toMatchObject({
      event: 'contact.created',
      data: {
        contact: { full_name: 'Jean Moreau', email: 'jean@example.com', created_at: '2023-04-29T11:13:55Z' },
      },
    });
    const types = (await tenant.deliveries()).map(({ eventType }) => eventType);
    expect(types.sort()).toEqual(['contact.created', 'lead.create', 'lead.create', 'record.created']);
  });

  it('is not sent to whom it has no words for', async () => {
    for (const profile of PROFILES) await subscribe(profile);
    expect(await tenant.publish({ type: 'tag.create', data: example('tag.create') })).toMatchObject({
      deliveries: 2,
    });
    expect(Object.keys(await bodies(2)).sort()).toEqual(['breakcold', 'native']);
  });

  it('says in the routing answer whom it has no words for', async () => {
    const ids: Record<string, string> = {};
    for (const profile of PROFILES) ids[profile] = (await subscribe(profile)).id;
    const { id } = await tenant.publish({ type: 'tag.create', data: example('tag.create') });
    const { data } = await engine.ok<{ data: { subscriptionId: string; reason: string | null }[] }>(
      'GET',
      tenant.path(`/events/${id}/routing`),
    );
    const reasonOf = (profile: string) =>
      data.find(({ subscriptionId }) => subscriptionId === ids[profile])?.reason;

    const none = 'no_equivalent';
    expect(PROFILES.map(reasonOf)).toEqual([null, null, none, none, none, none]);
  });

  it('is sent again in the words of the subscription', async () => {
    const { id } = await subscribe('leadlex', { events: ['contact.created'] });
    await tenant.publish({ type: 'lead.create', data: example('lead.create') });
    await tenant.publish({ type: 'tag.create', data: example('tag.create') });
    await receiver.received(1);
    await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(1));
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/replay`), {
      since: new Date(Date.now() - 60_000).toISOString(),
      statuses: ['succeeded'],
    });
    const [first, second] = await receiver.received(2);

    expect(second?.body.toString()).toBe(first?.body.toString());
    expect(await tenant.deliveries('?type=contact.created')).toHaveLength(2);
  });

  it('is asked for, filtered and logged in the words of the subscription', async () => {
    const refused = await engine.call('POST', tenant.path('/subscriptions'), {
      url: receiver.url,
      profile: 'leadlex',
      events: ['lead.create'],
    });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ path: 'events[0]' }] } });
    const filter = { 'contact.full_name': 'Jean Moreau' };
    await subscribe('leadlex', { events: ['contact.*'], filter });
    const lead = { ...example('lead.create'), last_name: 'Moreau' };
    expect(await tenant.publish({ type: 'lead.create', data: lead })).toMatchObject({ deliveries: 1 });
    expect(
      await tenant.publish({ type: 'lead.create', data: { ...lead, last_name: 'Petit' } }),
    ).toMatchObject({
      deliveries: 0,
    });

    await receiver.received(1);
    await eventually(async () =>
      expect(await tenant.deliveries('?type=contact.created')).toMatchObject([{ status: 'succeeded' }]),
    );
    const [delivery] = await tenant.deliveries();
    const { request } = await engine.ok<{ request: { body: string } }>(
      'GET',
      tenant.path(`/deliveries/${delivery?.id}/attempts/1`),
    );
    expect(request.body).toBe(receiver.requests[0]?.body.toString());
  });

  it('is translated into a native event when a provider speaks first', async () => {
    await tenant.open('leadlex');
    await subscribe('native');
    await subscribe('leadlex');
    const contact = {
      id: 'c1',
      full_name: 'Jane Doe',
      email: 'jane@example.com',
      created_at: '2026-02-24T10:00:00Z',
    };
    await tenant.publish({ type: 'contact.created', data: { contact } });
    const got = await bodies(2);

    expect(got.leadlex).toMatchObject({ event: 'contact.created', data: { contact } });
    expect(got.native).toMatchObject({
      type: 'lead.create',
      data: { id: 'c1', first_name: 'Jane', last_name: 'Doe', email: 'jane@example.com' },
    });
  });

  it('E04 S34 keeps its bytes on every attempt, also when the secret in it was exchanged meanwhile', async () => {
    let status = 500;
    receiver.answer = () => ({ status });
    const { id, secret } = await subscribe('breakcold', { retrySchedule: [0] });
    await tenant.publish({ type: 'lead.create', data: example('lead.create') });
    const delivery = await eventually(async () => {
      const [failed] = await tenant.deliveries('?status=failed');
      return failed ?? null;
    });
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/secret/rotate`), {});
    status = 200;
    await engine.ok('POST', tenant.path(`/deliveries/${delivery.id}/retry`));
    await receiver.received(3);
    await tenant.publish({ type: 'lead.create', data: example('lead.create') });
    const requests = await receiver.received(4);
    const texts = requests.map(({ body }) => body.toString());

    expect(new Set(texts.slice(0, 3)).size).toBe(1);
    expect(JSON.parse(texts[0] ?? '')).toMatchObject({ secret });
    expect(texts[3]).not.toContain(secret);
  });

  it.each(['leadlex', 'breakcold-v2'])(
    'is logged with just the headers a %s receiver got',
    async (profile) => {
      await subscribe(profile, { headers: { 'X-Team': 'sales' } });
      await tenant.publish({ type: 'lead.create', data: example('lead.create') });
      await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(1));
      const [delivery] = await tenant.deliveries();
      const { request } = await engine.ok<{ request: { headers: [string, string][] } }>(
        'GET',
        tenant.path(`/deliveries/${delivery?.id}/attempts/1`),
      );
      const names = receiver.requests[0]?.rawHeaders.filter((_, index) => index % 2 === 0) ?? [];
      const got = names.map((name) => name.toLowerCase()).filter((name) => !OF_THE_CONNECTION.includes(name));

      expect(request.headers.map(([name]) => name.toLowerCase()).toSorted()).toEqual(got.toSorted());
      const { 'user-agent': agent } = receiver.requests[0]?.headers ?? {};
      expect(request.headers).toContainEqual(['user-agent', agent]);
    },
  );

  it('sends a test in the words of the subscription', async () => {
    const { id } = await subscribe('leadlex', { events: ['list.*'] });
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/test`), {});
    expect(await bodies(1)).toMatchObject({
      leadlex: { event: 'list.created', data: { list: { name: 'Spring fair' } } },
    });
  });
});
