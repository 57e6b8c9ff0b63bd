import { newUuid } from '../../src/core/ids.js';
import { EndpointsService } from '../../src/endpoints/endpoints.service.js';
import { RoutingTable, type Routes } from '../../src/endpoints/routing.js';
import { HOOK } from '../support/hooks.js';
import { HOOK_URL, SubscriptionsTestApp } from '../support/subscriptions-app.js';

let app: SubscriptionsTestApp;

beforeAll(async () => {
  app = await SubscriptionsTestApp.start();
});

afterAll(() => app.close());

describe('what publishers and workers see', () => {
  /** Another process: its memory is its own, the database the same. */
  const otherProcess = new RoutingTable();
  const routesOf = async (spaceId: string): Promise<Routes> => {
    const routes = (await otherProcess.current(app.database.sql, [spaceId])).get(spaceId);
    if (!routes) throw new Error('no routes');
    return routes;
  };

  it('a publisher in another process sees each change at its next look', async () => {
    const { path, space, id } = await app.newSubscription({
      events: ['lead.*'],
      filter: { a: 1 },
      retrySchedule: [1, 2],
    });
    const before = await routesOf(space.id);
    expect(before.profile).toBe('native');
    expect(before.routes).toEqual([
      expect.objectContaining({
        subscriptionId: id,
        status: 'active',
        profile: 'native',
        maxAttempts: 3,
        scope: { level: 'space', clientId: null, campaignId: null, tags: null },
      }),
    ]);
    const [route] = before.routes;
    expect([route?.matchesType('lead.create'), route?.matchesType('other')]).toEqual([true, false]);
    expect(await routesOf(space.id)).toBe(before);

    await app.call('PATCH', path, { scope: { level: 'client', clientId: 'c1' } });
    const client = { level: 'client', clientId: 'c1', campaignId: null };
    expect((await routesOf(space.id)).routes).toMatchObject([{ scope: client }]);
    await app.call('POST', `${path}/pause`);
    expect((await routesOf(space.id)).routes).toMatchObject([{ status: 'paused' }]);
    await app.call('POST', `${path}/resume`);
    expect((await routesOf(space.id)).routes).toMatchObject([{ status: 'active' }]);
    await app.call('DELETE', path);
    expect((await routesOf(space.id)).routes).toEqual([]);
  });

  it('a publisher gets the routes of many spaces at once, and nothing for a space that is gone', async () => {
    const [one, two] = [await app.newSubscription(), await app.newSubscription()];
    const missing = newUuid(app.clock.now());
    const current = await otherProcess.current(app.database.sql, [one.space.id, missing, two.space.id]);
    expect(new Set(current.keys())).toEqual(new Set([one.space.id, two.space.id]));
    expect(current.get(two.space.id)?.routes).toMatchObject([{ subscriptionId: two.id }]);
  });

  it('every change a person makes moves the version of the space and the subscription', async () => {
    const { path, space, id } = await app.newSubscription();
    const changes: [string, string, unknown][] = [
      ['PATCH', path, { url: `${HOOK_URL}/2` }],
      ['POST', `${path}/secret/rotate`, {}],
      ['POST', `${path}/pause`, undefined],
      ['POST', `${path}/resume`, undefined],
    ];
    for (const [method, target, body] of changes) {
      const before = [await app.routingVersion(space.id), Number((await app.rowOf(id)).version)];
      expect((await app.call(method, target, body)).status).toBe(200);
      const after = [await app.routingVersion(space.id), Number((await app.rowOf(id)).version)];
      expect(after).toEqual(before.map((version) => version + 1));
    }
  });

  it('a worker gets an endpoint opened, and a newer one once it asks for a newer version', async () => {
    const { path, id, space, body } = await app.newSubscription({ headers: { 'x-a': '1' }, uid: 'crm' });
    const endpoints = app.get(EndpointsService);
    const load = async (version: number) => (await endpoints.load([{ id, version }])).get(id);
    const first = await load(1);
    expect(first).toEqual({
      id,
      uid: 'crm',
      spaceId: space.id,
      version: 1,
      versions: null,
      url: HOOK_URL,
      headers: { 'x-a': '1' },
      secrets: [{ key: Buffer.from((body.secret ?? '').slice(6), 'base64'), expiresAt: null }],
      retrySchedule: [5, 30, 300, 3600, 21600],
      pauseAfter: 10,
      timeoutMs: 15_000,
      ratePerSecond: null,
      passTraceparent: false,
      clientCertificate: null,
      format: null,
      oauth2: null,
      profile: 'native',
      spaceProfile: 'native',
      hook: { ...HOOK, id },
    });
    expect(await load(1)).toBe(first);
    await app.call('PATCH', path, { url: `${HOOK_URL}/2`, headers: {} });
    expect(await load(2)).toMatchObject({ version: 2, url: `${HOOK_URL}/2`, headers: {} });
    await app.call('DELETE', path);
    expect(await load(3)).toBeUndefined();
  });
});
