import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

const RATE = 40;
const SECONDS = 5;

let arrivals: number[];
const { engine, receiver } = useStory({
  workers: 3,
  answer: () => {
    arrivals.push(performance.now());
    return {};
  },
});
beforeEach(() => (arrivals = []));

async function publishMany(tenant: Tenant, count: number): Promise<void> {
  const event = { type: 'lead.create', data: {} };
  await tenant.send(Array.from({ length: count }, () => event));
}

/** The most that arrived in any time of so many milliseconds. */
function mostWithin(ms: number): number {
  let most = 0;
  for (let from = 0, to = 0; to < arrivals.length; to += 1) {
    while ((arrivals[to] as number) - (arrivals[from] as number) > ms) from += 1;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

it('a rate limit holds over all workers, and they use it', async () => {
  const tenant = await Tenant.create(engine);
  await tenant.subscribe(receiver.url, { rateLimit: { perSecond: RATE } });
  await publishMany(tenant, RATE * SECONDS);
  await eventually(() => expect(arrivals.length).toBe(RATE * SECONDS), { timeoutMs: 60_000 });
  const took = ((arrivals.at(-1) as number) - (arrivals[0] as number)) / 1_000;
  // The last one ends the interval before it.
  expect((arrivals.length - 1) / took).toBeLessThanOrEqual(RATE * 1.05);
  expect(mostWithin(2_000)).toBeLessThanOrEqual(2 * RATE * 1.05 + 1);
}, 90_000);

it('a limit that is set while much is under way counts from then on', async () => {
  const tenant = await Tenant.create(engine);
  const { id } = await tenant.subscribe(receiver.url);
  await publishMany(tenant, 20);
  await eventually(() => expect(arrivals.length).toBe(20), { timeoutMs: 30_000 });
  await engine.ok('PATCH', tenant.path(`/subscriptions/${id}`), { rateLimit: { perSecond: 10 } });
  arrivals = [];
  await publishMany(tenant, 30);
  await eventually(() => expect(arrivals.length).toBe(30), { timeoutMs: 60_000 });
  const took = ((arrivals.at(-1) as number) - (arrivals[0] as number)) / 1_000;
  expect(29 / took).toBeLessThanOrEqual(10 * 1.05);
}, 90_000);
