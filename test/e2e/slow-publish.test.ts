import { LocalDispatch, type LocalWorker } from '../../src/deliveries/local-dispatch.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

const SLOW_MS = 400;
const LEAD = { type: 'lead.create', data: {} };

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
      isBehindFor: (ids) => [...ids].some((id) => behindFor.has(id)),
      releaseUnused: () => undefined,
    };
    engine.apis[0]?.get(LocalDispatch).attach(worker);
  });

  async function publishMs(to: Tenant): Promise<number> {
    const from = performance.now();
    await to.publish(LEAD);
    return performance.now() - from;
  }

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
});

/** `sub_067e…` as the UUID it is made of. */
function uuidOf(publicId: string): string {
  return publicId.slice(4).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
