import { LocalDispatch } from '../../src/deliveries/local-dispatch.js';
import { Dispatcher } from '../../src/dispatcher/dispatcher.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/condition.js';
import { Engine } from '../support/engine.js';
import { Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';
import { Proxy, type Moment } from '../faults/proxy.js';

/** A lease lasts 40 seconds. */
const SOON_MS = 10_000;

describe('a lease whose statement is committed and not answered', () => {
  let database: TestDatabase;
  let proxy: Proxy;
  let engine: Engine;
  let tenant: Tenant;
  const receiver = new Receiver();
  beforeEach(async () => {
    database = await createTestDatabase();
    const url = new URL(database.url);
    proxy = await Proxy.start(Number(url.port));
    url.port = String(proxy.port);
    engine = await Engine.start({ settings: { databaseUrl: url.href } });
    tenant = new Tenant(engine);
    await tenant.open();
    await receiver.open();
    await tenant.subscribe(receiver.url);
    await tenant.publish({ type: 'lead.create', data: {} });
    await receiver.received(1);
    await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(1));
  });
  afterEach(async () => {
    await engine.close();
    await receiver.close();
    await proxy.close();
    await database.drop();
  });

  function attachWorker(): void {
    const [api] = engine.apis;
    const [worker] = engine.workers;
    if (api && worker) api.get(LocalDispatch).attach(worker.get(Dispatcher, { strict: false }));
  }
  const publish = (event: object) => engine.call('POST', tenant.path('/events'), event);
  const breakAfter = (...statements: Moment['statements']) => proxy.breakAt({ statements, when: 'after' });

  /** That so many deliveries have arrived, each once, long before a lease ends. */
  async function expectSoon(count = 2): Promise<void> {
    await receiver.received(count, SOON_MS);
    await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(count));
    expect(receiver.requests).toHaveLength(count);
  }

  it.each([
    ['a transaction', ['events_insert', 'COMMIT'], { id: 'mine' }],
    ['a single statement', ['events_insert'], {}],
  ])(
    'delivers soon what was published in %s',
    async (_name, statements, more) => {
      attachWorker();
      breakAfter(...statements);
      const answer = await publish({ type: 'lead.create', data: {}, ...more });
      expect(answer).toMatchObject({ status: 503, body: { code: 'outcome_unknown' } });
      expect(proxy.broken).toBe(true);
      await expectSoon();
    },
    60_000,
  );

  it('delivers soon what was published before the database is away for a while', async () => {
    attachWorker();
    proxy.breakAt({ statements: ['events_insert', 'COMMIT'], when: 'after', then: () => proxy.down() });
    expect(await publish({ type: 'lead.create', data: {}, id: 'mine' })).toMatchObject({ status: 503 });
    await eventually(async () => (await engine.call('GET', '/readyz')).status === 503);
    proxy.up();
    await expectSoon();
  }, 60_000);

  it('delivers soon what a worker leased', async () => {
    breakAfter('deliveries_lease');
    expect(await publish({ type: 'lead.create', data: {} })).toMatchObject({ status: 202 });
    await eventually(() => proxy.broken);
    await expectSoon();
  }, 60_000);

  it('delivers soon what a worker leased and could not load', async () => {
    await tenant.subscribe(receiver.url);
    proxy.breakAt({ statements: ['endpoints_load'], when: 'before' });
    expect(await publish({ type: 'lead.create', data: {} })).toMatchObject({ status: 202 });
    await eventually(() => proxy.broken);
    await expectSoon(3);
  }, 60_000);
});
