import pg from 'pg';
import { LocalDispatch, type LocalWorker } from '../../src/deliveries/local-dispatch.js';
import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

const SLOW_MS = 400;
const LEAD = { type: 'lead.create', data: {} };
const UPDATE = { type: 'lead.update', data: {} };

describe('a process that cannot deliver as fast as a space publishes', () => {
  const { engine, tenant, receiver } = useStory({ workers: 0, settings: { slowPublishMs: SLOW_MS } });
  let behindFor: Set<string>;

  beforeAll(() => {
    behindFor = new Set();
    const worker: LocalWorker = {
      capacity: () => 0,
      newLease: () => '',
      accept: () => undefined,
      acceptIds: () => [],
      isBehind: () => false,
      isBehindFor: (ids) => ids().some((id) => behindFor.has(id)),
      releaseUnused: () => undefined,
    };
    engine.apis[0]?.get(LocalDispatch).attach(worker);
  });

  it('takes its events later, and all of them; other spaces are not slowed down', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    const other = await Tenant.create(engine);
    await other.subscribe(receiver.url);
    // Routes are known from the second event on.
    await Promise.all([tenant.publish(LEAD), other.publish(LEAD)]);
    behindFor.add(uuidOf(id));
    expect(await publishMs(tenant)).toBeGreaterThanOrEqual(SLOW_MS - 1);
    expect(await publishMs(other)).toBeLessThan(SLOW_MS);
    const slowed = publishMs(tenant);
    behindFor.clear();
    expect(await slowed).toBeLessThan(SLOW_MS);
    expect(await tenant.deliveries()).toHaveLength(3);
  });

  it('takes the events of the space for other endpoints at once, however many it has', async () => {
    const mine = await Tenant.create(engine);
    for (let n = 0; n < 16; n += 1) await mine.subscribe(receiver.url, { events: ['lead.update'] });
    const { id } = await mine.subscribe(receiver.url, { events: ['lead.create'] });
    await mine.publish(UPDATE);
    behindFor.add(uuidOf(id));
    expect(await publishMs(mine, UPDATE)).toBeLessThan(SLOW_MS);
    expect(await publishMs(mine)).toBeGreaterThanOrEqual(SLOW_MS - 1);
  });
});

describe('a process of the role api', () => {
  const { engine, tenant, receiver } = useStory({ settings: { slowPublishMs: SLOW_MS } });
  let database: pg.Client;
  beforeAll(async () => {
    database = new pg.Client({ connectionString: engine.settings.databaseUrl });
    await database.connect();
    engine.beforeClose(() => database.end());
  });

  it('slows down a space that publishes faster than the workers deliver, and no other', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    const other = await Tenant.create(engine);
    await other.subscribe(receiver.url);
    await database.query(
      `INSERT INTO posthorn.endpoint_throttles (worker_id, subscription_id, concurrency, in_flight, waiting, is_behind, at)
       VALUES (gen_random_uuid(), $1, 8, 8, 5000, true, now() + interval '1 minute')`,
      [uuidOf(id)],
    );
    // A process that publishes little does not look.
    await Promise.all(Array.from({ length: 60 }, () => tenant.publish(LEAD)));
    await eventually(async () => (await publishMs(tenant)) >= SLOW_MS - 1);
    expect(await publishMs(other)).toBeLessThan(SLOW_MS);
    await database.query('DELETE FROM posthorn.endpoint_throttles');
    await eventually(async () => (await publishMs(tenant)) < SLOW_MS / 2);
  });

  it('learns from the worker that it is behind, and that it has caught up', async () => {
    await tenant.subscribe(receiver.url);
    const batch = Array.from({ length: 1_000 }, () => LEAD);
    for (let n = 0; n < 8; n += 1) await engine.ok('POST', tenant.path('/events'), batch);
    const behind = async () =>
      (await database.query('SELECT FROM posthorn.endpoint_throttles WHERE is_behind')).rowCount ?? 0;
    await eventually(async () => (await behind()) > 0);
    await eventually(async () => (await behind()) === 0, { timeoutMs: 60_000 });
  });
});

async function publishMs(to: Tenant, event = LEAD): Promise<number> {
  const from = performance.now();
  await to.publish(event);
  return performance.now() - from;
}

/** `sub_067e…` as the UUID it is made of. */
function uuidOf(publicId: string): string {
  return publicId.slice(4).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
