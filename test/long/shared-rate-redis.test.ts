import { eventually, staysSo } from '../support/condition.js';
import { RedisServer } from '../support/redis.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

const RATE = 20;
const EVENTS = 700;
const AWAY_MS = 20_000;

const redis = await RedisServer.start();
const arrivals: number[] = [];
const { engine, receiver } = useStory({
  redisUrl: redis.url,
  workers: 3,
  answer: () => {
    arrivals.push(performance.now());
    return {};
  },
});
afterAll(() => redis.close());

/** The most that arrived in any time of so many milliseconds. */
function mostWithin(ms: number): number {
  const within = arrivals.map((from) => arrivals.filter((at) => at >= from && at - from <= ms).length);
  return Math.max(...within);
}

it('a rate limit holds over all workers while Redis is away for 20 s, and they go on when it is back', async () => {
  const tenant = await Tenant.create(engine);
  await tenant.subscribe(receiver.url, { rateLimit: { perSecond: RATE } });
  await tenant.send(Array.from({ length: EVENTS }, () => ({ type: 'lead.create', data: {} })));
  await eventually(() => expect(arrivals.length).toBeGreaterThan(3 * RATE), { timeoutMs: 20_000 });
  await redis.stop();
  await staysSo(() => !redis.isRunning, { forMs: AWAY_MS, because: 'Redis is away for so long' });
  await redis.start();
  const back = performance.now();
  await eventually(() => expect(arrivals.length).toBe(EVENTS), { timeoutMs: 60_000 });
  const took = ((arrivals.at(-1) as number) - (arrivals[0] as number)) / 1_000;
  expect((EVENTS - 1) / took).toBeLessThanOrEqual(RATE * 1.05);
  expect(mostWithin(10_000)).toBeLessThanOrEqual(10 * RATE * 1.05 + 1);
  const gaps = arrivals.slice(1).map((at, index) => ({ at, ms: at - (arrivals[index] as number) }));
  for (const { at, ms } of gaps) if (at > back) expect(ms).toBeLessThan(5_000);
}, 180_000);
