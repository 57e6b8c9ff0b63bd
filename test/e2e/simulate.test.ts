import { Engine } from '../support/engine.js';
import { startReceiver } from '../support/receiver.js';
import { Tenant, type Problem, type Published } from '../support/tenant.js';

describe('simulate', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.start();
  });
  afterAll(() => engine.close());

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

  it('makes up one event when told nothing, and none of a type that is not there', async () => {
    const tenant = await Tenant.create(engine);
    expect((await simulate(tenant)).body.data).toHaveLength(1);
    const refused = await simulate<Problem>(tenant, { type: 'contact.created' });
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'type', code: 'unknown_event_type' }] },
    });
  });
});
