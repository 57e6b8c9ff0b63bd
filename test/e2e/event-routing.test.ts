import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

interface Routed {
  subscriptionId: string;
  url: string;
  uid: string | null;
  matched: boolean;
  reason: string | null;
  deliveryId: string | null;
}

const { engine, receiver } = useStory();

async function routingOf(tenant: Tenant, event: string): Promise<Map<string | null, Routed>> {
  const { data } = await engine.ok<{ data: Routed[] }>('GET', tenant.path(`/events/${event}/routing`));
  return new Map(data.map((one) => [one.uid, one]));
}

describe('the routing of an event', () => {
  it('tells for each subscription whether it got the event, or the first reason why not', async () => {
    const tenant = await Tenant.create(engine);
    const subscribe = (uid: string, fields: object = {}) =>
      tenant.subscribe(receiver.url, { uid, ...fields });
    await subscribe('all');
    await subscribe('other-type', { events: ['lead.update'] });
    await subscribe('other-client', { scope: { level: 'client', clientId: 'c2' } });
    await subscribe('same-client', { scope: { level: 'client', clientId: 'c1' } });
    await subscribe('filtered', { filter: { id: '1', 'address.country': { in: ['FR'] } } });
    const { id: resting } = await subscribe('resting');
    await engine.ok('POST', tenant.path(`/subscriptions/${resting}/pause`));
    await subscribe('gone');
    const event = await tenant.publish({
      type: 'lead.create',
      data: { id: '1', address: { country: 'BE' } },
      scope: { clientId: 'c1' },
    });
    await engine.ok('DELETE', tenant.path('/subscriptions/gone'));
    await subscribe('late');
    await engine.ok('PATCH', tenant.path('/subscriptions/other-type'), { events: ['*'] });

    const routing = await routingOf(tenant, event.id);
    const reasons = Object.fromEntries(
      [...routing].map(([uid, { matched, reason }]) => [uid, [matched, reason]]),
    );
    expect(reasons).toEqual({
      all: [true, null],
      'other-type': [false, 'changed_later'],
      'other-client': [false, 'scope'],
      'same-client': [true, null],
      filtered: [false, 'filter:address.country'],
      resting: [true, 'paused'],
      late: [false, 'created_later'],
    });
    const [delivery] = await tenant.deliveries(`?subscription=all`);
    expect(routing.get('all')).toMatchObject({ url: receiver.url, deliveryId: delivery?.id });
    expect(routing.get('late')?.deliveryId).toBeNull();
  });

  it('says of a test send that it was for one subscription only', async () => {
    const tenant = await Tenant.create(engine);
    await tenant.subscribe(receiver.url, { uid: 'one' });
    await tenant.subscribe(receiver.url, { uid: 'two' });
    const { eventId } = await engine.ok<{ eventId: string }>(
      'POST',
      tenant.path('/subscriptions/one/test'),
      {},
    );
    const routing = await routingOf(tenant, eventId);
    expect(routing.get('one')).toMatchObject({ matched: true, reason: null });
    expect(routing.get('two')).toMatchObject({ matched: false, reason: 'test', deliveryId: null });
  });

  it('comes in pages, and a cursor of one event does not open another', async () => {
    const tenant = await Tenant.create(engine);
    for (const uid of ['a', 'b', 'c']) await tenant.subscribe(receiver.url, { uid });
    const event = await tenant.publish({ type: 'lead.create', data: {} });
    const other = await tenant.publish({ type: 'lead.create', data: {} });
    const path = (id: string, query: string) => tenant.path(`/events/${id}/routing${query}`);
    const first = await engine.ok<{ data: Routed[]; nextCursor: string }>(
      'GET',
      path(event.id, '?limit=2&order=asc'),
    );
    const rest = await engine.ok<{ data: Routed[]; nextCursor: null }>(
      'GET',
      path(event.id, `?limit=2&order=asc&cursor=${first.nextCursor}`),
    );
    expect([...first.data, ...rest.data].map(({ uid }) => uid)).toEqual(['a', 'b', 'c']);
    expect(rest.nextCursor).toBeNull();
    expect((await engine.call('GET', path(other.id, `?cursor=${first.nextCursor}`))).status).toBe(400);
  });
});
