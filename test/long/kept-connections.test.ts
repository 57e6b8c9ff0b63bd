import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/condition.js';
import { HABITS, startDyingServer, type DyingServer } from '../support/dying-receiver.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

const RESENT = 'The reused connection was closed, so the request was sent again on a new one.';

/** Events, and the pause after them: connections are idle for longer than some receivers have patience. */
const WAVES: [number, number][] = [
  ...Array<[number, number]>(9).fill([20, 25]),
  [100, 35],
  [60, 45],
  [60, 0],
];

describe('receivers that end the connections we keep', () => {
  const servers = new Map<string, DyingServer>();
  const { engine } = useStory();
  beforeAll(async () => {
    for (const habit of Object.keys(HABITS)) servers.set(habit, await startDyingServer(habit));
  });
  afterAll(async () => {
    for (const server of servers.values()) await server.close();
  });

  it('get each of 400 events with its first attempt, and nobody is blamed', async () => {
    const tenant = await Tenant.create(engine);
    const subscriptions = new Map<string, string>();
    for (const [habit, { url }] of servers) subscriptions.set(habit, (await tenant.subscribe(url)).id);
    for (const [size, pauseMs] of WAVES) {
      const events = Array.from({ length: size }, () => ({ type: 'lead.create', data: { id: 'l1' } }));
      await engine.ok('POST', tenant.path('/events'), events);
      await sleep(pauseMs);
    }
    const total = 400 * servers.size;
    await eventually(() => expect(engine.attempts.length).toBeGreaterThanOrEqual(total), {
      timeoutMs: 60_000,
    });
    expect(engine.attempts).toHaveLength(total);
    expect(new Set(engine.attempts.map(({ n, status }) => `${n} ${status}`))).toEqual(
      new Set(['1 succeeded']),
    );
    for (const { heard } of servers.values()) expect(new Set(heard).size).toBe(400);
    for (const id of subscriptions.values())
      expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 0 });

    const asked = subscriptions.get('is gone when it is asked again');
    const again = engine.attempts.filter(
      ({ subscriptionId }) => `sub_${subscriptionId}`.replaceAll('-', '') === asked,
    );
    const details = await Promise.all(
      again.map(({ deliveryId }) =>
        engine.ok<{ errorCode: string | null; errorDetail: string | null }>(
          'GET',
          tenant.path(`/deliveries/dlv_${deliveryId.replaceAll('-', '')}/attempts/1`),
        ),
      ),
    );
    expect(details.map(({ errorDetail }) => errorDetail)).toContain(RESENT);
    expect(details.every(({ errorCode }) => errorCode === null)).toBe(true);
  });
});
