import { eventually } from '../support/condition.js';
import { ManualClock } from '../support/manual-clock.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

const clock = new ManualClock();
const { engine, tenant: mine } = useStory({ clock, tenantFor: 'block' });

describe('a key', () => {
  const statusOf = async (key: string, tenant = mine, url = engine.url) =>
    (await engine.call('GET', tenant.path('/events'), undefined, { key, url })).status;

  it('is refused at once when it is revoked, also by another process', async () => {
    const other = await engine.startApi();
    const { id, key } = await engine.ok<{ id: string; key: string }>('POST', mine.path('/keys'), {
      name: 'short',
      scope: 'read',
    });
    // Both have seen it work, so that one which remembers keys would remember this one.
    for (const url of [engine.url, other]) expect(await statusOf(key, mine, url)).toBe(200);
    await engine.ok('DELETE', mine.path(`/keys/${id}`));
    for (const url of [other, engine.url]) expect(await statusOf(key, mine, url)).toBe(401);
  });

  it('is refused from the moment it expires', async () => {
    const { key } = await engine.ok<{ key: string }>('POST', mine.path('/keys'), {
      name: 'short',
      scope: 'read',
      expiresAt: new Date(clock.now() + 60_000).toISOString(),
    });
    clock.advance(59_999);
    expect(await statusOf(key)).toBe(200);
    clock.advance(1);
    expect(await statusOf(key)).toBe(401);
  });

  describe('that publishes, and is remembered', () => {
    const event = { type: 'lead.create', data: { id: 'remembered' } };
    const publish = (
      key: string,
      tenant: Tenant,
      { url = engine.url, body = event }: { url?: string; body?: object } = {},
    ) => engine.call('POST', tenant.path('/events'), body, { key, url });
    const newKey = async (tenant: Tenant, fields: object = {}) => {
      const body = { name: 'short', scope: 'publish', ...fields };
      return engine.ok<{ id: string; key: string }>('POST', tenant.path('/keys'), body);
    };
    const stored = async (tenant: Tenant) =>
      (await engine.ok<{ data: object[] }>('GET', tenant.path('/events?limit=250'))).data.length;

    it('is refused at once when it is revoked, also by another process', async () => {
      const other = await engine.startApi();
      const tenant = await Tenant.create(engine);
      const { id, key } = await newKey(tenant);
      for (const url of [engine.url, other, engine.url, other])
        expect((await publish(key, tenant, { url })).status).toBe(202);
      await engine.ok('DELETE', tenant.path(`/keys/${id}`));
      for (const url of [other, engine.url, other]) {
        const { status, body } = await publish(key, tenant, { url });
        expect([status, body]).toMatchObject([401, { code: 'unauthorized' }]);
      }
      expect(await stored(tenant)).toBe(4);
    });

    it('is refused before anything else is said about the request', async () => {
      const tenant = await Tenant.create(engine);
      const { id, key } = await newKey(tenant);
      expect((await publish(key, tenant)).status).toBe(202);
      expect((await publish(key, tenant, { body: { type: 'lead.create' } })).status).toBe(422);
      await engine.ok('DELETE', tenant.path(`/keys/${id}`));
      expect((await publish(key, tenant, { body: { type: 'lead.create' } })).status).toBe(401);
    });

    it('is refused with an event that has a key of its own, and where it was published before', async () => {
      const tenant = await Tenant.create(engine);
      const { id, key } = await newKey(tenant);
      const body = { ...event, id: 'once' };
      expect((await publish(key, tenant, { body })).status).toBe(202);
      await engine.ok('DELETE', tenant.path(`/keys/${id}`));
      expect((await publish(key, tenant, { body })).status).toBe(401);
      expect(await stored(tenant)).toBe(1);
    });

    it('keeps no other caller of its moment from publishing', async () => {
      const tenant = await Tenant.create(engine);
      const [gone, good] = await Promise.all([newKey(tenant), newKey(tenant)]);
      for (const { key } of [gone, good]) expect((await publish(key, tenant)).status).toBe(202);
      await engine.ok('DELETE', tenant.path(`/keys/${gone.id}`));
      const keys = [good, gone, good, gone, good];
      const answers = await Promise.all(keys.map(({ key }) => publish(key, tenant)));
      expect(answers.map(({ status }) => status)).toEqual([202, 401, 202, 401, 202]);
      expect(await stored(tenant)).toBe(5);
    });

    it('is refused from the moment it expires', async () => {
      const expiresAt = new Date(clock.now() + 60_000).toISOString();
      const tenant = await Tenant.create(engine);
      const { key } = await newKey(tenant, { expiresAt });
      expect((await publish(key, tenant)).status).toBe(202);
      clock.advance(59_999);
      expect((await publish(key, tenant)).status).toBe(202);
      clock.advance(1);
      expect((await publish(key, tenant)).status).toBe(401);
    });

    it('finds its space by the uid that it has now', async () => {
      const tenant = await Tenant.create(engine);
      const { key } = await newKey(tenant);
      const to = (uid: string) => engine.call('POST', `/v1/spaces/${uid}/events`, event, { key });
      const renamed = `${tenant.uid}-renamed`;
      expect([(await to(tenant.uid)).status, (await to(renamed)).status]).toEqual([202, 404]);
      await engine.ok('PATCH', tenant.path(''), { uid: renamed });
      expect([(await to(tenant.uid)).status, (await to(renamed)).status]).toEqual([404, 202]);
      expect([(await to(tenant.uid)).status, (await to(renamed)).status]).toEqual([404, 202]);
    });

    it('publishes to whichever space has a uid now, the admin key too', async () => {
      const [one, other] = [await Tenant.create(engine), await Tenant.create(engine)];
      const admin = (tenant: string) => engine.call('POST', `/v1/spaces/${tenant}/events`, event);
      const { uid } = one;
      for (let times = 0; times < 2; times += 1) expect((await admin(uid)).status).toBe(202);
      await engine.ok('PATCH', one.path(''), { uid: `${uid}-before` });
      // Whoever publishes to the first space by its new name sees its new version, which says nothing of the old name.
      expect((await admin(`${uid}-before`)).status).toBe(202);
      expect((await admin(uid)).status).toBe(404);
      await engine.ok('PATCH', other.path(''), { uid });
      expect((await admin(`${uid}-before`)).status).toBe(202);
      expect((await admin(uid)).status).toBe(202);
      const count = async (path: string) =>
        (await engine.ok<{ data: object[] }>('GET', `/v1/spaces/${path}/events`)).data.length;
      expect([await count(`${uid}-before`), await count(uid)]).toEqual([4, 1]);
    });

    it('is noted as used, though nothing is written for each request', async () => {
      const tenant = await Tenant.create(engine);
      const { id, key } = await newKey(tenant);
      const lastUsedAt = async () => {
        const { data } = await engine.ok<{ data: { id: string; lastUsedAt: string }[] }>(
          'GET',
          tenant.path('/keys'),
        );
        return data.find((one) => one.id === id)?.lastUsedAt;
      };
      for (let minute = 0; minute < 3; minute += 1) {
        expect((await publish(key, tenant)).status).toBe(202);
        await eventually(async () => expect(await lastUsedAt()).toBe(clock.date().toISOString()));
        clock.advance(60_000);
      }
    });

    it('goes with its space', async () => {
      const tenant = await Tenant.create(engine);
      const { key } = await newKey(tenant);
      expect((await publish(key, tenant)).status).toBe(202);
      await engine.ok('DELETE', tenant.path(''));
      expect((await publish(key, tenant)).status).toBe(401);
    });
  });

  it('goes with its space', async () => {
    const short = await Tenant.create(engine);
    const key = await short.key('read');
    expect(await statusOf(key, short)).toBe(200);
    await engine.ok('DELETE', short.path(''));
    expect(await statusOf(key, short)).toBe(401);
  });
});
