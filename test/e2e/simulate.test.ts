import { breakcoldProfile } from '../../src/profiles/breakcold/breakcold.profile.js';
import { CAMPAIGN_EVENTS, smartleadCatalogue } from '../../src/profiles/smartlead/catalogue.js';
import { startReceiver } from '../support/receiver.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem, type Published } from '../support/tenant.js';

describe('simulate', () => {
  const { engine } = useStory();

  const simulate = <T = { data: Published[] }>(tenant: Tenant, body?: object) =>
    engine.call<T>('POST', tenant.path('/simulate'), body);

  it.each(['native', 'breakcold', 'leadlex'])(
    'publishes made-up %s events, no two about one object',
    async (profile) => {
      const tenant = await Tenant.create(engine, profile);
      const receiver = await startReceiver();
      await tenant.subscribe(receiver.url);
      const { status, body } = await simulate(tenant, { count: 5 });
      expect(status).toBe(202);
      expect(body.data).toHaveLength(5);
      expect(new Set(body.data.map(({ type }) => type)).size).toBe(5);
      expect(body.data.every(({ deliveries }) => deliveries === 1)).toBe(true);

      const one = body.data[0]?.type ?? '';
      await simulate(tenant, { type: one, count: 3 });
      const bodies = (await receiver.received(8)).map((request) => request.body.toString());
      expect(new Set(bodies).size).toBe(8);
      await receiver.close();
    },
  );

  it('publishes Breakcold events of all types as from the space that they are published in', async () => {
    const tenant = await Tenant.create(engine, 'breakcold');
    const receiver = await startReceiver();
    await tenant.subscribe(receiver.url);
    const { length: count } = breakcoldProfile.catalogue;
    await simulate(tenant, { count });
    const spaces = (await receiver.received(count)).map(
      ({ body }) => (JSON.parse(body.toString()) as { id_space: string }).id_space,
    );
    const { id } = await engine.ok<{ id: string }>('GET', tenant.path(''));
    expect(new Set(spaces.map((space) => `spc_${space.replaceAll('-', '')}`))).toEqual(new Set([id]));
    await receiver.close();
  });

  it('publishes Smartlead events of all types, after the first example, for one campaign', async () => {
    const tenant = await Tenant.create(engine, 'smartlead');
    const receiver = await startReceiver();
    await tenant.subscribe(receiver.url, { scope: { level: 'campaign', campaignId: '123' } });
    await simulate(tenant);
    const { body } = await simulate(tenant, { count: smartleadCatalogue.length });
    const heard = body.data.filter(({ deliveries }) => deliveries > 0).map(({ type }) => type);
    expect(heard.toSorted()).toEqual([...CAMPAIGN_EVENTS].toSorted());
    await receiver.close();
  });

  it('makes up one event by default, and none of a type that is not there', async () => {
    const tenant = await Tenant.create(engine);
    expect((await simulate(tenant)).body.data).toHaveLength(1);
    const refused = await simulate<Problem>(tenant, { type: 'contact.created' });
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'type', code: 'unknown_event_type' }] },
    });
  });
});
