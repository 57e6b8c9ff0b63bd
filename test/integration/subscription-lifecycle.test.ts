import { newUuid } from '../../src/core/ids.js';
import { lockHealth, resetHealth, writeHealth, type Health } from '../../src/endpoints/health.js';
import { SubscriptionsTestApp } from '../support/subscriptions-app.js';

let app: SubscriptionsTestApp;

beforeAll(async () => {
  app = await SubscriptionsTestApp.start();
});

afterAll(() => app.close());

describe('pausing, resuming and deleting', () => {
  it('holds pending deliveries, and resuming makes them due now', async () => {
    const { path, space, id } = await app.newSubscription();
    const delivery = await app.newDelivery(space.id, id);
    const paused = await app.call('POST', `${path}/pause`);
    expect(paused.status).toBe(200);
    const pausedAt = app.clock.date().toISOString();
    expect(paused.body).toMatchObject({ status: 'paused', pausedReason: 'manual', pausedAt });
    expect(await delivery()).toMatchObject({ status: 'held', due: null });
    app.clock.advance(60_000);
    const resumed = await app.call('POST', `${path}/resume`);
    expect(resumed.body).toMatchObject({
      status: 'active',
      pausedReason: null,
      pausedAt: null,
      failureCount: 0,
    });
    expect(await delivery()).toMatchObject({ status: 'pending', due: app.clock.date() });
  });

  it('discards the backlog when asked to, and refuses any other word', async () => {
    const { path, space, id } = await app.newSubscription();
    const delivery = await app.newDelivery(space.id, id);
    await app.call('POST', `${path}/pause`);
    expect(await app.issuesOf(`${path}/resume`, { backlog: 'drop' })).toHaveProperty('backlog');
    await app.call('POST', `${path}/resume`, { backlog: 'discard' });
    expect(await delivery()).toMatchObject({ status: 'cancelled' });
  });

  it('changes nothing when it is paused or active already', async () => {
    const { path, space, etag } = await app.newSubscription();
    const version = await app.routingVersion(space.id);
    expect((await app.call('POST', `${path}/resume`)).etag).toBe(etag);
    expect(await app.routingVersion(space.id)).toBe(version);
    const paused = await app.call('POST', `${path}/pause`);
    app.clock.advance(1_000);
    const again = await app.call('POST', `${path}/pause`);
    expect([again.status, again.etag, again.body]).toEqual([200, paused.etag, paused.body]);
  });

  it('turns a pause for failures into one that no probe ends', async () => {
    const { path, id } = await app.newSubscription();
    const nextProbeAt = new Date(app.clock.now() + 300_000);
    const paused = {
      status: 'paused',
      pausedReason: 'failures',
      pausedAt: app.clock.date(),
      probeStep: 2,
    } as const;
    await app.database.transaction(async (sql) => {
      const health = (await lockHealth(sql, [id])).get(id) as Health;
      await writeHealth(sql, [{ ...health, ...paused, nextProbeAt, failureCount: 10, lost: null }]);
    });
    expect((await app.call('GET', path)).body).toMatchObject({ pausedReason: 'failures', failureCount: 10 });
    const { body } = await app.call('POST', `${path}/pause`);
    expect(body).toMatchObject({ pausedReason: 'manual', pausedAt: paused.pausedAt.toISOString() });
    expect(await app.rowOf(id)).toMatchObject({ next_probe_at: null, probe_step: 0 });
    expect((await app.call('POST', `${path}/resume`)).body.failureCount).toBe(0);
  });

  it('deletes it and cancels what is open', async () => {
    const { path, space, id } = await app.newSubscription();
    const deliveries = [await app.newDelivery(space.id, id), await app.newDelivery(space.id, id, 'held')];
    expect((await app.call('DELETE', path)).status).toBe(204);
    expect((await app.call('GET', path)).status).toBe(404);
    expect((await app.call('DELETE', path)).status).toBe(404);
    for (const delivery of deliveries) expect(await delivery()).toMatchObject({ status: 'cancelled' });
  });
});

describe('the health of a subscription', () => {
  const healthOf = async (id: string): Promise<Health> => {
    const health = (await app.database.transaction((sql) => lockHealth(sql, [id]))).get(id);
    if (!health) throw new Error('no health');
    return health;
  };

  it('counts failures without a new version, and turns the space only with its status', async () => {
    const { id, space } = await app.newSubscription();
    const before = await app.routingVersion(space.id);
    const health = await healthOf(id);
    expect(health).toMatchObject({ spaceId: space.id, status: 'active', failureCount: 0, pauseAfter: 10 });
    const waitsUntil = new Date(app.clock.now() + 60_000);
    await app.database.transaction((sql) =>
      writeHealth(sql, [{ ...health, failureCount: 3, waitsUntil, lost: null }]),
    );
    expect(await healthOf(id)).toMatchObject({ failureCount: 3, version: 1 });
    expect(await app.routingVersion(space.id)).toBe(before);

    const pausedAt = app.clock.date();
    const paused = {
      ...(await healthOf(id)),
      status: 'paused',
      pausedReason: 'failures',
      pausedAt,
      failureCount: 10,
    } as const;
    await app.database.transaction((sql) => writeHealth(sql, [{ ...paused, lost: null }]));
    expect(await healthOf(id)).toMatchObject({ status: 'paused', pausedAt, version: 2 });
    expect(await app.routingVersion(space.id)).toBe(before + 1);
    expect((await app.rowOf(id)).waits_until).toEqual(waitsUntil);
  });

  it('is reset by a success, except while a pause lasts', async () => {
    const [failing, paused] = [await app.newSubscription(), await app.newSubscription()];
    const failures = async (id: string, change: Partial<Health>) => {
      const health = await healthOf(id);
      await app.database.transaction((sql) => writeHealth(sql, [{ ...health, ...change, lost: null }]));
    };
    await failures(failing.id, { failureCount: 9 });
    await failures(paused.id, { failureCount: 10, status: 'paused', pausedReason: 'failures' });
    const ids = [failing.id, paused.id, newUuid(app.clock.now())];
    await resetHealth(
      app.database.sql,
      ids.map((id) => ({ id, at: app.clock.date() })),
    );
    expect((await healthOf(failing.id)).failureCount).toBe(0);
    expect((await healthOf(paused.id)).failureCount).toBe(10);
  });

  it.each([
    ['before all of them changes nothing', -1, 4, 0, null],
    ['between them leaves one at least', 5, 1, 10, 5],
    ['at the same time as the last ends them', 10, 0, null, 11],
  ])('when failures were written first, a success %s', async (_, successMs, count, firstMs, recoveredMs) => {
    const { id } = await app.newSubscription();
    const after = (ms: number) => new Date(app.clock.now() + ms);
    const streak = { failureCount: 4, firstFailureAt: after(0), lastFailureAt: after(10), lost: null };
    const health = await healthOf(id);
    await app.database.transaction((sql) => writeHealth(sql, [{ ...health, ...streak }]));
    await resetHealth(app.database.sql, [{ id, at: after(successMs) }]);
    expect(await healthOf(id)).toMatchObject({
      failureCount: count,
      firstFailureAt: firstMs === null ? null : after(firstMs),
      lastRecoveryAt: recoveredMs === null ? null : after(recoveredMs),
    });
  });

  it('survives workers that settle the same subscriptions in any order at once', async () => {
    const made = await Promise.all(Array.from({ length: 4 }, () => app.newSubscription()));
    const ids = made.map(({ id }) => id);
    const settle = (order: string[]) =>
      app.database.transaction(async (sql) => {
        const healths = await lockHealth(sql, order);
        const changes = [...healths.values()].map((health) => ({
          ...health,
          failureCount: health.failureCount + 1,
        }));
        await writeHealth(
          sql,
          changes.map((change) => ({ ...change, lost: null })),
        );
      });
    await Promise.all(Array.from({ length: 10 }, (_, turn) => settle(turn % 2 ? ids : ids.toReversed())));
    for (const id of ids) expect((await healthOf(id)).failureCount).toBe(10);
  });
});
