import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/condition.js';
import { RedisServer } from '../support/redis.js';
import { Fleet } from './fleet.js';

const RATE = 40;
const SECONDS = 30;

describe.each(['PostgreSQL', 'Redis'])('limits over several processes, with the queue on %s', (queue) => {
  let redis: RedisServer | undefined;
  let fleet: Fleet;
  let arrivals: number[];
  beforeEach(async () => {
    arrivals = [];
    redis = queue === 'Redis' ? await RedisServer.start() : undefined;
    fleet = await Fleet.start({ apis: 2, workers: 3, ...(redis && { redisUrl: redis.url }) });
  });
  afterEach(async () => {
    await fleet.close();
    await redis?.close();
  });

  /** How many arrived in each time of so many milliseconds, from each arrival on that has this much after it. */
  function within(ms: number): number[] {
    const last = arrivals.at(-1) ?? 0;
    return arrivals
      .filter((from) => from + ms <= last)
      .map((from) => arrivals.filter((at) => at >= from && at < from + ms).length);
  }

  it('a rate limit holds within 5 % over 30 s', async () => {
    await fleet.subscribe(
      () => {
        arrivals.push(performance.now());
        return {};
      },
      { rateLimit: { perSecond: RATE } },
    );
    const total = RATE * (SECONDS + 5);
    const events = Array.from({ length: total / 2 }, () => ({ type: 'lead.create', data: {} }));
    for (const api of fleet.apis) {
      const { status } = await fleet.call('POST', `/v1/spaces/${fleet.space}/events`, events, api.url);
      expect(status).toBe(202);
    }
    if (redis) {
      await eventually(() => arrivals.length > 10 * RATE, { timeoutMs: 30_000 });
      await redis.stop();
      await sleep(5_000);
      await redis.start();
    }
    await eventually(() => arrivals.length === total, { timeoutMs: 90_000 });
    const counts = within(SECONDS * 1_000);
    expect(Math.max(...counts)).toBeLessThanOrEqual(RATE * SECONDS * 1.05);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(RATE * SECONDS * 0.95);
  }, 180_000);

  it.each([
    ['lemlist', '/lemlist/api/hooks', 20, 2_000],
    ['leadlex', '/leadlex/v1/webhooks', 100, 60_000],
    ['smartlead', '/smartlead/api/v1/campaigns/1/webhooks', 10, 1_000],
  ] as const)('the limit of %s is counted for both APIs together', async (profile, path, limit, perMs) => {
    const uid = `${profile}_1`;
    await fleet.call('POST', '/v1/spaces', { name: uid, uid, profile });
    const { body } = await fleet.call<{ key: string }>('POST', `/v1/spaces/${uid}/keys`, {
      name: 'k',
      scope: 'manage',
    });
    const authorization =
      profile === 'lemlist'
        ? `Basic ${Buffer.from(`:${body.key}`).toString('base64')}`
        : `Bearer ${body.key}`;
    const started = performance.now();
    const statuses = await Promise.all(
      Array.from({ length: 2 * limit + 10 }, async (_, n) => {
        const answer = await fetch(`${fleet.apis[n % 2]?.url}${path}?api_key=${body.key}`, {
          headers: { authorization },
        });
        await answer.text();
        return answer.status;
      }),
    );
    const took = performance.now() - started;
    const ok = statuses.filter((status) => status === 200).length;
    expect(statuses.filter((status) => status !== 200 && status !== 429)).toEqual([]);
    expect(ok).toBeGreaterThanOrEqual(limit);
    expect(ok).toBeLessThanOrEqual(limit * (1 + Math.ceil(took / perMs)));
  });
});
